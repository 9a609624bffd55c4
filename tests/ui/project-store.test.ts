import { IDBFactory, IDBKeyRange } from "fake-indexeddb"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { ProjectData } from "../../src/content/project.ts"
import { Projects } from "../../src/ui/project-store.ts"

const data = (text = "export const x = 1\n"): ProjectData => ({
  name: "deck",
  files: {
    "a.ts": { name: "a.ts", label: "a.ts", language: "typescript", text, source: { file: "slides/1.md", line: 3 } },
    "b.ts": {
      name: "b.ts",
      label: "b.ts",
      language: "typescript",
      text: "b",
      source: { file: "slides/1.md", line: 9 },
    },
  },
  cells: [{ entry: "a.ts", files: ["a.ts"] }],
})

let time = 0
const notices = { denied: vi.fn(), conflict: vi.fn() }
const browser = () => new Projects(notices, { now: () => ++time, later: () => () => {}, journal: () => localStorage })

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory())
  vi.stubGlobal("IDBKeyRange", IDBKeyRange)
  vi.stubGlobal("BroadcastChannel", undefined)
  vi.clearAllMocks()
})
afterEach(() => vi.unstubAllGlobals())

describe("Projects", () => {
  it("loads a project once, and gives every cell the same texts", async () => {
    const projects = browser()
    const load = vi.fn(async () => data())
    projects.register("deck", load)
    const [one, two] = await Promise.all([projects.open("deck"), projects.open("deck")])
    expect(one).toBe(two)
    expect(load).toHaveBeenCalledTimes(1)
    const heard: string[] = []
    two.subscribe((file) => heard.push(file))
    one.setText("a.ts", "edited")
    expect(two.text("a.ts")).toBe("edited")
    expect(heard).toEqual(["a.ts"])
    expect(two.changed()).toEqual({ "a.ts": "edited" })
  })

  it("knows of edits before the project is loaded", async () => {
    const before = browser()
    before.register("deck", async () => data())
    ;(await before.open("deck")).setText("a.ts", "edited")
    await before.flush()

    const after = browser()
    const load = vi.fn(async () => data())
    after.register("deck", load)
    expect(await after.hasEdits("deck", ["b.ts"])).toBe(false)
    expect(await after.hasEdits("deck", ["a.ts"])).toBe(true)
    expect(load).not.toHaveBeenCalled()
    expect((await after.open("deck")).text("a.ts")).toBe("edited")
  })

  it("keeps the reader's text when the author changed theirs", async () => {
    const before = browser()
    before.register("deck", async () => data())
    ;(await before.open("deck")).setText("a.ts", "edited")
    await before.flush()

    const after = browser()
    after.register("deck", async () => data("export const x = 2\n"))
    const store = await after.open("deck")
    expect([store.text("a.ts"), store.stale("a.ts"), store.edited("a.ts")]).toEqual(["edited", true, true])
    const undo = store.reset(["a.ts"])
    expect([store.text("a.ts"), store.stale("a.ts")]).toEqual(["export const x = 2\n", false])
    undo()
    expect([store.text("a.ts"), store.stale("a.ts")]).toEqual(["edited", true])
    store.keep("a.ts")
    expect([store.text("a.ts"), store.stale("a.ts")]).toEqual(["edited", false])
  })

  it("resets, and takes the reset back", async () => {
    const projects = browser()
    projects.register("deck", async () => data())
    const store = await projects.open("deck")
    store.setText("a.ts", "one")
    store.setText("b.ts", "two")
    const undo = store.reset(["a.ts", "b.ts"])
    expect(store.changed()).toEqual({})
    undo()
    expect(store.changed()).toEqual({ "a.ts": "one", "b.ts": "two" })
  })

  it("refuses a project that nobody registered, and a fetch that failed may be tried again", async () => {
    const projects = browser()
    await expect(projects.open("nowhere")).rejects.toThrow(/no project named "nowhere"/)
    let tries = 0
    projects.register("deck", async () => {
      tries += 1
      if (tries === 1) throw new Error("offline")
      return data()
    })
    await expect(projects.open("deck")).rejects.toThrow(/offline.*try again/)
    expect((await projects.open("deck")).name).toBe("deck")
  })

  it("ignores a text for a file that the project does not have", async () => {
    const projects = browser()
    projects.register("deck", async () => data())
    const store = await projects.open("deck")
    store.setText("z.ts", "x")
    expect(store.changed()).toEqual({})
  })
})
