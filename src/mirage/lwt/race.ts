// Callbacks that are put on several promises and run for the first one only: choose, pick and their kin. What is left of
// them on a promise that lives long is dropped now and then, or each `choose([shutdown, …])` in a loop would leak one.

import { addCallback, PlainCallback, type Cell, cleanUp, isPending, underlying } from "./resolution.ts"

/** A callback whose action is a closure. */
export class Entry extends PlainCallback {
  declare readonly f: (source: Cell) => Cell | undefined

  constructor(f: (source: Cell) => Cell | undefined) {
    super()
    this.f = f
  }

  override run(source: Cell): Cell | undefined {
    return this.f(source)
  }
}

/** One action for several pending cells, to be run for the first that is settled, and never if it was disarmed. */
export class Disarmable {
  declare private readonly cells: readonly Cell[]
  declare private readonly f: (source: Cell) => Cell | undefined
  /** False when it has run, or will never run. */
  declare armed: boolean

  constructor(cells: readonly Cell[], f: (source: Cell) => Cell | undefined) {
    this.cells = cells
    this.f = f
    this.armed = true
  }

  /** Put it on every cell: they are no proxies yet. */
  arm(): void {
    for (const cell of this.cells) addCallback(cell, new RaceCallback(this))
  }

  /** From now on it does nothing. */
  disarm(): void {
    this.armed = false
    for (const p of this.cells) {
      const cell = underlying(p)
      if (isPending(cell)) cleanUp(cell, 1)
    }
  }

  run(source: Cell): Cell | undefined {
    if (!this.armed) return undefined
    this.disarm()
    return this.f(source)
  }
}

class RaceCallback extends PlainCallback {
  declare readonly race: Disarmable

  constructor(race: Disarmable) {
    super()
    this.race = race
  }

  override run(source: Cell): Cell | undefined {
    return this.race.run(source)
  }

  override get dead(): boolean {
    return !this.race.armed
  }
}
