import { describe, expect, it } from "vitest"
import { showDiagnostic, showError } from "../../../src/sandbox/error-text.ts"
import { diagnosticOf, showElapsed, statusText } from "../../../src/ui/cell/words.ts"

const label = (file: string) => file.replace(/^www\//, "")

describe("words", () => {
  it("say where an error is, by the tab's label", () => {
    const at = { file: "www/unikernel.ts", line: 3, column: 5 }
    expect(showError({ name: "TypeError", message: "x is not a function", at, stack: [] }, label)).toBe(
      "unikernel.ts:3:5: TypeError: x is not a function",
    )
    expect(showError({ name: "unhandled-rejection", message: "Error: boom", stack: [] }, label)).toBe(
      "unhandled rejection: Error: boom",
    )
    expect(showDiagnostic("type error", { ...at, message: "no" }, label)).toBe("type error, unikernel.ts:3:5: no")
  })

  it("an error without a place cannot be underlined", () => {
    expect(diagnosticOf({ name: "Error", message: "m", stack: [] })).toBeUndefined()
    expect(diagnosticOf({ name: "Error", message: "m", at: { file: "a.ts", line: 1, column: 2 }, stack: [] })).toEqual({
      file: "a.ts",
      line: 1,
      column: 2,
      message: "Error: m",
    })
  })

  it("say how long it took", () => {
    expect([40, 1449, 9960, 12_345, 125_000].map(showElapsed)).toEqual([
      "40 ms",
      "1.4 s",
      "10.0 s",
      "12 s",
      "2 min 5 s",
    ])
  })

  it("say what the state is", () => {
    expect(statusText("running", "1 s", true)).toBe("Serving")
    expect(statusText("done", "0.2 s", false)).toBe("Done in 0.2 s")
    expect(statusText("idle", "", false)).toBe("")
  })
})
