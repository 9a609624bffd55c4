import { describe, expect, it } from "vitest"
import type { ThreadEvent } from "../../../src/sandbox/protocol.ts"
import { compile } from "../../../src/toolchain/compile.ts"
import { Names } from "../../../src/ui/timeline/names.ts"
import { Threads } from "../../../src/ui/timeline/threads.ts"
import { Words } from "../../../src/ui/timeline/words.ts"

const TEXT = `const [tea, toast] = [sleep(2), sleep(1)]
const all = [1, 2].map((n) => sleep(n))
const first = choose(all)
`
const SITES = [
  [{ file: "m.ts", line: 1, column: 23 }],
  [{ file: "m.ts", line: 2, column: 31 }],
  [{ file: "m.ts", line: 3, column: 15 }],
]
const made = (id: number, site: number, waitsFor: readonly number[] = [], context?: string): ThreadEvent => ({
  tag: "made",
  id,
  time: 0,
  site,
  waitsFor,
  ...(context !== undefined && { context }),
})

function words(...events: ThreadEvent[]): { threads: Threads; words: Words } {
  const compiled = compile("m.ts", TEXT)
  if (!compiled.ok) throw new Error(compiled.error.message)
  const threads = new Threads()
  threads.add({ events, sites: SITES })
  return { threads, words: new Words(new Names([compiled.value]), threads, () => "") }
}

describe("Words", () => {
  it("tell promises of one name apart by a number, and only these", () => {
    const { threads, words: w } = words(made(0, 0), made(1, 1), made(2, 1), made(3, 2, [1, 2]))
    expect(threads.list.map((thread) => w.called(thread))).toEqual(["tea", "sleep(n) #1", "sleep(n) #2", "first"])
    expect(threads.list.map((thread) => w.number(thread))).toEqual([undefined, 1, 2, undefined])
  })

  it("number a promise as soon as it has a namesake, and it keeps its number", () => {
    const { threads, words: w } = words(made(0, 1))
    expect(w.called(threads.list[0]!)).toBe("sleep(n)")
    threads.add({ events: [made(1, 1), made(2, 1)], sites: [] })
    expect(threads.list.map((thread) => w.called(thread))).toEqual(["sleep(n) #1", "sleep(n) #2", "sleep(n) #3"])
  })

  it("do not take promises of different contexts for namesakes", () => {
    const { threads, words: w } = words(made(0, 1, [], "a"), made(1, 1, [], "b"))
    expect(threads.list.map((thread) => w.called(thread))).toEqual(["a: sleep(n)", "b: sleep(n)"])
  })

  it("say which of several has decided a choice", () => {
    const { threads, words: w } = words(
      made(0, 1),
      made(1, 1),
      made(2, 2, [0, 1]),
      { tag: "fulfilled", id: 1, time: 1000 },
      { tag: "fulfilled", id: 2, time: 1000, by: 1 },
    )
    expect(w.wokenBy(threads.list[2]!)).toBe("sleep(n) #2")
    expect(w.sentence(threads.list[2]!)).toBe("first, line 3: made at 0.000 s, resolved at 1.000 s by sleep(n) #2")
    expect(w.wokenBy(threads.list[0]!)).toBe("–")
  })
})
