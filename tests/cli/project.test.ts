import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { findProject, type Project } from "../../src/cli/project.ts"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mirage-project-"))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), name.endsWith(".ts") ? "export {}\n" : name)
  }
}

function project(file: string, cwd = root): Project {
  const found = findProject(cwd, file)
  if (!found.ok) throw new Error(found.error)
  return found.value
}

const refusal = (file = "config.ts"): unknown => findProject(root, file)

describe("a project", () => {
  it("is named by its configuration, or by the folder of that", () => {
    write("www/config.ts")
    expect(project("www/config.ts").config).toBe("www/config.ts")
    expect(project("./www/").config).toBe("www/config.ts")
    expect(project("config.ts", join(root, "www")).config).toBe("config.ts")
  })

  it("outside of where one stands is a world of its own", () => {
    write("here/x.txt", "www/config.ts")
    expect(project("../www/config.ts", join(root, "here")).config).toBe("config.ts")
  })

  it("is looked for below, where it is not", () => {
    expect(refusal()).toEqual({
      ok: false,
      error: "There is no config.ts here. A unikernel's folder has a config.ts and a unikernel.ts.",
    })
    write("node_modules/mirage/config.ts", ".hidden/config.ts", "b/c/config.ts", "a/config.ts")
    expect(refusal()).toEqual({
      ok: false,
      error:
        "There is no config.ts here. There is a/config.ts, to be run with -f a/config.ts. There is also b/c/config.ts.",
    })
    write("a/notes.txt")
    expect(refusal("a/notes.txt")).toEqual({
      ok: false,
      error: "a/notes.txt is not TypeScript: a configuration is a file such as config.ts.",
    })
  })

  it("has the modules that a file is made of, each after those it imports", () => {
    write("lib/c.ts")
    writeFileSync(join(root, "lib/b.ts"), 'export * from "./c.ts"\n')
    mkdirSync(join(root, "www"))
    writeFileSync(join(root, "www/config.ts"), 'import "../lib/b.ts"\n')
    const modules = project("www").modules("www/config.ts")
    expect(modules.ok && modules.value.map((m) => m.name)).toEqual(["lib/c.ts", "lib/b.ts", "www/config.ts"])
  })
})

describe("a folder of a project", () => {
  it("is read whole, as seen from the configuration", () => {
    write("www/config.ts", "www/htdocs/index.html", "www/htdocs/css/style.css", "shared/logo.svg")
    const text = (name: string): unknown => {
      const files = project("www").folder(name)
      return files.ok && Object.fromEntries(Object.entries(files.value).map(([f, b]) => [f, Buffer.from(b).toString()]))
    }
    expect(text("./htdocs")).toEqual({
      "index.html": "www/htdocs/index.html",
      "css/style.css": "www/htdocs/css/style.css",
    })
    expect(text("../shared/")).toEqual({ "logo.svg": "shared/logo.svg" })
  })

  it("may hold empty files", () => {
    write("config.ts")
    mkdirSync(join(root, "htdocs"))
    writeFileSync(join(root, "htdocs/empty"), "")
    expect(project("config.ts").folder("htdocs")).toEqual({ ok: true, value: { empty: Buffer.alloc(0) } })
  })

  it("is refused if it is not there, or has nothing in it", () => {
    write("config.ts")
    mkdirSync(join(root, "htdocs"))
    expect(project("config.ts").folder("htdocs")).toEqual({
      ok: false,
      error: { kind: "no-files", message: `there are no files in htdocs, which is ${join(root, "htdocs")}` },
    })
    expect(project("config.ts").folder("html")).toMatchObject({
      ok: false,
      error: { kind: "no-files", message: expect.stringMatching(/^the folder html cannot be read: ENOENT/) },
    })
  })
})
