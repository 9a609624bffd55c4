import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seeded } from "../../../src/mirage/os/random.ts"

describe("Random", () => {
  it("draws whole numbers below the bound, and every one of them", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 50 }), (seed, bound) => {
        const random = seeded(seed)
        const seen = new Set(Array.from({ length: bound * 20 }, () => random.int(bound)))
        return [...seen].every((n) => Number.isInteger(n) && n >= 0 && n < bound) && seen.size > bound / 2
      }),
    )
  })

  it("is even: the counts of a thousand draws of 8 are within six standard deviations", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), (seed) => {
        const random = seeded(seed)
        const counts = Array.from({ length: 8 }, () => 0)
        for (let i = 0; i < 1000; i++) counts[random.int(8)]!++
        // 125 expected; the deviation is sqrt(1000 · 1/8 · 7/8) = 10.5.
        return counts.every((n) => Math.abs(n - 125) < 63)
      }),
    )
  })

  it("refuses a bound that is none", () => {
    for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) expect(() => seeded(1).int(bound)).toThrow(RangeError)
    expect(seeded(1).int(1)).toBe(0)
    expect(seeded(1).int(2 ** 32)).toBeLessThan(2 ** 32)
  })

  it("generates as many bytes as wanted, the same for a seed, others for another", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(40), (seed, length) => {
        const bytes = seeded(seed).generate(length)
        expect(bytes).toHaveLength(length)
        expect(seeded(seed).generate(length)).toEqual(bytes)
        if (length >= 16) expect(seeded(seed + 1).generate(length)).not.toEqual(bytes)
      }),
    )
  })
})
