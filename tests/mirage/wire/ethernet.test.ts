import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  decodeEthernet,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  encodeEthernet,
  showEthernet,
} from "../../../src/mirage/wire/ethernet.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { hex } from "../../support/hex.ts"

const FRAME = hex`
  ffffffffffff   dst: broadcast
  020000000001   src
  0806           type: ARP
  00010800       payload (its first bytes)
`
const PARSED = {
  dst: Macaddr.broadcast,
  src: Macaddr.ofStringExn("02:00:00:00:00:01"),
  ethertype: ETHERTYPE_ARP,
  payload: hex`00010800`,
}

describe("decodeEthernet", () => {
  it("reads the golden frame", () => {
    expect(decodeEthernet(FRAME)).toEqual({ ok: true, value: PARSED })
  })

  it("honours the view's offset, and gives a view", () => {
    const buf = Uint8Array.of(9, 9, ...FRAME)
    const r = decodeEthernet(buf.subarray(2))
    expect(r).toEqual({ ok: true, value: PARSED })
    expect(r.ok && r.value.payload.buffer).toBe(buf.buffer)
  })

  it("accepts a frame with no payload", () => {
    const r = decodeEthernet(FRAME.subarray(0, 14))
    expect(r.ok && r.value.payload.length).toBe(0)
  })

  it("refuses 13 bytes: truncated", () => {
    expect(decodeEthernet(FRAME.subarray(0, 13))).toEqual({ ok: false, error: "truncated" })
  })

  it("refuses a length where the type should be: ieee-802.3", () => {
    const frame = FRAME.slice()
    frame.set(hex`05ff`, 12)
    expect(decodeEthernet(frame)).toEqual({ ok: false, error: "ieee-802.3" })
    frame.set(hex`0600`, 12)
    expect(decodeEthernet(frame).ok).toBe(true)
  })
})

describe("encodeEthernet", () => {
  it("writes the golden frame", () => {
    expect(encodeEthernet(PARSED)).toEqual(FRAME)
  })

  it("throws for a type that is a length, or too wide", () => {
    for (const ethertype of [0, 0x5ff, 0x10000, 0x800 + 0.5])
      expect(() => encodeEthernet({ ...PARSED, ethertype })).toThrow(RangeError)
  })
})

describe("showEthernet", () => {
  it("says from, to, type and length", () => {
    expect(showEthernet(PARSED)).toBe("Ethernet 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, type 0x0806, length 18")
  })
})

describe("laws", () => {
  const mac = fc.maxSafeNat().map((n) => (n % 2 ** 48) as Macaddr.t)
  const frame = fc.record({
    dst: mac,
    src: mac,
    ethertype: fc.oneof(fc.constant(ETHERTYPE_IPV4), fc.integer({ min: 0x600, max: 0xffff })),
    payload: fc.uint8Array({ maxLength: 80 }),
  })

  it("decode (encode x) = x", () => {
    fc.assert(
      fc.property(frame, (x) => {
        expect(decodeEthernet(encodeEthernet(x))).toEqual({ ok: true, value: x })
      }),
    )
  })

  it("decode never throws, and encode undoes it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const r = decodeEthernet(bytes)
        if (r.ok) expect(encodeEthernet(r.value)).toEqual(bytes)
      }),
    )
  })
})
