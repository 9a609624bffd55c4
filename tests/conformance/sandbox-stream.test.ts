// The guest that speaks over the standard streams of a Node process, as it does in a WebContainer: here over pipes, over
// pipes that give a byte at a time and echo, and over a terminal.

import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { packageFiles } from "../../src/content/package.ts"
import { type ProgramOptions, program } from "../../src/sandbox/program.ts"
import type { Sandbox } from "../../src/sandbox/sandbox.ts"
import { type Files, ProjectFiles } from "../../src/sandbox/webcontainer/project-files.ts"
import { webContainerSandbox } from "../../src/sandbox/webcontainer/webcontainer.ts"
import { hostOf, type LocalContainer, localContainer, type Ways } from "../support/webcontainer/local-container.ts"
import { buildStreamGuest } from "./guests.ts"
import { sandboxSuite, start } from "./sandbox-suite.ts"
import { SMALL_LIBRARY } from "./small-library.ts"

let guest: Promise<string> | undefined
const containers: LocalContainer[] = []

afterAll(async () => {
  await Promise.all(containers.map((one) => one.close()))
})

const time = {
  now: () => performance.now(),
  setTimeout: (f: () => void, ms: number) => setTimeout(f, ms),
  clearTimeout: (handle: never) => clearTimeout(handle),
}

async function installed(): Promise<Files> {
  guest ??= buildStreamGuest()
  return packageFiles({ version: "1.0.0", library: SMALL_LIBRARY, guest: await guest, command: "", typeStripping: "" })
}

function filesOf(container: LocalContainer, files: Files, installed: Files): ProjectFiles {
  return new ProjectFiles({
    host: hostOf(container),
    folder: "deck",
    current: () => Promise.resolve(files),
    installed: () => Promise.resolve(installed),
  })
}

/** A container with a project in it, and the sandbox of both. */
async function made(ways: Ways = {}, files: Files = {}): Promise<[Sandbox, LocalContainer]> {
  const container = localContainer(ways)
  containers.push(container)
  return [webContainerSandbox({ time, files: filesOf(container, files, await installed()) }), container]
}

const sandbox = async (ways?: Ways): Promise<Sandbox> => (await made(ways))[0]

sandboxSuite("streams: pipes", () => sandbox())
sandboxSuite("streams: a byte at a time, echoed", () => sandbox({ chunk: 1, echo: true }))
sandboxSuite("streams: a terminal", () => sandbox({ terminal: true }))

/** Run `text` as `name` to its end, or until `until` holds. */
async function run(sandbox: Sandbox, text: string, name = "main.ts", options: ProgramOptions = {}) {
  const project = { files: { [name]: { language: "typescript", text } }, cells: [{ entry: name, files: [name] }] }
  const built = await program(project, {}, name, { pace: "max", ...options })
  if (!built.ok) throw new Error(JSON.stringify(built.error))
  return start(sandbox, built.value)
}

describe("what a program writes past the guest", () => {
  it.each<[string, Ways]>([
    ["over a pipe", {}],
    ["a byte at a time, echoed", { chunk: 1, echo: true }],
    ["over a terminal", { terminal: true }],
  ])("is output of the run, whatever it looks like, %s", async (_row, ways) => {
    const [sandbox] = await made(ways)
    const transcript = await run(
      sandbox,
      String.raw`
      const { execFileSync, spawnSync } = process.getBuiltinModule("node:child_process")
      const { writeSync } = process.getBuiltinModule("node:fs")
      // What the guest would say, with a nonce of our own.
      const nonce = "0123456789abcdef0123456789abcdef"
      const exit = JSON.stringify({ tag: "exit", run: 1, exit: { tag: "done" } })
      const frame = "~" + nonce + "<." + exit.length.toString(16).padStart(4, "0") + exit + nonce
      writeSync(1, "raw\n" + frame + "\n")
      writeSync(2, "raw error\n")
      spawnSync("sh", ["-c", "echo from a child; echo its error >&2"], { stdio: ["ignore", "inherit", "inherit"] })
      writeSync(1, new Uint8Array([126, 0, 27, 91, 51, 49, 109, 126, 10]))
      process.stdout.write(frame + "\n")
      const heard = execFileSync("cat", ["/proc/self/environ"]).toString()
      const environment = JSON.stringify(process.env) + heard + process.argv.join()
      const secrets = environment.match(/\b[0-9a-f]{32}\b/)
      writeSync(1, "no newline")
      throw new Error("the end")
      `.replace(/^ {6}/gm, ""),
    )
    expect(await transcript.run.done).toMatchObject({ tag: "failed", error: { message: "the end" } })
    const nonce = "0123456789abcdef0123456789abcdef"
    const frame = `~${nonce}<.002c{"tag":"exit","run":1,"exit":{"tag":"done"}}${nonce}`
    const lines = transcript.text().split("\n")
    for (const line of ["raw", "raw error", "from a child", "its error", "~\0\x1b[31m~", "no newline"])
      expect(lines).toContain(line)
    expect(lines.filter((line) => line === frame).length).toBe(2)
    expect(transcript.text()).not.toContain("\r")
    expect(transcript.values.find(([name]) => name === "secrets")).toEqual(["secrets", "null"])
    await sandbox.dispose()
  })

  it("may be a flood: it is cut as all output is, and the guest goes on being heard", async () => {
    const [sandbox] = await made()
    const transcript = await run(
      sandbox,
      String.raw`
      const { writeSync } = process.getBuiltinModule("node:fs")
      const text = "x".repeat(50) + "\n"
      for (let i = 0; i < 5000; i++) { try { writeSync(1, text) } catch { i-- } }
      const after = 1
      setInterval(() => {}, 1000)`,
    )
    await transcript.until(() => transcript.values.some(([name]) => name === "after"))
    await transcript.until(() => transcript.text("note") !== "")
    expect(transcript.text().split("\n").length).toBe(2001)
    await transcript.run.stop()
    await sandbox.dispose()
  })

  it("without end is stopped", async () => {
    const [sandbox] = await made()
    const transcript = await run(
      sandbox,
      `const { writeSync } = process.getBuiltinModule("node:fs"); const text = "x".repeat(60000); for (;;) { try { writeSync(1, text) } catch {} }`,
    )
    const exit = await transcript.run.done
    expect(exit).toMatchObject({ tag: "failed", error: { message: expect.stringMatching(/without end/) } })
    await sandbox.dispose()
  })
})

describe("a process", () => {
  it("that ends by itself is told of, with its last words", async () => {
    const [sandbox] = await made()
    const transcript = await run(
      sandbox,
      `process.getBuiltinModule("node:fs").writeSync(2, "so long\\n"); process.exit(7)`,
    )
    expect(await transcript.run.done).toMatchObject({
      tag: "failed",
      error: { name: "sandbox", message: "The process that ran the program ended with code 7." },
    })
    expect(transcript.text()).toBe("so long\n")
    await sandbox.dispose()
  })

  it("that does not start is a run that failed, and says why", async () => {
    const container = localContainer()
    containers.push(container)
    const broken = { "node_modules/mirage/guest.mjs": `throw new Error("of another kind")` }
    const sandbox = webContainerSandbox({ time, files: filesOf(container, {}, broken) })
    const transcript = await run(sandbox, "const a = 1")
    expect(await transcript.run.done).toMatchObject({
      tag: "failed",
      error: { name: "sandbox", message: expect.stringMatching(/ended with code 1/) },
    })
    await sandbox.dispose()
  })

  it("has the package as Node finds it, its own module, and the project's folder around it", async () => {
    const files = { "www/main.ts": "", "www/htdocs/index.html": "<p>", "data.txt": "data" }
    const [sandbox, container] = await made({}, files)
    const transcript = await run(
      sandbox,
      `
      import { sleep } from "mirage"
      const { readFileSync } = process.getBuiltinModule("node:fs")
      const { constants, Script } = process.getBuiltinModule("node:vm")
      const options = { filename: process.cwd() + "/other.js", importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }
      const found = await new Script('import("mirage")', options).runInThisContext()
      const same = found.sleep === sleep
      const page = readFileSync("htdocs/index.html", "utf8")
      const data = readFileSync("../data.txt", "utf8")
      const input = process.stdin.read()
      `,
      "www/main.ts",
    )
    expect(await transcript.run.done).toEqual({ tag: "done" })
    const values = new Map(transcript.values)
    expect(["same", "page", "data", "input"].map((name) => values.get(name))).toEqual([
      "true",
      '"<p>"',
      '"data"',
      "null",
    ])
    await sandbox.dispose()
    expect(existsSync(join(container.root, "deck/package.json"))).toBe(true)
  })

  it("is gone 200 ms after Stop, and its modules with it", async () => {
    const [sandbox, container] = await made()
    const took: number[] = []
    // This machine may be busy with other things: what counts is what it can do.
    while (took.length < 5 && !took.some((ms) => ms < 200)) {
      const transcript = await run(sandbox, `console.log(process.pid)\nfor (;;);`)
      await transcript.until(() => transcript.text() !== "")
      const pid = Number(transcript.text())
      const before = performance.now()
      await transcript.run.stop()
      took.push(performance.now() - before)
      expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
    }
    expect(Math.min(...took)).toBeLessThan(200)
    await sandbox.dispose()
    await expect.poll(() => readdirSync(join(container.root, "deck/.mirage"))).toEqual([])
  })

  it("has a folder for its modules that no other has, whichever sandbox started it", async () => {
    const [one, container] = await made()
    const two = webContainerSandbox({ time, files: filesOf(container, {}, await installed()) })
    await Promise.all([one.warm(), two.warm()])
    const commands = container.spawned.filter((command) => command.includes("guest.mjs"))
    expect(new Set(commands).size).toBe(2)
    await Promise.all([one.dispose(), two.dispose()])
  })
})
