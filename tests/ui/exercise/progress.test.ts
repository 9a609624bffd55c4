import { IDBFactory } from "fake-indexeddb"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { further, NOT_STARTED, Progress } from "../../../src/ui/exercise/progress.ts"

const opened: Progress[] = []
async function page(): Promise<Progress> {
  const progress = new Progress()
  opened.push(progress)
  await progress.load()
  return progress
}

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory())
})
afterEach(async () => {
  for (const progress of opened.splice(0)) await progress.close()
  vi.unstubAllGlobals()
})

describe("progress", () => {
  it("begins with nothing", async () => {
    expect((await page()).of("lwt", "a.ts")).toEqual(NOT_STARTED)
  })

  it("is there again on the next visit", async () => {
    const first = await page()
    first.advance("lwt", "a.ts", { stage: "tried", hints: 2 })
    first.advance("lwt", "a.ts", { stage: "passed" })
    first.advance("deck", "a.ts", { solution: true })
    await first.close()
    const second = await page()
    expect(second.of("lwt", "a.ts")).toEqual({ stage: "passed", hints: 2, solution: false })
    expect(second.of("deck", "a.ts")).toEqual({ stage: "new", hints: 0, solution: true })
    expect(second.of("lwt", "b.ts")).toEqual(NOT_STARTED)
  })

  it("never goes back", async () => {
    const progress = await page()
    progress.advance("lwt", "a.ts", { stage: "passed", hints: 1 })
    progress.advance("lwt", "a.ts", { stage: "tried" })
    expect(progress.of("lwt", "a.ts")).toMatchObject({ stage: "passed", hints: 1 })
  })

  it("of two tabs is that of whichever is further", async () => {
    const [one, two] = [await page(), await page()]
    one.advance("lwt", "a.ts", { stage: "passed" })
    two.advance("lwt", "a.ts", { stage: "tried", hints: 3 })
    await Promise.all([one.written(), two.written()])
    expect((await page()).of("lwt", "a.ts")).toEqual({ stage: "passed", hints: 3, solution: false })
  })

  it("tells of its changes until it is no longer asked to", async () => {
    const progress = await page()
    const heard = vi.fn()
    const stop = progress.subscribe(heard)
    progress.advance("lwt", "a.ts", { stage: "tried" })
    expect(heard).toHaveBeenCalledTimes(1)
    stop()
    progress.advance("lwt", "a.ts", { stage: "passed" })
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it("works from memory where storage is denied", async () => {
    vi.stubGlobal("indexedDB", {
      open() {
        throw new DOMException("denied", "SecurityError")
      },
    })
    const progress = await page()
    progress.advance("lwt", "a.ts", { stage: "tried" })
    await progress.written()
    expect(progress.of("lwt", "a.ts").stage).toBe("tried")
  })

  it("is united in each respect", () => {
    expect(further({ stage: "new", hints: 2, solution: true }, { stage: "tried", hints: 1, solution: false })).toEqual({
      stage: "tried",
      hints: 2,
      solution: true,
    })
  })
})
