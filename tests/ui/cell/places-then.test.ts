import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { placeNow } from "../../../src/ui/cell/places-then.ts"

const STARTING =
  'import { OS } from "mirage"\nconst a = OS.Time.sleep(1)\nconst b = OS.Time.sleep(2)\nawait OS.run(b)\n'

/** Where line and column of the text `then` are in `now`: `4:11`, or `(4:1)` if the line is gone. */
function now(line: number, column: number, then: string | undefined, text: string): string {
  const store = { text: () => text, starting: () => STARTING }
  const { at, kept } = placeNow({ file: "m.ts", line, column }, then === undefined ? {} : { "m.ts": then }, store)
  expect(at.file).toBe("m.ts")
  return kept ? `${at.line}:${at.column}` : `(${at.line}:${at.column})`
}

describe("placeNow", () => {
  it("is where it was, as long as nobody has changed the text", () => {
    expect(now(3, 11, undefined, STARTING)).toBe("3:11")
    expect(now(2, 1, "a\nb\n", "a\nb\n")).toBe("2:1")
  })

  it("goes with its line, up and down and to the right", () => {
    expect(now(3, 11, undefined, `// one\n// two\n${STARTING}`)).toBe("5:11")
    expect(now(3, 11, undefined, STARTING.replace(/const a.*\n/, ""))).toBe("2:11")
    expect(now(3, 11, undefined, STARTING.replace("const b", "{\n    const b"))).toBe("4:15")
    expect(now(3, 11, undefined, STARTING.replace("await", "// now\nawait"))).toBe("3:11")
  })

  it("is back where it was when the change is taken back, by Reset too", () => {
    const edited = `// mine\n${STARTING}`
    expect(now(4, 11, edited, STARTING)).toBe("3:11")
    expect(now(3, 11, undefined, STARTING)).toBe("3:11")
  })

  it("of a line that is gone is where it was", () => {
    expect(now(2, 11, undefined, STARTING.replace(/const a.*\n/, ""))).toBe("(2:1)")
    expect(now(3, 11, undefined, STARTING.replace("const b = OS", "  const b = Lwt.map(f, OS"))).toBe("(3:3)")
    expect(now(1, 1, "const mine = 1\n", STARTING)).toBe("(1:1)")
    expect(now(4, 1, undefined, "")).toBe("(1:1)")
    expect(now(3, 1, "a\nb\nc", "a")).toBe("(1:1)")
  })

  it("law: a line that occurs once goes wherever insertions and deletions around it take it", () => {
    const others = fc.array(fc.constantFrom("", "}", "const x = f(1)", "  f(1)"), { maxLength: 8 })
    fc.assert(
      fc.property(others, others, others, others, (b1, a1, b2, a2) => {
        const marked = (before: string[], after: string[]) => [...before, "const here = 1", ...after].join("\n")
        expect(now(b1.length + 1, 7, marked(b1, a1), marked(b2, a2))).toBe(`${b2.length + 1}:7`)
      }),
    )
  })
})
