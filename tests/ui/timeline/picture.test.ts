import { describe, expect, it } from "vitest"
import type { ThreadEvent } from "../../../src/sandbox/protocol.ts"
import { whole } from "../../../src/ui/timeline/axis.ts"
import { Names } from "../../../src/ui/timeline/names.ts"
import {
  AXIS,
  draw,
  onTriangle,
  type Pen,
  ROW,
  rowAt,
  rowsInView,
  type Scene,
} from "../../../src/ui/timeline/picture.ts"
import { ThreadIndex } from "../../../src/ui/timeline/thread-index.ts"
import { Threads } from "../../../src/ui/timeline/threads.ts"
import { Words } from "../../../src/ui/timeline/words.ts"

/** A pen that writes down what it is told. */
function paper() {
  const said: string[] = []
  const pen: Pen = {
    rect: (ink) => said.push(`rect ${ink}`),
    line: (ink, ..._rest) => said.push(`line ${ink}`),
    arrow: (ink, _x1, y1, _x2, y2, dashed) =>
      said.push(`arrow ${ink}${dashed ? " dashed" : ""} ${y2 > y1 ? "down" : "up"}`),
    mark: (mark) => said.push(`mark ${mark}`),
    text: (_ink, text) => {
      said.push(`text ${text}`)
      return text.length * 6
    },
    triangle: (_ink, _x, _y, open) => said.push(open ? "open" : "folded"),
    clip: () => {},
    unclip: () => {},
  }
  return { pen, said, of: (what: string) => said.filter((s) => s.startsWith(what)) }
}

function scene(events: readonly ThreadEvent[], more: Partial<Scene> = {}): { scene: Scene; index: ThreadIndex } {
  const threads = new Threads()
  threads.add({ events, sites: [[{ file: "m.ts", line: 4, column: 1 }]] })
  const index = new ThreadIndex(threads)
  const base: Scene = {
    width: 800,
    height: 300,
    names: 200,
    top: 0,
    threads: threads.list,
    tree: index.tree,
    rows: index.rows,
    folded: (id) => index.folded(id),
    woken: (id) => index.woken(id),
    words: new Words(new Names([]), threads, () => ""),
    view: whole(threads.lastTime, 600),
    scale: "time",
    last: { time: threads.lastTime, step: threads.steps },
    cursor: undefined,
    selected: 0,
    focused: false,
  }
  return { scene: { ...base, ...more }, index }
}

const made = (id: number, waitsFor: readonly number[] = []): ThreadEvent => ({
  tag: "made",
  id,
  time: 0,
  site: 0,
  waitsFor,
})
const CANCEL: readonly ThreadEvent[] = [
  made(0),
  made(1, [0]),
  { tag: "cancels", id: 1, time: 5, site: 0 },
  { tag: "cancelled", id: 0, time: 5, by: 1 },
  { tag: "cancelled", id: 1, time: 5, by: 0 },
]

describe("draw", () => {
  it("shows what is made, how it ends and who woke it, in shapes and words", () => {
    const { pen, of } = paper()
    draw(
      scene([
        made(0),
        made(1, [0]),
        made(2),
        { tag: "fulfilled", id: 0, time: 5 },
        { tag: "rejected", id: 1, time: 5, error: "no", by: 0 },
      ]).scene,
      pen,
    )
    expect(of("mark")).toEqual([
      "mark made",
      "mark rejected",
      "mark made",
      "mark fulfilled",
      "mark made",
      "mark waiting",
    ])
    expect(of("arrow")).toEqual(["arrow rejected up"])
    expect(of("text")).toEqual(
      expect.arrayContaining(["text failed: no", "text resolved", "text still waits", "text 4"]),
    )
  })

  it("shows one arrow for the thousands that leave the picture together", () => {
    const n = 5000
    const ids = Array.from({ length: n }, (_, i) => i + 1)
    const waking = ids.map((id): ThreadEvent => ({ tag: "fulfilled", id, time: 5, by: 0 }))
    const events: ThreadEvent[] = [
      made(0),
      ...ids.map((id) => made(id)),
      { tag: "fulfilled", id: 0, time: 5 },
      ...waking,
    ]
    const { pen, of } = paper()
    const all = scene(events).scene
    draw(all, pen)
    const inView = rowsInView(all)[1]
    expect(of("arrow").length).toBeGreaterThan(inView - 3)
    expect(of("arrow").length).toBeLessThan(inView + 3)
  })

  it("shows cancelling go backwards, dashed, and the rejection come forwards", () => {
    const { pen, of } = paper()
    draw(scene(CANCEL).scene, pen)
    expect(of("arrow")).toEqual(expect.arrayContaining(["arrow cancelled dashed down", "arrow cancelled up"]))
    expect(of("mark")).toContain("mark asked")
  })

  it("leaves out the place where there is no room for a name beside it", () => {
    const at = (names: number) => {
      const { pen, of } = paper()
      const { scene: base } = scene([made(0)])
      draw({ ...base, names, words: new Words(new Names([]), { list: base.threads }, () => "timer.ts") }, pen)
      return of("text timer.ts:4")
    }
    expect(at(200)).toHaveLength(1)
    expect(at(112)).toHaveLength(0)
  })

  it("looks only at what is in view, though there are ten thousand", () => {
    const many = Array.from({ length: 10_000 }, (_, id): ThreadEvent[] => [
      made(id),
      { tag: "fulfilled", id, time: id },
    ]).flat()
    const few = many.slice(0, 60)
    const work = (events: readonly ThreadEvent[], top: number) => {
      const { pen, said } = paper()
      draw(scene(events, { top }).scene, pen)
      return said.length
    }
    expect(work(many, 0)).toBeLessThan(work(few, 0) + 20)
    expect(work(many, 120_000)).toBeLessThan(work(few, 0) + 20)
  })

  it("shows what is folded away as notches, one for each point at most", () => {
    const parts = Array.from({ length: 5000 }, (_, id) => made(id))
    const ends = parts.map((_, id): ThreadEvent => ({ tag: "fulfilled", id, time: id }))
    const { scene: folded } = scene([
      ...parts,
      made(
        5000,
        parts.map((_, id) => id),
      ),
      ...ends,
    ])
    const { pen, of, said } = paper()
    draw(folded, pen)
    expect(said).toContain("folded")
    expect(said).toContain("text  #5001 (+5,000)")
    expect(of("line fulfilled").length).toBeGreaterThan(100)
    expect(of("line fulfilled").length).toBeLessThanOrEqual(600)
  })
})

describe("rows", () => {
  it("are found by where they are", () => {
    const { scene: some } = scene(CANCEL)
    expect([
      rowAt(some, 3),
      rowAt(some, AXIS + 1),
      rowAt(some, AXIS + ROW + 1),
      rowAt(some, AXIS + 2 * ROW + 1),
    ]).toEqual([undefined, 0, 1, undefined])
    expect(rowAt({ ...some, top: ROW }, AXIS + 1)).toBe(1)
    expect(rowsInView(some)).toEqual([0, 2])
    expect([onTriangle(some, 0, 8), onTriangle(some, 0, 60), onTriangle(some, 1, 20)]).toEqual([true, false, false])
  })
})

describe("ThreadIndex", () => {
  it("knows who woke whom and when anything happened, also after more has come", () => {
    const { index } = scene(CANCEL)
    expect(index.woken(1)).toEqual([0])
    expect([...index.moments("time")]).toEqual([0, 5])
    expect([...index.moments("order")]).toEqual([0, 1, 2, 3, 4])
    index.toggle(1)
    expect(index.anyFolded).toBe(true)
    index.foldAll(false)
    expect(index.rows.places.length).toBe(2)
  })
})

describe("Words", () => {
  it("say in a sentence what the picture shows", () => {
    const { scene: some } = scene(CANCEL)
    expect(some.words.sentence(some.threads[0]!)).toBe(
      "a promise #1, line 4: made at 0.000 s, cancelled at 0.005 s by a promise #2",
    )
    expect([some.words.wokenBy(some.threads[0]!), some.words.resolved(some.threads[0]!)]).toEqual([
      "a promise #2",
      "0.005 s",
    ])
  })

  it("put the context in which a promise was made before its name", () => {
    const { scene: some } = scene([{ tag: "made", id: 0, time: 0, site: 0, waitsFor: [], context: "request 7" }])
    expect(some.words.sentence(some.threads[0]!)).toBe("request 7: a promise, line 4: made at 0.000 s, still waits")
  })
})
