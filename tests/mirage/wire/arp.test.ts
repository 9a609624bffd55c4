import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ARP_LEN, type ArpPacket, decodeArp, encodeArp, showArp } from "../../../src/mirage/wire/arp.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { hex } from "../../support/hex.ts"

const REQUEST = hex`
  0001 0800      htype Ethernet, ptype IPv4
  06 04 0001     hlen, plen, oper: request
  020000000001   sha
  0a000001       spa 10.0.0.1
  000000000000   tha: what is asked for
  0a000002       tpa 10.0.0.2
`
const PARSED: ArpPacket = {
  oper: "request",
  sha: Macaddr.ofStringExn("02:00:00:00:00:01"),
  spa: Ipaddr.make(10, 0, 0, 1),
  tha: 0 as Macaddr.t,
  tpa: Ipaddr.make(10, 0, 0, 2),
}

/** REQUEST with some bytes replaced. */
function patched(at: number, bytes: Uint8Array): Uint8Array {
  const packet = REQUEST.slice()
  packet.set(bytes, at)
  return packet
}

describe("decodeArp", () => {
  it("reads the golden request", () => {
    expect(decodeArp(REQUEST)).toEqual({ ok: true, value: PARSED })
  })

  it("reads a reply", () => {
    const r = decodeArp(patched(6, hex`0002`))
    expect(r.ok && r.value.oper).toBe("reply")
  })

  it("ignores Ethernet padding", () => {
    expect(decodeArp(Uint8Array.of(...REQUEST, ...new Uint8Array(18)))).toEqual({ ok: true, value: PARSED })
  })

  it("refuses 27 bytes: truncated", () => {
    expect(decodeArp(REQUEST.subarray(0, 27))).toEqual({ ok: false, error: "truncated" })
  })

  it.each([
    ["htype IEEE 802", 0, hex`0006`],
    ["ptype IPv6", 2, hex`86dd`],
    ["hlen 8", 4, hex`08`],
    ["plen 16", 5, hex`10`],
  ])("refuses %s: unusable", (_, at, bytes) => {
    expect(decodeArp(patched(at, bytes))).toEqual({ ok: false, error: "unusable" })
  })

  it.each([0, 3, 0x0100])("refuses operation %i: unknown-operation", (oper) => {
    expect(decodeArp(patched(6, Uint8Array.of(oper >> 8, oper & 0xff)))).toEqual({
      ok: false,
      error: "unknown-operation",
    })
  })
})

describe("encodeArp", () => {
  it("writes the golden request", () => {
    expect(encodeArp(PARSED)).toEqual(REQUEST)
  })
})

describe("showArp", () => {
  it("speaks as tcpdump does", () => {
    expect(showArp(PARSED)).toBe("ARP who-has 10.0.0.2 tell 10.0.0.1")
    expect(showArp({ ...PARSED, oper: "reply" })).toBe("ARP 10.0.0.1 is-at 02:00:00:00:00:01")
  })
})

describe("laws", () => {
  const mac = fc.maxSafeNat().map((n) => (n % 2 ** 48) as Macaddr.t)
  const ip = fc.nat({ max: 0xffffffff }).map(Ipaddr.ofInt32)
  const packet = fc.record({
    oper: fc.constantFrom("request" as const, "reply" as const),
    sha: mac,
    spa: ip,
    tha: mac,
    tpa: ip,
  })

  it("decode (encode x) = x", () => {
    fc.assert(
      fc.property(packet, (x) => {
        expect(decodeArp(encodeArp(x))).toEqual({ ok: true, value: x })
      }),
    )
  })

  it("decode never throws, and encode undoes it", () => {
    const nearly = fc
      .tuple(fc.nat({ max: ARP_LEN - 1 }), fc.nat({ max: 255 }))
      .map(([at, byte]) => patched(at, Uint8Array.of(byte)))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), nearly), (bytes) => {
        const r = decodeArp(bytes)
        if (r.ok) expect(encodeArp(r.value)).toEqual(bytes.subarray(0, ARP_LEN))
      }),
    )
  })
})
