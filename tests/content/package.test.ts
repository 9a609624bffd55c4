import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { buildLibrary, doorsOf } from "../../src/content/library.ts"
import { buildPackage } from "../../src/content/package.ts"
import { makeSite } from "./site.ts"

const { root } = makeSite()
const folder = mkdtempSync(join(tmpdir(), "mirage-package-"))
const project = join(folder, "deck")
let files: Record<string, string>

beforeAll(async () => {
  files = await buildPackage(root, await buildLibrary(doorsOf(root)))
  mkdirSync(project)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}, 60_000)

afterAll(() => {
  rmSync(root, { recursive: true })
  rmSync(folder, { recursive: true })
})

/** What Node prints, started in the project's folder. */
const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" })

describe("the package", () => {
  it("is found by Node from a project's folder, by its doors, with one copy of what they share", () => {
    const code = `
      import { Lwt } from "mirage"
      import { job } from "mirage/config"
      import { start } from "mirage/host"
      console.log(job instanceof Lwt.Promised, start())`
    expect(node("--input-type=module", "-e", code)).toBe("true 2\n")
  })

  it("shows nothing but its doors", () => {
    const { exports } = JSON.parse(files["node_modules/mirage/package.json"]!) as { exports: Record<string, string> }
    expect(exports).toEqual({
      ".": "./mirage.js",
      "./config": "./config.js",
      "./check": "./check.js",
      "./host": "./host.js",
    })
    const shared = Object.keys(files).find((path) => path.includes("/shared/"))!
    const name = shared.replace(/^node_modules\//, "")
    const code = `import(${JSON.stringify(name)}).catch((e) => console.log(e.code))`
    expect(node("-e", code)).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\n")
  })

  it("has the repository's version, the guest, and the command", () => {
    expect(JSON.parse(files["node_modules/mirage/package.json"]!)).toMatchObject({
      name: "mirage",
      version: "1.2.3",
      bin: { mirage: "bin/mirage.mjs" },
    })
    expect(node("../node_modules/mirage/guest.mjs", "21")).toBe("42\n")
    expect(node("../node_modules/mirage/bin/mirage.mjs", "hello")).toBe("hello\n")
  })

  it("has its command where npx looks for it", () => {
    const bin = join(folder, "node_modules/.bin/mirage")
    chmodSync(bin, 0o755)
    const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}`
    expect(execFileSync(bin, ["there"], { cwd: project, encoding: "utf8", env: { PATH } })).toBe("there\n")
  })
})
