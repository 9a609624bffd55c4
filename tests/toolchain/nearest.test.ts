import { describe, expect, it } from "vitest"
import { nearest } from "../../src/toolchain/nearest.ts"

describe("nearest", () => {
  it("finds a slip, and nothing where there is none", () => {
    expect(nearest("lenght", ["length", "width"])).toBe("length")
    expect(nearest("wdith", ["length", "width"])).toBe("width")
    expect(nearest("x", ["length", "width"])).toBeUndefined()
  })
})
