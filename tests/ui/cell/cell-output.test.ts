import { describe, expect, it } from "vitest"
import { CellOutput } from "../../../src/ui/cell/cell-output.ts"

const make = () => {
  const said: string[] = []
  const output = new CellOutput({
    changed: () => {},
    announce: (text) => said.push(text),
    label: (file) => file.replace(/^www\//, ""),
  })
  return { output, said }
}
const out = (text: string) => [{ stream: "out" as const, text }]
const at = { file: "www/a.ts", line: 2, column: 3 }

describe("CellOutput", () => {
  it("keeps the old output dimmed until something new comes", () => {
    const { output } = make()
    output.begin()
    output.value({ name: "x", text: "1" })
    output.end()
    output.begin()
    expect([output.dimmed, output.values.length, output.text]).toEqual([true, 1, ""])
    output.output(out("new\n"))
    expect([output.dimmed, output.values.length, output.text]).toEqual([false, 0, "new"])
    output.announcer.clear()
  })

  it("lets the old output go at the end of a run that says nothing", () => {
    const { output } = make()
    output.begin()
    output.output(out("old"))
    output.begin()
    output.end()
    expect([output.empty, output.dimmed]).toEqual([true, false])
    output.announcer.clear()
  })

  it("keeps the last good output under what cannot be built, and underlines it", () => {
    const { output } = make()
    output.begin()
    output.value({ name: "x", text: "1" })
    output.end()
    output.begin()
    output.refused([{ ...at, message: "expected )" }])
    output.end()
    expect(output.values).toHaveLength(1)
    expect(output.dimmed).toBe(true)
    expect(output.text).toBe("error, a.ts:2:3: expected )")
    expect(output.squiggles.get("www/a.ts")).toHaveLength(1)
    // The next good run clears the error.
    output.begin()
    output.value({ name: "x", text: "2" })
    expect([output.errors.length, output.squiggles.size, output.dimmed]).toEqual([0, 0, false])
    output.announcer.clear()
  })

  it("puts type errors first, and runs on", () => {
    const { output } = make()
    output.begin()
    output.typed([{ ...at, message: "no" }])
    output.bindings(["x"])
    output.value({ name: "x", text: "1" })
    expect(output.text).toBe("type error, a.ts:2:3: no\nval x = 1")
    expect(output.typeErrors).toHaveLength(1)
    output.announcer.clear()
  })

  it("does not grow with a program that fails for ever", () => {
    const { output } = make()
    output.begin()
    for (let i = 0; i < 1000; i++) output.error({ name: "Error", message: `boom ${i}`, at, stack: [] })
    expect(output.errors.length).toBeLessThan(50)
    expect(output.moreErrors + output.errors.length).toBe(1000)
    expect(output.errors[0]?.message).toBe("Error: boom 0")
    output.announcer.clear()
  })
})
