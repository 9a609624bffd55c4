import { describe, expect, it } from "vitest"
import { parseCsv } from "../../../src/content/figures.ts"
import { type CountedLayer, nodeService, readLayers, showBytes } from "../../../src/content/pictures/node-service.ts"
import { LAYERS } from "./gallery.ts"

const read = (text: string) => {
  const problems: string[] = []
  const layers = readLayers(parseCsv(text), (message, line) => problems.push(`${line}: ${message}`))
  return { layers, problems }
}

const HEAD = "side,layer,packages,files,bytes\n"
const RIGHT = "service,A,1,2,3\nunikernel,B,,,4\n"

describe("readLayers", () => {
  it("reads numbers, and leaves out what was not counted", () => {
    expect(read(HEAD + RIGHT).layers).toEqual([
      { side: "service", name: "A", packages: 1, files: 2, bytes: 3 },
      { side: "unikernel", name: "B", bytes: 4 },
    ])
  })

  it.each([
    ["layer,side\n", /^1: The first line/],
    [`${HEAD}client,A,1,2,3\n${RIGHT}`, /^2: A side is/],
    [`${HEAD}${RIGHT}service,,1,2,3\n`, /^4: A layer has a name/],
    [`${HEAD}service,A,1,2 MB,3\n${RIGHT}`, /^2: What was counted/],
    [`${HEAD}service,A,1\n${RIGHT}`, /^2: This row has 3 columns/],
    [`${HEAD}service,A,1,2,3\n`, /^1: There is no row of side `unikernel`/],
  ])("refuses %j", (text, message) => {
    const { layers, problems } = read(text)
    expect(layers).toBeUndefined()
    expect(problems).toEqual([expect.stringMatching(message)])
  })
})

describe("nodeService", () => {
  const layers = read(LAYERS).layers as CountedLayer[]
  const boxes = (scale: "bytes" | "files") =>
    nodeService(layers, scale, ["One", "Other"]).items.flatMap((i) => (i.kind === "box" ? [i] : []))

  it("draws heights in proportion, on one scale, and nothing too small to be seen", () => {
    const least = 3
    const heights = boxes("bytes").map((b) => b.height - least)
    const bytes = layers.map((l) => l.bytes ?? 0)
    const scale = (heights[2] as number) / (bytes[2] as number)
    for (const [i, height] of heights.entries()) expect(height).toBeCloseTo((bytes[i] as number) * scale, 6)
  })

  it("stands both towers on the ground", () => {
    const bottoms = boxes("files").map((b) => b.y + b.height)
    expect(bottoms[4]).toBeCloseTo(442)
    expect(bottoms[6]).toBeCloseTo(442)
  })

  it("says the numbers, and their sums", () => {
    const debian = boxes("bytes").find((b) => b.name?.startsWith("Debian"))
    expect(debian?.says).toBe("97 packages, 8\u00a0211 files, 74 MB")
    expect(debian?.group).toBe("One, from the top down (together 168 packages, 12\u00a0926 files, 235 MB)")
  })
})

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [9949, "9.9 kB"],
  [84_399, "84 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [2_766_484, "2.8 MB"],
  [3_000_000_000_000, "3000 GB"],
])("shows %i bytes as %s", (bytes, text) => {
  expect(showBytes(bytes)).toBe(text)
})
