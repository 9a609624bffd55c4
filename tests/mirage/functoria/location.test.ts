import { describe, expect, it } from "vitest"
import { callerLocation, locationOfStack } from "../../../src/mirage/functoria/location.ts"

describe("locationOfStack", () => {
  it("reads V8's layout, in a cell and under Node", () => {
    expect(locationOfStack("Error: where\n    at device (www/config.ts:7:3)\n    at x.ts:1:1")).toEqual({
      file: "www/config.ts",
      line: 7,
    })
    expect(locationOfStack("Error\n    at mirage://cell/www/config.ts:3:30")).toEqual({
      file: "www/config.ts",
      line: 3,
    })
    expect(locationOfStack("Error\n    at file:///home/a/www/config.ts:12:30")).toEqual({ file: "config.ts", line: 12 })
    expect(locationOfStack("Error\n    at f (/home/a b/config.ts:12:30)")).toEqual({ file: "config.ts", line: 12 })
  })

  it("reads the layout of Firefox and Safari", () => {
    expect(locationOfStack("register@mirage/config.js:10:4\n@www/config.ts:9:1\n")).toEqual({
      file: "www/config.ts",
      line: 9,
    })
  })

  it("passes over the library OS's own frames", () => {
    const stack = "Error\n at fn (/w/src/mirage/functoria/typ.ts:3:1)\n at /w/cells/config.ts:5:1"
    expect(locationOfStack(stack)).toEqual({ file: "config.ts", line: 5 })
  })

  it("passes over whoever runs the program", () => {
    const stack = "Error\n at fn (/w/src/mirage/functoria/typ.ts:3:1)\n at load (/w/src/cli/linker.ts:5:1)"
    expect(locationOfStack(stack)).toBeUndefined()
  })

  it("is undefined when the engine does not tell", () => {
    expect(locationOfStack(undefined)).toBeUndefined()
    expect(locationOfStack("Error: where\n    at <anonymous>")).toBeUndefined()
  })
})

describe("callerLocation", () => {
  it("is this file", () => {
    expect(callerLocation()?.file).toBe("location.test.ts")
  })
})
