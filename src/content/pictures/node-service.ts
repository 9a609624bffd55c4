// What is under a small service, beside a unikernel that does the same: two towers to one scale, with counted numbers.

import { linePath } from "./arrow.ts"
import type { Box, Item, Label, Scene, Tone } from "./scene.ts"
import { lines, showCount, textWidth } from "./text.ts"

/** What the heights may show. */
export const SCALES = ["bytes", "files", "packages"] as const
export type Scale = (typeof SCALES)[number]

/** A layer, as counted. */
export interface CountedLayer {
  readonly side: "service" | "unikernel"
  readonly name: string
  readonly packages?: number
  readonly files?: number
  readonly bytes?: number
}

const HEADINGS = ["side", "layer", "packages", "files", "bytes"]

/** The rows of the fence. `fail` hears what is wrong, and in which line. */
export function readLayers(
  rows: readonly (readonly string[])[],
  fail: (message: string, line?: number) => void,
): CountedLayer[] | undefined {
  const [head = [], ...rest] = rows
  if (head.join() !== HEADINGS.join()) {
    fail(`The first line of the data is \`${HEADINGS.join(",")}\`.`, 1)
    return undefined
  }
  const layers: CountedLayer[] = []
  let right = true
  for (const [i, row] of rest.entries()) {
    const wrong = (message: string) => {
      right = false
      fail(message, i + 2)
    }
    const [side = "", name = "", ...numbers] = row
    if (row.length !== HEADINGS.length) wrong(`This row has ${row.length} columns, and not ${HEADINGS.length}.`)
    else if (side !== "service" && side !== "unikernel")
      wrong(`A side is \`service\` or \`unikernel\`, not \`${side}\`.`)
    else if (name === "") wrong("A layer has a name.")
    else if (numbers.some((n) => !/^\d*$/.test(n))) wrong("What was counted is a whole number, without spaces.")
    else {
      const counted = SCALES.toReversed().flatMap((scale, k) => {
        const n = numbers[k] ?? ""
        return n === "" ? [] : [[scale, Number(n)]]
      })
      layers.push({ side, name, ...(Object.fromEntries(counted) as Partial<Record<Scale, number>>) })
    }
  }
  for (const side of ["service", "unikernel"] as const) {
    if (right && !layers.some((l) => l.side === side)) {
      right = false
      fail(`There is no row of side \`${side}\`.`, 1)
    }
  }
  return right ? layers : undefined
}

/** `1 package`, `68 packages`, `2.1 MB`. */
function counts({ packages, files, bytes }: Partial<Record<Scale, number>>): string[] {
  const many = (n: number, one: string) => `${showCount(n)} ${n === 1 ? one : `${one}s`}`
  return [
    ...(packages === undefined ? [] : [many(packages, "package")]),
    ...(files === undefined ? [] : [many(files, "file")]),
    ...(bytes === undefined ? [] : [showBytes(bytes)]),
  ]
}

/** In units of thousands, with two digits or more. */
export function showBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"]
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`
}

const WIDTH = 1152
const HEIGHT = 500
const TOP = 56
const GROUND = 442
/** What is too small to be seen is drawn this high. */
const LEAST = 3
const TOWER = 140
const LABEL = 62
const TONES: readonly Tone[] = ["sea", "sky", "sand", "iris", "rose", "sun"]

/** Both towers. */
export function nodeService(layers: readonly CountedLayer[], scale: Scale, titles: readonly [string, string]): Scene {
  const of = (side: CountedLayer["side"]) => layers.filter((l) => l.side === side)
  const total = (side: CountedLayer["side"], what: Scale) => {
    const numbers = of(side).flatMap((l) => l[what] ?? [])
    return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0)
  }
  const largest = Math.max(total("service", scale) ?? 0, total("unikernel", scale) ?? 0, 1)
  // The least heights may add up to more than there is room for, and then everything else yields.
  const most = Math.max(of("service").length, of("unikernel").length)
  const pixels = (GROUND - TOP - most * LEAST) / largest
  const side = (
    which: CountedLayer["side"],
    x: number,
    labelX: number,
    anchor: Label["anchor"],
    title: string,
  ): Item[] => {
    const all = of(which)
    const heights = all.map((l) => LEAST + (l[scale] ?? 0) * pixels)
    const sums = Object.fromEntries(
      SCALES.map((s) => [s, total(which, s)]).filter(([, n]) => n !== undefined),
    ) as Partial<Record<Scale, number>>
    let y = GROUND - heights.reduce((a, b) => a + b, 0)
    const boxes = all.map((layer, i): Box => {
      const height = heights[i] as number
      const box: Box = {
        kind: "box",
        shape: "cell",
        id: `${which}-${i}`,
        name: layer.name,
        says: counts(layer).join(", "),
        group: `${title}, from the top down (together ${counts(sums).join(", ")})`,
        lines: [],
        tone: TONES[i % TONES.length] as Tone,
        x,
        y,
        width: TOWER,
        height,
      }
      y += height
      return box
    })
    const centres = spread(boxes.map((b) => b.y + b.height / 2))
    const near = anchor === "end" ? x - 6 : x + TOWER + 6
    const far = anchor === "end" ? labelX + 8 : labelX - 8
    return [
      { kind: "label", x: x + TOWER / 2, y: 18, anchor: "middle", tone: "strong", lines: lines(title, 24, "bold") },
      ...boxes,
      ...boxes.flatMap((box, i): Item[] => {
        const centre = centres[i] as number
        return [
          {
            kind: "art",
            paths: [
              {
                d: linePath([
                  { x: near, y: box.y + box.height / 2 },
                  { x: far, y: centre },
                ]),
                look: "thin",
              },
            ],
          },
          { kind: "label", x: labelX, y: centre - 14, anchor, lines: lines(box.name ?? "", 24, "bold") },
          {
            kind: "label",
            x: labelX,
            y: centre + 15,
            anchor,
            tone: "muted",
            lines: fitting(counts(all[i] as CountedLayer), anchor === "end" ? labelX : WIDTH - labelX),
          },
        ]
      }),
      {
        kind: "label",
        x: anchor === "end" ? x + TOWER : x,
        y: GROUND + 34,
        anchor,
        lines: lines(`together ${counts(sums).join(", ")}`, 24, "bold"),
      },
    ]
  }
  return {
    title: `${titles[0]}, and ${titles[1].charAt(0).toLowerCase()}${titles[1].slice(1)}`,
    description: `Two towers of layers, drawn to one scale: the heights are ${scale}. What would be too small to be seen is drawn as a line.`,
    width: WIDTH,
    height: HEIGHT,
    steps: [],
    items: [
      { kind: "art", paths: [{ d: `M372 ${GROUND + 1}H780`, look: "line" }] },
      ...side("service", 392, 350, "end", titles[0]),
      ...side("unikernel", 620, 802, "start", titles[1]),
    ],
  }
}

/** One line of what was counted: as much of it as fits beside the tower, the last first. The twin says all. */
function fitting(parts: readonly string[], room: number): ReturnType<typeof lines> {
  const size = 24
  const from = parts.findIndex((_, i) => textWidth({ text: parts.slice(i).join(", "), size }) <= room)
  return lines(parts.slice(from).join(", "), size)
}

/** Centres of labels as near to `wished` as may be, which do not overlap and stay between top and ground. */
function spread(wished: readonly number[]): number[] {
  const centres: number[] = []
  for (const y of wished) centres.push(Math.max(y, TOP + 22, (centres.at(-1) ?? Number.NEGATIVE_INFINITY) + LABEL))
  let least = GROUND - 32
  for (let i = centres.length - 1; i >= 0; i--) {
    centres[i] = Math.min(centres[i] as number, least)
    least = (centres[i] as number) - LABEL
  }
  return centres
}
