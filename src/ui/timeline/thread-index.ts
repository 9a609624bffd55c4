// What a picture needs to know of all promises at once, worked out when they have changed and not before.

import { at, type Scale } from "./axis.ts"
import type { Threads } from "./threads.ts"
import { Folding, type Rows, rowsOf, type Tree, treeOf } from "./tree.ts"

const NONE: readonly number[] = []

/** The tree of promises, its rows, who woke whom, and when anything happened. */
export class ThreadIndex {
  readonly #threads: Threads
  readonly #folding = new Folding()
  #version = -1
  #tree: Tree = treeOf([])
  #rows: Rows | undefined
  #woken = new Map<number, number[]>()
  readonly #moments: Record<Scale, Float64Array | undefined> = { time: undefined, order: undefined }

  constructor(threads: Threads) {
    this.#threads = threads
  }

  get tree(): Tree {
    this.#renew()
    return this.#tree
  }

  get rows(): Rows {
    this.#renew()
    this.#rows ??= rowsOf(this.#tree, (id) => this.folded(id))
    return this.#rows
  }

  /** The promises that `id` has woken. */
  woken(id: number): readonly number[] {
    return this.#woken.get(id) ?? NONE
  }

  /** When anything happened, in order, each once. */
  moments(scale: Scale): Float64Array {
    this.#renew()
    this.#moments[scale] ??= this.#allMoments(scale)
    return this.#moments[scale]
  }

  folded(id: number): boolean {
    return this.#folding.folded(id, this.#threads.list.length)
  }

  get anyFolded(): boolean {
    return this.rows.places.length < this.tree.order.length
  }

  toggle(id: number): void {
    this.#folding.toggle(id)
    this.#rows = undefined
  }

  /** Fold or unfold all. */
  foldAll(folded: boolean): void {
    this.#folding.all(folded)
    this.#rows = undefined
  }

  #renew(): void {
    if (this.#version === this.#threads.version) return
    this.#version = this.#threads.version
    this.#tree = treeOf(this.#threads.list)
    this.#rows = undefined
    this.#moments.time = this.#moments.order = undefined
    this.#woken = new Map()
    for (const { id, end } of this.#threads.list) {
      if (end?.because.tag !== "promise") continue
      const by = this.#woken.get(end.because.id)
      if (by === undefined) this.#woken.set(end.because.id, [id])
      else by.push(id)
    }
  }

  #allMoments(scale: Scale): Float64Array {
    const all = new Set<number>()
    for (const { made, end, asked } of this.#threads.list) {
      for (const moment of [made, end, asked]) if (moment !== undefined) all.add(at(moment, scale))
    }
    return Float64Array.from(all).toSorted()
  }
}
