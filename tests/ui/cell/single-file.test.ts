import { afterEach, describe, expect, it, vi } from "vitest"
import { adHocProject } from "../../../src/ui/cell/single-file.ts"
import type { Projects } from "../../../src/ui/project-store.ts"

type Load = Parameters<Projects["register"]>[1]

/** Registers a cell with this `src`, and loads what was registered. */
function load(src: string | null, text = "") {
  vi.stubGlobal("location", { pathname: "/docs/" })
  vi.stubGlobal("document", { baseURI: "https://site.example/docs/" })
  let loading: Load | undefined
  const projects = { register: (_name: string, l: Load) => (loading = l) } as unknown as Projects
  const cell = {
    src,
    file: "a.ts",
    querySelector: (q: string) => (q.includes("cell-code") ? { textContent: text } : null),
  }
  const name = adHocProject(cell as unknown as Parameters<typeof adHocProject>[0], projects)
  return { name, data: () => (loading as Load)() }
}

const answer = (body: string, init: ResponseInit) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(body, init)),
  )

afterEach(() => vi.unstubAllGlobals())

describe("a cell of no project", () => {
  it("takes its text from the page", async () => {
    const { name, data } = load(null, "\nexport const x = 1\n")
    expect(name).toBe("page--docs-a.ts")
    const project = await data()
    expect(project.files["a.ts"]?.text).toBe("export const x = 1")
    expect(project.cells).toEqual([{ entry: "a.ts", files: ["a.ts"] }])
  })

  it("takes its text from `src`, relative to the page", async () => {
    answer("export const y = 2", { headers: { "content-type": "text/typescript" } })
    const { name, data } = load("cells/y.ts")
    expect(name).toBe("src-https-site.example-docs-cells-y.ts")
    expect((await data()).files["a.ts"]?.text).toBe("export const y = 2")
  })

  it("says what is wrong with `src`", async () => {
    answer("no", { status: 404 })
    await expect(load("y.ts").data()).rejects.toThrow("https://site.example/docs/y.ts answered 404")
    answer("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } })
    await expect(load("y.ts").data()).rejects.toThrow(/is a web page/)
  })
})
