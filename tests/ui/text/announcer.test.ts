import { describe, expect, it } from "vitest"
import { Announcer } from "../../../src/ui/text/announcer.ts"

function make() {
  const said: string[] = []
  let due: (() => void)[] = []
  const announcer = new Announcer(
    (text) => said.push(text),
    (run) => {
      due.push(run)
      return () => {
        due = due.filter((d) => d !== run)
      }
    },
  )
  const tick = () => {
    const now = due
    due = []
    for (const run of now) run()
  }
  return { announcer, said, tick, waiting: () => due.length }
}

describe("Announcer", () => {
  it("reads a short line out", () => {
    const { announcer, said, tick } = make()
    announcer.heard("hello\n")
    expect(said).toEqual([])
    tick()
    expect(said).toEqual(["hello"])
  })

  it("counts a long stretch instead of reading it", () => {
    const { announcer, said, tick } = make()
    for (let i = 0; i < 12; i++) announcer.heard(`line ${i}\n`)
    tick()
    expect(said).toEqual(["12 new lines"])
  })

  it("is silent when nothing came", () => {
    const { announcer, said } = make()
    announcer.flush()
    expect(said).toEqual([])
  })

  it("joins the end of a run to what it gathered, once", () => {
    const { announcer, said, tick, waiting } = make()
    announcer.heard("a\nb\nc\nd\n")
    announcer.flush("Done")
    expect(said).toEqual(["4 new lines. Done"])
    expect(waiting()).toBe(0)
    tick()
    expect(said).toHaveLength(1)
  })

  it("forgets on clear", () => {
    const { announcer, said, tick } = make()
    announcer.heard("old\n")
    announcer.clear()
    tick()
    announcer.flush("Stopped")
    expect(said).toEqual(["Stopped"])
  })
})
