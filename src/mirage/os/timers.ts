// The timers of a machine, soonest first: a heap in which every entry knows its place, so that a cancelled one is taken out
// at once and does not wait for its hour. Times stand beside the entries in arrays of numbers: to compare two of a million
// entries is then to read two numbers near each other, and not two objects somewhere.

import type * as Lwt from "../lwt/lwt.ts"
import { LwtPromise } from "../lwt/promise.ts"
import { addCallback, type Callback, FULFILLED, PENDING, runNow, settle, underlying } from "../lwt/resolution.ts"
import type { Instant } from "../signatures/time.ts"

/** Something to be done at some time. */
export interface Timer {
  /** Do not do it. Nothing happens if it has been done. */
  cancel(): void
}

/** What stands in the heap. */
interface Entry {
  /** Its place; -1 if it is not there any more. */
  index: number
  fire(): void
}

/** A function to be called. */
class Alarm implements Entry, Timer {
  declare index: number
  declare readonly timers: Timers
  declare readonly f: () => void

  constructor(timers: Timers, f: () => void) {
    this.index = -1
    this.timers = timers
    this.f = f
  }

  fire(): void {
    this.f()
  }

  cancel(): void {
    if (this.index >= 0) this.timers.remove(this.index)
  }
}

/** A promise to be resolved: and its own callback, which takes it out when it is cancelled. */
class Sleep extends LwtPromise<void> implements Entry, Callback {
  declare index: number
  declare readonly timers: Timers
  declare next: Callback | undefined

  constructor(timers: Timers) {
    super(PENDING, "self")
    this.index = -1
    this.timers = timers
    addCallback(this, this)
  }

  fire(): void {
    runNow(settle(underlying(this), FULFILLED, undefined))
  }

  get dead(): boolean {
    return false
  }

  run(): undefined {
    return undefined
  }

  cancelled(): void {
    if (this.index >= 0) this.timers.remove(this.index)
  }
}

/** The heap. The children of entry i are entries 4i + 1 to 4i + 4: flatter than a binary one, and as many comparisons. */
export class Timers {
  #entries: Entry[] = []
  #times = new Float64Array(64)
  /** Entries with the same time go in the order of their making. */
  #orders = new Float64Array(64)
  #made = 0

  /** How many timers are waiting. */
  get size(): number {
    return this.#entries.length
  }

  /** How many timers have ever been made: the order of the next one. */
  get made(): number {
    return this.#made
  }

  /** When the soonest is due; Infinity if there is none. */
  get next(): Instant {
    return this.#entries.length > 0 ? this.#times[0]! : Infinity
  }

  /** Call `f` at `when`. */
  add(when: Instant, f: () => void): Timer {
    const alarm = new Alarm(this, f)
    this.#insert(when, alarm)
    return alarm
  }

  /** A promise that is resolved at `when`. Cancelling it takes it out. */
  addPromise(when: Instant): Lwt.t<void> {
    const p = new Sleep(this)
    this.#insert(when, p)
    return p
  }

  /** Do what is due soonest, if that is at `now` or before and was made before number `made`. Returns whether it was. */
  fireFirst(now: Instant, made: number): boolean {
    if (this.next > now || this.#entries.length === 0 || this.#orders[0]! >= made) return false
    const first = this.#entries[0]!
    this.remove(0)
    first.fire()
    return true
  }

  /** Take entry `i` out. */
  remove(i: number): void {
    this.#entries[i]!.index = -1
    const last = this.#entries.pop()!
    const place = this.#entries.length
    if (i === place) {
      // What was needed once, for a million at the same time, is not kept for ever.
      if (place === 0 && this.#times.length > 4096) {
        this.#times = new Float64Array(64)
        this.#orders = new Float64Array(64)
      }
      return
    }
    const time = this.#times[place]!
    const order = this.#orders[place]!
    const above = (i - 1) >> 2
    if (i > 0 && this.#isBefore(time, order, above)) this.#up(last, time, order, i)
    else this.#down(last, time, order, i)
  }

  #insert(when: Instant, entry: Entry): void {
    const place = this.#entries.length
    if (place === this.#times.length) {
      this.#times = enlarged(this.#times)
      this.#orders = enlarged(this.#orders)
    }
    this.#entries.push(entry)
    this.#up(entry, when, this.#made++, place)
  }

  #isBefore(time: number, order: number, i: number): boolean {
    const other = this.#times[i]!
    return time < other || (time === other && order < this.#orders[i]!)
  }

  #put(entry: Entry, time: number, order: number, i: number): void {
    this.#entries[i] = entry
    this.#times[i] = time
    this.#orders[i] = order
    entry.index = i
  }

  #move(from: number, to: number): void {
    this.#put(this.#entries[from]!, this.#times[from]!, this.#orders[from]!, to)
  }

  /** Put the entry at `i` or, where it is sooner than its parent, above. */
  #up(entry: Entry, time: number, order: number, i: number): void {
    while (i > 0) {
      const above = (i - 1) >> 2
      if (!this.#isBefore(time, order, above)) break
      this.#move(above, i)
      i = above
    }
    this.#put(entry, time, order, i)
  }

  /** Put the entry at `i` or, where it is later than a child, below. */
  #down(entry: Entry, time: number, order: number, i: number): void {
    const size = this.#entries.length
    for (;;) {
      const first = 4 * i + 1
      if (first >= size) break
      let least = first
      for (let child = first + 1; child < first + 4 && child < size; child++)
        if (this.#isBefore(this.#times[child]!, this.#orders[child]!, least)) least = child
      if (this.#isBefore(time, order, least)) break
      this.#move(least, i)
      i = least
    }
    this.#put(entry, time, order, i)
  }
}

function enlarged(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const more = new Float64Array(2 * numbers.length)
  more.set(numbers)
  return more
}
