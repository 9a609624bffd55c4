import { rmSync } from "node:fs"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { buildLibrary, buildScript, doorsOf, librarySources } from "../../src/content/library.ts"
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
