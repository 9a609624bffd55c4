import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Engine } from "../../../src/mirage/os/engine.ts"
import { Link, type LinkOptions } from "../../../src/mirage/sim/link.ts"
import { testHost } from "../../support/host.ts"

function setUp(options: LinkOptions) {
  const engine = new Engine(testHost().host)
  const arrived: { time: number; length: number }[] = []
  const link = new Link(engine, options, (frame) => {
    arrived.push({ time: engine.now(), length: frame.length })
  })
  return { engine, link, arrived, settle: () => engine.run(engine.sleep(1000)) }
}

describe("Link", () => {
  it("delivers after the latency, in order", async () => {
    const { link, arrived, settle } = setUp({ latencyMs: 5 })
    for (const length of [100, 60, 1514]) expect(link.send(new Uint8Array(length))).toBe(true)
    expect(arrived).toEqual([])
    await settle()
    expect(arrived).toEqual([100, 60, 1514].map((length) => ({ time: 5, length })))
  })

  it("with a bandwidth, adds the time of the bits, of frames before it too", async () => {
    const { link, arrived, settle } = setUp({ latencyMs: 1, bandwidth: 1e6 })
    // 101 and 24 bytes of framing are 1000 bits: a millisecond at 1 Mbit/s.
    link.send(new Uint8Array(101))
    link.send(new Uint8Array(101))
    await settle()
    expect(arrived.map((a) => a.time)).toEqual([2, 3])
  })

  it("counts short frames as padded", async () => {
    const { link, arrived, settle } = setUp({ latencyMs: 0, bandwidth: 84 * 8 * 1000 })
    link.send(new Uint8Array(14))
    await settle()
    expect(arrived[0]?.time).toBeCloseTo(1)
  })

  it("drops what does not fit in the queue, and takes more when it has drained", async () => {
    const { engine, link, arrived, settle } = setUp({ latencyMs: 0, bandwidth: 8e6, queueBytes: 2500 })
    const sent = Array.from({ length: 5 }, () => link.send(new Uint8Array(1000)))
    expect(sent).toEqual([true, true, true, false, false])
    await engine.run(engine.sleep(1))
    expect(link.send(new Uint8Array(1000))).toBe(true)
    await settle()
    expect(arrived).toHaveLength(4)
  })

  it("cut, loses what is on it", async () => {
    const { link, arrived, settle } = setUp({ latencyMs: 5 })
    link.send(new Uint8Array(100))
    link.cut()
    expect(link.send(new Uint8Array(100))).toBe(false)
    await settle()
    expect(arrived).toEqual([])
  })

  it.each([{ latencyMs: -1 }, { latencyMs: Number.NaN }, { latencyMs: 0, bandwidth: 0 }])(
    "throws for %o",
    (options) => {
      expect(() => setUp(options)).toThrow(RangeError)
    },
  )

  it("never reorders, whatever is sent when", async () => {
    const sends = fc.array(fc.record({ at: fc.nat({ max: 50 }), length: fc.integer({ min: 14, max: 1514 }) }))
    await fc.assert(
      fc.asyncProperty(sends, fc.option(fc.integer({ min: 1000, max: 1e9 })), async (list, bandwidth) => {
        const { engine, link, arrived } = setUp({
          latencyMs: 3,
          ...(bandwidth === null ? {} : { bandwidth, queueBytes: 1e9 }),
        })
        const order = list.map((s, i) => ({ ...s, i })).sort((a, b) => a.at - b.at || a.i - b.i)
        for (const s of list) engine.at(s.at, () => link.send(new Uint8Array(s.length)))
        await engine.run(engine.sleep(1e7))
        expect(arrived.map((a) => a.length)).toEqual(order.map((s) => s.length))
        for (const [i, a] of arrived.entries()) expect(a.time).toBeGreaterThanOrEqual(order[i]!.at + 3)
      }),
      { numRuns: 30 },
    )
  })
})
