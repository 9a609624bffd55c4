// The timers of a machine, soonest first: a binary heap in which every entry knows its place, so that a cancelled one is
// taken out at once and does not wait for its hour.

import type { Instant } from "../signatures/time.ts"

/** Something to be done at some time. */
export interface Timer {
  /** Do not do it. Nothing happens if it has been done. */
  cancel(): void
}

/** A timer in the heap. */
export class Entry implements Timer {
  readonly when: Instant
  /** Entries with the same time go in the order of their making. */
  readonly order: number
  readonly f: () => void
  /** Place in the heap; -1 if it is not there any more. */
  index: number = -1
  readonly #timers: Timers

  constructor(timers: Timers, when: Instant, order: number, f: () => void) {
    this.#timers = timers
    this.when = when
    this.order = order
    this.f = f
  }

  cancel(): void {
    if (this.index >= 0) this.#timers.remove(this)
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.when < b.when || (a.when === b.when && a.order < b.order)
}

/** The heap. The parent of entry i is entry (i - 1) / 2. */
export class Timers {
  readonly #heap: Entry[] = []
  #made = 0

  /** How many timers are waiting. */
  get size(): number {
    return this.#heap.length
  }

  /** How many timers have ever been made: the order of the next one. */
  get made(): number {
    return this.#made
  }

  /** The soonest. */
  get first(): Entry | undefined {
    return this.#heap[0]
  }

  add(when: Instant, f: () => void): Entry {
    const entry = new Entry(this, when, this.#made++, f)
    this.#heap.push(entry)
    this.#up(entry, this.#heap.length - 1)
    return entry
  }

  remove(entry: Entry): void {
    const hole = entry.index
    const last = this.#heap.pop()!
    entry.index = -1
    if (last === entry) return
    if (hole > 0 && before(last, this.#heap[(hole - 1) >> 1]!)) this.#up(last, hole)
    else this.#down(last, hole)
  }

  /** Put `entry` at `i` or, where it is sooner than its parent, above. */
  #up(entry: Entry, i: number): void {
    const heap = this.#heap
    while (i > 0) {
      const above = (i - 1) >> 1
      const parent = heap[above]!
      if (!before(entry, parent)) break
      heap[i] = parent
      parent.index = i
      i = above
    }
    heap[i] = entry
    entry.index = i
  }

  /** Put `entry` at `i` or, where it is later than a child, below. */
  #down(entry: Entry, i: number): void {
    const heap = this.#heap
    for (;;) {
      let below = 2 * i + 1
      if (below >= heap.length) break
      let child = heap[below]!
      const right = heap[below + 1]
      if (right !== undefined && before(right, child)) {
        child = right
        below++
      }
      if (!before(child, entry)) break
      heap[i] = child
      child.index = i
      i = below
    }
    heap[i] = entry
    entry.index = i
  }
}
