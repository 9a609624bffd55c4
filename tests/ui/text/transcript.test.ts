import { describe, expect, it } from "vitest"
import { MAX_TEXT, showValue, Transcript } from "../../../src/ui/text/transcript.ts"

const out = (text: string) => [{ stream: "out" as const, text }]

describe("Transcript", () => {
  it("shows values in source order, then what was printed, without the last newline", () => {
    const t = new Transcript(["x", "y"])
    t.print(out("hel"))
    t.value({ name: "y", text: "2" })
    t.print(out("lo\n"))
    t.value({ name: "x", text: "Some 3", type: "Option.t<number>" })
    expect(t.text).toBe("val x : Option.t<number> = Some 3\nval y = 2\nhello")
  })

  it("adds a type that comes late", () => {
    const t = new Transcript(["x"])
    t.value({ name: "x", text: "1" })
    t.type("x", "number")
    t.type("z", "string")
    expect(t.text).toBe("val x : number = 1")
  })

  it("puts type errors first and errors last", () => {
    const t = new Transcript([])
    t.after("Error: boom")
    t.print(out("printed"))
    t.before("type error, a.ts:1:2: no")
    expect(t.text).toBe("type error, a.ts:1:2: no\nprinted\nError: boom")
  })

  it("holds no colours", () => {
    const t = new Transcript([])
    t.print(out("\x1b[31mre"))
    t.print(out("d\x1b[0m\n"))
    expect(t.text).toBe("red")
  })

  it("forgets the beginning of a flood, at a line's end, and says so", () => {
    const t = new Transcript([])
    const line = `${"x".repeat(99)}\n`
    for (let i = 0; i < 3 * (MAX_TEXT / 100); i++) t.print(out(line))
    t.print(out("the end\n"))
    expect(t.text.length).toBeLessThan(2 * MAX_TEXT + 200)
    const lines = t.text.split("\n")
    expect(lines[0]).toMatch(/no longer kept/)
    expect(lines[1]).toBe("x".repeat(99))
    expect(lines.at(-1)).toBe("the end")
  })

  it("is empty until something is said", () => {
    const t = new Transcript(["x"])
    expect(t.empty).toBe(true)
    t.value({ name: "x", text: "1" })
    expect(t.empty).toBe(false)
  })
})

it("showValue leaves out the type that is not known", () => {
  expect(showValue({ name: "f", text: "<fun>" })).toBe("val f = <fun>")
})
