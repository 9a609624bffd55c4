import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { finish, sum } from "../../../src/mirage/wire/checksum.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { decodeIpv4, encodeIpv4, type Ipv4Datagram, showIpv4 } from "../../../src/mirage/wire/ipv4.ts"
import { hex } from "../../support/hex.ts"

const DATAGRAM = hex`
  45 00 001c       version 4, ihl 5, tos, total length 28
  002a 0000        id 42, no flags, no offset
  26 01 1164       ttl 38, proto ICMP, header checksum
  c0a80101         src 192.168.1.1
  c0a80102         dst 192.168.1.2
  0800 f7ff 0000 0000   payload: an echo request
`
const PARSED: Ipv4Datagram = {
  tos: 0,
  id: 42,
  dontFragment: false,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 38,
  proto: 1,
  src: Ipaddr.make(192, 168, 1, 1),
  dst: Ipaddr.make(192, 168, 1, 2),
  options: new Uint8Array(0),
  payload: hex`0800 f7ff 0000 0000`,
}

/** DATAGRAM with some bytes replaced, and the header's checksum made right again. */
function patched(at: number, bytes: Uint8Array): Uint8Array {
  const buf = DATAGRAM.slice()
  buf.set(bytes, at)
  const view = new DataView(buf.buffer)
  view.setUint16(10, 0)
  view.setUint16(10, finish(sum(buf.subarray(0, Math.min(buf.length, (buf[0]! & 0xf) * 4)))))
  return buf
}

describe("decodeIpv4", () => {
  it("reads the golden datagram", () => {
    expect(decodeIpv4(DATAGRAM)).toEqual({ ok: true, value: PARSED })
  })

  it("reads options by the header length", () => {
    const r = decodeIpv4(hex`
      46 00 001c 0000 4000 40 11 91ca   ihl 6, DF, ttl 64, proto UDP
      0a000001 0a000002
      94040000       router alert (RFC 2113)
      01020304       payload
    `)
    expect(r).toEqual({
      ok: true,
      value: {
        ...PARSED,
        id: 0,
        dontFragment: true,
        ttl: 64,
        proto: 17,
        src: Ipaddr.make(10, 0, 0, 1),
        dst: Ipaddr.make(10, 0, 0, 2),
        options: hex`94040000`,
        payload: hex`01020304`,
      },
    })
  })

  it("accepts options without payload", () => {
    const r = decodeIpv4(encodeIpv4({ ...PARSED, options: hex`94040000`, payload: new Uint8Array(0) }))
    expect(r.ok && [r.value.options.length, r.value.payload.length]).toEqual([4, 0])
  })

  it("trims the payload to the total length", () => {
    expect(decodeIpv4(Uint8Array.of(...DATAGRAM, 1, 2, 3))).toEqual({ ok: true, value: PARSED })
  })

  it("counts the fragment offset in bytes", () => {
    const r = decodeIpv4(patched(6, hex`2001`))
    expect(r.ok && [r.value.moreFragments, r.value.dontFragment, r.value.fragmentOffset]).toEqual([true, false, 8])
  })

  it("honours the view's offset", () => {
    expect(decodeIpv4(Uint8Array.of(7, 7, 7, ...DATAGRAM).subarray(3))).toEqual({ ok: true, value: PARSED })
  })

  it("refuses 19 bytes: truncated", () => {
    expect(decodeIpv4(DATAGRAM.subarray(0, 19))).toEqual({ ok: false, error: "truncated" })
  })

  it("refuses version 6: bad-version", () => {
    expect(decodeIpv4(patched(0, hex`65`))).toEqual({ ok: false, error: "bad-version" })
  })

  it.each([
    ["4 words", hex`44`],
    ["15 words in 28 bytes", hex`4f`],
  ])("refuses a header of %s: bad-header-length", (_, byte) => {
    expect(decodeIpv4(patched(0, byte))).toEqual({ ok: false, error: "bad-header-length" })
  })

  it.each([
    ["19, less than the header", hex`0013`],
    ["29, more than there is", hex`001d`],
  ])("refuses a total length of %s: bad-length", (_, length) => {
    expect(decodeIpv4(patched(2, length))).toEqual({ ok: false, error: "bad-length" })
  })

  it("refuses a header with one bit wrong: bad-checksum", () => {
    const buf = DATAGRAM.slice()
    buf[8] = 39
    expect(decodeIpv4(buf)).toEqual({ ok: false, error: "bad-checksum" })
  })
})

describe("encodeIpv4", () => {
  it("writes the golden datagram", () => {
    expect(encodeIpv4(PARSED)).toEqual(DATAGRAM)
  })

  it.each([1, 2, 3, 4])("pads %i bytes of options to a word", (length) => {
    const buf = encodeIpv4({ ...PARSED, options: new Uint8Array(length).fill(1) })
    expect(buf[0]).toBe(0x46)
    expect(buf.subarray(20, 24)).toEqual(Uint8Array.from({ length: 4 }, (_, i) => (i < length ? 1 : 0)))
  })

  it("throws for what no header can say", () => {
    expect(() => encodeIpv4({ ...PARSED, options: new Uint8Array(41) })).toThrow("41 bytes of IPv4 options")
    expect(() => encodeIpv4({ ...PARSED, payload: new Uint8Array(65516) })).toThrow("65536 bytes")
    expect(() => encodeIpv4({ ...PARSED, fragmentOffset: 4 })).toThrow("fragment offset 4")
    expect(() => encodeIpv4({ ...PARSED, fragmentOffset: 65536 })).toThrow("fragment offset 65536")
  })
})

describe("showIpv4", () => {
  it("says who, what and how much", () => {
    expect(showIpv4(PARSED)).toBe("IPv4 192.168.1.1 > 192.168.1.2, proto 1, ttl 38, length 28")
    expect(showIpv4({ ...PARSED, fragmentOffset: 16 })).toMatch(/, fragment at 16$/)
  })
})

describe("laws", () => {
  const ip = fc.nat({ max: 0xffffffff }).map(Ipaddr.ofInt32)
  const byte = fc.nat({ max: 255 })
  const datagram = fc.record({
    tos: byte,
    id: fc.nat({ max: 0xffff }),
    dontFragment: fc.boolean(),
    moreFragments: fc.boolean(),
    fragmentOffset: fc.nat({ max: 0x1fff }).map((n) => n * 8),
    ttl: byte,
    proto: byte,
    src: ip,
    dst: ip,
    options: fc.nat({ max: 10 }).chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
    payload: fc.uint8Array({ maxLength: 64 }),
  })

  it("decode (encode x) = x", () => {
    fc.assert(
      fc.property(datagram, (x) => {
        expect(decodeIpv4(encodeIpv4(x))).toEqual({ ok: true, value: x })
      }),
    )
  })

  it("the header's sum is 0xffff", () => {
    fc.assert(
      fc.property(datagram, (x) => {
        expect(sum(encodeIpv4(x).subarray(0, 20 + x.options.length))).toBe(0xffff)
      }),
    )
  })

  it("decode never throws, on nonsense and on nearly good datagrams", () => {
    const nearly = fc.tuple(fc.nat({ max: 19 }), byte).map(([at, b]) => patched(at, Uint8Array.of(b)))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), nearly), (bytes) => {
        const r = decodeIpv4(bytes)
        if (r.ok) expect(r.value.options.length + r.value.payload.length + 20).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })
})
