import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type DiffRow, differs, diffRows } from "../../../src/ui/exercise/line-diff.ts"

const show = (rows: readonly DiffRow[]) => rows.map(({ sign, text }) => sign + text)

describe("the difference of two texts", () => {
  it("has a row a line, and says whose it is", () => {
    expect(show(diffRows("a\nb\nc", "a\nB\nc\nd"))).toEqual([" a", "-b", "+B", " c", "+d"])
  })

  it("is none where only blanks at the ends differ", () => {
    const rows = diffRows("a  \nb\r\n\n\n", "a\nb")
    expect(show(rows)).toEqual([" a", " b"])
    expect(differs(rows)).toBe(false)
  })

  it("keeps empty lines inside a text", () => {
    expect(show(diffRows("a\n\nb", "a\n\n\nb"))).toEqual([" a", " ", "+", " b"])
  })

  it("holds both texts: without the one's lines it is the other", () => {
    const text = fc.array(fc.constantFrom("a", "b", "", "  c"), { maxLength: 12 }).map((lines) => lines.join("\n"))
    const without = (rows: readonly DiffRow[], sign: string) =>
      rows
        .filter((row) => row.sign !== sign)
        .map((row) => row.text)
        .join("\n")
        .trimEnd()
    fc.assert(
      fc.property(text, text, (mine, theirs) => {
        const rows = diffRows(mine, theirs)
        expect(without(rows, "+")).toBe(mine.trimEnd())
        expect(without(rows, "-")).toBe(theirs.trimEnd())
        expect(differs(rows)).toBe(mine.trimEnd() !== theirs.trimEnd())
      }),
    )
  })
})
