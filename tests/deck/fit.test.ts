import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { shareRoom } from "../../src/deck/fit.ts"

describe("a cell's room", () => {
  it("is enough for everything: the code is whole, and the output may grow", () => {
    expect(shareRoom({ room: 500, frame: 60, code: 200, output: 100 })).toEqual({ code: 200, output: 240 })
  })

  it("is not enough: the output keeps two fifths", () => {
    expect(shareRoom({ room: 560, frame: 60, code: 400, output: 300 })).toEqual({ code: 300, output: 200 })
  })

  it("is not enough, and the output is short: it stays whole", () => {
    expect(shareRoom({ room: 560, frame: 60, code: 600, output: 120 })).toEqual({ code: 380, output: 120 })
  })

  it("is not enough, and the code is short: the output has all of the rest", () => {
    expect(shareRoom({ room: 560, frame: 60, code: 120, output: 900 })).toEqual({ code: 120, output: 380 })
  })

  it("is never given out twice, and nobody gets nothing", () => {
    const size = fc.integer({ min: 0, max: 3000 })
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 720 }), size, size, (room, code, output) => {
        const shares = shareRoom({ room, frame: 60, code, output })
        expect(shares.code + shares.output).toBeLessThanOrEqual(room - 60 + 1e-9)
        expect(shares.code).toBeGreaterThanOrEqual(Math.min(code, 96))
        expect(shares.output).toBeGreaterThanOrEqual(Math.min(output, 96))
      }),
    )
  })
})
