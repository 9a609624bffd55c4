// The heap of timers beside a list that is sorted each time.

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { type Timer, Timers } from "../../../src/mirage/os/timers.ts"

/** A timer as the list has it. */
interface Expected {
  readonly id: number
  readonly when: number
  readonly cancel: () => void
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant("add" as const), n: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("sleep" as const), n: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("cancel" as const), n: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("fire" as const), n: fc.nat(20) }) },
)

describe("laws", () => {
  it("fires what is due, soonest and oldest first, and nothing that was cancelled", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const timers = new Timers()
        const fired: number[] = []
        let expected: Expected[] = []
        steps.forEach(({ op, n }, id) => {
          if (op === "add") {
            const timer: Timer = timers.add(n, () => fired.push(id))
            expected.push({ id, when: n, cancel: () => timer.cancel() })
          } else if (op === "sleep") {
            const p = timers.addPromise(n)
            Lwt.onSuccess(p, () => fired.push(id))
            expected.push({ id, when: n, cancel: () => Lwt.cancel(p) })
          } else if (op === "cancel" && expected.length > 0) {
            const [cancelled] = expected.splice(n % expected.length, 1)
            cancelled!.cancel()
            cancelled!.cancel()
          } else if (op === "fire") {
            const due = expected.filter((t) => t.when <= n).sort((a, b) => a.when - b.when || a.id - b.id)
            expected = expected.filter((t) => t.when > n)
            fired.length = 0
            while (timers.fireFirst(n, timers.made)) {}
            expect(fired).toEqual(due.map((t) => t.id))
            for (const t of due) t.cancel()
          }
          expect([timers.size, timers.next]).toEqual([
            expected.length,
            Math.min(...expected.map((t) => t.when), Infinity),
          ])
        })
      }),
      { numRuns: 300 },
    )
  })

  it("keeps its order when it is built anew because most have been cancelled", () => {
    const timers = new Timers()
    const fired: number[] = []
    // All but every seventh are cancelled, from all over the heap.
    const all = Array.from({ length: 1000 }, (_, i) => timers.add((i * 7919) % 101, () => fired.push(i)))
    for (let n = 0; n < 1000; n++) {
      const i = (500 + n * 3) % 1000
      if (i % 7 !== 0) all[i]!.cancel()
    }
    const left = Array.from({ length: 143 }, (_, i) => 7 * i)
    expect(timers.size).toBe(left.length)
    timers.add(50, () => fired.push(1000))
    while (timers.fireFirst(Infinity, timers.made)) {}
    expect(fired).toEqual([...left, 1000].sort((a, b) => when(a) - when(b) || a - b))
    expect([timers.size, timers.next]).toEqual([0, Infinity])
    function when(i: number): number {
      return i === 1000 ? 50 : (i * 7919) % 101
    }
  })

  it("gives back its room after many, and goes on", () => {
    const timers = new Timers()
    const order: number[] = []
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 20_000; i++) timers.add((i * 7919) % 20_011, () => order.push((i * 7919) % 20_011))
      while (timers.fireFirst(Infinity, timers.made)) {}
      expect(order).toEqual(order.toSorted((a, b) => a - b))
      expect(order.splice(0)).toHaveLength(20_000)
    }
  })
})
