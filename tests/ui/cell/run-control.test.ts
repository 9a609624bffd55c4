import { describe, expect, it } from "vitest"
import { error, ok } from "../../../src/mirage/result.ts"
import type { Exit, Pace, Program } from "../../../src/sandbox/protocol.ts"
import type { Run, RunListener, Sandbox } from "../../../src/sandbox/sandbox.ts"
import { RunControl, type RunSource } from "../../../src/ui/cell/run-control.ts"

const program: Program = { entry: "a.ts", modules: [], files: {}, group: [], seed: 1, pace: 1 }
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A sandbox whose runs are played by the test. */
function paper() {
  const runs: {
    listener: RunListener
    program: Program
    end: (exit: Exit) => void
    stopped: boolean
    paces: Pace[]
  }[] = []
  const sandbox: Sandbox = {
    kind: "node",
    warm: async () => {},
    dispose: async () => {},
    run(program, listener): Run {
      let end: (exit: Exit) => void = () => {}
      const done = new Promise<Exit>((resolve) => {
        end = resolve
      })
      const run = { listener, program, end, stopped: false, paces: [] as Pace[] }
      runs.push(run)
      return {
        done,
        stop: async () => {
          run.stopped = true
          end({ tag: "stopped" })
        },
        shell: async (line, onText) => {
          onText?.(`ran ${line}`)
          return `ran ${line}`
        },
        fetch: async () => ({ ok: false, message: "unreachable" }),
        setPace: (pace) => run.paces.push(pace),
      }
    },
  }
  return { runs, sandbox }
}

function cell() {
  const log: string[] = []
  const control = new RunControl({
    status: (s) => log.push(s),
    started: () => log.push("started"),
    refused: (ds) => log.push(`refused ${ds.length}`),
    value: (name, text) => log.push(`${name} = ${text}`),
    output: (chunks) => log.push(chunks.map((c) => c.text).join("")),
    error: (e, fatal) => log.push(`${fatal ? "fatal" : "error"} ${e.message}`),
    serving: (m) => log.push(`serving ${m.address}`),
    frames: (f) => log.push(`${f.length} frames`),
    threads: (batch) => log.push(`${batch.events.length} events`),
    stuck: (s) => log.push(`stuck ${s}`),
  })
  return { control, log }
}

const source = (sandbox: Sandbox): RunSource => ({ build: async () => ok(program), sandbox: async () => sandbox })
const pace = (): Pace => "max"

describe("RunControl", () => {
  it("compiles, runs and is done", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    const running = control.run(source(sandbox), pace)
    await turn()
    runs[0]?.listener.value?.("x", "1")
    runs[0]?.listener.output?.([{ stream: "out", text: "hi" }])
    runs[0]?.end({ tag: "done" })
    await running
    expect(log).toEqual(["compiling", "started", "running", "x = 1", "hi", "done"])
    expect(runs[0]?.program.pace).toBe("max")
  })

  it("settles when the unikernel serves, and goes on running", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    const running = control.run(source(sandbox), pace)
    await turn()
    runs[0]?.listener.serving?.({ name: "www", address: "10.0.0.2", ports: [80] })
    await running
    expect(control.status).toBe("running")
    expect(control.machines.map((m) => m.address)).toEqual(["10.0.0.2"])
    expect(await control.shell("help")).toBe("ran help")
    runs[0]?.end({ tag: "failed", error: { name: "Error", message: "boom", stack: [] } })
    await turn()
    expect(log.slice(-2)).toEqual(["fatal boom", "failed"])
    expect(control.machines).toEqual([])
  })

  it("says what cannot be built, and runs nothing", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    const refused = { file: "a.ts", line: 1, column: 1, message: "no" }
    await control.run({ build: async () => error([refused]), sandbox: async () => sandbox }, pace)
    expect(log).toEqual(["compiling", "refused 1", "failed"])
    expect(runs).toHaveLength(0)
  })

  it("a sandbox or a build that cannot be had is a failed run with a message", async () => {
    for (const broken of [
      { build: async () => ok(program), sandbox: () => Promise.reject(new Error("no workers here")) },
      { build: () => Promise.reject(new Error("no workers here")), sandbox: async () => paper().sandbox },
    ]) {
      const { control, log } = cell()
      await control.run(broken, pace)
      expect(log.slice(-2)).toEqual(["fatal no workers here", "failed"])
    }
  })

  it("stops at once, settles run(), and hears nothing more of it", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    const running = control.run(source(sandbox), pace)
    await turn()
    await control.stop()
    await running
    runs[0]?.listener.output?.([{ stream: "out", text: "late" }])
    await turn()
    expect(runs[0]?.stopped).toBe(true)
    expect(log).toEqual(["compiling", "started", "running", "stopped"])
  })

  it("can be stopped while it compiles: nothing starts", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    const running = control.run(source(sandbox), pace)
    await control.stop()
    await running
    await turn()
    expect(runs).toHaveLength(0)
    expect(log).toEqual(["compiling", "stopped"])
  })

  it("runs again in place of what is running, and the first run() settles", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    const first = control.run(source(sandbox), pace)
    await turn()
    const second = control.run(source(sandbox), pace)
    await first
    await turn()
    expect(runs[0]?.stopped).toBe(true)
    runs[0]?.listener.output?.([{ stream: "out", text: "old" }])
    runs[1]?.listener.output?.([{ stream: "out", text: "new" }])
    runs[1]?.end({ tag: "done" })
    await second
    expect(log).toEqual(["compiling", "started", "running", "compiling", "started", "running", "new", "done"])
  })

  it("an error that does not end the run is shown and the run goes on", async () => {
    const { runs, sandbox } = paper()
    const { control, log } = cell()
    void control.run(source(sandbox), pace)
    await turn()
    runs[0]?.listener.error?.({ name: "Error", message: "in a callback", stack: [] })
    expect(log.at(-1)).toBe("error in a callback")
    expect(control.status).toBe("running")
    await control.stop()
  })

  it("refuses a command when nothing runs", async () => {
    const { control } = cell()
    await expect(control.shell("help")).rejects.toThrow(/press Run first/)
    expect(await control.fetch("http://10.0.0.2/")).toEqual({
      ok: false,
      message: "Nothing is running: press Run first.",
    })
    await control.stop()
    expect(control.status).toBe("idle")
  })

  it("a change of pace reaches the run", async () => {
    const { runs, sandbox } = paper()
    const { control } = cell()
    void control.run(source(sandbox), pace)
    await turn()
    control.setPace(0)
    expect(runs[0]?.paces).toEqual([0])
    await control.stop()
  })
})
