import { describe, expect, it } from "vitest"
import { typeOfQuickInfo } from "../../../src/ui/editor/quick-info.ts"

describe("typeOfQuickInfo", () => {
  it.each([
    ["const a: Option.t<number>", "Option.t<number>"],
    ["let x$1: { a: number; b: (c: string) => void; }", "{ a: number; b: (c: string) => void; }"],
    ["function maybe<A, B>(u: t<A>, f: (a: A) => t<B>): t<B>", "<A, B>(u: t<A>, f: (a: A) => t<B>) => t<B>"],
    ["function f(g: { h(): void }, x?: number): x is 3 (+2 overloads)", "(g: { h(): void }, x?: number) => x is 3"],
    ["const f: <A>(x: A) => A", "<A>(x: A) => A"],
    ["class Counter", "typeof Counter"],
    ["const long: {\n    a: number;\n    b: string;\n}", "{ a: number; b: string; }"],
    ["const n: 1", "number"],
    ["const n: -1.5e-7", "number"],
    ["const big: 10n", "bigint"],
    ["const yes: true", "boolean"],
    ['const s: "a \\"quoted\\" word"', "string"],
    ['const either: "a" | "b"', '"a" | "b"'],
  ])("%s", (text, type) => {
    expect(typeOfQuickInfo(text)).toBe(type)
  })

  it("says nothing of what is not a binding", () => {
    expect(typeOfQuickInfo("(property) a: number")).toBeUndefined()
    expect(typeOfQuickInfo("")).toBeUndefined()
  })
})
