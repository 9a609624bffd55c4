import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { libraryImports, linkLibraryModule, linkModule } from "../../src/sandbox/link.ts"
import { compile } from "../../src/toolchain/compile.ts"
import type { CompiledModule } from "../../src/toolchain/compiled-module.ts"

function compiled(text: string): CompiledModule {
  const result = compile("cell.ts", text)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const HELPERS = { reporter: "blob:report", host: "blob:host" }
const urlOf = (specifier: string): string => `blob:null/0000-${specifier}`

/** Line and column, from 1, of the only `marker` in the text. */
function place(text: string, marker: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(marker)).split("\n")
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

describe("linkModule", () => {
  it("puts URLs in the place of specifiers, and reports after statements, on the same lines", () => {
    const module = compiled(`import { a } from "./a.ts"; const b = a, [c] = b // end\nexport { d } from './d.ts'`)
    const { code } = linkModule(module, urlOf, HELPERS)
    expect(code).toBe(
      [
        `import{report as mirage_report}from"blob:report";import { a } from "blob:null/0000-./a.ts"; const b = a, [c] = b;mirage_report("b",b);;mirage_report("c",c); // end`,
        `export { d } from 'blob:null/0000-./d.ts'`,
      ].join("\n"),
    )
  })

  it("takes a name for the report that the module does not have", () => {
    const { code } = linkModule(compiled("const mirage_report = 1"), urlOf, HELPERS)
    expect(code).toMatch(/^import\{report as mirage_report_\}/)
    expect(code).toMatch(/mirage_report_\("mirage_report",mirage_report\);$/)
  })

  it("reports nothing for a module that is not the entry", () => {
    expect(linkModule(compiled("const a = 1"), urlOf).code).toBe("const a = 1")
  })

  it("has what is given to yield* looked at, whatever it is, and on the same lines", () => {
    const text = "export function* f() {\n  const a = yield* g(1)\n  yield* (a, yield* h)\n  yield a\n}"
    const module = compiled(text)
    const { code, unlink } = linkModule(module, urlOf, { host: "blob:host" })
    expect(code.split("\n").slice(0, 4)).toEqual([
      `import{awaitable as mirage_awaitable}from"blob:host";export function* f() {`,
      "  const a = yield* mirage_awaitable((g(1)))",
      "  yield* (mirage_awaitable((a, yield* mirage_awaitable((h)))))",
      "  yield a",
    ])
    const { line, column } = place(code, "g(1)")
    expect(unlink(line, column)).toEqual(place(module.code, "g(1)"))
    expect(linkModule(module, urlOf).code).toBe(text)
  })

  it("leaves a thread as it is: what it is given is given on, once", async () => {
    const asModule = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`
    const host = asModule("export const asked = []; export const awaitable = (x) => (asked.push(x), x)")
    const text =
      "export function* f() { return [yield* [1, 2], yield* (0, g()), yield* `ab`] }\nfunction* g() { return 3 }"
    const { f } = (await import(asModule(linkModule(compiled(text), urlOf, { host }).code))) as {
      f: () => Generator<unknown, unknown>
    }
    const { asked } = (await import(host)) as { asked: unknown[] }
    const thread = f()
    expect([1, 2, 3, 4].map(() => thread.next().value)).toEqual([1, 2, "a", "b"])
    expect(thread.next()).toEqual({ done: true, value: [undefined, 3, undefined] })
    expect(asked).toEqual([[1, 2], expect.anything(), "ab"])
  })

  it("takes every place back to where it was, to the column", () => {
    const marks = ["@one", "@two", "@six", "@ten"].map((mark) => `"${mark}"`)
    const text = `f(${marks[0]}); import { f } from "./a.ts"; const x = f(${marks[1]}); f(${marks[2]})\nimport "./b.ts"; f(${marks[3]})`
    const module = compiled(text)
    const linked = linkModule(module, urlOf, HELPERS)
    for (const mark of marks) {
      const { line, column } = place(linked.code, mark)
      expect(linked.unlink(line, column)).toEqual(place(module.code, mark))
    }
  })

  it("takes a place inside what was put in to where that was put", () => {
    const module = compiled("const x = 1")
    const linked = linkModule(module, urlOf, HELPERS)
    const { line, column } = place(linked.code, `"x",x`)
    expect(linked.unlink(line, column)).toEqual({ line: 1, column: 12 })
  })

  it("law: unlinking the place of any text of a line gives its place in the code", () => {
    const part = fc.constantFrom(
      `import "./a.ts";`,
      `export * from './long-name.ts';`,
      "const x# = 1;",
      "let y# = 2, z# = 3;",
      "function f#() {};",
      "function* g#() { yield* f(yield* x, 1) };",
      "\n",
      "/* é𝒳 */;",
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.map((one, n) => `${one.replaceAll("#", String(n))}"<${n}>";`).join("")
        const module = compiled(text)
        const linked = linkModule(module, urlOf, HELPERS)
        for (const [n] of parts.entries()) {
          const { line, column } = place(linked.code, `"<${n}>"`)
          expect(linked.unlink(line, column)).toEqual(place(module.code, `"<${n}>"`))
        }
      }),
    )
  })
})

describe("linkLibraryModule", () => {
  const code = [
    `import{a as b,c}from"mirage/shared/x";import * as d from 'mirage';`,
    `import "mirage/config"`,
    `import e, { f } from "mirage/shared/y";export{g}from"mirage/shared/z";export * from "mirage/host";`,
    `const said='write import { x } from "mirage"';export{b,said};`,
  ].join("\n")

  it("replaces the imports at the beginning, and nothing that only looks like one", () => {
    const linked = linkLibraryModule({ name: "m", code }, (name) => `<${name}>`)
    expect(linked).toBe(
      [
        `import{a as b,c}from"<mirage/shared/x>";import * as d from '<mirage>';`,
        `import "<mirage/config>"`,
        `import e, { f } from "<mirage/shared/y>";export{g}from"<mirage/shared/z>";export * from "<mirage/host>";`,
        `const said='write import { x } from "mirage"';export{b,said};`,
      ].join("\n"),
    )
  })

  it("knows their names", () => {
    expect(libraryImports({ name: "m", code })).toEqual([
      "mirage/shared/x",
      "mirage",
      "mirage/config",
      "mirage/shared/y",
      "mirage/shared/z",
      "mirage/host",
    ])
    expect(libraryImports({ name: "m", code: `export const a=1;import"mirage";` })).toEqual([])
  })
})
