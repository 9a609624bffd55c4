import { describe, expect, it } from "vitest"
import { CallSites } from "../../src/sandbox/call-sites.ts"
import type { ThreadSite } from "../../src/sandbox/protocol.ts"
import type { StackCall } from "../../src/sandbox/stack.ts"

function setUp() {
  const asked: StackCall[] = []
  const told: ThreadSite[] = []
  const placeOfCall = (call: StackCall) => {
    asked.push(call)
    return call.url === "blob:mine" ? { file: "m.ts", line: call.line, column: call.column } : undefined
  }
  return { asked, told, sites: new CallSites({ placeOfCall }, (site) => told.push(site)) }
}

const stack = (...calls: string[]): string => ["Error: here", ...calls.map((call) => `    at ${call}`)].join("\n")
const LIBRARY = "LwtPromise.map (blob:library:1:100)"

describe("CallSites", () => {
  it("knows the reader's innermost calls, as far as nothing of the library is between", () => {
    const { sites, told } = setUp()
    expect(sites.of(stack(LIBRARY, "side (blob:mine:3:5)", "blob:mine:7:9", LIBRARY, "blob:mine:9:1"))).toBe(0)
    expect(told).toEqual([
      [
        { file: "m.ts", line: 3, column: 5 },
        { file: "m.ts", line: 7, column: 9 },
      ],
    ])
  })

  it("gives the same place the same number, and looks at a line of a stack once", () => {
    const { sites, told, asked } = setUp()
    const numbers = [1, 2, 1].map((line) => sites.of(stack(LIBRARY, `blob:mine:${line}:1`)))
    expect(numbers).toEqual([0, 1, 0])
    expect(told.length).toBe(2)
    expect(asked.length).toBe(3)
  })

  it("has none for the library's own, nor for who awaits", () => {
    const { sites, told } = setUp()
    expect(sites.of(stack(LIBRARY))).toBeUndefined()
    expect(sites.of(stack(LIBRARY, "async blob:mine:1:1"))).toBeUndefined()
    expect(told).toEqual([])
  })

  it("leaves the program's stacks as long as they were", () => {
    const { sites } = setUp()
    const before = Error.stackTraceLimit
    sites.here()
    expect(Error.stackTraceLimit).toBe(before)
  })
})
