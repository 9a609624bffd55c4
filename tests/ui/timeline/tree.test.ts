import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Thread } from "../../../src/ui/timeline/threads.ts"
import { Folding, rowsOf, treeOf, UNFOLDED } from "../../../src/ui/timeline/tree.ts"

const thread = (id: number, waitsFor: readonly number[] = [], sameAs?: number): Thread => ({
  id,
  made: { time: 0, step: id },
  site: [],
  waitsFor,
  context: undefined,
  until: undefined,
  end: undefined,
  asked: undefined,
  sameAs,
})

const open = (): boolean => false

/** `0(1(2) 3)`: what stands under what. */
function shape(threads: readonly Thread[]): string {
  const { order, under } = treeOf(threads)
  const show = (from: number, to: number): string => {
    const parts: string[] = []
    for (let at = from; at < to; at += under[at]! + 1) {
      parts.push(under[at] === 0 ? String(order[at]) : `${order[at]}(${show(at + 1, at + 1 + under[at]!)})`)
    }
    return parts.join(" ")
  }
  return show(0, order.length)
}

describe("treeOf", () => {
  it("puts what is waited for under what waits, in the order of making", () => {
    expect(shape([thread(0), thread(1, [0]), thread(2), thread(3, [1, 2]), thread(4)])).toBe("3(1(0) 2) 4")
  })

  it("puts a promise that two wait for under the first", () => {
    expect(shape([thread(0), thread(1, [0]), thread(2, [0])])).toBe("1(0) 2")
  })

  it("puts what bind's function made under what bind made, and the rounds of a loop beside each other", () => {
    expect(shape([thread(0), thread(1, [0]), thread(2), thread(3, [2], 1), thread(4), thread(5, [4], 1)])).toBe(
      "1(0 3(2) 5(4))",
    )
  })

  it("shows promises that wait for each other in a circle, once", () => {
    const circle = treeOf([thread(0, [2]), thread(1, [0]), thread(2, [1]), thread(3, [3])])
    expect([...circle.order].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  })

  it("has room for a chain of a hundred thousand", () => {
    const chain = Array.from({ length: 100_000 }, (_, id) => thread(id, id === 0 ? [] : [id - 1]))
    const { depth, under } = treeOf(chain)
    expect(depth.at(-1)).toBe(99_999)
    expect(under[0]).toBe(99_999)
  })

  it("has every promise once, and counts right what stands under it, whoever waits for whom", () => {
    const graphs = fc.array(fc.record({ waits: fc.array(fc.nat(20), { maxLength: 3 }), same: fc.option(fc.nat(20)) }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(graphs, (nodes) => {
        const within = (n: number): boolean => n < nodes.length
        const all = nodes.map(({ waits, same }, id) =>
          thread(id, waits.filter(within), same !== null && within(same) ? same : undefined),
        )
        const { order, under, depth, place } = treeOf(all)
        expect([...order].toSorted((a, b) => a - b)).toEqual(nodes.map((_, i) => i))
        for (let at = 0; at < order.length; at++) {
          expect(place[order[at]!]).toBe(at)
          let end = at + 1
          while (end < order.length && depth[end]! > depth[at]!) end++
          expect(under[at]).toBe(end - 1 - at)
        }
      }),
    )
  })
})

describe("rowsOf", () => {
  const tree = treeOf([thread(0), thread(1, [0]), thread(2), thread(3, [1, 2]), thread(4)])

  it("has a row for each, or one for what is folded", () => {
    expect([...rowsOf(tree, open).places]).toEqual([0, 1, 2, 3, 4])
    const { places, rowOf } = rowsOf(tree, (id) => id === 3)
    expect([...places].map((at) => tree.order[at])).toEqual([3, 4])
    expect([...rowOf]).toEqual([0, 0, 0, 0, 1])
    expect([...rowsOf(tree, (id) => id === 1).places].map((at) => tree.order[at])).toEqual([3, 1, 2, 4])
  })

  it("folds nothing that has nothing under it", () => {
    expect(rowsOf(tree, (id) => id === 4).places.length).toBe(5)
  })
})

describe("Folding", () => {
  it("begins folded where there are many, and then does what it is told", () => {
    const folding = new Folding()
    expect([folding.folded(1, UNFOLDED), folding.folded(1, UNFOLDED + 1)]).toEqual([false, true])
    folding.toggle(1)
    expect([folding.folded(1, 9999), folding.folded(2, 9999)]).toEqual([false, true])
    folding.all(false)
    expect(folding.folded(2, 9999)).toBe(false)
    folding.all(undefined)
    expect(folding.folded(1, 9999)).toBe(true)
  })
})
