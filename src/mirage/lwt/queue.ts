// What waits for its turn: paused promises, what wakeupLater has put off, the trampoline.

import type { Cell } from "./resolution.ts"

/** A first-in first-out queue of cells, in an array that is used again and again: its capacity is a power of two. */
export class Queue {
  #cells: (Cell | undefined)[] = emptyPlaces(16)
  #head = 0
  #length = 0

  get isEmpty(): boolean {
    return this.#length === 0
  }

  get length(): number {
    return this.#length
  }

  push(cell: Cell): void {
    const cells = this.#cells
    if (this.#length === cells.length) return this.#growAndPush(cell)
    cells[(this.#head + this.#length++) & (cells.length - 1)] = cell
  }

  /** The oldest. There must be one. */
  take(): Cell {
    const cells = this.#cells
    const head = this.#head
    const cell = cells[head]
    // What has been taken must not stay reachable.
    cells[head] = undefined
    this.#head = (head + 1) & (cells.length - 1)
    // What was needed once, for a million at the same time, is not kept for ever.
    if (--this.#length === 0 && cells.length > 4096) this.clear()
    return cell!
  }

  clear(): void {
    this.#cells = emptyPlaces(16)
    this.#head = 0
    this.#length = 0
  }

  #growAndPush(cell: Cell): void {
    const cells = this.#cells
    const newest = cells.slice(0, this.#head)
    this.#cells = cells.slice(this.#head).concat(newest, emptyPlaces(cells.length))
    this.#head = 0
    this.push(cell)
  }
}

function emptyPlaces(n: number): undefined[] {
  return Array.from({ length: n }, () => undefined)
}
