// Time for tests of protocols: it passes only when a test waits for a promise, and then at once.

import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import type { CLOCK, Instant, TIME } from "../../src/mirage/signatures/time.ts"

interface Event {
  readonly at: Instant
  readonly order: number
  readonly f: () => void
}

/** A TIME and a CLOCK, and the loop that makes time pass. */
export class VirtualTime implements TIME, CLOCK {
  #now: Instant = 0
  #order = 0
  /** A binary heap, earliest first; those of one instant in the order in which they were asked for. */
  readonly #heap: Event[] = []

  now(): Instant {
    return this.#now
  }

  sleep(seconds: number): Lwt.t<void> {
    const [p, u] = Lwt.task<void>()
    this.at(this.#now + seconds * 1000, () => {
      if (Lwt.isSleeping(p)) Lwt.wakeup(u)
    })
    return p
  }

  /** Call `f` at `at`. */
  at(at: Instant, f: () => void): void {
    const heap = this.#heap
    heap.push({ at, order: this.#order++, f })
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!before(heap[i]!, heap[parent]!)) break
      ;[heap[i], heap[parent]] = [heap[parent]!, heap[i]!]
      i = parent
    }
  }

  /** Let time pass until `p` is resolved, and give its value. Fails when nothing more will happen, or not before `limit`. */
  run<A>(p: Lwt.t<A>, limit: Instant = Number.POSITIVE_INFINITY): A {
    for (;;) {
      Lwt.wakeupPaused()
      const s = Lwt.state(p)
      if (s.tag === "Return") return s.value
      if (s.tag === "Fail") throw s.error
      if (Lwt.pausedCount() > 0) continue
      const next = this.#pop()
      if (next === undefined) throw new Error(`deadlock at ${this.#now} ms: nothing more will happen`)
      if (next.at > limit) throw new Error(`not resolved by ${limit} ms`)
      this.#now = Math.max(this.#now, next.at)
      next.f()
    }
  }

  /** Let `ms` pass. */
  pass(ms: number): void {
    this.run(this.sleep(ms / 1000))
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || heap.length === 0) return first
    heap[0] = last!
    for (let i = 0; ; ) {
      const left = 2 * i + 1
      if (left >= heap.length) return first
      const child = left + 1 < heap.length && before(heap[left + 1]!, heap[left]!) ? left + 1 : left
      if (!before(heap[child]!, heap[i]!)) return first
      ;[heap[i], heap[child]] = [heap[child]!, heap[i]!]
      i = child
    }
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** A RANDOM that is always the same for a seed (mulberry32). */
export function seededRandom(seed: number): { int(bound: number): number; generate(length: number): Uint8Array } {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return (x ^ (x >>> 14)) >>> 0
  }
  const int = (bound: number) => Math.floor((next() / 2 ** 32) * bound)
  return { int, generate: (length) => Uint8Array.from({ length }, () => int(256)) }
}
