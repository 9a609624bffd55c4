// A Node that knows no types runs the reader's TypeScript, with the package's hook.

import { execFileSync, spawnSync } from "node:child_process"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type PackageFolder, packageFolder } from "../support/mirage-package.ts"

let folder: PackageFolder

beforeAll(async () => {
  folder = await packageFolder()
}, 60_000)
afterAll(() => folder.remove())

const register = (): string => `--import=${pathToFileURL(join(folder.path, "node_modules/mirage/register.mjs")).href}`

it("runs files with types that import each other and the library", () => {
  const cwd = folder.project("typed", {
    "package.json": '{ "type": "module" }',
    "twice.ts": "export const twice = <A>(f: (a: A) => A) => (a: A): A => f(f(a))\n",
    "main.ts": `import { Lwt } from "mirage"
import { twice } from "./twice.ts"
const add = (n: number): number => n + 1
console.log(Lwt.state(Lwt.map(twice(add), Lwt.return(40))))
`,
  })
  const options = { cwd, encoding: "utf8" } as const
  expect(execFileSync(process.execPath, [register(), "main.ts"], options)).toBe("{ tag: 'Return', value: 42 }\n")
  // As a shell has it, for every Node in it.
  const env = { ...process.env, NODE_OPTIONS: register() }
  expect(execFileSync(process.execPath, ["main.ts"], { ...options, env })).toContain("42")
})

it("says where a file cannot be read as TypeScript", () => {
  const cwd = folder.project("wrong", { "main.ts": "const a: number = 1\nenum Colour { Red }\n" })
  const { status, stderr } = spawnSync(process.execPath, [register(), "main.ts"], { cwd, encoding: "utf8" })
  expect(status).toBe(1)
  expect(stderr).toMatch(/SyntaxError.*main\.ts:2:1: .*enum/)
})
