// The timers of a machine, soonest first: a heap.
//
// What is cancelled stays in the heap until it comes to the top, or until more than half of the heap is such: then the heap
// is built anew without it. So cancelling costs next to nothing, and nothing that was cancelled waits for its hour.
//
// The times are an array of numbers. To put an entry into order among a million others then touches no other entry, each of
// which would be a cache miss.

import type * as Lwt from "../lwt/lwt.ts"
import { LwtPromise } from "../lwt/promise.ts"
import { FULFILLED, isPending, type Owner, PENDING, runNow, settle, underlying } from "../lwt/resolution.ts"
import { trace, traceMade } from "../lwt/trace.ts"
import type { Instant } from "../signatures/time.ts"

/** Something to be done at some time. */
export interface Timer {
  /** Do not do it. Nothing happens if it has been done. */
  cancel(): void
}

/** What stands in the heap. */
interface Entry {
  /** There is nothing to do any more. */
  readonly isDone: boolean
  fire(): void
}

/** A function to be called. */
class Alarm implements Entry, Timer {
  declare readonly timers: Timers
  /** Not there any more when it has been called, or never will be. */
  declare f: (() => void) | undefined

  constructor(timers: Timers, f: () => void) {
    this.timers = timers
    this.f = f
  }

  get isDone(): boolean {
    return this.f === undefined
  }

  fire(): void {
    const f = this.f!
    this.f = undefined
    f()
  }

  cancel(): void {
    if (this.f === undefined) return
    this.f = undefined
    this.timers.forget()
  }
}

/** A promise to be resolved. Its owner is the heap, which hears when it is cancelled. */
class Sleep extends LwtPromise<void> implements Entry {
  constructor(timers: Timers) {
    super(PENDING, timers)
    if (trace.by !== undefined) traceMade(this)
  }

  get isDone(): boolean {
    return !isPending(underlying(this))
  }

  fire(): void {
    runNow(settle(underlying(this), FULFILLED, undefined))
  }
}

/** Room that is there from the beginning. */
const CAPACITY = 64

/** The heap. The children of entry i are entries 4i + 1 to 4i + 4: flatter than a binary one, and as many comparisons. */
export class Timers implements Owner {
  /** By place: when, and the number of its making, which decides where times are equal. Side by side in one cache line. */
  #keys = new Float64Array(2 * CAPACITY)
  /** By place. The first is never done. */
  readonly #entries: Entry[] = []
  /** So many of them are done. */
  #done = 0
  #made = 0

  /** How many timers are waiting. */
  get size(): number {
    return this.#entries.length - this.#done
  }

  /** How many timers have ever been made: the order of the next one. */
  get made(): number {
    return this.#made
  }

  /** When the soonest is due; Infinity if there is none. */
  get next(): Instant {
    return this.#entries.length > 0 ? this.#keys[0]! : Infinity
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
    if (this.#entries.length === 0 || this.#keys[0]! > now || this.#keys[1]! >= made) return false
    const first = this.#entries[0]!
    this.#removeFirst()
    this.#removeDone()
    first.fire()
    return true
  }

  /** An entry is done, and was not fired. */
  forget(): void {
    this.#done++
    this.#removeDone()
    const { length } = this.#entries
    if (length > CAPACITY && this.#done > length / 2) this.#rebuild()
  }

  #insert(when: Instant, entry: Entry): void {
    const place = this.#entries.length
    if (2 * place === this.#keys.length) this.#resize(2 * place)
    this.#entries.push(entry)
    this.#up(when, this.#made++, entry, place)
  }

  #removeFirst(): void {
    const last = this.#entries.length - 1
    const entry = this.#entries.pop()!
    if (last > 0) this.#down(this.#keys[2 * last]!, this.#keys[2 * last + 1]!, entry, 0)
    // What was needed once, for a million at the same time, is not kept for ever.
    else if (this.#keys.length > 128 * CAPACITY) this.#resize(CAPACITY)
  }

  /** Let the first be one that is not done. */
  #removeDone(): void {
    while (this.#entries.length > 0 && this.#entries[0]!.isDone) {
      this.#done--
      this.#removeFirst()
    }
  }

  #rebuild(): void {
    const entries = this.#entries
    const { length } = entries
    let kept = 0
    for (let place = 0; place < length; place++) if (!entries[place]!.isDone) this.#move(place, kept++)
    this.#done -= length - kept
    entries.length = kept
    for (let place = (kept - 2) >> 2; place >= 0; place--)
      this.#down(this.#keys[2 * place]!, this.#keys[2 * place + 1]!, entries[place]!, place)
  }

  #resize(capacity: number): void {
    const keys = new Float64Array(2 * capacity)
    keys.set(this.#keys.subarray(0, keys.length))
    this.#keys = keys
  }

  #isBefore(time: number, order: number, place: number): boolean {
    const other = this.#keys[2 * place]!
    return time < other || (time === other && order < this.#keys[2 * place + 1]!)
  }

  #put(time: number, order: number, entry: Entry, place: number): void {
    this.#keys[2 * place] = time
    this.#keys[2 * place + 1] = order
    this.#entries[place] = entry
  }

  #move(from: number, to: number): void {
    this.#put(this.#keys[2 * from]!, this.#keys[2 * from + 1]!, this.#entries[from]!, to)
  }

  /** Put an entry at `place` or, where it is sooner than its parent, above. */
  #up(time: number, order: number, entry: Entry, place: number): void {
    while (place > 0) {
      const above = (place - 1) >> 2
      if (!this.#isBefore(time, order, above)) break
      this.#move(above, place)
      place = above
    }
    this.#put(time, order, entry, place)
  }

  /** Put an entry at `place` or, where it is later than a child, below. */
  #down(time: number, order: number, entry: Entry, place: number): void {
    const { length } = this.#entries
    for (;;) {
      const first = 4 * place + 1
      if (first >= length) break
      const end = Math.min(first + 4, length)
      let least = first
      for (let child = first + 1; child < end; child++)
        if (this.#isBefore(this.#keys[2 * child]!, this.#keys[2 * child + 1]!, least)) least = child
      if (this.#isBefore(time, order, least)) break
      this.#move(least, place)
      place = least
    }
    this.#put(time, order, entry, place)
  }
}
