import { describe, expect, it } from "vitest"
import type { Exit, Pace, Program } from "../../src/sandbox/protocol.ts"
import type { RunListener, Sandbox } from "../../src/sandbox/sandbox.ts"
import { Runner, type RunRequest } from "../../src/ui/runner.ts"
import { type Askers, wishOf } from "../../src/ui/runtime/wish.ts"
import { absent, givenUp, PaperContainer, PaperHost } from "./runtime/paper-host.ts"

const PROGRAM: Program = { entry: "a.ts", modules: [], files: {}, group: [], seed: 1, pace: 1 }
const failed = (message: string): Exit => ({ tag: "failed", error: { name: "sandbox", message, stack: [] } })
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

interface PaperRun {
  readonly listener: RunListener
  readonly paces: Pace[]
  end(exit: Exit): void
}

const start = () => {}

/** A sandbox whose runs the test plays. */
class PaperSandbox implements Sandbox {
  readonly runs: PaperRun[] = []
  readonly log: string[] = []
  readonly kind: Sandbox["kind"]
  constructor(kind: Sandbox["kind"]) {
    this.kind = kind
  }
  async warm(): Promise<void> {
    this.log.push("warm")
  }
  run(program: Program, listener: RunListener) {
    let end: (exit: Exit) => void = () => {}
    const done = new Promise<Exit>((resolve) => {
      end = resolve
    })
    const run: PaperRun = { listener, paces: [program.pace], end: (exit) => end(exit) }
    this.runs.push(run)
    return {
      done,
      stop: async () => end({ tag: "stopped" }),
      shell: async (line: string) => `${this.kind} ${line}`,
      fetch: async () => ({ ok: false as const, message: this.kind }),
      setPace: (pace: Pace) => void run.paces.push(pace),
    }
  }
  async dispose(): Promise<void> {
    this.log.push("dispose")
  }
}

/** A runner of paper: its host, its two sandboxes, and what is told of the runs. */
function page(askers: Partial<Askers> = {}, answer: () => Promise<boolean> = () => Promise.reject(new Error("asked"))) {
  const host = new PaperHost()
  const inside = new PaperSandbox("webcontainer")
  const embedded = new PaperSandbox("embedded")
  const runner = new Runner({ host, start, embedded: async () => embedded, webcontainer: async () => inside })
  const badges: string[] = []
  const reasons: string[] = []
  const request: RunRequest = {
    wish: wishOf({ query: "", ...askers }),
    project: "deck",
    told: ({ badge, why }) => {
      badges.push(badge)
      reasons.push(why)
    },
    ask: answer,
  }
  return { host, inside, embedded, runner, badges, reasons, request }
}

describe("the embedded sandbox", () => {
  it("is one for all, and disposed of with the page", async () => {
    const { runner, embedded, host } = page()
    expect(await runner.embedded()).toBe(await runner.embedded())
    await runner.dispose()
    expect(embedded.log).toEqual(["dispose"])
    expect(host.disposed).toBe(true)
  })

  it("is tried again after a failure, and warming does not throw", async () => {
    let made = 0
    const embedded = async () => {
      made += 1
      if (made === 1) throw new Error("offline")
      return new PaperSandbox("embedded")
    }
    const runner = new Runner({
      host: new PaperHost(),
      start,
      embedded,
      webcontainer: () => Promise.reject(new Error("no")),
    })
    await expect(runner.embedded()).rejects.toThrow("offline")
    runner.warm(wishOf({ query: "" }), "deck")
    expect((await runner.embedded()).kind).toBe("embedded")
    expect(made).toBe(2)
  })
})

describe("a run", () => {
  it("gets the page's sandbox at once while the container boots, and the container's when it is up", async () => {
    const { host, runner, request, badges } = page()
    host.boot()
    expect((await runner.sandbox(request)).kind).toBe("embedded")
    host.up()
    expect((await runner.sandbox(request)).kind).toBe("webcontainer")
    expect(badges).toEqual(["embedded", "WebContainer"])
  })

  it("waits for a container that the reader has chosen", async () => {
    const { host, runner, request, badges } = page({ reader: "webcontainer" })
    host.boot()
    const sandbox = runner.sandbox(request)
    await turn()
    expect(badges).toEqual(["WebContainer…"])
    host.up()
    expect((await sandbox).kind).toBe("webcontainer")
    expect(badges).toEqual(["WebContainer…", "WebContainer"])
  })

  it("boots the container itself when it comes before the page has", async () => {
    const host = new PaperHost()
    const inside = async () => new PaperSandbox("webcontainer")
    const embedded = async () => new PaperSandbox("embedded")
    const runner = new Runner({ host, start: () => host.boot(), embedded, webcontainer: inside })
    await runner.sandbox(page().request)
    expect(host.boots).toEqual([])
    const sandbox = runner.sandbox(page({ reader: "webcontainer" }).request)
    expect(host.boots).toEqual([undefined])
    host.up()
    expect((await sandbox).kind).toBe("webcontainer")
  })

  it("falls back with the reason when it does not come", async () => {
    const { host, runner, request, badges, reasons } = page({ reader: "webcontainer" })
    host.boot()
    const sandbox = runner.sandbox(request)
    host.say(givenUp("no-answer", "stackblitz.com did not answer."))
    expect((await sandbox).kind).toBe("embedded")
    expect(badges.at(-1)).toBe("embedded")
    expect(reasons.at(-1)).toMatch(/^stackblitz\.com did not answer\./)
  })

  it("asks, where the author wishes for a container, and does as it is told", async () => {
    const yes = page({ cell: "webcontainer" }, async () => {
      yes.host.boot()
      return true
    })
    const sandbox = yes.runner.sandbox(yes.request)
    await turn()
    yes.host.up()
    expect((await sandbox).kind).toBe("webcontainer")

    const no = page({ cell: "webcontainer" }, async () => false)
    expect((await no.runner.sandbox(no.request)).kind).toBe("embedded")
    expect(no.reasons.at(-1)).toMatch(/^You have not chosen/)

    // Chosen, and not to be had: nobody asks twice.
    const late = page({ cell: "webcontainer" }, async () => {
      late.host.say(absent("insecure", "The page is not on https."))
      return true
    })
    expect((await late.runner.sandbox(late.request)).kind).toBe("embedded")
    expect(late.reasons.at(-1)).toMatch(/^The page is not on https\./)
  })

  it("goes to the page when the container's sandbox cannot be made, and the next one tries again", async () => {
    const host = new PaperHost()
    let fails = true
    const runner = new Runner({
      host,
      start,
      embedded: async () => new PaperSandbox("embedded"),
      webcontainer: async () => {
        if (fails) throw new Error("no space left.")
        return new PaperSandbox("webcontainer")
      },
    })
    host.up()
    const { request, reasons } = page()
    expect((await runner.sandbox(request)).kind).toBe("embedded")
    expect(reasons.at(-1)).toMatch(/^no space left\./)
    fails = false
    expect((await runner.sandbox(request)).kind).toBe("webcontainer")
  })

  it("is begun in the page when no guest could be had in the container", async () => {
    const { host, inside, embedded, runner, request, reasons } = page()
    host.up()
    const said: string[] = []
    const run = (await runner.sandbox(request)).run(PROGRAM, { output: (chunks) => said.push(chunks[0]!.text) })
    run.setPace("max")
    inside.runs[0]!.end(failed("spawn failed"))
    await turn()
    expect(embedded.runs[0]!.paces).toEqual(["max"])
    expect(reasons.at(-1)).toMatch(/^The program could not be begun in the WebContainer \(spawn failed\)\./)
    embedded.runs[0]!.listener.output?.([{ stream: "out", text: "hello" }])
    expect(await run.shell("ls")).toBe("embedded ls")
    embedded.runs[0]!.end({ tag: "done" })
    expect([await run.done, said]).toEqual([{ tag: "done" }, ["hello"]])
  })

  it("that was stopped is not begun again", async () => {
    const { host, inside, embedded, runner, request } = page()
    host.up()
    const run = (await runner.sandbox(request)).run(PROGRAM, {})
    void run.stop()
    inside.runs[0]!.end(failed("spawn failed"))
    expect((await run.done).tag).toBe("stopped")
    await turn()
    expect(embedded.runs).toEqual([])
  })

  it("ends with a clear word when the container goes while it is under way, and the next one works", async () => {
    const { host, inside, embedded, runner, request } = page()
    const container = new PaperContainer()
    host.up(container)
    const run = (await runner.sandbox(request)).run(PROGRAM, {})
    inside.runs[0]!.listener.started?.()
    inside.runs[0]!.end(failed("the process ended"))
    container.lose("out of memory.")
    host.say({ tag: "waiting", why: { cause: "crashed", message: "It crashed." }, retryInMs: 1000 })
    expect(await run.done).toEqual(
      failed("The WebContainer went away (out of memory). Your text is kept. Run again runs in this page."),
    )
    expect(embedded.runs).toEqual([])
    expect((await runner.sandbox(request)).kind).toBe("embedded")
  })

  it("ends as its process did when the container is still there", async () => {
    const { host, inside, runner, request } = page()
    host.up()
    const run = (await runner.sandbox(request)).run(PROGRAM, {})
    inside.runs[0]!.listener.started?.()
    inside.runs[0]!.end(failed("the process ended with code 9"))
    expect(await run.done).toEqual(failed("the process ended with code 9"))
  })

  it("of each project has a sandbox of its own", async () => {
    const host = new PaperHost()
    const made: string[] = []
    const runner = new Runner({
      host,
      start,
      embedded: async () => new PaperSandbox("embedded"),
      webcontainer: async (project) => {
        made.push(project)
        return new PaperSandbox("webcontainer")
      },
    })
    const { request } = page()
    host.up()
    await runner.sandbox(request)
    await runner.sandbox({ ...request, project: "lwt" })
    host.up(new PaperContainer())
    await runner.sandbox(request)
    expect(made).toEqual(["deck", "lwt"])
  })
})

it("warms where the next run is to be", async () => {
  const { host, inside, embedded, runner } = page()
  const wish = wishOf({ query: "" })
  runner.warm(wish, "deck")
  await turn()
  host.up()
  runner.warm(wish, "deck")
  await turn()
  expect([embedded.log, inside.log]).toEqual([["warm"], ["warm"]])
})
