// Runs of checks on a sandbox made of paper; the real one, with real checks, is tests/content/notebooks.run.test.ts.

import { describe, expect, it } from "vitest"
import type { ProjectData } from "../../../src/content/project.ts"
import { program } from "../../../src/sandbox/program.ts"
import type { CheckResult, Exit, Program } from "../../../src/sandbox/protocol.ts"
import type { Run, RunListener, Sandbox } from "../../../src/sandbox/sandbox.ts"
import { compile } from "../../../src/toolchain/compile.ts"
import { type CheckReport, isPassed, LIMIT_MS, runChecks } from "../../../src/ui/exercise/check-run.ts"
import { summary } from "../../../src/ui/exercise/report.ts"

const STARTING = "export const a = 1\n"
const CHECK = `import { check } from "mirage/check"\nimport { a } from "./a.ts"\ncheck("is 2", () => { if (a !== 2) throw new Error("no") })\n`

function project(): ProjectData {
  const compiled = compile("a.check.ts", CHECK)
  if (!compiled.ok) throw new Error(compiled.error.message)
  return {
    name: "book",
    files: {
      "a.ts": {
        name: "a.ts",
        label: "a.ts",
        language: "typescript",
        text: STARTING,
        source: { file: "a.md", line: 1 },
      },
    },
    cells: [{ entry: "a.ts", files: ["a.ts"], exercise: { check: CHECK, hints: [], compiledCheck: compiled.value } }],
  }
}

/** A sandbox that writes down what it is given, and does as it is told. */
class PaperSandbox implements Sandbox {
  readonly kind = "node"
  program: Program | undefined
  listener: RunListener | undefined
  end: (exit: Exit) => void = () => {}
  readonly started: Promise<void>
  #start: () => void = () => {}

  constructor() {
    this.started = new Promise((resolve) => {
      this.#start = resolve
    })
  }
  async warm(): Promise<void> {}
  async dispose(): Promise<void> {}
  run(made: Program, listener: RunListener): Run {
    this.program = made
    this.listener = listener
    const done = new Promise<Exit>((resolve) => {
      this.end = resolve
    })
    this.#start()
    const stop = async () => this.end({ tag: "stopped" })
    return { done, stop, shell: async () => "", fetch: async () => ({ ok: false, message: "" }), setPace: () => {} }
  }
}

interface Started {
  readonly sandbox: PaperSandbox
  readonly report: Promise<CheckReport>
  readonly abort: AbortController
  readonly waits: { run: () => void; ms: number }[]
}

function check(edits: Record<string, string> = {}): Started {
  const sandbox = new PaperSandbox()
  const waits: Started["waits"] = []
  const abort = new AbortController()
  const later = (run: () => void, ms: number) => {
    const one = { run, ms }
    waits.push(one)
    return () => void waits.splice(waits.indexOf(one), 1)
  }
  const around = { sandbox: async () => sandbox, program: async () => program, later }
  return { sandbox, waits, abort, report: runChecks(around, project(), edits, "a.ts", abort.signal) }
}

const PASSED: CheckResult = { name: "is 2" }
const FAILED: CheckResult = { name: "is 2", failure: { message: "no" } }

describe("a run of the checks", () => {
  it("is the check and the reader's text as one program, as fast as can be", async () => {
    const { sandbox, report, waits } = check({ "a.ts": "export const a = 2\n" })
    await sandbox.started
    expect(sandbox.program).toMatchObject({ entry: "a.check.ts", pace: "max" })
    expect(sandbox.program?.modules.map((m) => m.name)).toEqual(["a.ts", "a.check.ts"])
    expect(sandbox.program?.modules[0]?.code).toContain("a = 2")
    sandbox.listener?.checked?.(PASSED)
    sandbox.end({ tag: "done" })
    expect(await report).toEqual({ results: [PASSED] })
    expect(waits).toEqual([])
  })

  it("tells what failed", async () => {
    const { sandbox, report } = check()
    await sandbox.started
    sandbox.listener?.checked?.(FAILED)
    sandbox.end({ tag: "done" })
    expect(await report).toEqual({ results: [FAILED] })
  })

  it("says where a text cannot be read, without running it", async () => {
    const { sandbox, report } = check({ "a.ts": "export const a = (\n" })
    expect((await report).trouble).toMatchObject({ at: { file: "a.ts" } })
    expect(sandbox.program).toBeUndefined()
  })

  it("says where the program failed", async () => {
    const { sandbox, report } = check()
    await sandbox.started
    const at = { file: "a.ts", line: 1, column: 1 }
    sandbox.end({ tag: "failed", error: { name: "TypeError", message: "oops", at, stack: [] } })
    expect(await report).toEqual({ results: [], trouble: { message: "TypeError: oops", at } })
  })

  it("is ended when it takes too long, with what is known", async () => {
    const { sandbox, report, waits } = check()
    await sandbox.started
    sandbox.listener?.checked?.(PASSED)
    expect(waits.map((one) => one.ms)).toEqual([LIMIT_MS])
    waits[0]?.run()
    const { results, trouble } = await report
    expect(results).toEqual([PASSED])
    expect(trouble?.message).toMatch(/stopped after 8 seconds.*loop/)
  })

  it("can be stopped", async () => {
    const { sandbox, report, abort } = check()
    await sandbox.started
    abort.abort()
    expect((await report).trouble?.message).toBe("The check was stopped.")
  })

  it("says what kind of error it was in words, as the output does", async () => {
    const { sandbox, report } = check()
    await sandbox.started
    sandbox.end({ tag: "failed", error: { name: "unhandled-rejection", message: "Error: no", stack: [] } })
    expect((await report).trouble?.message).toBe("unhandled rejection: Error: no")
  })

  it("that ends without a word has not passed", async () => {
    const { sandbox, report } = check()
    await sandbox.started
    sandbox.end({ tag: "done" })
    expect((await report).trouble?.message).toMatch(/before it could be checked/)
  })

  it("is told when there is nothing to run it in", async () => {
    const around = {
      sandbox: () => Promise.reject(new Error("no workers here")),
      program: async () => program,
      later: () => () => {},
    }
    const report = await runChecks(around, project(), {}, "a.ts", new AbortController().signal)
    expect(report.trouble?.message).toBe("no workers here")
  })
})

describe("the outcome", () => {
  it.each<[string, CheckReport, boolean, string]>([
    ["all", { results: [PASSED, PASSED] }, true, "All 2 checks have passed."],
    ["the only one", { results: [PASSED] }, true, "The check has passed."],
    ["some", { results: [PASSED, FAILED] }, false, "Not passed yet: 1 of 2 checks fails."],
    ["none", { results: [FAILED, FAILED] }, false, "Not passed yet: 2 of 2 checks fail."],
    ["trouble after all", { results: [PASSED], trouble: { message: "Late." } }, false, "Not passed. Late."],
    ["long trouble", { results: [], trouble: { message: "x".repeat(999) } }, false, `Not passed. ${"x".repeat(160)}…`],
    ["trouble in lines", { results: [], trouble: { message: "One.\nTwo." } }, false, "Not passed. One. …"],
    ["nothing", { results: [] }, false, "Not passed yet: 0 of 0 checks fail."],
  ])("%s", (_, report, passed, words) => {
    expect(isPassed(report)).toBe(passed)
    expect(summary(report)).toBe(words)
  })
})
