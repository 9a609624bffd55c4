import { describe, expect, it } from "vitest"
import { compile } from "../../../src/toolchain/compile.ts"
import { Names } from "../../../src/ui/timeline/names.ts"

/** The name of what is made by the calls at the marks `«1»`, `«2»`, … of a TypeScript text, innermost first. */
function named(marked: string, file = "m.ts") {
  const compiled = compile(file, marked.replace(/«\d»/g, ""))
  if (!compiled.ok) throw new Error(compiled.error.message)
  // The marks are where the text has them before types are taken out: the tests have none before a mark on its line.
  const site = [...marked.matchAll(/«(\d)»/g)]
    .toSorted((a, b) => Number(a[1]) - Number(b[1]))
    .map(({ index }) => {
      const before = marked.slice(0, index).replace(/«\d»/g, "").split("\n")
      return { file, line: before.length, column: before.at(-1)!.length + 1 }
    })
  return new Names([compiled.value]).of(site)
}

describe("Names", () => {
  it("is the variable that a call's value is bound to", () => {
    expect(named("const heads = OS.Time.«1»sleep(1)")).toEqual({
      text: "heads",
      given: true,
      at: { file: "m.ts", line: 1, column: 23 },
    })
    expect(named("let x\nx = «1»sleep(1)").text).toBe("x")
    expect(named("const o = { heads: «1»sleep(1) }").text).toBe("heads")
  })

  it("is the last call's of a chain, and the others have their own text", () => {
    expect(named("const heads = sleep(1).«1»map(() => 1)").text).toBe("heads")
    expect(named("const heads = OS.Time.«1»sleep(1).map(() => 1)")).toMatchObject({ text: "sleep(1)", given: false })
  })

  it("is the first of a pair, which is the promise of wait and task", () => {
    expect(named("const [promise, key] = Lwt.«1»wait<void>()").text).toBe("promise")
  })

  it("is that of its place, where several are named at once", () => {
    expect(named("const [heads, tails] = [sleep(1), «1»sleep(2)]").text).toBe("tails")
    expect(named("let heads, tails\n;[heads, tails] = [«1»sleep(1), sleep(2)]").text).toBe("heads")
    expect(named("const [, tails] = [«1»sleep(1), sleep(2)]").text).toBe("sleep(1)")
    expect(named("const sides = [«1»sleep(1), sleep(2)]").text).toBe("sleep(1)")
    expect(named("const [[heads]] = [[«1»sleep(1)]]").text).toBe("sleep(1)")
    expect(named("const [heads] = [...many, «1»sleep(1)]").text).toBe("sleep(1)")
    expect(named("const f = () => [«1»sleep(1)]\nconst x = «2»f()").text).toBe("sleep(1)")
  })

  it("may be given by who calls the function that returns it", () => {
    const side = "const side = (s: number) =>\n  sleep(s).«1»map(() => 1)\n"
    expect(named(`${side}const heads = «2»side(1)`)).toMatchObject({ text: "heads", given: true, at: { line: 3 } })
    expect(named(`${side}Lwt.join([«2»side(1)])`)).toMatchObject({ text: "side(1)", given: false, at: { line: 3 } })
    expect(named("function f() {\n  return «1»sleep(1)\n}\nconst x = «2»f()").text).toBe("x")
    expect(named("const f = (b) => b ? «1»sleep(1) : «3»sleep(2)\nconst x = «2»f(true)").text).toBe("x")
  })

  it("is not given by who only uses the function", () => {
    expect(named("const f = () => {\n  «1»sleep(1)\n  return 1\n}\nconst x = «2»f()").text).toBe("sleep(1)")
    expect(named("const f = () => (sleep(1).«1»map(g), 2)\nconst x = «2»f()").text).toBe("map(g)")
  })

  it("shows short arguments, and leaves out long ones and functions", () => {
    expect(named("«1»f(1, 'two')").text).toBe("f(1, 'two')")
    expect(named("«1»f('more than there is room for')").text).toBe("f(…)")
    expect(named("«1»f(() => 1)").text).toBe("f(…)")
  })

  it("finds calls whose name is a reserved word where V8 says they are", () => {
    expect(named("const p = Lwt.catch«1»(() => q, r)").text).toBe("p")
  })

  it("has a word for what it cannot find, and for code that is none", () => {
    expect(named("«1»1 + 1").text).toBe("a promise")
    const broken = { name: "b.ts", code: "const (", imports: [], bindings: [], mappings: "" }
    expect(new Names([broken]).of([{ file: "b.ts", line: 1, column: 1 }])).toMatchObject({
      given: false,
      at: { line: 1 },
    })
    expect(new Names([]).of([]).text).toBe("a promise")
  })
})
