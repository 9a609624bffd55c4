// The values that a control block is made of, and their laws.

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { insert, NOTHING, type Reassembly, take } from "../../../src/mirage/tcp/reassembly.ts"
import { append, drop, EMPTY, type SendQueue, slice } from "../../../src/mirage/tcp/send-queue.ts"
import * as Seq from "../../../src/mirage/tcp/sequence.ts"
import { STATES, type StateEvent, transition } from "../../../src/mirage/tcp/state.ts"

const seq = fc.integer({ min: 0, max: 0xffffffff }).map(Seq.ofInt32)
const distance = fc.integer({ min: -0x7fffffff, max: 0x7fffffff })

describe("sequence numbers", () => {
  it("wrap around", () => {
    const last = Seq.ofInt32(0xffffffff)
    expect(Seq.add(last, 1)).toBe(0)
    expect(Seq.less(last, Seq.ofInt32(0))).toBe(true)
    expect(Seq.diff(Seq.ofInt32(2), last)).toBe(3)
    expect([Seq.max(last, Seq.ofInt32(5)), Seq.min(last, Seq.ofInt32(5))]).toEqual([5, last])
  })

  it("law: diff undoes add, and less is its sign", () => {
    fc.assert(
      fc.property(seq, distance, (a, n) => {
        const b = Seq.add(a, n)
        expect(Seq.diff(b, a)).toBe(n)
        expect([Seq.less(a, b), Seq.less(b, a), Seq.leq(a, b)]).toEqual([n > 0, n < 0, n >= 0])
      }),
    )
  })
})

describe("states", () => {
  it("have the arrows of RFC 9293's figure 5, and no others", () => {
    const events: StateEvent[] = [
      "passive-open",
      "active-open",
      "close",
      "rcv-syn",
      "rcv-syn-ack",
      "rcv-ack-of-syn",
      "rcv-fin",
      "rcv-ack-of-fin",
      "2msl-timeout",
    ]
    const arrows = STATES.flatMap((from) =>
      events.flatMap((event) => {
        const to = transition(from, event)
        return to === undefined ? [] : [`${from} --${event}--> ${to}`]
      }),
    )
    expect(arrows).toEqual([
      "CLOSED --passive-open--> LISTEN",
      "CLOSED --active-open--> SYN-SENT",
      "LISTEN --active-open--> SYN-SENT",
      "LISTEN --close--> CLOSED",
      "LISTEN --rcv-syn--> SYN-RECEIVED",
      "SYN-SENT --close--> CLOSED",
      "SYN-SENT --rcv-syn--> SYN-RECEIVED",
      "SYN-SENT --rcv-syn-ack--> ESTABLISHED",
      "SYN-RECEIVED --close--> FIN-WAIT-1",
      "SYN-RECEIVED --rcv-ack-of-syn--> ESTABLISHED",
      "ESTABLISHED --close--> FIN-WAIT-1",
      "ESTABLISHED --rcv-fin--> CLOSE-WAIT",
      "FIN-WAIT-1 --rcv-fin--> CLOSING",
      "FIN-WAIT-1 --rcv-ack-of-fin--> FIN-WAIT-2",
      "FIN-WAIT-2 --rcv-fin--> TIME-WAIT",
      "CLOSE-WAIT --close--> LAST-ACK",
      "CLOSING --rcv-ack-of-fin--> TIME-WAIT",
      "LAST-ACK --rcv-ack-of-fin--> CLOSED",
      "TIME-WAIT --2msl-timeout--> CLOSED",
    ])
  })

  it("may all be aborted, but CLOSED", () => {
    expect(STATES.map((s) => transition(s, "abort"))).toEqual([undefined, ...Array(10).fill("CLOSED")])
  })
})

describe("the send queue", () => {
  const all = (q: SendQueue) => [...slice(q, 0, q.length)]

  /** What may be done to a queue: append, drop, and go on from an earlier value. */
  const operation = fc.oneof(
    fc.record({ op: fc.constant("append" as const), data: fc.uint8Array({ maxLength: 3000 }) }),
    fc.record({ op: fc.constant("drop" as const), count: fc.nat(3000) }),
    fc.record({ op: fc.constant("back" as const), steps: fc.nat(3) }),
  )

  it("law: is what a plain array would be, and earlier values stay what they were", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const history: { queue: SendQueue; bytes: number[] }[] = [{ queue: EMPTY, bytes: [] }]
        for (const o of operations) {
          const { queue, bytes } = history.at(o.op === "back" ? -Math.min(o.steps + 1, history.length) : -1)!
          if (o.op === "append") history.push({ queue: append(queue, o.data), bytes: [...bytes, ...o.data] })
          else if (o.op === "drop") {
            const count = Math.min(o.count, bytes.length)
            history.push({ queue: drop(queue, count), bytes: bytes.slice(count) })
          } else history.push({ queue, bytes })
        }
        for (const { queue, bytes } of history) {
          expect(queue.length).toBe(bytes.length)
          expect(all(queue)).toEqual(bytes)
        }
      }),
    )
  })

  it("law: slices are the bytes between", () => {
    const three = fc.tuple(
      fc.array(fc.uint8Array({ maxLength: 2500 }), { maxLength: 8 }),
      fc.nat(20_000),
      fc.nat(20_000),
    )
    fc.assert(
      fc.property(three, ([pieces, a, b]) => {
        const queue = pieces.reduce(append, EMPTY)
        const bytes = pieces.flatMap((p) => [...p])
        const from = Math.min(a, b, bytes.length)
        const length = Math.min(Math.abs(a - b), bytes.length - from)
        if (length > 0) expect([...slice(queue, from, length)]).toEqual(bytes.slice(from, from + length))
      }),
    )
  })

  it("keeps many small writes in few pieces", () => {
    let q = EMPTY
    for (let i = 0; i < 100_000; i++) q = append(q, Uint8Array.of(i & 0xff))
    expect(q.length).toBe(100_000)
    expect(q.blocks.length).toBeLessThan(20)
  })

  it("copies what it is given", () => {
    const data = Uint8Array.of(1, 2, 3)
    const q = append(EMPTY, data)
    data.fill(9)
    expect(all(q)).toEqual([1, 2, 3])
  })
})

describe("reassembly", () => {
  const START = Seq.ofInt32(0xffffff80)
  const byte = (i: number) => (i * 7) & 0xff
  const piece = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => byte(from + i))

  it("law: whatever the order and overlap, what comes out is the stream, and each byte once", () => {
    const pieces = fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 40 })
    fc.assert(
      fc.property(pieces, (ranges) => {
        let held: Reassembly = NOTHING
        const known = new Set<number>()
        for (const [from, length] of ranges) {
          held = insert(held, Seq.add(START, from), piece(from, length), 1000)
          for (let i = 0; i < length; i++) known.add(from + i)
        }
        expect(held.reduce((n, p) => n + p.data.length, 0)).toBe(known.size)
        let next = 0
        while (known.has(next)) next++
        const out = take(held, START)
        expect(out.data.flatMap((d) => [...d])).toEqual(Array.from({ length: next }, (_, i) => byte(i)))
        // And from any place further on, too: the rest is forgotten.
        const later = take(out.held, Seq.add(START, 100))
        expect(later.held.every((p) => Seq.less(Seq.add(START, 100), p.seq))).toBe(true)
      }),
    )
  })

  it("holds no more than so many pieces", () => {
    let held: Reassembly = NOTHING
    for (let i = 0; i < 20; i++) held = insert(held, Seq.add(START, 2 * i), piece(2 * i, 1), 5)
    expect(held).toHaveLength(5)
    expect(insert(held, Seq.add(START, 1), piece(1, 7), 5)).toBe(held)
  })
})
