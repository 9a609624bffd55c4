// Which promise stands under which. A promise stands under the one that waits for it, as the parts of a join do, and the
// links of a chain of binds; so a row can be folded over everything that it is waiting for.

import type { Thread } from "./threads.ts"

/** The promises in the order of their rows, and how far each reaches. */
export interface Tree {
  /** Ids; what stands under a promise comes right after it. */
  readonly order: Int32Array
  /** By place in `order`: how many stand under it, at any depth. */
  readonly under: Int32Array
  /** By place: how deep it stands. */
  readonly depth: Int32Array
  /** By id: place in `order`. */
  readonly place: Int32Array
}

/** Put `threads`, which are listed by id, into a tree. No recursion: a chain of binds may be as deep as there are promises. */
export function treeOf(threads: readonly Thread[]): Tree {
  const count = threads.length
  const above = parents(threads)
  // Lists of children as two arrays of links; from the last to the first, so that they come out in the order of making.
  const child = new Int32Array(count).fill(-1)
  const sibling = new Int32Array(count).fill(-1)
  for (let id = count - 1; id >= 0; id--) {
    const parent = above[id]!
    if (parent < 0) continue
    sibling[id] = child[parent]!
    child[parent] = id
  }
  const order = new Int32Array(count)
  const under = new Int32Array(count)
  const depth = new Int32Array(count)
  const place = new Int32Array(count).fill(-1)
  let next = 0
  const lay = (root: number): void => {
    let id = root
    let deep = 0
    for (;;) {
      place[id] = next
      depth[next] = deep
      order[next++] = id
      if (child[id]! >= 0) {
        id = child[id]!
        deep++
        continue
      }
      // Up to the first that has a sibling; everything laid since stands under those that are left behind.
      while (id !== root && sibling[id]! < 0) {
        id = above[id]!
        under[place[id]!] = next - 1 - place[id]!
        deep--
      }
      if (id === root) break
      id = sibling[id]!
    }
  }
  for (let id = 0; id < count; id++) if (above[id]! < 0) lay(id)
  return { order, under, depth, place }
}

/** By id: the promise that it stands under; -1 for none. */
function parents(threads: readonly Thread[]): Int32Array {
  const above = new Int32Array(threads.length).fill(-1)
  for (const { id, waitsFor } of threads) {
    for (const one of waitsFor) if (above[one] === -1) above[one] = id
  }
  for (const { id, sameAs } of threads) if (above[id] === -1 && sameAs !== undefined) above[id] = sameAs
  // Promises may wait for each other in a circle, for ever. One of them is then said to wait for nobody.
  const seen = new Int32Array(threads.length)
  for (let id = 0; id < threads.length; id++) {
    let at = id
    while (at >= 0 && seen[at] === 0) {
      seen[at] = id + 1
      const up = above[at]!
      if (up >= 0 && seen[up] === id + 1) above[at] = -1
      at = above[at]!
    }
  }
  return above
}

/** The rows that show when some are folded. */
export interface Rows {
  /** Places in the tree's order. */
  readonly places: Int32Array
  /** By id: the row that it is in, its own or that of the one that is folded over it. */
  readonly rowOf: Int32Array
}

/** The rows of `tree`; `folded` says of ids. */
export function rowsOf(tree: Tree, folded: (id: number) => boolean): Rows {
  const places = new Int32Array(tree.order.length)
  const rowOf = new Int32Array(tree.order.length)
  let rows = 0
  for (let at = 0; at < tree.order.length; at++) {
    const id = tree.order[at]!
    places[rows] = at
    rowOf[id] = rows
    const hidden = tree.under[at]!
    if (hidden > 0 && folded(id)) {
      for (const end = at + hidden; at < end; ) rowOf[tree.order[++at]!] = rows
    }
    rows++
  }
  return { places: places.subarray(0, rows), rowOf }
}

/** More promises than this, and everything is folded to begin with. */
export const UNFOLDED = 60

/** Which rows are folded: all or none to begin with, and then as the reader says. */
export class Folding {
  #all: boolean | undefined
  #others = new Set<number>()

  /** Of a run with `count` promises: whether `id` is folded. */
  folded(id: number, count: number): boolean {
    return (this.#all ?? count > UNFOLDED) !== this.#others.has(id)
  }

  toggle(id: number): void {
    if (!this.#others.delete(id)) this.#others.add(id)
  }

  /** Fold or unfold all; `undefined` as at the beginning of a run. */
  all(folded: boolean | undefined): void {
    this.#all = folded
    this.#others = new Set()
  }
}
