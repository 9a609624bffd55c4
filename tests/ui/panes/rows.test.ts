import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { FrameRow } from "../../../src/sandbox/protocol.ts"
import { FrameList, MAX_FRAMES, protocolClass, showTime, windowOf } from "../../../src/ui/panes/rows.ts"

const frame = (index: number): FrameRow => ({
  index,
  time: index,
  from: "10.0.0.1",
  to: "10.0.0.2",
  protocol: "ICMP",
  info: `echo request ${index}`,
  bytes: new Uint8Array(),
})
const frames = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => frame(from + i))

describe("FrameList", () => {
  it("keeps the newest and counts what it lost, whoever dropped it", () => {
    const list = new FrameList()
    list.add(frames(0, 10), 0)
    list.add(frames(15, 20), 5)
    expect([list.length, list.lost]).toEqual([15, 5])
    for (let i = 20; i < 3 * MAX_FRAMES; i += 500) list.add(frames(i, i + 500), 0)
    const last = list.at(list.length - 1)?.index ?? 0
    expect(list.length).toBeLessThanOrEqual(MAX_FRAMES * 1.25)
    expect(list.length).toBeGreaterThanOrEqual(MAX_FRAMES)
    expect(list.lost + list.length).toBe(last + 1)
  })

  it("finds a frame again after others were lost", () => {
    const list = new FrameList()
    list.add(frames(3, 7), 0)
    list.add(frames(12, 14), 5)
    expect(list.positionOf(frame(12))).toBe(4)
    expect(list.positionOf(frame(3))).toBe(0)
    expect(list.positionOf(frame(8))).toBeUndefined()
    expect(new FrameList().positionOf(frame(0))).toBeUndefined()
  })
})

describe("windowOf", () => {
  it("draws what shows, and the heights add up to the whole list", () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.integer({ min: 0, max: 2000 }),
        fc.nat(12_000),
        (scrollTop, viewport, count) => {
          const w = windowOf(scrollTop, viewport, 24, count)
          expect(w.above + (w.to - w.from) * 24 + w.below).toBe(count * 24)
          expect(w.from).toBeGreaterThanOrEqual(0)
          expect(w.to).toBeLessThanOrEqual(count)
          expect(w.to - w.from).toBeLessThanOrEqual(Math.ceil(viewport / 24) + 20)
          // Every row that is visible is drawn.
          const firstVisible = Math.floor(scrollTop / 24)
          const lastVisible = Math.min(count, Math.ceil((scrollTop + viewport) / 24))
          if (firstVisible < lastVisible) {
            expect(w.from).toBeLessThanOrEqual(firstVisible)
            expect(w.to).toBeGreaterThanOrEqual(lastVisible)
          }
        },
      ),
    )
  })
})

it("showTime is in seconds", () => {
  expect(showTime(0)).toBe("0.000000")
  expect(showTime(1234.5678)).toBe("1.234568")
})

it("protocolClass is one of a fixed set", () => {
  expect(protocolClass("TCP")).toBe("tcp")
  expect(protocolClass('x" onclick="')).toBe("other")
})
