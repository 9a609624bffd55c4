import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { compile } from "../../src/toolchain/compile.ts"
import type { CompiledModule, Diagnostic } from "../../src/toolchain/compiled-module.ts"
import { originalPosition } from "../../src/toolchain/original-position.ts"

function compiled(text: string): CompiledModule {
  const result = compile("cell.ts", text)
  if (!result.ok) throw new Error(`${result.error.line}:${result.error.column} ${result.error.message}`)
  return result.value
}

function refused(text: string): Diagnostic {
  const result = compile("cell.ts", text)
  if (result.ok) throw new Error(`compiled to ${result.value.code}`)
  return result.error
}

/** Line and column, from 1, of the offset in the text. */
function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n")
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** The text around the place of `marker` in the source, found from where `marker` is in the generated code. */
function expectMapped(text: string, marker: string): void {
  const module = compiled(text)
  const generated = place(module.code, module.code.indexOf(marker))
  expect(originalPosition(module, generated.line, generated.column)).toEqual({
    file: "cell.ts",
    ...place(text, text.indexOf(marker)),
  })
}

const GENERICS = `interface Monad<
  T,
> { value: T }
export function bind<
  A,
  B extends Monad<A>,
>(a: A, f: (a: A) => B): B { return f(a) }
const x: Monad<number> = bind(1 as number, (n: number): Monad<number> => { throw new Error("here") })
`

describe("compile", () => {
  it("keeps the lines of the source, whatever types it takes out", () => {
    expect(compiled(GENERICS).code.split("\n").length).toBe(GENERICS.split("\n").length)
  })

  it("maps a place behind types back to the source, to the column", () => {
    expectMapped(GENERICS, "throw")
    expectMapped(GENERICS, "new Error")
    expectMapped(
      `const f = <T extends { a: string }>(x: T): T => x; const y = f<{ a: string }>({ a: "" }); boom()`,
      "boom",
    )
    expectMapped(`import { a } from "./a.ts"; const q: number = 1; boom(a)`, "boom")
  })

  it("leaves the code runnable without its types", () => {
    const code = compiled("type n = number\nexport const x: n = <n>1 as n\nexport let y!: n\n").code
    expect(code).not.toMatch(/\bn\b/)
  })

  it("does not transform ECMAScript", () => {
    const text = "class A { #x = 1; static { this.y = 2 } }\nconst b = a?.b ?? 1_000n\n"
    expect(compiled(text).code).toBe(text)
  })
})

describe("imports", () => {
  it("finds every kind, with the place of the specifier's inside in the code and in the source", () => {
    const text = [
      `import { a, type T } from "./a.ts"`,
      `import * as B from './b.ts'`,
      `export * from "./c.ts"; export { d } from "./d.ts"`,
      `import "./e.ts"`,
      `const f: T = await import("./f.ts")`,
      `a(B, f)`,
    ].join("\n")
    const module = compiled(text)
    expect(module.imports.map((one) => one.specifier)).toEqual([
      "./a.ts",
      "./b.ts",
      "./c.ts",
      "./d.ts",
      "./e.ts",
      "./f.ts",
    ])
    for (const { specifier, start, end, at } of module.imports) {
      expect(module.code.slice(start, end)).toBe(specifier)
      expect({ line: at.line, column: at.column }).toEqual(place(text, text.indexOf(specifier) - 1))
    }
  })

  it("says where each name that is asked for stands in the code", () => {
    const { imports, code } = compiled(
      `import d, { a as b, type T, "c d" as c } from "./a.ts"\nexport { e as f } from "./b.ts"\nd(b, c)`,
    )
    const names = imports.flatMap((one) => one.names ?? [])
    expect(names.map((one) => one.name)).toEqual(["default", "a", "c d", "e"])
    expect(names.map(({ start }) => code.slice(start, start + 3))).toEqual(["d, ", "a a", '"c ', "e a"])
  })

  it("leaves out an import of types alone, and remembers where it was", () => {
    const module = compiled(`type X = 1\nimport { Option } from "./option.ts"\nlet x: Option = 1\n`)
    expect(module.imports).toEqual([])
    expect(module.unused).toEqual([{ specifier: "./option.ts", at: { file: "cell.ts", line: 2, column: 24 } }])
    expect(compiled(`import type { A } from "./a.ts"\n`).unused).toBeUndefined()
  })

  it("refuses a dynamic import of a name that is not known before the run", () => {
    expect(refused("const n = './a.ts'\nawait import(n)")).toMatchObject({ line: 2, column: 14 })
    expect(refused("await import('./a.ts' + 1)").message).toMatch(/in quotes/)
  })

  it("refuses import = require", () => {
    expect(refused(`let a = 1\nimport fs = require("fs")\nfs()`)).toMatchObject({ line: 2, column: 1 })
    expect(refused(`export = 1`).message).toMatch(/^export = is not/)
    expect(compiled(`import type fs = require("fs")\n`).imports).toEqual([])
  })
})

describe("bindings", () => {
  it("are those with a value, in the order of the source", () => {
    const text = `
import { imported } from "./a.ts"
type T = number
interface I { x: T }
declare const outside: number
export const a: T = 1, b = imported
let { c, d: [e, ...f], ...g } = outside as any
function h<A>(x: A): A { const inner = x; return inner }
export default class K implements I { x = 1 }
abstract class L { abstract y: number }
export async function* m() {}
for (const n of []) { var o = n }
const _ = 1
`
    const { bindings, code } = compiled(text)
    expect(bindings.map((one) => one.name)).toEqual(["a", "b", "c", "e", "f", "g", "h", "K", "L", "m"])
    for (const { name, at } of bindings)
      expect(text.split("\n")[at.line - 1]!.slice(at.column - 1, at.column - 1 + name.length)).toBe(name)
    const h = bindings.find((one) => one.name === "h")!
    expect(code.slice(0, h.after)).toMatch(/return inner }$/)
  })

  it("have their report after the whole statement", () => {
    const { bindings, code } = compiled("const a = 1 // one\nconst b = {\n  x: 1,\n} as const; const c = 3;")
    const [a, b, c] = bindings.map((one) => code.slice(0, one.after).trimEnd())
    expect(a).toMatch(/const a = 1$/)
    expect(b).toMatch(/x: 1,\n} *;$/)
    expect(c).toMatch(/const c = 3;$/)
  })
})

describe("delegates", () => {
  it("are what stands after yield*, without parentheses, in the code", () => {
    const { code, delegates } = compiled("function* f(): X {\n  yield* (a as X, yield* g<X>(1))\n  yield b\n}")
    expect(delegates?.map(({ start, end }) => code.slice(start, end).replace(/\s+/g, " "))).toEqual([
      "a , yield* g(1)",
      "g(1)",
    ])
    expect(compiled("function* f() { yield b }").delegates).toBeUndefined()
  })
})

describe("TypeScript that is more than types", () => {
  it.each([
    ["enum", "let a = 1\n  enum Color { Red }", 2, 3, /type Color = /],
    ["const enum", "const enum Color { Red }", 1, 7, /union/],
    ["namespace", "export namespace Geometry { export const x = 1 }", 1, 8, /import \* as Geometry/],
    ["module", "module Geometry { export const x = 1 }", 1, 1, /namespace/],
    ["parameter property", "class A {\n  constructor(a: string, private x: number) {}\n}", 2, 26, /private/],
    ["readonly parameter", "class A { constructor(readonly x = (1, 2)) {} }", 1, 23, /readonly/],
  ])("%s is refused at its place, with what to write", (_name, text, line, column, message) => {
    const diagnostic = refused(text)
    expect(diagnostic).toMatchObject({ file: "cell.ts", line, column })
    expect(diagnostic.message).toMatch(message)
  })

  it.each([
    [
      "declared ones",
      "declare namespace N { const a: 1 }\ndeclare enum E { A }\ndeclare const enum F { A }\ndeclare module 'x' {}\n",
    ],
    ["names that look like it", "const namespace = 1, module = { enum: 2 }\nnamespace + module.enum\n"],
    [
      "modifiers of fields",
      "class A { private x = 1; readonly y: number; constructor(x: { readonly z: 1 }) { this.y = 1 } }\n",
    ],
    ["words in strings", "const s = `\nenum A { X } namespace B {}\nconstructor(private x)\n`\n"],
    ["a method called constructor elsewhere", "const o = { f(constructor: () => void) { constructor() } }\n"],
  ])("%s are fine", (_name, text) => {
    expect(compile("cell.ts", text)).toMatchObject({ ok: true })
  })
})

describe("syntax errors", () => {
  it.each([
    ["const x: = 3", 1, 10, "Syntax error: = is not expected here."],
    ["let x = 1 +\nconst y = 2", 2, 1, "Syntax error: const is not expected here."],
    ["const s = 'abc", 1, 11, "This string is not closed: its quote has no partner on the line."],
    ["const s = `abc\n\n", 1, 12, "This template string is not closed: a ` is missing."],
    ["/* never", 1, 1, "This comment is not closed: a */ is missing."],
    ["const x: number = 1; const x = 2", 1, 28, "x is declared twice in this scope. Give one of them another name."],
    ["type T = 1\nexport { nothing }", 2, 10, "nothing is exported, but this file does not declare it."],
    ["class A { @x y = 1 }", 1, 11, "Decorators are not supported here: no engine runs them yet."],
    ["function f(a: number, 3) { return a }", 1, 23, "Syntax error: 3 is not expected here."],
    ["return 1", 1, 1, "Syntax error: 'return' outside of function."],
  ])("%j", (text, line, column, message) => {
    expect(refused(text)).toMatchObject({ file: "cell.ts", line, column, message })
  })

  it("that end with the text say what may be missing", () => {
    const diagnostic = refused("const x = 1 +\n")
    expect(diagnostic.line).toBeGreaterThanOrEqual(2)
    expect(diagnostic.message).toMatch(/missing|Expected/)
  })

  it.each([
    ["at the end", "export const toss = (): Lwt.t<void> => {\n  f()\n", 1, 40, "This { is not closed."],
    ["the innermost", "function f() {\n  return [1, 2\n", 2, 10, "This [ is not closed."],
    ["before the end of another", "f(() => {\n  g(1\n})\n", 2, 4, "This ( is not closed: } comes before its )."],
    ["by its indentation", "const f = (a) => {\n  if (a) {\n    g()\n}\nf(1)\n", 2, 10, "This { is not closed."],
    ["after a template", "const s = `a${f(1)}`\nf(\n", 2, 2, "This ( is not closed."],
    ["too many", "const f = () => g(1))\n", 1, 21, "This ) closes nothing."],
    ["of another kind", "f(() => { g(1]) })\n", 1, 14, "This ] closes nothing."],
    ["not those in strings", "const a = '(' + `[` + /[{]/ + 1 2 // (\n", 1, 33, "Expected ; before 2."],
  ])("a bracket without a partner: %s", (_, text, line, column, message) => {
    expect(refused(text)).toMatchObject({ line, column, endLine: line, endColumn: column + 1, message })
  })

  it.each([
    ["in its block", "const f = () => {\n  const x = ;\n}\n", 2, 13, "Syntax error: ; is not expected here."],
    ["with types", "const f = <A>(a: A): Lwt.t<A> => {\n  return a b\n}\n", 2, 12, "Expected ; before b."],
    [
      "in one inside",
      "f((x) => {\n  g((y): Y => {\n    let = = 3\n  })\n})\n",
      3,
      9,
      "Syntax error: = is not expected here.",
    ],
    ["in an expression", "const f = () =>\n  g([\n    1\n    b,\n  ])\n", 4, 5, "Expected , before b."],
    ["after an expression", "p.bind((x) => x +)\n", 1, 18, "Syntax error: ) is not expected here."],
    ["in its parameters", "const f = (a, 3) => { return a }\n", 1, 18, "Expected ; before =>."],
  ])("in an arrow function: %s", (_, text, line, column, message) => {
    expect(refused(text)).toMatchObject({ line, column, message })
  })
})

describe("laws", () => {
  const line = fc.constantFrom(
    "const a: number = 1",
    "type T<\n A,\n> = A",
    "export function f<X>(x: X): X { return x }",
    "import { q } from './q.ts'; q()",
    "enum",
    "`",
    "}",
    "const { b, c: [d] } = z as any",
    "/*",
    "<T,>(x: T) => x",
    "",
  )

  it("any text gives a module or a diagnostic within the text, and is never thrown at", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line, { maxLength: 6 }).map((l) => l.join("\n")),
        ),
        (text) => {
          const result = compile("cell.ts", text)
          if (result.ok) {
            const lines = result.value.code.split("\n").length
            expect(lines).toBe(text.split("\n").length)
          } else {
            expect(result.error.line).toBeGreaterThanOrEqual(1)
            expect(result.error.line).toBeLessThanOrEqual(text.split("\n").length)
            expect(result.error.column).toBeGreaterThanOrEqual(1)
            expect(result.error.message).toMatch(/\S/)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
