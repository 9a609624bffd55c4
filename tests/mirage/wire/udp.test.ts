import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sum } from "../../../src/mirage/wire/checksum.ts"
import { decodeUdp, encodeUdp, lengthOfUdp, showUdp } from "../../../src/mirage/wire/udp.ts"
import { hex } from "../../support/hex.ts"

// 192.168.1.1:48896 to 192.168.1.2:53.
const PSEUDO = sum(hex`c0a80101 c0a80102 00 11 000c`)
const DATAGRAM = hex`
  bf00 0035   src port 48896, dst port 53
  000c 124d   length 12, checksum
  aa00 00ff   payload
`
const PARSED = { srcPort: 48896, dstPort: 53, payload: hex`aa0000ff` }

function patched(at: number, bytes: Uint8Array): Uint8Array {
  const datagram = DATAGRAM.slice()
  datagram.set(bytes, at)
  return datagram
}

describe("decodeUdp", () => {
  it("reads the golden datagram", () => {
    expect(decodeUdp(DATAGRAM, PSEUDO)).toEqual({ ok: true, value: PARSED })
  })

  it("drops padding after the datagram", () => {
    const r = decodeUdp(Uint8Array.of(...DATAGRAM, 0, 0, 0), PSEUDO)
    expect(r.ok && showUdp(r.value)).toBe("UDP 48896 > 53, length 4")
  })

  it("accepts a checksum of zero: none was computed", () => {
    expect(decodeUdp(patched(6, hex`0000`), PSEUDO)).toEqual({ ok: true, value: PARSED })
  })

  it("accepts a datagram without payload", () => {
    const pseudo = sum(hex`c0a80101 c0a80102 00 11 0008`)
    const empty = { srcPort: 1, dstPort: 2, payload: new Uint8Array(0) }
    expect(decodeUdp(encodeUdp(empty, pseudo), pseudo)).toEqual({ ok: true, value: empty })
  })

  it.each([0, 2, 7])("refuses %i bytes: truncated", (length) => {
    expect(decodeUdp(DATAGRAM.subarray(0, length), PSEUDO)).toEqual({ ok: false, error: "truncated" })
  })

  it.each([
    ["7, less than a header", hex`0007`],
    ["13, more than there is", hex`000d`],
  ])("refuses a length of %s: bad-length", (_, length) => {
    expect(decodeUdp(patched(4, length), PSEUDO)).toEqual({ ok: false, error: "bad-length" })
  })

  it("refuses a datagram meant for another address: bad-checksum", () => {
    expect(decodeUdp(DATAGRAM, sum(hex`c0a80101 c0a80103 00 11 000c`))).toEqual({ ok: false, error: "bad-checksum" })
  })

  it("refuses destination port 0: zero-dst-port", () => {
    const datagram = encodeUdp({ ...PARSED, dstPort: 0 }, PSEUDO)
    expect(decodeUdp(datagram, PSEUDO)).toEqual({ ok: false, error: "zero-dst-port" })
  })
})

describe("lengthOfUdp", () => {
  it("is the header's, whatever follows", () => {
    expect(lengthOfUdp(Uint8Array.of(...DATAGRAM, 0, 0))).toBe(12)
    expect(lengthOfUdp(DATAGRAM.subarray(0, 7))).toBe(0)
  })
})

describe("encodeUdp", () => {
  it("writes the golden datagram", () => {
    expect(encodeUdp(PARSED, PSEUDO)).toEqual(DATAGRAM)
  })

  it("sends a computed checksum of zero as all ones", () => {
    // Ports, twice the length, pseudo-header and payload add up to 0xffff.
    const pseudo = sum(hex`00 11 000a`)
    const rest = sum(encodeUdp({ srcPort: 1, dstPort: 2, payload: hex`0000` }, pseudo).subarray(0, 6), pseudo)
    const payload = new Uint8Array(2)
    new DataView(payload.buffer).setUint16(0, 0xffff - rest)
    const datagram = encodeUdp({ srcPort: 1, dstPort: 2, payload }, pseudo)
    expect(datagram.subarray(6, 8)).toEqual(hex`ffff`)
    expect(decodeUdp(datagram, pseudo).ok).toBe(true)
  })

  it("throws for a payload that no length field can say", () => {
    expect(() => encodeUdp({ srcPort: 1, dstPort: 2, payload: new Uint8Array(65528) }, 0)).toThrow(RangeError)
  })
})

describe("laws", () => {
  const port = fc.integer({ min: 1, max: 65535 })
  const datagram = fc.record({ srcPort: port, dstPort: port, payload: fc.uint8Array({ maxLength: 64 }) })
  const pseudo = fc.nat({ max: 0xffff })

  it("decode (encode x) = x, odd lengths too", () => {
    fc.assert(
      fc.property(datagram, pseudo, (x, p) => {
        expect(decodeUdp(encodeUdp(x, p), p)).toEqual({ ok: true, value: x })
      }),
    )
  })

  it("a mutated byte is noticed", () => {
    fc.assert(
      fc.property(datagram, pseudo, fc.nat(), fc.integer({ min: 1, max: 255 }), (x, p, at, flip) => {
        const bytes = encodeUdp(x, p)
        const i = at % bytes.length
        bytes[i] = bytes[i]! ^ flip
        fc.pre(bytes[6] !== 0 || bytes[7] !== 0)
        expect(decodeUdp(bytes, p).ok).toBe(false)
      }),
    )
  })

  it("decode never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), pseudo, (bytes, p) => {
        decodeUdp(bytes, p)
      }),
    )
  })
})
