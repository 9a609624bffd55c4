import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { tokens } from "../../../src/ui/cell/highlight.ts"

const kinds = (text: string, language: string) =>
  tokens(text, language)
    .filter((t) => t.kind !== undefined)
    .map((t) => `${t.kind} ${t.text}`)

describe("tokens", () => {
  it("lose and double nothing, in any language", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "A", '"', "'", "`", "/", "*", "(", ")", "<", "\\", "\n", "1", " ", "-", "!"),
    })
    fc.assert(
      fc.property(text, fc.constantFrom("typescript", "ocaml", "html", "css", "json", ""), (t, language) => {
        expect(
          tokens(t, language)
            .map((x) => x.text)
            .join(""),
        ).toBe(t)
      }),
    )
  })

  it("know TypeScript", () => {
    expect(kinds('const x: Option = f("a//b") // done', "typescript")).toEqual([
      "keyword const",
      "type Option",
      'string "a//b"',
      "comment // done",
    ])
  })

  it("know OCaml", () => {
    expect(kinds("let bind x f = match x with (* no *) None -> None", "ocaml")).toEqual([
      "keyword let",
      "keyword match",
      "keyword with",
      "comment (* no *)",
      "type None",
      "type None",
    ])
  })

  it("take time that grows with the text only", () => {
    const long = '"'.repeat(50_000) + "`".repeat(50_001) + "/*".repeat(20_000)
    expect(tokens(long, "typescript").length).toBeGreaterThan(0)
  })
})
