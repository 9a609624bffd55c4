import { describe, expect, it } from "vitest"
import { compile } from "../../src/toolchain/compile.ts"
import type { CompiledModule } from "../../src/toolchain/compiled-module.ts"
import { evaluationOrder, resolveImport } from "../../src/toolchain/graph.ts"

function project(texts: Record<string, string>): Map<string, CompiledModule> {
  return new Map(
    Object.entries(texts).map(([name, text]) => {
      const result = compile(name, text)
      if (!result.ok) throw new Error(result.error.message)
      return [name, result.value]
    }),
  )
}

function order(entry: string, texts: Record<string, string>) {
  const modules = project(texts)
  return evaluationOrder([entry], (name) => modules.get(name), [...modules.keys()])
}

/** The one complaint about these files. */
function complaint(entry: string, texts: Record<string, string>) {
  const result = order(entry, texts)
  if (result.ok) throw new Error(`no complaint: ${result.value.join(" ")}`)
  expect(result.error).toHaveLength(1)
  return result.error[0]!
}

describe("resolveImport", () => {
  it.each([
    ["a.ts", "./b.ts", { tag: "file", name: "b.ts" }],
    ["www/config.ts", "./unikernel.ts", { tag: "file", name: "www/unikernel.ts" }],
    ["www/config.ts", "../a.ts", { tag: "file", name: "a.ts" }],
    ["a.ts", "./www/./x/../config.ts", { tag: "file", name: "www/config.ts" }],
    ["a.ts", "../a.ts", { tag: "file", name: "../a.ts" }],
    ["a.ts", "mirage", { tag: "library", name: "mirage" }],
    ["a.ts", "mirage/config", { tag: "library", name: "mirage/config" }],
    ["a.ts", "mirage/host", { tag: "unknown" }],
    ["a.ts", "node:fs", { tag: "unknown" }],
    ["a.ts", "https://example.org/x.ts", { tag: "unknown" }],
    ["a.ts", "/a.ts", { tag: "unknown" }],
  ])("in %s, %s", (from, specifier, target) => {
    expect(resolveImport(from, specifier)).toEqual(target)
  })
})

describe("evaluationOrder", () => {
  it("puts every file after those it imports, once, in the order of the imports", () => {
    const result = order("main.ts", {
      "main.ts": `import { b } from "./b.ts"\nimport { a } from "./a.ts"\nimport { Lwt } from "mirage"\nLwt.x(a, b)`,
      "a.ts": `export { base as a } from "./base.ts"`,
      "b.ts": `export { base as b } from "./base.ts"; const later = () => import("./later.ts")`,
      "base.ts": "export const base = 1",
      "later.ts": "export const x = 1",
      "other.ts": "export const x = 1",
    })
    expect(result).toEqual({ ok: true, value: ["base.ts", "later.ts", "b.ts", "a.ts", "main.ts"] })
  })

  it("complains of a circle at the import that closes it, and names the way round", () => {
    const { message, ...where } = complaint("main.ts", {
      "main.ts": `import "./a.ts"`,
      "a.ts": `import { b } from "./b.ts"\nexport const a = () => b`,
      "b.ts": `export const q = 1\nimport { a } from "./a.ts"\nexport const b = () => a`,
    })
    expect(where).toEqual({ file: "b.ts", line: 2, column: 19, endLine: 2, endColumn: 27 })
    expect(message).toMatch(/^A circle of imports: a\.ts imports b\.ts, which imports a\.ts\./)
  })

  it("complains of a file that imports itself", () => {
    expect(complaint("a.ts", { "a.ts": `import { x } from "./a.ts"\nexport const y = () => x` }).message).toMatch(
      /^a\.ts imports itself/,
    )
  })
})

describe("an import that leads nowhere", () => {
  const others = { "option-monad.ts": "export const bind = 1", "www/config.ts": "export const c = 1" }

  it.each([
    [
      "./option-mond.ts",
      'There is no cell "option-mond.ts". Did you mean "./option-monad.ts"? The cells are option-monad.ts, www/config.ts.',
    ],
    ["./nothing-like-it.ts", 'There is no cell "nothing-like-it.ts". The cells are option-monad.ts, www/config.ts.'],
    [
      "option-monad.ts",
      'Another cell is imported by its path: write "./option-monad.ts" instead of "option-monad.ts".',
    ],
    ["option-monad", 'Another cell is imported by its path: write "./option-monad.ts" instead of "option-monad".'],
    ["./option-monad", 'The ending of the file belongs to its name: write "./option-monad.ts".'],
    ["./option-monad.js", 'A cell is imported as TypeScript: write "./option-monad.ts".'],
    [
      "fs",
      'There is no "fs" here. A cell can import "mirage" and "mirage/config", and other cells by their path, "./name.ts".',
    ],
    [
      "miragge",
      'There is no "miragge" here. Did you mean "mirage"? A cell can import "mirage" and "mirage/config", and other cells by their path, "./name.ts".',
    ],
  ])("%s", (specifier, message) => {
    const diagnostic = complaint("main.ts", {
      ...others,
      "main.ts": `const a = 1\nimport { x } from "${specifier}"\nx(a)`,
    })
    expect(diagnostic).toEqual({
      file: "main.ts",
      line: 2,
      column: 19,
      endLine: 2,
      endColumn: 21 + specifier.length,
      message,
    })
  })

  it("is found even when only a type of it is used", () => {
    expect(complaint("main.ts", { "main.ts": `import { T } from "./gone.ts"\nexport const x: T = 1` }).message).toMatch(
      /There is no cell "gone.ts"/,
    )
  })

  it("suggests the way from a folder", () => {
    const text = { ...others, "www/main.ts": `import "./option-monad.ts"` }
    expect(complaint("www/main.ts", { ...text }).message).toMatch(/Did you mean "\.\.\/option-monad\.ts"\?/)
  })
})
