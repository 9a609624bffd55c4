import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { caretOf, indentation, offsetOf } from "../../../src/ui/cell/plain-editor.ts"

describe("caretOf and offsetOf", () => {
  it("are each other's inverse", () => {
    const text = fc.array(fc.constantFrom("a", " ", "\n", "é")).map((cs) => cs.join(""))
    fc.assert(
      fc.property(text, fc.nat(), (t, n) => {
        const offset = n % (t.length + 1)
        expect(offsetOf(t, caretOf(t, offset))).toBe(offset)
      }),
    )
  })
  it("count from one, and stay inside the text", () => {
    expect(caretOf("ab\ncd", 4)).toEqual({ line: 2, column: 2 })
    expect(offsetOf("ab\ncd", { line: 1, column: 99 })).toBe(2)
    expect(offsetOf("ab\ncd", { line: 9, column: 99 })).toBe(5)
  })
})

it("indentation is that of the caret's line, as far as the caret", () => {
  expect(indentation("a\n    b", 7)).toBe("    ")
  expect(indentation("a\n    b", 4)).toBe("  ")
  expect(indentation("a\n", 2)).toBe("")
})
