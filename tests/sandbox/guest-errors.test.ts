import { describe, expect, it } from "vitest"
import { Errors } from "../../src/sandbox/guest-errors.ts"
import { linkModule } from "../../src/sandbox/link.ts"
import { compile } from "../../src/toolchain/compile.ts"
import type { CompiledModule } from "../../src/toolchain/compiled-module.ts"

const URLS = { lib: "blob:null/11-22", mirage: "blob:null/33-44" }
const TEXT = `import { a } from "./lib.ts"\nimport { pint } from "mirage"\nexport const b = a(pint)\n`

function know(errors: Errors): CompiledModule {
  const result = compile("main.ts", TEXT)
  if (!result.ok) throw new Error(result.error.message)
  const linked = linkModule(result.value, (specifier) => (specifier === "mirage" ? URLS.mirage : URLS.lib), {
    reporter: "blob:r",
  })
  errors.know("blob:null/main", "mirage://cell/main.ts", linked)
  errors.knowImport(result.value, "./lib.ts", URLS.lib)
  errors.knowImport(result.value, "mirage", URLS.mirage)
  return result.value
}

describe("missingExport", () => {
  const exportsOf = async (specifier: string): Promise<string[]> => (specifier === "mirage" ? ["print", "sleep"] : [])

  it.each([
    ["V8", `The requested module '${URLS.mirage}' does not provide an export named 'pint'`],
    ["Firefox", `The requested module '${URLS.mirage}' doesn't provide an export named: 'pint'`],
    ["Safari", "Importing binding name 'pint' is not found."],
  ])("finds out where, from what %s says", async (_engine, message) => {
    const errors = new Errors()
    know(errors)
    expect(await errors.missingExport(new SyntaxError(message), exportsOf)).toEqual({
      name: "import",
      message: '"mirage" does not export pint. Did you mean print?',
      at: { file: "main.ts", line: 2, column: 10 },
      stack: [],
    })
  })

  it("is not what other errors are", async () => {
    const errors = new Errors()
    know(errors)
    expect(await errors.missingExport(new SyntaxError("Unexpected token"), exportsOf)).toBeUndefined()
    expect(await errors.missingExport(new TypeError("an export named 'a'"), exportsOf)).toBeUndefined()
    const elsewhere = new SyntaxError(`The requested module 'blob:null/99' does not provide an export named 'a'`)
    expect(await errors.missingExport(elsewhere, exportsOf)).toBeUndefined()
  })
})

describe("describe", () => {
  it("says the place of a configuration's mistake once", () => {
    const thrown = Object.assign(new Error("config.ts:3: tap0: no"), { at: { file: "config.ts", line: 3 }, stack: "" })
    expect(new Errors().describe(thrown, "unikernel")).toEqual({
      name: "Error",
      message: "tap0: no",
      at: { file: "config.ts", line: 3, column: 1 },
      stack: [],
    })
  })

  it("cuts a message that is longer than anybody reads", () => {
    const { message } = new Errors().describe(new Error("x".repeat(1_000_000)), "exception")
    expect(message).toBe(`${"x".repeat(10_000)}…`)
  })

  it("reads Firefox's stacks, which do not repeat the message", () => {
    const errors = new Errors()
    know(errors)
    const thrown = Object.assign(new RangeError("no"), {
      stack: "f@blob:null/lib:1:2\ng@mirage://cell/main.ts:2:9\n@blob:null/main:3:14\n",
    })
    expect(errors.describe(thrown, "exception").stack).toEqual([
      { name: "g", file: "main.ts", line: 2, column: 9 },
      { name: "", file: "main.ts", line: 3, column: 14 },
    ])
  })
})
