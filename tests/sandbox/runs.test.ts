import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type FromGuest, type Program, PROTOCOL_VERSION, type ToGuest } from "../../src/sandbox/protocol.ts"
import { type GuestHandle, sandboxOf, type Spawner } from "../../src/sandbox/runs.ts"
import { compile } from "../../src/toolchain/compile.ts"

/** A guest played by the test. */
class Puppet implements GuestHandle {
  readonly heard: ToGuest[] = []
  killed = 0
  say: (message: FromGuest) => void = () => {}
  lose: (reason: string) => void = () => {}

  send(message: ToGuest): void {
    this.heard.push(message)
    if (message.tag === "boot") queueMicrotask(() => this.say({ tag: "ready", version: PROTOCOL_VERSION }))
  }
  listen(onMessage: (message: FromGuest) => void, onLost: (reason: string) => void): void {
    this.say = onMessage
    this.lose = onLost
  }
  async kill(): Promise<void> {
    this.killed++
  }
  tags(): string[] {
    return this.heard.map((one) => one.tag)
  }
}

function setUp(spawn?: () => Promise<{ guest: GuestHandle; library: [] }>) {
  const puppets: Puppet[] = []
  const spawner: Spawner = {
    kind: "node",
    spawn:
      spawn ??
      (async () => {
        const guest = new Puppet()
        puppets.push(guest)
        return { guest, library: [] }
      }),
    dispose: async () => {},
  }
  return { puppets, sandbox: sandboxOf(spawner) }
}

const TEXT = `type T = number\nconst f = (x: T): T => { throw new Error() }`
const compiled = compile("main.ts", TEXT)
if (!compiled.ok) throw new Error(compiled.error.message)
const PROGRAM: Program = { entry: "main.ts", modules: [compiled.value], files: {}, group: [], seed: 1, pace: 1 }

/** Let promises that are resolved be heard. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe("a sandbox", () => {
  it("keeps a guest warm, and gives it to the next run", async () => {
    const { sandbox, puppets } = setUp()
    await Promise.all([sandbox.warm(), sandbox.warm()])
    expect(puppets.length).toBe(1)
    const run = sandbox.run(PROGRAM, {})
    await settle()
    expect(puppets[0]!.tags()).toEqual(["boot", "run"])
    expect(puppets.length).toBe(1)
    puppets[0]!.say({ tag: "exit", run: 1, exit: { tag: "done" } })
    expect(await run.done).toEqual({ tag: "done" })
    await settle()
    expect(puppets.map((one) => one.killed)).toEqual([1, 0])
  })

  it("makes the next one while a run goes on, but not at its start", async () => {
    const { sandbox, puppets } = setUp()
    sandbox.run(PROGRAM, {})
    await settle()
    expect(puppets.length).toBe(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(puppets.length).toBe(2)
  })

  it("does not use a guest that was lost while it waited", async () => {
    const { sandbox, puppets } = setUp()
    await sandbox.warm()
    puppets[0]!.lose("out of memory")
    sandbox.run(PROGRAM, {})
    await settle()
    expect(puppets[0]!.tags()).toEqual(["boot"])
    expect(puppets[1]!.tags()).toEqual(["boot", "run"])
  })

  it("tries again after a failure, which is told to the run that needed it", async () => {
    let fails = true
    const guest = new Puppet()
    const { sandbox } = setUp(async () => {
      if (fails) throw new Error("no memory")
      return { guest, library: [] }
    })
    await sandbox.warm()
    const started = vi.fn()
    expect(await sandbox.run(PROGRAM, { started }).done).toEqual({
      tag: "failed",
      error: { name: "sandbox", message: "no memory", stack: [] },
    })
    // Nothing of the program has run.
    expect(started).not.toHaveBeenCalled()
    fails = false
    sandbox.run(PROGRAM, { started })
    await settle()
    expect(guest.tags()).toContain("run")
    expect(started).toHaveBeenCalledOnce()
  })

  it("stops all when it is disposed of, and starts nothing afterwards", async () => {
    const { sandbox, puppets } = setUp()
    const run = sandbox.run(PROGRAM, {})
    await settle()
    await sandbox.warm()
    await sandbox.dispose()
    expect(await run.done).toEqual({ tag: "stopped" })
    expect(puppets.map((one) => one.killed)).toEqual([1, 1])
    expect(await sandbox.run(PROGRAM, {}).done).toMatchObject({ tag: "failed" })
  })
})

describe("a run", () => {
  it("acknowledges batches, and drops what belongs to another run", async () => {
    const { sandbox, puppets } = setUp()
    const output = vi.fn()
    sandbox.run(PROGRAM, { output })
    await settle()
    const [guest] = puppets
    guest!.say({ tag: "output", run: 7, chunks: [{ stream: "out", text: "stale" }] })
    guest!.say({ tag: "output", run: 1, chunks: [{ stream: "out", text: "a" }] })
    guest!.say({ tag: "frames", run: 1, frames: [], dropped: 0 })
    expect(output.mock.calls).toEqual([[[{ stream: "out", text: "a" }]]])
    expect(guest!.tags()).toEqual(["boot", "run", "ack", "ack"])
  })

  it("turns positions into those of the source", async () => {
    const { sandbox, puppets } = setUp()
    const error = vi.fn()
    sandbox.run(PROGRAM, { error })
    await settle()
    const [module] = PROGRAM.modules
    const line = module!.code.split("\n")[1]!
    const at = { file: "main.ts", line: 2, column: line.indexOf("new") + 1 }
    puppets[0]!.say({ tag: "error", run: 1, error: { name: "E", message: "", at, stack: [{ name: "f", ...at }] } })
    const source = { file: "main.ts", line: 2, column: TEXT.split("\n")[1]!.indexOf("new") + 1 }
    expect(source.column).not.toBe(at.column)
    expect(error.mock.calls[0]![0]).toEqual({ name: "E", message: "", at: source, stack: [{ name: "f", ...source }] })
  })

  it("keeps what is asked before there is a guest", async () => {
    const { sandbox, puppets } = setUp()
    const run = sandbox.run(PROGRAM, {})
    run.setPace(10)
    const answer = run.shell("ping")
    await settle()
    expect(puppets[0]!.tags()).toEqual(["boot", "run", "pace", "shell"])
    puppets[0]!.say({ tag: "shell-output", run: 1, id: 1, text: "pong" })
    puppets[0]!.say({ tag: "shell-done", run: 1, id: 1 })
    expect(await answer).toBe("pong")
  })

  it("that is stopped before its guest is there never starts", async () => {
    const { sandbox, puppets } = setUp()
    const run = sandbox.run(PROGRAM, {})
    await run.stop()
    expect(await run.done).toEqual({ tag: "stopped" })
    await settle()
    expect(puppets[0]!.tags()).toEqual(["boot"])
    expect(puppets[0]!.killed).toBe(1)
  })

  it("whose guest is lost fails with the reason, and answers what was asked", async () => {
    const { sandbox, puppets } = setUp()
    const run = sandbox.run(PROGRAM, {})
    await settle()
    const shell = expect(run.shell("x")).rejects.toThrow("The run has ended.")
    const fetched = run.fetch("http://10.0.0.2/")
    puppets[0]!.lose("the worker ended")
    await shell
    expect(await fetched).toEqual({ ok: false, message: "The run has ended." })
    expect(await run.done).toMatchObject({ tag: "failed", error: { message: "the worker ended" } })
  })

  it("is stuck after two silent seconds, and not when it is heard again", async () => {
    const { sandbox, puppets } = setUp()
    const stuck = vi.fn()
    sandbox.run(PROGRAM, { stuck })
    await settle()
    for (let n = 0; n < 20; n++) {
      await vi.advanceTimersByTimeAsync(250)
      puppets[0]!.say({ tag: "heartbeat", run: 1 })
    }
    expect(stuck).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(3000)
    puppets[0]!.say({ tag: "heartbeat", run: 1 })
    expect(stuck.mock.calls).toEqual([[true], [false]])
  })

  it("goes on when its listener throws, and the error is not lost", async () => {
    const { sandbox, puppets } = setUp()
    const thrown: unknown[] = []
    vi.stubGlobal("queueMicrotask", (f: () => void) => {
      try {
        f()
      } catch (e) {
        thrown.push(e)
      }
    })
    const value = vi.fn(() => {
      throw new Error("the page's mistake")
    })
    const run = sandbox.run(PROGRAM, { value })
    await settle()
    puppets[0]!.say({ tag: "value", run: 1, name: "a", text: "1" })
    puppets[0]!.say({ tag: "value", run: 1, name: "b", text: "2" })
    puppets[0]!.say({ tag: "exit", run: 1, exit: { tag: "done" } })
    vi.unstubAllGlobals()
    expect(value).toHaveBeenCalledTimes(2)
    expect(thrown.map(String)).toEqual(["Error: the page's mistake", "Error: the page's mistake"])
    expect(await run.done).toEqual({ tag: "done" })
  })
})
