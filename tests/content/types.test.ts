import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { CellChecker } from "../../src/content/types.ts"

let root: string
let checker: CellChecker

const LWT = `
export type t<A> = { readonly lwt: A }
const return_ = <A>(x: A): t<A> => ({ lwt: x })
export { return_ as return }
`

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "mirage-types-"))
  writeFileSync(join(root, "lwt.ts"), LWT)
  writeFileSync(join(root, "mirage.ts"), 'export * as Lwt from "./lwt.ts"\n')
  writeFileSync(
    join(root, "globals.d.ts"),
    "declare var TextEncoder: { new (): { encode(text: string): Uint8Array } }\n",
  )
  checker = new CellChecker(root, { mirage: join(root, "mirage.ts") }, [join(root, "globals.d.ts")])
})
afterAll(() => rmSync(root, { recursive: true }))

const OPTION = `export type t<A> = { tag: "Some"; value: A } | { tag: "None" }
export const None: t<never> = { tag: "None" }
export const Some = <A>(value: A): t<A> => ({ tag: "Some", value })
export function bind<A, B>(u: t<A>, f: (a: A) => t<B>): t<B> { return u.tag === "Some" ? f(u.value) : None }
`

const check = (files: Record<string, string>) => checker.check(new Map(Object.entries(files)))
const typesOf = (text: string, others: Record<string, string> = {}) =>
  check({ ...others, "x.ts": text }).get("x.ts")?.types
const errorsOf = (text: string, others: Record<string, string> = {}) =>
  check({ ...others, "x.ts": text })
    .get("x.ts")
    ?.errors.map((e) => `${e.line}:${e.column}-${e.endLine}:${e.endColumn}: ${e.message}`)

describe("types of bindings", () => {
  it("are what stands after `val x : `", () => {
    expect(check({ "option.ts": OPTION }).get("option.ts")?.types).toEqual({
      None: "t<never>",
      Some: "<A>(value: A) => t<A>",
      bind: "<A, B>(u: t<A>, f: (a: A) => t<B>) => t<B>",
    })
  })

  it("name a module's types as the file itself would", () => {
    const text = `import { Lwt } from "mirage"
import * as Option from "./option.ts"
const a = Option.Some(Option.Some(1))
const b = [Lwt.return("x")]
export const { bind } = Option`
    expect(typesOf(text, { "option.ts": OPTION })).toEqual({
      a: "Option.t<Option.t<number>>",
      b: "Lwt.t<string>[]",
      bind: "<A, B>(u: Option.t<A>, f: (a: A) => Option.t<B>) => Option.t<B>",
    })
  })

  it("are a toplevel's, not those of a constant", () => {
    expect(
      typesOf('const n = 1, s = "x", b = true, i = 1n\nconst u = n > 1 ? ("a" as const) : ("b" as const)'),
    ).toEqual({
      n: "number",
      s: "string",
      b: "boolean",
      i: "bigint",
      u: '"a" | "b"',
    })
  })

  it("are there for patterns, functions and classes, and for nothing that is not at the top", () => {
    const text =
      "const { a, b: [c = 1] } = { a: 'x', b: [Number(2)] }\nlet d\nfunction e(): void { const no = 1 }\nclass F {}\ninterface G {}"
    expect(typesOf(text)).toEqual({ a: "string", c: "number", d: "any", e: "() => void", F: "typeof F" })
  })

  it("and messages do not say in which folder they were made", () => {
    const text = 'import { Lwt } from "mirage"\nLwt.retrun\nexport const o = import("./option.ts")'
    expect(errorsOf(text, { "option.ts": OPTION })?.[0]).toMatch(/'typeof import\("lwt"\)'/)
    expect(typesOf(text, { "option.ts": OPTION })).toEqual({ o: 'Promise<typeof import("./option.ts")>' })
  })

  it("are never cut short", () => {
    const fields = Array.from({ length: 60 }, (_, i) => `aLongFieldName${i}: ${i}`).join(", ")
    expect(typesOf(`const x = { ${fields} }`)?.["x"]).toContain("aLongFieldName59: number; }")
  })
})

describe("errors", () => {
  it("have their place in the file", () => {
    expect(errorsOf("const a = 1\n  const b: string =\n    a")).toEqual([
      "2:9-2:10: Type 'number' is not assignable to type 'string'.",
    ])
  })

  it("have their reasons, a line each", () => {
    expect(errorsOf("const f: (x: { a: 1 }) => void = (x: { a: 2 }) => {}")?.[0]?.split("\n").length).toBeGreaterThan(1)
  })

  it("are of the syntax alone where that is broken", () => {
    expect(errorsOf("const x: string = 1\nconst y = )")).toEqual(["2:11-2:12: Expression expected."])
  })

  it("stay in their file: cells without exports are modules too", () => {
    expect(errorsOf("const y = 1", { "y.ts": "const y = 2" })).toEqual([])
  })

  it.each([
    ["enum A { B }", "erasableSyntaxOnly"],
    ['import { t } from "./option.ts"\nexport type u = t<number>', "verbatimModuleSyntax"],
    ["setTimeout(() => {}, 1)", "setTimeout"],
    ["document.title", "document"],
    ["function f(x) {}", "implicitly"],
  ])("are what keeps a cell from running everywhere: %s", (text, part) => {
    expect(errorsOf(text, { "option.ts": OPTION })?.[0]).toContain(part)
  })

  it("are not for what a cell may use", () => {
    expect(
      errorsOf("console.log(1, 'x'); new TextEncoder().encode('x'); [1].at(-1); Object.groupBy([1], String)"),
    ).toEqual([])
  })
})

describe("a second check", () => {
  it("sees what has changed, in cells and in the library", () => {
    const text = 'import { Lwt } from "mirage"\nimport { y } from "./y.ts"\nexport const a = Lwt.return(y)'
    expect(typesOf(text, { "y.ts": "export const y = 1" })).toEqual({ a: "Lwt.t<number>" })
    expect(typesOf(text, { "y.ts": "export const y = 'x'" })).toEqual({ a: "Lwt.t<string>" })
    writeFileSync(join(root, "lwt.ts"), LWT.replaceAll("t<A>", "promise<A>"))
    expect(typesOf(text, { "y.ts": "export const y = 'x'" })).toEqual({ a: "Lwt.promise<string>" })
    writeFileSync(join(root, "lwt.ts"), LWT)
  })

  it("forgets a cell that is gone", () => {
    expect(typesOf('import * as y from "./y.ts"\nconst z = y', { "y.ts": "export {}" })).toEqual({ z: "typeof y" })
    expect(typesOf('import * as y from "./y.ts"\nconst z = y')).toEqual({ z: "any" })
  })
})

describe("imports", () => {
  it("have their place, and say whether they run first", () => {
    const text = `import { a, type B } from "./a.ts"
import type { C } from "./c.ts"
import { type D } from "./d.ts"
export * from "./e.ts"
const f = () => import("./f.ts")`
    expect(check({ "x.ts": text }).get("x.ts")?.imports).toEqual([
      { specifier: "./a.ts", line: 1, column: 27, eager: true },
      { specifier: "./c.ts", line: 2, column: 24, eager: false },
      { specifier: "./d.ts", line: 3, column: 24, eager: false },
      { specifier: "./e.ts", line: 4, column: 15, eager: true },
      { specifier: "./f.ts", line: 5, column: 24, eager: false },
    ])
  })
})
