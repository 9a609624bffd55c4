import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { AnsiReader, stripAnsi } from "../../../src/ui/text/ansi.ts"

const ESC = "\x1b"
const read = (text: string) => new AnsiReader().read(text)

describe("AnsiReader", () => {
  it("turns colours into class names and forgets them at reset", () => {
    expect(read(`a${ESC}[1;31mred${ESC}[0mplain`)).toEqual([
      { text: "a", classes: "" },
      { text: "red", classes: "bold fg-red" },
      { text: "plain", classes: "" },
    ])
  })

  it("knows bright colours, backgrounds and 38;5", () => {
    expect(read(`${ESC}[92;44mx`)).toEqual([{ text: "x", classes: "fg-bright-green bg-blue" }])
    expect(read(`${ESC}[38;5;14mx`)).toEqual([{ text: "x", classes: "fg-bright-cyan" }])
  })

  it("passes over the parameters of a colour that is not ours", () => {
    expect(read(`${ESC}[38;2;1;4;7mx`)).toEqual([{ text: "x", classes: "" }])
    expect(read(`${ESC}[38;5;200;1mx`)).toEqual([{ text: "x", classes: "bold" }])
  })

  it("an empty SGR is a reset", () => {
    expect(read(`${ESC}[31mx${ESC}[my`)[1]).toEqual({ text: "y", classes: "" })
  })

  it("drops what is not a colour: cursor moves, titles, links, bells", () => {
    expect(stripAnsi(`a${ESC}[2J${ESC}[10;5Hb${ESC}]0;title\x07c${ESC}]8;;http://x${ESC}\\d\x07`)).toBe("abcd")
  })

  it("keeps markup as text", () => {
    expect(
      read(`<b>${ESC}[31m&amp;</b>`)
        .map((s) => s.text)
        .join(""),
    ).toBe("<b>&amp;</b>")
  })

  it("does not wait for ever for the end of a sequence", () => {
    const reader = new AnsiReader()
    reader.read(`${ESC}[`)
    const out = Array.from({ length: 400 }, () => reader.read("1")).flat()
    expect(out.length).toBeGreaterThan(0)
  })

  it("gives the same spans wherever the stream is cut", () => {
    const piece = fc.constantFrom(
      "a",
      "é\n",
      `${ESC}[31m`,
      `${ESC}[1;42m`,
      `${ESC}[0m`,
      `${ESC}[2K`,
      `${ESC}]0;t\x07`,
      "[3",
    )
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(60)), (pieces, cuts) => {
        const text = pieces.join("")
        const whole = styled(read(text))
        const reader = new AnsiReader()
        const parts: { text: string; classes: string }[] = []
        let from = 0
        for (const cut of [...cuts.map((c) => c % (text.length + 1)).sort((a, b) => a - b), text.length]) {
          parts.push(...reader.read(text.slice(from, cut)))
          from = Math.max(from, cut)
        }
        expect(styled(parts)).toEqual(whole)
      }),
    )
  })
})

/** Each character with its style: spans may be divided differently. */
function styled(spans: readonly { text: string; classes: string }[]): [string, string][] {
  return spans.flatMap((s) => [...s.text].map((c): [string, string] => [c, s.classes]))
}
