import { rmSync } from "node:fs"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { buildLibrary, buildScript, doorsOf, librarySources, withConstantFunctions } from "../../src/content/library.ts"
import type { LibraryModule } from "../../src/sandbox/protocol.ts"
import { makeSite } from "./site.ts"

const { root } = makeSite()
afterAll(() => rmSync(root, { recursive: true }))

describe("the library as modules", () => {
  let modules: readonly LibraryModule[]
  beforeAll(async () => {
    modules = await buildLibrary(doorsOf(root))
  })

  it("has the doors by their names, and what they share, each after what it imports", () => {
    expect(modules.map((m) => m.name).toSorted()).toEqual([
      "mirage",
      "mirage/check",
      "mirage/config",
      "mirage/host",
      "mirage/shared/lwt",
    ])
    expect(modules[0]?.name).toBe("mirage/shared/lwt")
  })

  it("imports by those names, before anything else", () => {
    for (const { name, code } of modules) {
      if (name === "mirage/shared/lwt") expect(code).not.toContain("import")
      else expect(code).toMatch(/^(?:im|ex)port\s*\{[^}]*\}\s*from\s*"mirage\/shared\/lwt";/)
    }
  })

  it("runs, with one copy of what is shared", async () => {
    const urls = new Map<string, string>()
    for (const { name, code } of modules) {
      const linked = code.replaceAll(/from\s*"([^"]+)"/g, (_, imported) => `from "${urls.get(imported)}"`)
      urls.set(name, `data:text/javascript,${encodeURIComponent(linked)}`)
    }
    const load = (name: string) => import(/* @vite-ignore */ urls.get(name) as string)
    const { job } = await load("mirage/config")
    const { start } = await load("mirage/host")
    const { Lwt } = await load("mirage")
    expect(job.count()).toBe(1)
    expect(start()).toBe(2)
    expect(job).toBeInstanceOf(Lwt.Promised)
    expect(Lwt.return("x")).toEqual({ value: "x" })
  })

  it("keeps its names, and leaves its comments behind", () => {
    const code = modules[0]?.code
    expect(code).toContain("Promised")
    expect(code).toContain("return_")
    expect(code).not.toContain("The promises of this test")
  })

  it("is the same whenever it is built", async () => {
    expect(await buildLibrary(doorsOf(root))).toEqual(modules)
  })
})

describe("functions as constants", () => {
  it("stand after the imports and before what calls them, with their names", async () => {
    const constant = withConstantFunctions(
      [
        'import { tmpdir } from "node:os";',
        "const two = () => 2;",
        "const first = called();",
        "var A = class {}, B = class extends A {};",
        "var later;",
        "later = 1;",
        "function called() { return 40 + two() }",
        "function* walked() { yield* [] }",
        "async function awaited() {}",
        'export { join } from "node:path";',
        "export { A, B, awaited, called, first, later, walked };",
      ].join("\n"),
    )
    expect(constant.replaceAll("\n", "")).toMatch(
      /^import [^;]*"node:os";export [^;]*"node:path";const called=function called\(.*;const walked=function\* walked\(.*;const awaited=async function awaited\(.*;const two/,
    )
    expect(constant).toContain("const A = class {}, B =")
    expect(constant).toContain("var later")
    const made = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(constant)}`)
    expect([made.first, made.called.name, made.later, new made.B() instanceof made.A]).toEqual([42, "called", 1, true])
    expect(made.walked()[Symbol.iterator]).toBeTypeOf("function")
    await expect(made.awaited()).resolves.toBeUndefined()
  })

  it("are all functions of the library", async () => {
    for (const { code } of await buildLibrary(doorsOf(root))) expect(code).not.toMatch(/(?:^|[;}])(?:async )?function/)
  })
})

describe("the guest", () => {
  it("is one classic script", async () => {
    const script = await buildScript(join(root, "src/sandbox/guest-worker.ts"))
    const scope = createContext({})
    runInContext(script, scope)
    expect(runInContext("globalThis.answer", scope)).toBe(42)
  })
})

describe("the library's sources", () => {
  it("are all that the doors reach, types too, by their paths", () => {
    const sources = librarySources(doorsOf(root))
    expect(Object.keys(sources)).toEqual([
      "check.ts",
      "config.ts",
      "globals.d.ts",
      "host.ts",
      "lwt/box.ts",
      "lwt/lwt.ts",
      "mirage.ts",
    ])
    expect(sources["lwt/lwt.ts"]).toContain("// The promises of this test.")
  })
})
