import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  at,
  pan,
  reveal,
  showTick,
  showTime,
  ticks,
  valueAt,
  type View,
  whole,
  xOf,
  zoom,
} from "../../../src/ui/timeline/axis.ts"

const all = { from: 0, to: 1000 }

describe("the axis", () => {
  it("goes from values to points and back", () => {
    expect(xOf({ from: 100, to: 300 }, 200, 50)).toBe(25)
    expect(valueAt({ from: 100, to: 300 }, 25, 50)).toBe(200)
  })

  it("counts time, or what came first", () => {
    expect([at({ time: 5, step: 2 }, "time"), at({ time: 5, step: 2 }, "order")]).toEqual([5, 2])
  })

  it("shows all of a run, and something of one in which nothing happens", () => {
    expect(whole(1000, 600).to).toBeGreaterThan(1000)
    expect(whole(0, 600)).toEqual({ from: 0, to: 1 })
  })

  it.each([230, 470, 1200])("leaves room for how the last one ended, %d points wide", (width) => {
    expect(width - xOf(whole(1000, width), 1000, width)).toBeGreaterThanOrEqual(70)
    expect(xOf(whole(1000, width), 1000, width)).toBeGreaterThan(width / 2)
  })

  it("zooms around a point, which stays where it is, and never out of the run", () => {
    const view = fc.tuple(fc.double({ min: 0, max: 900, noNaN: true }), fc.double({ min: 1, max: 100, noNaN: true }))
    fc.assert(
      fc.property(
        view,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        ([from, size], share, factor) => {
          const before = { from, to: from + size }
          const value = from + share * size
          const after = zoom(before, value, factor, all, "time")
          expect(after.from).toBeGreaterThanOrEqual(-1e-9)
          expect(after.to).toBeLessThanOrEqual(1000 + 1e-9)
          if (after.from > 0 && after.to < 1000) expect(xOf(after, value, 100)).toBeCloseTo(xOf(before, value, 100), 6)
        },
      ),
    )
  })

  it("does not zoom into nothing", () => {
    let view = all
    for (let i = 0; i < 200; i++) view = zoom(view, 500, 0.5, all, "order")
    expect(view.to - view.from).toBe(2)
  })

  it("pans as far as there is something, and no further than needed to show a value", () => {
    expect(pan({ from: 0, to: 100 }, -50, all)).toEqual({ from: 0, to: 100 })
    expect(pan({ from: 0, to: 100 }, 5000, all)).toEqual({ from: 900, to: 1000 })
    expect(reveal({ from: 0, to: 100 }, 50, all)).toEqual({ from: 0, to: 100 })
    expect(reveal({ from: 0, to: 100 }, 200, all)).toEqual({ from: 105, to: 205 })
  })

  it("has round ticks that are not too close", () => {
    expect(ticks({ from: 0, to: 5000 }, 500, 84, "time")).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(ticks({ from: 3, to: 6 }, 500, 84, "order")).toEqual([3, 4, 5, 6])
  })

  it.each([
    ["time", 400],
    ["time", 123_456.789],
    ["order", 400],
  ] as const)("says something else at each tick, however closely one looks: %s around %d", (scale, around) => {
    const whole = { from: 0, to: 1e6 }
    let view: View = whole
    for (let i = 0; i < 100; i++) {
      view = zoom(view, around, 1 / 1.5, whole, scale)
      const words = ticks(view, 900, 84, scale).map((value) => showTick(value, scale))
      expect(words.length).toBeGreaterThan(1)
      expect(new Set(words).size).toBe(words.length)
    }
  })

  it("says times with the digits that they need", () => {
    expect([showTime(1000), showTime(0.125)]).toEqual(["1.000 s", "0.000125 s"])
    expect([showTick(250, "time"), showTick(3, "order")]).toEqual(["0.25 s", "3"])
  })
})
