import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sum } from "../../../src/mirage/wire/checksum.ts"
import { decodeIcmpv4, encodeIcmpv4, type Icmpv4Message, showIcmpv4 } from "../../../src/mirage/wire/icmpv4.ts"
import { hex } from "../../support/hex.ts"

const ECHO = hex`
  08 00 339a   type 8, code 0, checksum
  0001 0002    id 1, seq 2
  61 62 63     payload "abc", an odd number of bytes
`
const PARSED: Icmpv4Message = { tag: "EchoRequest", id: 1, seq: 2, payload: hex`616263` }

describe("decodeIcmpv4", () => {
  it("reads the golden echo request", () => {
    expect(decodeIcmpv4(ECHO)).toEqual({ ok: true, value: PARSED })
  })

  it("reads an echo reply", () => {
    expect(decodeIcmpv4(hex`00 00 3b9a 0001 0002 61 62 63`)).toEqual({
      ok: true,
      value: { ...PARSED, tag: "EchoReply" },
    })
  })

  it("reads fragmentation needed with the next hop's MTU and the datagram at fault", () => {
    const original = hex`4500001c 002a4000 26011164 c0a80101 c0a80102 0800f7ff00000000`
    const r = decodeIcmpv4(encodeIcmpv4({ tag: "Unreachable", code: 4, nextHopMtu: 576, original }))
    expect(r).toEqual({ ok: true, value: { tag: "Unreachable", code: 4, nextHopMtu: 576, original } })
    expect(original[0]).toBe(0x45)
  })

  it("does not take an echo with a code for an echo", () => {
    const r = decodeIcmpv4(encodeIcmpv4({ tag: "Other", type: 8, code: 1, rest: hex`00010002` }))
    expect(r.ok && r.value.tag).toBe("Other")
  })

  it.each([0, 4, 7])("refuses %i bytes: truncated", (length) => {
    expect(decodeIcmpv4(ECHO.subarray(0, length))).toEqual({ ok: false, error: "truncated" })
  })

  it("refuses a changed payload: bad-checksum", () => {
    expect(decodeIcmpv4(hex`08 00 339a 0001 0002 61 62 64`)).toEqual({ ok: false, error: "bad-checksum" })
  })
})

describe("encodeIcmpv4", () => {
  it("writes the golden echo request", () => {
    expect(encodeIcmpv4(PARSED)).toEqual(ECHO)
  })

  it("throws for an Other without its second word", () => {
    expect(() => encodeIcmpv4({ tag: "Other", type: 13, code: 0, rest: hex`0000` })).toThrow(RangeError)
  })
})

describe("showIcmpv4", () => {
  const original = new Uint8Array(28)
  it.each<[Icmpv4Message, string]>([
    [PARSED, "ICMP echo request, id 1, seq 2, length 11"],
    [{ tag: "Unreachable", code: 3, nextHopMtu: 0, original }, "ICMP port unreachable"],
    [{ tag: "Unreachable", code: 4, nextHopMtu: 576, original }, "ICMP unreachable - need to frag (mtu 576)"],
    [{ tag: "Unreachable", code: 13, nextHopMtu: 0, original }, "ICMP destination unreachable, code 13"],
    [{ tag: "TimeExceeded", code: 0, original }, "ICMP time exceeded in-transit"],
    [{ tag: "Other", type: 13, code: 0, rest: new Uint8Array(16) }, "ICMP type 13, code 0, length 20"],
  ])("%o", (message, line) => {
    expect(showIcmpv4(message)).toBe(line)
  })
})

describe("laws", () => {
  const word = fc.nat({ max: 0xffff })
  const bytes = fc.uint8Array({ maxLength: 64 })
  const message: fc.Arbitrary<Icmpv4Message> = fc.oneof(
    fc.record({
      tag: fc.constantFrom("EchoRequest" as const, "EchoReply" as const),
      id: word,
      seq: word,
      payload: bytes,
    }),
    fc.record({
      tag: fc.constant("Unreachable" as const),
      code: fc.nat({ max: 255 }),
      nextHopMtu: word,
      original: bytes,
    }),
    fc.record({ tag: fc.constant("TimeExceeded" as const), code: fc.nat({ max: 255 }), original: bytes }),
    fc.record({
      tag: fc.constant("Other" as const),
      type: fc.constantFrom(4, 5, 12, 13, 14, 255),
      code: fc.nat({ max: 255 }),
      rest: fc.uint8Array({ minLength: 4, maxLength: 64 }),
    }),
  )

  it("decode (encode x) = x", () => {
    fc.assert(
      fc.property(message, (x) => {
        expect(decodeIcmpv4(encodeIcmpv4(x))).toEqual({ ok: true, value: x })
      }),
    )
  })

  it("the message's sum is 0xffff", () => {
    fc.assert(
      fc.property(message, (x) => {
        expect(sum(encodeIcmpv4(x))).toBe(0xffff)
      }),
    )
  })

  it("decode never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (b) => {
        decodeIcmpv4(b)
      }),
    )
  })
})
