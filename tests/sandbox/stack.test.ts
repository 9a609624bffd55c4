import { describe, expect, it } from "vitest"
import { parseStack } from "../../src/sandbox/stack.ts"

const called = (name: string, url: string, line: number, column: number) => ({ name, url, line, column })

describe("parseStack", () => {
  it("reads V8's, in all its shapes", () => {
    expect(
      parseStack(
        [
          "TypeError: no\n  second line of the message",
          "    at inner (mirage://cell/a.ts:3:9)",
          "    at async outer (blob:null/1b2c-44:12:34)",
          "    at new Counter (file:///tmp/x/3-a.ts.mjs:1:2)",
          "    at Object.bind [as map] (blob:null/1:5:6)",
          "    at mirage://cell/www/config.ts:7:8",
          "    at async blob:null/2:9:10",
          "    at Array.map (<anonymous>)",
          "    at eval (eval at f (blob:null/3:1:1), <anonymous>:1:1)",
        ].join("\n"),
      ),
    ).toEqual([
      called("inner", "mirage://cell/a.ts", 3, 9),
      called("outer", "blob:null/1b2c-44", 12, 34),
      called("Counter", "file:///tmp/x/3-a.ts.mjs", 1, 2),
      called("bind", "blob:null/1", 5, 6),
      called("", "mirage://cell/www/config.ts", 7, 8),
      called("", "blob:null/2", 9, 10),
    ])
  })

  it("reads Firefox's and Safari's", () => {
    expect(
      parseStack(
        [
          "inner@mirage://cell/a.ts:3:9",
          "async*outer@blob:null/1b2c-44:12:34",
          "@blob:null/2:1:2",
          "module code@blob:null/3:4:5",
          "asyncFunctionResume@[native code]",
        ].join("\n"),
      ),
    ).toEqual([
      called("inner", "mirage://cell/a.ts", 3, 9),
      called("outer", "blob:null/1b2c-44", 12, 34),
      called("", "blob:null/2", 1, 2),
      called("", "blob:null/3", 4, 5),
    ])
  })

  it("reads the one that this engine makes", () => {
    const [first] = parseStack(new Error("here").stack!)
    expect(first!.url).toMatch(/stack\.test\.ts$/)
    expect(first!.line).toBeGreaterThan(40)
  })
})
