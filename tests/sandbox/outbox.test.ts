import { describe, expect, it } from "vitest"
import { MAX_LINES, MAX_TEXT, Outbox } from "../../src/sandbox/outbox.ts"
import { type FrameRow, type FromGuest, INITIAL_CREDIT } from "../../src/sandbox/protocol.ts"
import { HostTime } from "./host-time.ts"

function setUp() {
  const time = new HostTime()
  const posted: FromGuest[] = []
  const outbox = new Outbox(1, (message) => posted.push(message), time)
  const text = (): string =>
    posted.flatMap((one) => (one.tag === "output" ? one.chunks.map((c) => c.text) : [])).join("")
  return { time, posted, outbox, text }
}

const row = (index: number): FrameRow => ({
  index,
  time: index,
  from: "a",
  to: "b",
  protocol: "ARP",
  info: "",
  bytes: new Uint8Array(),
})

describe("Outbox", () => {
  it("sends what happens to promises in batches, with their sites, and no faster than the page takes them", async () => {
    const { outbox, posted, time } = setUp()
    const site = [{ file: "m.ts", line: 1, column: 1 }]
    outbox.site(site)
    for (let id = 0; id < 25_000; id++) outbox.thread({ tag: "fulfilled", id, time: 0 })
    const batches = () => posted.flatMap((one) => (one.tag === "threads" ? [one] : []))
    expect(batches().map((one) => one.events.length)).toEqual([10_240, 10_240])
    expect(batches().map((one) => one.sites)).toEqual([[site], []])
    await time.pass(60)
    expect(batches().map((one) => one.events.length)).toEqual([10_240, 10_240, 4520])
    for (let n = 0; n < INITIAL_CREDIT * 10_240; n++) outbox.thread({ tag: "fulfilled", id: n, time: 0 })
    await time.pass(60)
    expect(batches().length).toBe(INITIAL_CREDIT)
    outbox.ack()
    await time.pass(60)
    expect(batches().length).toBe(INITIAL_CREDIT + 1)
    outbox.finish()
    expect(batches().flatMap((one) => one.events).length).toBe(25_000 + INITIAL_CREDIT * 10_240)
  })

  it("sends a line at once, so that what precedes an endless loop is seen", () => {
    const { outbox, posted } = setUp()
    outbox.print("out", "a\n")
    outbox.print("err", "b\n")
    expect(posted).toEqual([
      { tag: "output", run: 1, chunks: [{ stream: "out", text: "a\n" }] },
      { tag: "output", run: 1, chunks: [{ stream: "err", text: "b\n" }] },
    ])
  })

  it("sends a flood in batches: after a burst no more than one in 50 ms", async () => {
    const { outbox, posted, time, text } = setUp()
    for (let n = 0; n < 1000; n++) outbox.print("out", "x")
    const burst = posted.length
    expect(burst).toBeLessThan(20)
    await time.pass(1000)
    expect(posted.length).toBe(burst + 1)
    expect(text()).toBe("x".repeat(1000))
  })

  it("sends from a loop that never yields", () => {
    const { outbox, posted, time } = setUp()
    for (let n = 0; n < 200; n++) {
      outbox.print("out", "x")
      time.work(10)
    }
    // Two seconds, of which no timer knew.
    expect(posted.length).toBeGreaterThan(INITIAL_CREDIT - 2)
    expect(posted.length).toBeLessThanOrEqual(INITIAL_CREDIT)
  })

  it("sends no more than it has credit for, and the rest when it gets some", async () => {
    const { outbox, posted, time, text } = setUp()
    for (let n = 0; n < 100; n++) {
      outbox.print("out", "x")
      await time.pass(60)
    }
    expect(posted.length).toBe(INITIAL_CREDIT)
    outbox.ack()
    await time.pass(60)
    expect(posted.length).toBe(INITIAL_CREDIT + 1)
    expect(text()).toBe("x".repeat(100))
  })

  it("sends everything at the end, whatever the credit", () => {
    const { outbox, text } = setUp()
    for (let n = 0; n < 100; n++) outbox.print("out", `${n}\n`)
    outbox.finish()
    expect(text().split("\n").length).toBe(101)
  })

  it("cuts after so many lines, says so once, and drops", () => {
    const { outbox, text } = setUp()
    for (let n = 0; n < 3; n++) outbox.print("out", "line\n".repeat(MAX_LINES / 2))
    outbox.print("out", "more")
    outbox.finish()
    expect(outbox.full).toBe(true)
    expect(text()).toBe(`${"line\n".repeat(MAX_LINES)}The output is cut here: a run may print 2,000 lines or 256 kB.\n`)
  })

  it("does not cut what just fits", () => {
    const { outbox, text } = setUp()
    outbox.print("out", "line\n".repeat(MAX_LINES))
    outbox.finish()
    expect(outbox.full).toBe(false)
    expect(text()).not.toMatch(/cut/)
  })

  it("cuts within a line that is too long", () => {
    const { outbox, text } = setUp()
    outbox.print("out", "x".repeat(MAX_TEXT + 1))
    outbox.finish()
    expect(text().indexOf("\nThe output is cut here")).toBe(MAX_TEXT)
  })

  it("keeps the last frames when nobody takes them, and counts the others", () => {
    const { outbox, posted } = setUp()
    for (let n = 0; n < 2000; n++) outbox.frames([row(n)])
    outbox.finish()
    const frames = posted.filter((one) => one.tag === "frames")
    const kept = frames.flatMap((one) => one.frames)
    const dropped = frames.reduce((sum, one) => sum + one.dropped, 0)
    expect(kept.length + dropped).toBe(2000)
    expect(kept.at(-1)!.index).toBe(1999)
    expect(kept.length).toBeLessThan(600)
  })
})
