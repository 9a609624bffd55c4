import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MAX_BYTES, MAX_FRAGMENTS, REASSEMBLY_MS, Reassembly } from "../../../src/mirage/ipv4/reassembly.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import type { Ipv4Datagram } from "../../../src/mirage/wire/ipv4.ts"

const WHOLE: Ipv4Datagram = {
  tos: 0,
  id: 42,
  dontFragment: false,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 38,
  proto: 17,
  src: Ipaddr.make(10, 0, 0, 1),
  dst: Ipaddr.make(10, 0, 0, 2),
  options: new Uint8Array(0),
  payload: Uint8Array.from({ length: 60 }, (_, i) => i),
}

/** Bytes `start`..`end` of `d` as a fragment. */
function piece(d: Ipv4Datagram, start: number, end: number): Ipv4Datagram {
  return {
    ...d,
    fragmentOffset: start,
    moreFragments: end < d.payload.length,
    payload: d.payload.subarray(start, end),
  }
}

/** `d` cut every `size` bytes. */
function cut(d: Ipv4Datagram, size: number): Ipv4Datagram[] {
  const pieces: Ipv4Datagram[] = []
  for (let at = 0; at < d.payload.length; at += size) pieces.push(piece(d, at, Math.min(at + size, d.payload.length)))
  return pieces
}

function permutations<A>(list: readonly A[]): A[][] {
  if (list.length === 0) return [[]]
  return list.flatMap((x, i) => permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [x, ...rest]))
}

describe("Reassembly", () => {
  it("hands a whole datagram on as it is", () => {
    const r = new Reassembly()
    expect(r.input(0, WHOLE)).toBe(WHOLE)
    expect(r.bytes).toBe(0)
  })

  it.each([
    [2, 32],
    [3, 24],
    [4, 16],
  ])("puts %i fragments together in any order", (count, size) => {
    const pieces = cut(WHOLE, size)
    expect(pieces).toHaveLength(count)
    for (const order of permutations(pieces)) {
      const r = new Reassembly()
      const results = order.map((p) => r.input(0, p))
      expect(results.slice(0, -1)).toEqual(Array(count - 1).fill(undefined))
      expect(results.at(-1)).toEqual(WHOLE)
      expect(r.bytes).toBe(0)
    }
  })

  it.each(["src", "dst", "proto", "id"] as const)("does not mix fragments that differ in %s", (field) => {
    const [first, second] = cut(WHOLE, 32) as [Ipv4Datagram, Ipv4Datagram]
    const r = new Reassembly()
    r.input(0, first)
    expect(r.input(0, { ...second, [field]: 7 })).toBeUndefined()
    expect(r.input(0, second)).toEqual(WHOLE)
  })

  it("takes the header of the fragment at offset 0", () => {
    const [first, second] = cut(WHOLE, 32) as [Ipv4Datagram, Ipv4Datagram]
    const r = new Reassembly()
    r.input(0, { ...second, ttl: 1 })
    const options = Uint8Array.of(0x94, 4, 0, 0)
    expect(r.input(0, { ...first, options })).toEqual({ ...WHOLE, options })
  })

  it("a fragment that is late by its time starts anew", () => {
    const [first, second] = cut(WHOLE, 32) as [Ipv4Datagram, Ipv4Datagram]
    const r = new Reassembly()
    r.input(0, first)
    expect(r.input(REASSEMBLY_MS, second)).toBeUndefined()
    expect(r.bytes).toBe(second.payload.length)
    expect(r.input(REASSEMBLY_MS + 1, first)).toEqual(WHOLE)
  })

  it("a hole gives nothing", () => {
    const [first, , last] = cut(WHOLE, 24) as Ipv4Datagram[]
    const r = new Reassembly()
    expect([r.input(0, first!), r.input(0, last!)]).toEqual([undefined, undefined])
  })

  it.each([
    ["the same piece twice", piece(WHOLE, 0, 32)],
    ["a piece that reaches into the next", piece(WHOLE, 16, 40)],
    ["a piece inside another", piece(WHOLE, 8, 16)],
  ])("%s spoils the datagram", (_, overlapping) => {
    const [first, second] = cut(WHOLE, 32) as [Ipv4Datagram, Ipv4Datagram]
    const r = new Reassembly()
    r.input(0, first)
    expect(r.input(0, overlapping)).toBeUndefined()
    expect(r.input(0, second)).toBeUndefined()
    expect(r.bytes).toBe(0)
  })

  it.each([
    ["a middle piece whose length is not a multiple of 8", piece(WHOLE, 0, 30)],
    ["two last pieces", { ...piece(WHOLE, 40, 48), moreFragments: false }],
    ["a piece behind the last", { ...piece(WHOLE, 0, 8), fragmentOffset: 64 }],
    ["a piece past 65535 bytes", { ...piece(WHOLE, 0, 32), fragmentOffset: 65512 }],
  ])("%s spoils the datagram", (_, bad) => {
    const r = new Reassembly()
    r.input(0, piece(WHOLE, 48, 60))
    expect(r.input(0, bad)).toBeUndefined()
    expect(r.input(0, piece(WHOLE, 0, 48))).toBeUndefined()
  })

  it("takes 16 fragments, and not 17", () => {
    const sixteen = { ...WHOLE, payload: new Uint8Array(MAX_FRAGMENTS * 8) }
    const seventeen = { ...WHOLE, payload: new Uint8Array(MAX_FRAGMENTS * 8 + 1) }
    const r = new Reassembly()
    expect(
      cut(sixteen, 8)
        .map((p) => r.input(0, p))
        .at(-1),
    ).toEqual(sixteen)
    expect(
      cut(seventeen, 8)
        .map((p) => r.input(0, p))
        .at(-1),
    ).toBeUndefined()
  })

  it("holds no more than its bound, the oldest going first", () => {
    const big = { ...WHOLE, payload: new Uint8Array(60_000) }
    const r = new Reassembly()
    for (let id = 0; id < 10; id++) {
      r.input(id, { ...piece(big, 0, 48_000), id })
      expect(r.bytes).toBeLessThanOrEqual(MAX_BYTES)
    }
    expect(r.input(10, { ...piece(big, 48_000, 60_000), id: 0 })).toBeUndefined()
    expect(r.input(10, { ...piece(big, 48_000, 60_000), id: 9 })?.payload).toHaveLength(60_000)
  })
})

describe("laws", () => {
  it("any cutting in any order gives the datagram back, among another's pieces", () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 })
    const pieces = (d: Ipv4Datagram, at: number[]) => {
      const edges = [0, ...at.map((n) => n * 8).sort((a, b) => a - b), d.payload.length]
      return edges.slice(1).map((end, i) => piece(d, edges[i]!, end))
    }
    fc.assert(
      fc.property(cuts, cuts, fc.infiniteStream(fc.nat()), (a, b, random) => {
        const other = { ...WHOLE, id: 43, payload: WHOLE.payload.map((x) => 255 - x) }
        const all = [...pieces(WHOLE, a), ...pieces(other, b)]
          .map((p) => ({ p, key: random.next().value }))
          .sort((x, y) => x.key - y.key)
          .map(({ p }) => p)
        const r = new Reassembly()
        const whole = all.map((p) => r.input(0, p)).filter((d) => d !== undefined)
        expect(whole.sort((x, y) => x.id - y.id)).toEqual([WHOLE, other])
        expect(r.bytes).toBe(0)
      }),
    )
  })
})
