// What is handed from the page with the slides to the page with the sheets, and how long texts are cut into parts.

import { describe, expect, it } from "vitest"
import type { KeepingStorage } from "../../src/ui/kept.ts"
import { isForPrint, keptForPrint, RunsForPaper } from "../../src/deck/print.ts"
import { LINES_TOGETHER, partsOf } from "../../src/deck/printed-cells.ts"

function storage(): KeepingStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

/** A cell that has an event target's part, and runs. */
class Cell extends EventTarget {
  isConnected = true
  readonly file: string
  value: string
  output = ""
  constructor(file: string, value: string) {
    super()
    this.file = file
    this.value = value
  }
  run(output: string, runs: EventTarget) {
    const event = new Event("mirage-run")
    Object.defineProperty(event, "target", { value: this })
    runs.dispatchEvent(event)
    this.output = output
  }
}

const denied = (): KeepingStorage => {
  throw new Error("denied")
}

it("knows by the address whether it is to be printed", () => {
  expect(["?print-pdf", "?a&print-pdf", "?view=print"].map(isForPrint)).toEqual([true, true, true])
  expect(["", "?print-pdfs", "?printer"].map(isForPrint)).toEqual([false, false, false])
})

describe("the outputs that are handed over", () => {
  it("are those of runs of the same text", () => {
    const [kept, root] = [storage(), new EventTarget()]
    const runs = new RunsForPaper(root)
    const cell = new Cell("a.ts", "1")
    cell.run("one", root)
    cell.value = "2"
    runs.keep(() => kept)
    const outputOf = keptForPrint(() => kept)
    expect([outputOf("a.ts", "1"), outputOf("a.ts", "2"), outputOf("b.ts", "1")]).toEqual(["one", undefined, undefined])
    cell.run("two", root)
    runs.keep(() => kept)
    expect(keptForPrint(() => kept)("a.ts", "2")).toBe("two")
  })

  it("are none where storage is denied or holds something else", () => {
    const root = new EventTarget()
    const runs = new RunsForPaper(root)
    new Cell("a.ts", "1").run("one", root)
    runs.keep(denied)
    expect(keptForPrint(denied)("a.ts", "1")).toBeUndefined()
    const kept = storage()
    kept.setItem("mirage-print", "{")
    expect(keptForPrint(() => kept)("a.ts", "1")).toBeUndefined()
  })
})

describe("a text on paper", () => {
  const lines = (n: number) => Array.from({ length: n }, (_, i) => `${i}`).join("\n")

  it("stays whole while it is short", () => {
    expect(partsOf("")).toEqual([""])
    expect(partsOf(`${lines(LINES_TOGETHER)}\n\n`)).toEqual([lines(LINES_TOGETHER)])
  })

  it("goes on in parts, with no line lost", () => {
    const parts = partsOf(lines(95))
    expect(parts.map((part) => part.split("\n").length)).toEqual([30, 30, 30, 5])
    expect(parts.join("\n")).toBe(lines(95))
  })

  it("ends before it is a flood, and says so", () => {
    const parts = partsOf(lines(100_000))
    expect(parts.length).toBe(14)
    expect(parts.at(-1)?.endsWith("\n399\n… and 99600 more lines")).toBe(true)
  })
})
