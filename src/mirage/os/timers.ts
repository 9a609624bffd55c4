// The timers of a machine, soonest first: a heap in which every entry knows its place, so that a cancelled one is taken out
// at once and does not wait for its hour.
//
// An entry has a slot for as long as it waits. The heap itself is arrays of numbers, times and slots and where each slot is:
// to put an entry into order among a million others then touches no other entry, each of which would be a cache miss.

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
  /** Its slot; -1 if it is not there any more. */
  slot: number
  fire(): void
}

/** A function to be called. */
class Alarm implements Entry, Timer {
  declare slot: number
  declare readonly timers: Timers
  declare readonly f: () => void

  constructor(timers: Timers, f: () => void) {
    this.slot = -1
    this.timers = timers
    this.f = f
  }

  fire(): void {
    this.f()
  }

  cancel(): void {
    if (this.slot >= 0) this.timers.remove(this.slot)
  }
}

/** A promise to be resolved: and its own callback, which takes it out when it is cancelled. */
class Sleep extends LwtPromise<void> implements Entry, Callback {
  declare slot: number
  declare readonly timers: Timers
  declare next: Callback | undefined

  constructor(timers: Timers) {
    super(PENDING, "self")
    this.slot = -1
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
    if (this.slot >= 0) this.timers.remove(this.slot)
  }
}

/** Room that is there from the beginning. */
const CAPACITY = 64

/** The heap. The children of entry i are entries 4i + 1 to 4i + 4: flatter than a binary one, and as many comparisons. */
export class Timers {
  /** By place: when, and the number of its making, which decides where times are equal. Side by side in one cache line. */
  #keys = new Float64Array(2 * CAPACITY)
  /** By place: which slot. */
  #slots = new Int32Array(CAPACITY)
  /** By slot: the entry, and its place. Slots that nobody has stand in #slots after the last place. */
  readonly #entries: (Entry | undefined)[] = []
  #places = new Int32Array(CAPACITY)
  #size = 0
  #made = 0

  /** How many timers are waiting. */
  get size(): number {
    return this.#size
  }

  /** How many timers have ever been made: the order of the next one. */
  get made(): number {
    return this.#made
  }

  /** When the soonest is due; Infinity if there is none. */
  get next(): Instant {
    return this.#size > 0 ? this.#keys[0]! : Infinity
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
    if (this.#size === 0 || this.#keys[0]! > now || this.#keys[1]! >= made) return false
    const first = this.#entries[this.#slots[0]!]!
    this.remove(first.slot)
    first.fire()
    return true
  }

  /** Take the entry of a slot out. */
  remove(slot: number): void {
    const place = this.#places[slot]!
    const last = --this.#size
    this.#entries[slot]!.slot = -1
    this.#entries[slot] = undefined
    if (place !== last) {
      const [time, order, moved] = [this.#keys[2 * last]!, this.#keys[2 * last + 1]!, this.#slots[last]!]
      if (place > 0 && this.#isBefore(time, order, (place - 1) >> 2)) this.#up(time, order, moved, place)
      else this.#down(time, order, moved, place)
      this.#slots[last] = slot
    }
    // What was needed once, for a million at the same time, is not kept for ever.
    if (last === 0 && this.#slots.length > 64 * CAPACITY) this.#resize(CAPACITY)
  }

  #insert(when: Instant, entry: Entry): void {
    const place = this.#size++
    if (place === this.#slots.length) this.#resize(2 * place)
    let slot = this.#slots[place]!
    if (place === this.#entries.length) {
      slot = place
      this.#entries.push(entry)
    } else this.#entries[slot] = entry
    entry.slot = slot
    this.#up(when, this.#made++, slot, place)
  }

  #resize(capacity: number): void {
    this.#keys = resized(this.#keys, new Float64Array(2 * capacity))
    this.#slots = resized(this.#slots, new Int32Array(capacity))
    this.#places = resized(this.#places, new Int32Array(capacity))
    if (this.#size === 0) this.#entries.length = 0
  }

  #isBefore(time: number, order: number, place: number): boolean {
    const other = this.#keys[2 * place]!
    return time < other || (time === other && order < this.#keys[2 * place + 1]!)
  }

  #put(time: number, order: number, slot: number, place: number): void {
    this.#keys[2 * place] = time
    this.#keys[2 * place + 1] = order
    this.#slots[place] = slot
    this.#places[slot] = place
  }

  #move(from: number, to: number): void {
    this.#put(this.#keys[2 * from]!, this.#keys[2 * from + 1]!, this.#slots[from]!, to)
  }

  /** Put an entry at `place` or, where it is sooner than its parent, above. */
  #up(time: number, order: number, slot: number, place: number): void {
    while (place > 0) {
      const above = (place - 1) >> 2
      if (!this.#isBefore(time, order, above)) break
      this.#move(above, place)
      place = above
    }
    this.#put(time, order, slot, place)
  }

  /** Put an entry at `place` or, where it is later than a child, below. */
  #down(time: number, order: number, slot: number, place: number): void {
    for (;;) {
      const first = 4 * place + 1
      if (first >= this.#size) break
      const end = Math.min(first + 4, this.#size)
      let least = first
      for (let child = first + 1; child < end; child++)
        if (this.#isBefore(this.#keys[2 * child]!, this.#keys[2 * child + 1]!, least)) least = child
      if (this.#isBefore(time, order, least)) break
      this.#move(least, place)
      place = least
    }
    this.#put(time, order, slot, place)
  }
}

function resized<Numbers extends Float64Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from.subarray(0, to.length))
  return to
}
