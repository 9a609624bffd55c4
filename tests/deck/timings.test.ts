import { describe, expect, it } from "vitest"
import { comparedTo, plan, showSeconds, Stopwatch, timingOf } from "../../src/deck/timings.ts"

describe("a slide's timing", () => {
  it.each([
    ["Talk 1 min · Workshop 3 min\n\nSay this.", { talk: 60, workshop: 180 }],
    ["\nTalk 30 s · Workshop 1.5 min", { talk: 30, workshop: 90 }],
    ["Talk 0 min · Workshop 10 min", { talk: 0, workshop: 600 }],
  ])("is read from the first line of %j", (notes, timing) => {
    expect(timingOf(notes)).toEqual(timing)
  })

  it.each(["", "Say this.", "Talk about it for 3 min.", "Say this.\nTalk 1 min · Workshop 3 min", "Talk 1 min"])(
    "is not in %j",
    (notes) => expect(timingOf(notes)).toBeUndefined(),
  )

  it("adds up, and a slide without one takes no time", () => {
    const timings = [{ talk: 60, workshop: 120 }, undefined, { talk: 30, workshop: 300 }]
    expect(plan(timings, "talk")).toEqual([
      { begin: 0, end: 60 },
      { begin: 60, end: 60 },
      { begin: 60, end: 90 },
    ])
    expect(plan(timings, "workshop").at(-1)).toEqual({ begin: 120, end: 420 })
  })

  it("is compared with the watch", () => {
    const planned = { begin: 60, end: 120 }
    expect(comparedTo(planned, 45)).toBe("0:15 ahead")
    expect(comparedTo(planned, 60)).toBe("on time")
    expect(comparedTo(planned, 120)).toBe("on time")
    expect(comparedTo(planned, 200)).toBe("1:20 behind")
  })

  it("is shown as a clock shows it", () => {
    expect([0, 59.9, 245, 3720, -3].map(showSeconds)).toEqual(["0:00", "0:59", "4:05", "1:02:00", "0:00"])
  })
})

describe("the stopwatch", () => {
  it("goes on from where it was stopped, over a reload too", () => {
    const watch = new Stopwatch()
    expect(watch.used).toBe(false)
    watch.start(1000)
    watch.start(1500)
    expect(watch.elapsed(3000)).toBe(2000)
    watch.stop(4000)
    expect(watch.elapsed(9000)).toBe(3000)
    const again = Stopwatch.of(JSON.parse(JSON.stringify(watch.kept())))
    expect(again.running).toBe(false)
    again.start(10_000)
    expect(again.elapsed(11_000)).toBe(4000)
    const running = Stopwatch.of(JSON.parse(JSON.stringify(again.kept())))
    expect(running.elapsed(12_000)).toBe(5000)
    running.reset()
    expect([running.used, running.elapsed(20_000)]).toEqual([false, 0])
  })

  it.each([undefined, null, 3, {}, { from: "x", held: null }])("is a new one when %j was kept", (kept) => {
    expect(Stopwatch.of(kept).used).toBe(false)
  })
})
