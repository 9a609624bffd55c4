import { IDBFactory, IDBKeyRange } from "fake-indexeddb"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Edits, hash } from "../../src/ui/edits.ts"

const open: Edits[] = []

interface Told {
  denied: string[]
  foreign: [string, string | undefined][]
  conflict: [string, string][]
}

let time = 1000

/** `localStorage`, as far as a journal uses it. */
class MemoryStorage {
  readonly items = new Map<string, string>()
  get length(): number {
    return this.items.size
  }
  key(i: number): string | null {
    return [...this.items.keys()][i] ?? null
  }
  getItem(name: string): string | null {
    return this.items.get(name) ?? null
  }
  setItem(name: string, value: string): void {
    this.items.set(name, value)
  }
  removeItem(name: string): void {
    this.items.delete(name)
  }
}

let storage = new MemoryStorage()

/** One page of the browser. Timers are run by hand. */
function page(deck = "deck", journal: () => MemoryStorage = () => storage) {
  const told: Told = { denied: [], foreign: [], conflict: [] }
  let due: { run: () => void; ms: number }[] = []
  const edits = new Edits(deck, {
    now: () => ++time,
    later: (run, ms) => {
      const entry = { run, ms }
      due.push(entry)
      return () => {
        due = due.filter((d) => d !== entry)
      }
    },
    journal,
    denied: (reason) => told.denied.push(reason),
    foreign: (file, text) => told.foreign.push([file, text]),
    conflict: (file, theirs) => told.conflict.push([file, theirs]),
  })
  open.push(edits)
  const elapse = () => {
    const now = due
    due = []
    for (const d of now) d.run()
  }
  return { edits, told, elapse, waiting: () => due.length }
}

beforeEach(() => {
  storage = new MemoryStorage()
  vi.stubGlobal("indexedDB", new IDBFactory())
  vi.stubGlobal("IDBKeyRange", IDBKeyRange)
})

afterEach(async () => {
  for (const edits of open.splice(0)) await edits.close()
  vi.unstubAllGlobals()
})

describe("Edits", () => {
  it("survive a reload", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "start", "mine")
    await first.edits.flush()
    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "start")).toEqual({ text: "mine", stale: false })
    expect(second.edits.has(["a.ts"])).toBe(true)
    expect(second.edits.has(["b.ts"])).toBe(false)
  })

  it("are written soon after typing, without flush: a crash loses little", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "start", "m")
    first.edits.set("a.ts", "start", "mi")
    expect(first.waiting()).toBe(1)
    first.elapse()
    await first.edits.flush()
    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "start")?.text).toBe("mi")
  })

  it("of one deck are not those of another", async () => {
    const first = page("deck")
    await first.edits.load()
    first.edits.set("a.ts", "start", "mine")
    await first.edits.flush()
    const other = page("lwt")
    await other.edits.load()
    expect(other.edits.get("a.ts", "start")).toBeUndefined()
  })

  it("keep the reader's text when the starting text has changed, and tell until they know", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "v1", "mine")
    await first.edits.flush()

    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "v2")).toEqual({ text: "mine", stale: true })
    // Typing on does not mean that they know.
    second.edits.set("a.ts", "v2", "mine!")
    await second.edits.flush()

    const third = page()
    await third.edits.load()
    expect(third.edits.get("a.ts", "v2")).toEqual({ text: "mine!", stale: true })
    third.edits.acknowledge("a.ts", "v2")
    await third.edits.flush()

    const fourth = page()
    await fourth.edits.load()
    expect(fourth.edits.get("a.ts", "v2")).toEqual({ text: "mine!", stale: false })
    // And the old version of the page still has the old edit.
    expect(fourth.edits.get("a.ts", "v1")).toEqual({ text: "mine", stale: false })
  })

  it("taken back do not come up again, though one of an older text is kept", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "v1", "mine")
    first.edits.set("b.ts", "v1", "mine")
    first.edits.set("b.ts", "v1", "v1")
    await first.edits.flush()
    const second = page()
    await second.edits.load()
    expect(second.edits.has(["b.ts"])).toBe(false)
    second.edits.set("a.ts", "v2", "v2")
    await second.edits.flush()
    const third = page()
    await third.edits.load()
    expect(third.edits.get("a.ts", "v2")).toBeUndefined()
  })

  it("an edit that equals the new starting text is no edit", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "v1", "v2")
    await first.edits.flush()
    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "v2")).toBeUndefined()
  })
})

describe("two tabs", () => {
  it("follow each other", async () => {
    const left = page()
    const right = page()
    await left.edits.load()
    await right.edits.load()
    left.edits.set("a.ts", "start", "from the left")
    await left.edits.flush()
    await vi.waitFor(() => expect(right.told.foreign).toEqual([["a.ts", "from the left"]]))
    expect(right.edits.get("a.ts", "start")?.text).toBe("from the left")
    // Following is knowing: no conflict.
    right.edits.set("a.ts", "start", "from the right")
    await right.edits.flush()
    expect(right.told.conflict).toEqual([])
  })

  it("that both typed: the last write wins, and hands out what it replaced", async () => {
    const left = page()
    const right = page()
    await left.edits.load()
    await right.edits.load()
    left.edits.set("a.ts", "start", "from the left")
    right.edits.set("a.ts", "start", "from the right")
    await left.edits.flush()
    await right.edits.flush()
    expect(right.told.conflict).toEqual([["a.ts", "from the left"]])
    expect(left.told.conflict).toEqual([])
    const third = page()
    await third.edits.load()
    expect(third.edits.get("a.ts", "start")?.text).toBe("from the right")
  })

  it("without BroadcastChannel still find the conflict", async () => {
    vi.stubGlobal("BroadcastChannel", undefined)
    const left = page()
    const right = page()
    await left.edits.load()
    await right.edits.load()
    left.edits.set("a.ts", "start", "from the left")
    await left.edits.flush()
    right.edits.set("a.ts", "start", "from the right")
    await right.edits.flush()
    expect(right.told.conflict).toEqual([["a.ts", "from the left"]])
  })
})

describe("denied storage", () => {
  const denials: [string, unknown][] = [
    ["missing", undefined],
    [
      "throwing",
      {
        open() {
          throw new DOMException("The operation is insecure.", "SecurityError")
        },
      },
    ],
    [
      "failing",
      {
        open() {
          const request: { error: Error; onerror?: () => void } = { error: new Error("denied") }
          queueMicrotask(() => request.onerror?.())
          return request
        },
      },
    ],
  ]

  it.each(denials)("%s: says so once and works from memory", async (_name, indexedDB) => {
    vi.stubGlobal("indexedDB", indexedDB)
    const { edits, told } = page()
    await edits.load()
    edits.set("a.ts", "start", "mine")
    await edits.flush()
    edits.set("a.ts", "start", "mine again")
    await edits.flush()
    expect(edits.get("a.ts", "start")).toEqual({ text: "mine again", stale: false })
    expect(told.denied).toHaveLength(1)
  })

  it("a database that never opens is treated as denied, in time", async () => {
    vi.stubGlobal("indexedDB", { open: () => ({}) })
    const { edits, told, elapse } = page()
    const loading = edits.load()
    edits.set("a.ts", "start", "mine")
    elapse()
    await loading
    expect(told.denied).toHaveLength(1)
    expect(edits.get("a.ts", "start")?.text).toBe("mine")
  })
})

describe("hash", () => {
  it("tells near texts apart", () => {
    const texts = ["", "a", "b", "ab", "ba", "a\n", "const x = 1", "const x = 2"]
    expect(new Set(texts.map(hash)).size).toBe(texts.length)
    expect(hash("const x = 1")).toBe(hash("const x = 1"))
  })
})

describe("the journal of edits", () => {
  it("keeps what a page could not write before it went", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "start", "mine")
    // Gone, with its timer and without a flush.
    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "start")).toEqual({ text: "mine", stale: false })
    await second.edits.flush()
    expect(storage.items.size).toBe(0)
    const third = page()
    await third.edits.load()
    expect(third.edits.get("a.ts", "start")).toEqual({ text: "mine", stale: false })
  })

  it("keeps that an edit was taken back", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "start", "mine")
    await first.edits.flush()
    first.edits.set("a.ts", "start", "start")
    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "start")).toBeUndefined()
  })

  it("is struck out when the database has the edit", async () => {
    const { edits } = page()
    await edits.load()
    edits.set("a.ts", "start", "one")
    edits.set("a.ts", "start", "two")
    expect(storage.items.size).toBe(1)
    await edits.flush()
    expect(storage.items.size).toBe(0)
  })

  it("does not bring back what is older than the database", async () => {
    const first = page()
    await first.edits.load()
    first.edits.set("a.ts", "start", "older")
    const left = new Map(storage.items)
    first.edits.set("a.ts", "start", "newer")
    await first.edits.flush()
    for (const [name, value] of left) storage.items.set(name, value)
    const second = page()
    await second.edits.load()
    expect(second.edits.get("a.ts", "start")?.text).toBe("newer")
    expect(storage.items.size).toBe(0)
  })

  it("does not mind nonsense, nor another deck's entries", async () => {
    storage.items.set("mirage-edit deck x a.ts", "{nonsense")
    storage.items.set("mirage-edit other y a.ts", "{}")
    const { edits } = page()
    await edits.load()
    expect(edits.get("a.ts", "start")).toBeUndefined()
    expect([...storage.items.keys()]).toEqual(["mirage-edit other y a.ts"])
  })

  it("is done without where storage is denied", async () => {
    const refuse = (): never => {
      throw new Error("denied")
    }
    const { edits } = page("deck", refuse)
    await edits.load()
    edits.set("a.ts", "start", "mine")
    await edits.flush()
    expect(edits.get("a.ts", "start")?.text).toBe("mine")
  })
})
