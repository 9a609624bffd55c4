import { describe, expect, it } from "vitest"
import { ActLog, MAX_FRAMES, MAX_TEXT } from "../../src/deck/act-log.ts"
import type { FrameRow } from "../../src/sandbox/protocol.ts"
import type { CellAct } from "../../src/ui/mirror-protocol.ts"

const print = (text: string): CellAct => ({ tag: "output", chunks: [{ stream: "out", text }] })
const status = (s: "running" | "done"): CellAct => ({ tag: "status", status: s })

function log(...acts: CellAct[]): [string, CellAct][] {
  const all = new ActLog()
  for (const act of acts) all.add("deck a.ts", act)
  return [...all.all()].map(([cell, act]) => [cell, act])
}
const acts = (...of: CellAct[]) => log(...of).map(([, act]) => act)

describe("what has happened in a cell", () => {
  it("is told from the last run's beginning", () => {
    const last: CellAct[] = [{ tag: "begin" }, status("running"), print("two"), status("done")]
    expect(acts({ tag: "begin" }, print("one"), status("done"), ...last)).toEqual(last)
  })

  it("is kept cell by cell", () => {
    const all = new ActLog()
    all.add("deck a.ts", print("a"))
    all.add("deck b.ts", print("b"))
    all.add("deck b.ts", { tag: "begin" })
    expect([...all.all()]).toEqual([
      ["deck a.ts", print("a")],
      ["deck b.ts", { tag: "begin" }],
    ])
  })

  it("ends with the pane that is shown: the panes have to be there first", () => {
    const chosen: CellAct = { tag: "pane", pane: "terminal" }
    const serving: CellAct = { tag: "serving", machine: { name: "www", address: "10.0.0.2", ports: [80] } }
    expect(acts({ tag: "pane", pane: "frames" }, { tag: "begin" }, chosen, serving)).toEqual([
      { tag: "begin" },
      serving,
      chosen,
    ])
  })

  it("keeps the chosen file over a new run", () => {
    const tab: CellAct = { tag: "tab", tab: "www/unikernel.ts" }
    expect(acts({ tag: "tab", tab: "www/config.ts" }, tab, { tag: "begin" })).toEqual([{ tag: "begin" }, tab])
  })

  it("keeps the end of a flood, and all that is not of it", () => {
    const lines = Array.from({ length: 1000 }, (_, i) => print(`${i} `.padEnd(1024, "x")))
    const kept = acts({ tag: "begin" }, status("running"), ...lines, status("done"))
    const text = kept.reduce((sum, a) => sum + (a.tag === "output" ? (a.chunks[0]?.text.length ?? 0) : 0), 0)
    expect(text).toBeGreaterThanOrEqual(MAX_TEXT)
    expect(text).toBeLessThanOrEqual(2 * MAX_TEXT)
    expect(kept[0]).toEqual({ tag: "begin" })
    expect(kept[1]).toEqual(status("running"))
    expect(kept.slice(-2)).toEqual([lines.at(-1), status("done")])
  })

  it("keeps the last of many frames, and the output between them", () => {
    const frames: CellAct = { tag: "frames", frames: Array.from({ length: 100 }, () => ({}) as FrameRow), dropped: 0 }
    const kept = acts({ tag: "begin" }, print("early"), ...Array.from({ length: 90 }, () => frames))
    expect(kept.slice(0, 2)).toEqual([{ tag: "begin" }, print("early")])
    const count = kept.filter((a) => a.tag === "frames").length * 100
    expect(count).toBeGreaterThanOrEqual(MAX_FRAMES)
    expect(count).toBeLessThanOrEqual(2 * MAX_FRAMES)
  })
})
