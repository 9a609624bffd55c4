import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import type { Facts } from "../../../src/sandbox/webcontainer/availability.ts"
import type { ContainerHost, ContainerState } from "../../../src/sandbox/webcontainer/container.ts"
import { BOOT_MS, containerHost, type PageEvent } from "../../../src/sandbox/webcontainer/host.ts"
import { DEFAULT_SETTINGS } from "../../../src/site/settings.ts"
import { HostTime } from "../host-time.ts"
import { PaperContainer, PaperFrame } from "./paper-frame.ts"

const GOOD: Facts = {
  use: "on",
  chosen: false,
  secure: true,
  isolated: true,
  framed: false,
  missing: [],
  online: true,
}

interface Page {
  readonly host: ContainerHost
  readonly time: HostTime
  readonly frames: PaperFrame[]
  readonly states: string[]
  facts: Facts
  fire(event: PageEvent): void
}

/** A page of paper, and its host. */
function page(facts: Partial<Facts> = {}): Page {
  const time = new HostTime()
  const listeners = new Set<(event: PageEvent) => void>()
  const frames: PaperFrame[] = []
  const made: Omit<Page, "host"> = {
    time,
    frames,
    states: [],
    facts: { ...GOOD, ...facts },
    fire: (event) => {
      for (const f of listeners) f(event)
    },
  }
  const host = containerHost({
    settings: { ...DEFAULT_SETTINGS.webcontainer, use: "on", apiKey: "key" },
    facts: () => made.facts,
    open: () => {
      const frame = new PaperFrame()
      frames.push(frame)
      return frame
    },
    time,
    listen: (f) => {
      listeners.add(f)
      return () => listeners.delete(f)
    },
  })
  host.onState((state) => made.states.push(say(state)))
  return Object.assign(made, { host })
}

function say(state: ContainerState): string {
  if (state.tag === "up") return "up"
  if (state.tag === "booting") return `booting ${state.attempt}`
  const retry = state.tag === "waiting" ? ` ${state.retryInMs}` : ""
  return `${state.tag} ${state.why.cause}${retry}`
}

/** Boot, with success. */
async function up(): Promise<Page & { container: PaperContainer }> {
  const made = page()
  made.host.boot()
  const container = new PaperContainer()
  made.frames[0]!.booted(container)
  await made.time.pass(0)
  return Object.assign(made, { container })
}

describe("booting", () => {
  it("begins when it is asked for, with the site's settings, and is ready when Node has answered", async () => {
    const { host, frames, states, time } = page()
    expect(host.state).toMatchObject({ tag: "absent", why: { cause: "not-begun" } })
    expect(frames).toEqual([])
    host.boot()
    host.boot()
    const ready = host.ready()
    expect(frames.length).toBe(1)
    expect(frames[0]!.settings).toEqual({
      origin: "https://stackblitz.com",
      apiKey: "key",
      coep: "require-corp",
      workdirName: "mirage",
    })
    frames[0]!.booted(new PaperContainer('["v22.18.0",true]'))
    const container = await ready
    expect(container.node).toEqual({ version: "v22.18.0", runsTypeScript: true })
    expect(container.workdir).toBe("/home/mirage")
    expect(states).toEqual(["booting 1", "up"])
    await time.pass(BOOT_MS)
    expect(await host.ready()).toBe(container)
  })

  it("does not begin where it cannot be, and asks anew each time", async () => {
    const made = page({ use: "ask" })
    expect(made.host.state).toMatchObject({ tag: "absent", why: { cause: "not-chosen" } })
    made.host.boot()
    expect(made.frames).toEqual([])
    await expect(made.host.ready()).rejects.toThrow(/not switched on/)
    made.facts = { ...made.facts, chosen: true }
    made.host.boot()
    expect(made.states).toEqual(["absent not-chosen", "booting 1"])
  })

  it("that gets no answer is given up after 15 seconds, and tried again after 2 and 8, each time in a new frame", async () => {
    const { host, frames, states, time } = page()
    host.boot()
    const ready = expect(host.ready()).rejects.toThrow(/within 15 seconds.*stackblitz\.com/)
    await time.pass(BOOT_MS - 1)
    expect(states).toEqual(["booting 1"])
    expect(frames[0]!.removed).toBe(false)
    await time.pass(1)
    await ready
    expect(frames[0]!.removed).toBe(true)
    expect(states.at(-1)).toBe("waiting no-answer 2000")
    await time.pass(2000 + BOOT_MS)
    expect(states.at(-1)).toBe("waiting no-answer 8000")
    await time.pass(8000 + BOOT_MS)
    expect(states).toEqual([
      "booting 1",
      "waiting no-answer 2000",
      "booting 2",
      "waiting no-answer 8000",
      "booting 3",
      "given-up no-answer",
    ])
    expect(frames.map((one) => one.removed)).toEqual([true, true, true])
    expect(time.pending).toBe(0)
  })

  it("that comes too late is not heard", async () => {
    const { host, frames, states, time } = page()
    host.boot()
    await time.pass(BOOT_MS)
    frames[0]!.booted(new PaperContainer())
    await time.pass(1)
    expect(states.at(-1)).toBe("waiting no-answer 2000")
  })

  it("that is refused says why", async () => {
    const { host, frames, time } = page()
    host.boot()
    // As it comes from a frame: an Error of another realm.
    frames[0]!.refuse(runInNewContext(`new Error("this key is not for this site")`) as Error)
    await time.pass(0)
    expect(host.state).toMatchObject({
      tag: "waiting",
      why: { cause: "refused", message: "The WebContainer could not be started: this key is not for this site" },
    })
    expect(frames[0]!.removed).toBe(true)
  })

  it("that has ended is told to who waits for it, whatever a listener makes of it", async () => {
    const { host, frames, time } = page()
    host.onState(({ tag }) => tag === "waiting" && host.boot("again"))
    host.boot()
    const ready = expect(host.ready()).rejects.toThrow("no")
    frames[0]!.refuse(new Error("no"))
    await time.pass(0)
    await ready
    expect(host.state.tag).toBe("booting")
  })

  it("that has no Node to speak of fails", async () => {
    const { host, frames, time } = page()
    host.boot()
    frames[0]!.booted(new PaperContainer("sh: node: not found\n"))
    await time.pass(0)
    expect(host.state).toMatchObject({ why: { message: expect.stringMatching(/node: not found/) } })
  })

  it("whose frame is taken away fails at once", async () => {
    const { host, frames, time, states } = page()
    host.boot()
    frames[0]!.vanish()
    await time.pass(0)
    expect(states.at(-1)).toBe("waiting refused 2000")
  })

  it("is done again when it is asked for: at once while it waits, and after it was given up", async () => {
    const { host, states, time } = page()
    host.boot()
    await time.pass(BOOT_MS)
    host.boot()
    expect(states.at(-1)).toBe("waiting no-answer 2000")
    host.boot("again")
    expect(states.at(-1)).toBe("booting 2")
    await time.pass(BOOT_MS + 8000 + BOOT_MS)
    host.boot()
    expect(states.at(-1)).toBe("given-up no-answer")
    host.boot("again")
    expect(states.at(-1)).toBe("booting 1")
  })

  it("waits for the network, and comes back with it", async () => {
    const made = page()
    made.fire("online")
    expect(made.frames).toEqual([])
    made.facts = { ...GOOD, online: false }
    made.host.boot()
    expect(made.states).toEqual(["absent offline"])
    made.facts = GOOD
    made.fire("online")
    expect(made.states.at(-1)).toBe("booting 1")
    await made.time.pass(BOOT_MS)
    made.fire("online")
    expect(made.states.at(-1)).toBe("booting 1")
  })
})

describe("a container that is up", () => {
  it("is lost with its frame, its processes end, and another is booted", async () => {
    const { host, frames, states, time } = await up()
    const container = await host.ready()
    const process = await container.spawn("sh", [])
    const writing = container.write({ a: "1" })
    await writing
    frames[0]!.vanish()
    await time.pass(0)
    expect(states).toEqual(["booting 1", "up", "waiting crashed 2000"])
    expect(await container.lost).toMatch(/frame was taken out/)
    expect(await process.exit).toBe(-1)
    await expect(container.write({ a: "2" })).rejects.toThrow(/The WebContainer has gone/)
    await expect(container.spawn("sh", [])).rejects.toThrow(/The WebContainer has gone/)
    await time.pass(2000)
    expect(states.at(-1)).toBe("booting 2")
    expect(frames[0]!.removed).toBe(true)
  })

  it("is lost by an error of its own", async () => {
    const { container, states, host, time } = await up()
    container.error("out of memory")
    await time.pass(0)
    expect(states.at(-1)).toBe("waiting crashed 2000")
    expect(host.state).toMatchObject({ why: { message: expect.stringMatching(/out of memory/) } })
    expect(container.tornDown).toBe(true)
  })

  it("is asked now and then whether it is alive, and lost when it does not say so", async () => {
    const { container, states, time } = await up()
    await time.pass(60_000)
    expect(container.pings).toBeGreaterThan(5)
    expect(states.at(-1)).toBe("up")
    container.answer = () => new Promise(() => {})
    await time.pass(5000 + 5 * 2000)
    expect(states.at(-1)).toBe("waiting crashed 2000")
  })

  it("is not lost while its processes have something to say", async () => {
    const { host, container, states, time } = await up()
    await (await host.ready()).spawn("yes", [])
    container.answer = () => new Promise(() => {})
    for (let n = 0; n < 10; n++) {
      container.processes[0]!.print("y\n")
      await time.pass(5000)
    }
    expect(states.at(-1)).toBe("up")
    await time.pass(5 * 2000)
    expect(states).toContain("waiting crashed 2000")
  })

  it("that crashes again and again is given up; one that was steady has all its attempts", async () => {
    const { container, states, time, frames } = await up()
    container.error("once")
    await time.pass(2000)
    const steady = new PaperContainer()
    frames[1]!.booted(steady)
    await time.pass(60_000)
    steady.error("later")
    await time.pass(2000)
    expect(states.slice(2)).toEqual(["waiting crashed 2000", "booting 2", "up", "waiting crashed 2000", "booting 2"])
    for (const n of [2, 3]) {
      const shaky = new PaperContainer()
      frames[n]!.booted(shaky)
      await time.pass(0)
      shaky.error("at once")
      await time.pass(8000)
    }
    expect(states.at(-1)).toBe("given-up crashed")
    expect(time.pending).toBe(0)
  })

  it("can be torn down by whoever finds that it no longer obeys", async () => {
    const { host, states, time, container } = await up()
    const held = await host.ready()
    held.teardown()
    await time.pass(0)
    expect(container.tornDown).toBe(true)
    expect(states.at(-1)).toBe("waiting crashed 2000")
  })

  it("goes with the page, and is booted when the reader comes back", async () => {
    const made = await up()
    made.fire("hide")
    expect(made.container.tornDown).toBe(true)
    expect(made.frames[0]!.removed).toBe(true)
    expect(made.states.at(-1)).toBe("absent not-begun")
    await made.time.pass(60_000)
    expect(made.frames.length).toBe(1)
    made.fire("show")
    expect(made.states.at(-1)).toBe("booting 1")
  })

  it("is let go of for good", async () => {
    const made = await up()
    const lost = (await made.host.ready()).lost
    made.host.dispose()
    made.host.dispose()
    await lost
    expect(made.frames[0]!.removed).toBe(true)
    made.host.boot("again")
    made.fire("show")
    await made.time.pass(60_000)
    expect(made.frames.length).toBe(1)
    expect(made.time.pending).toBe(0)
  })
})

describe("what a container has", () => {
  it("is its processes: their text, their end, and nothing after that", async () => {
    const { host, container } = await up()
    const process = await (await host.ready()).spawn("sh", ["-c", "x"])
    const [inner] = container.processes
    expect(inner!.words).toEqual(["sh", "-c", "x"])
    inner!.print("one ")
    process.write("hello")
    process.kill()
    expect([inner!.written, inner!.killed]).toEqual([["hello"], true])
    inner!.end("two", 7)
    expect(await process.exit).toBe(7)
    const texts: string[] = []
    for await (const text of process.output as unknown as AsyncIterable<string>) texts.push(text)
    expect(texts).toEqual(["one ", "two"])
    inner!.print("three")
  })

  it("is its servers: those that are there, those that come again, and those that go", async () => {
    const { host, container } = await up()
    const live = await host.ready()
    container.server(80, "https://a--80/")
    const seen: string[] = []
    const stop = live.onServers((servers) => seen.push(servers.map((s) => `${s.port}.${s.generation}`).join()))
    container.server(8080, "https://a--8080/")
    container.server(80, undefined)
    container.server(80, "https://a--80/")
    stop()
    container.server(80, undefined)
    expect(seen).toEqual(["80.1", "80.1,8080.1", "8080.1", "8080.1,80.2"])
  })
})
