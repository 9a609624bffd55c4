import { describe, expect, it } from "vitest"
import type { ThreadEvent, ThreadSite } from "../../../src/sandbox/protocol.ts"
import { Threads } from "../../../src/ui/timeline/threads.ts"

const SITE: ThreadSite = [{ file: "m.ts", line: 1, column: 1 }]
const made = (id: number, waitsFor: readonly number[] = [], time = 0): ThreadEvent => ({
  tag: "made",
  id,
  time,
  site: 0,
  waitsFor,
})

function threads(...events: ThreadEvent[]): Threads {
  const all = new Threads()
  all.add({ events, sites: [SITE] })
  return all
}

describe("Threads", () => {
  it("puts together when a promise was made and how it ended", () => {
    const { list, lastTime, steps } = threads(
      made(0),
      { tag: "sleeps", id: 0, until: 1000 },
      made(1, [0]),
      { tag: "fulfilled", id: 0, time: 1000 },
      { tag: "rejected", id: 1, time: 1000, error: "no", by: 0 },
    )
    expect(list[0]).toMatchObject({ made: { time: 0, step: 0 }, until: 1000, site: SITE })
    expect(list[0]!.end).toEqual({ time: 1000, step: 2, how: "fulfilled", because: { tag: "timer" } })
    expect(list[1]!.end).toEqual({
      time: 1000,
      step: 3,
      how: "rejected",
      error: "no",
      because: { tag: "promise", id: 0 },
    })
    expect([lastTime, steps]).toEqual([1000, 4])
  })

  it("tells a timer from the program and from the library", () => {
    const because = (cause: object, ...before: ThreadEvent[]) =>
      threads(made(0), ...before, { tag: "fulfilled", id: 0, time: 1, ...cause }).list[0]!.end!.because
    expect(because({ site: 0 })).toEqual({ tag: "code", site: SITE })
    expect(because({})).toEqual({ tag: "library" })
    expect(because({}, { tag: "sleeps", id: 0, until: 1 })).toEqual({ tag: "timer" })
  })

  it("resolves what has become one promise together, each by the next", () => {
    const { list } = threads(
      made(0),
      made(1),
      { tag: "became", id: 0, inner: 1, time: 0 },
      made(2),
      { tag: "became", id: 0, inner: 2, time: 1 },
      { tag: "sleeps", id: 2, until: 5 },
      { tag: "fulfilled", id: 0, time: 5 },
    )
    expect(list.map((t) => t.end?.because)).toEqual([
      { tag: "promise", id: 1 },
      { tag: "promise", id: 2 },
      { tag: "timer" },
    ])
    expect(list.map((t) => t.sameAs)).toEqual([undefined, 0, 0])
  })

  it("keeps the order when a promise that is several already becomes one with another", () => {
    const { list } = threads(
      made(0),
      made(1),
      made(2),
      { tag: "became", id: 1, inner: 2, time: 0 },
      { tag: "became", id: 0, inner: 1, time: 0 },
      { tag: "cancelled", id: 0, time: 5, by: 9 },
    )
    expect(list.map((t) => t.end?.how)).toEqual(["cancelled", "cancelled", "cancelled"])
    expect(list.map((t) => t.end?.because)).toEqual([1, 2, 9].map((id) => ({ tag: "promise", id })))
  })

  it("takes batches one after another, whose sites go on counting, and starts anew", () => {
    const all = threads(made(0))
    const other: ThreadSite = [{ file: "m.ts", line: 2, column: 1 }]
    all.add({
      events: [
        { tag: "made", id: 1, time: 0, site: 1, waitsFor: [] },
        { tag: "cut", time: 0 },
      ],
      sites: [other],
    })
    expect(all.list[1]!.site).toBe(other)
    expect(all.cut).toBe(true)
    all.clear()
    expect([all.list.length, all.cut, all.steps]).toEqual([0, false, 0])
  })

  it("passes over what it does not know", () => {
    expect(threads({ tag: "fulfilled", id: 7, time: 0 }, { tag: "became", id: 7, inner: 8, time: 0 }).list).toEqual([])
  })
})
