import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sum } from "../../../src/mirage/wire/checksum.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { pseudoHeaderSum } from "../../../src/mirage/wire/ipv4.ts"
import { ACK, decodeTcp, encodeTcp, FIN, PSH, SYN, segmentLength, showTcp } from "../../../src/mirage/wire/tcp.ts"
import { dump, hex } from "../../support/hex.ts"

const CLIENT = Ipaddr.make(10, 0, 0, 1)
const SERVER = Ipaddr.make(10, 0, 0, 2)
const pseudo = (length: number) => pseudoHeaderSum(CLIENT, SERVER, 6, length)

// The checksums were worked out with Python, from the words of RFC 9293 3.1's pseudo-header and segment.
const SYN_SEGMENT = hex`
  c000 0050   src port 49152, dst port 80
  00000001    seq
  00000000    ack
  70 02 16d0  data offset 7 words, SYN, window 5840
  97fb 0000   checksum, urgent pointer
  02 04 05b4  mss 1460
  03 03 02 00 window scale 2, end of list
`
const DATA_SEGMENT = hex`
  0050 c000   src port 80, dst port 49152
  fffffffe    seq
  00000002    ack
  50 19 ffff  data offset 5 words, FIN PSH ACK, window 65535
  4b09 0000   checksum, urgent pointer
  6f6b21      ok!
`

describe("decodeTcp", () => {
  it("reads a SYN with its options", () => {
    const r = decodeTcp(SYN_SEGMENT, pseudo(28))
    expect(r).toEqual({
      ok: true,
      value: {
        srcPort: 49152,
        dstPort: 80,
        seq: 1,
        ack: 0,
        flags: SYN,
        window: 5840,
        urgent: 0,
        options: [
          { kind: "mss", mss: 1460 },
          { kind: "window-scale", shift: 2 },
        ],
        payload: new Uint8Array(0),
      },
    })
    expect(r.ok && showTcp(r.value)).toBe("TCP 49152 > 80, [S], seq 1, win 5840, options [mss 1460,wscale 2], length 0")
  })

  it("reads data of odd length; seq and ack are unsigned", () => {
    const r = decodeTcp(DATA_SEGMENT, pseudo(23))
    expect(r.ok && showTcp(r.value)).toBe("TCP 80 > 49152, [FP.], seq 4294967294, ack 2, win 65535, length 3")
    expect(r.ok && r.value.flags).toBe(FIN | PSH | ACK)
    expect(r.ok && segmentLength(r.value)).toBe(4)
  })

  it("gives a view of the buffer, whatever its offset", () => {
    const shifted = new Uint8Array([1, 2, 3, ...DATA_SEGMENT]).subarray(3)
    const r = decodeTcp(shifted, pseudo(23))
    expect(r.ok && r.value.payload.buffer).toBe(shifted.buffer)
    expect(r.ok && dump(r.value.payload)).toBe("6f 6b 21")
  })

  it("refuses fewer than 20 bytes: truncated", () => {
    expect(decodeTcp(SYN_SEGMENT.subarray(0, 19), pseudo(19))).toEqual({ ok: false, error: "truncated" })
  })

  it("refuses a data offset under 5 words or past the end: bad-offset", () => {
    for (const offset of [0x40, 0x80, 0xf0]) {
      const bad = SYN_SEGMENT.slice()
      bad[12] = offset
      expect(decodeTcp(bad, pseudo(28))).toEqual({ ok: false, error: "bad-offset" })
    }
  })

  it("refuses any mutated byte: bad-checksum", () => {
    for (let i = 0; i < DATA_SEGMENT.length; i++) {
      const bad = DATA_SEGMENT.slice()
      bad[i]! ^= 0x10
      const r = decodeTcp(bad, pseudo(23))
      expect(r.ok ? "ok" : r.error, `byte ${i}`).toBe(i === 12 ? "bad-offset" : "bad-checksum")
    }
  })

  it("refuses the segment of other addresses: bad-checksum", () => {
    const other = pseudoHeaderSum(CLIENT, Ipaddr.make(10, 0, 0, 3), 6, 28)
    expect(decodeTcp(SYN_SEGMENT, other)).toEqual({ ok: false, error: "bad-checksum" })
  })

  it("refuses port 0: bad-port", () => {
    const segment = { srcPort: 0, dstPort: 80, seq: 0, ack: 0, flags: SYN, window: 0, urgent: 0 }
    const empty = { options: [], payload: new Uint8Array(0) }
    expect(decodeTcp(encodeTcp({ ...segment, ...empty }, 0), 0)).toEqual({ ok: false, error: "bad-port" })
  })

  it("refuses a tiny MSS: bad-mss", () => {
    const decoded = decodeTcp(SYN_SEGMENT, pseudo(28))
    if (!decoded.ok) throw new Error(decoded.error)
    const tiny = encodeTcp({ ...decoded.value, options: [{ kind: "mss", mss: 1 }] }, 0)
    expect(decodeTcp(tiny, 0)).toEqual({ ok: false, error: "bad-mss" })
  })
})

describe("encodeTcp", () => {
  it.each([
    ["a SYN", SYN_SEGMENT, 28],
    ["data", DATA_SEGMENT, 23],
  ])("gives the same bytes for %s", (_name, bytes, length) => {
    const r = decodeTcp(bytes, pseudo(length))
    if (!r.ok) throw new Error(r.error)
    expect(dump(encodeTcp(r.value, pseudo(length)))).toBe(dump(bytes))
  })
})

describe("laws", () => {
  const port = fc.integer({ min: 1, max: 0xffff })
  const u32 = fc.integer({ min: 0, max: 0xffffffff })
  const u16 = fc.integer({ min: 0, max: 0xffff })
  const segment = fc.record({
    srcPort: port,
    dstPort: port,
    seq: u32,
    ack: u32,
    flags: fc.integer({ min: 0, max: 0xff }),
    window: u16,
    urgent: u16,
    options: fc.constantFrom([], [{ kind: "mss" as const, mss: 536 }], [{ kind: "sack-permitted" as const }]),
    payload: fc.uint8Array({ maxLength: 100 }),
  })

  it("decode (encode x) = x, and the sum of what is sent is 0xffff", () => {
    fc.assert(
      fc.property(segment, u16, (x, start) => {
        const bytes = encodeTcp(x, start)
        expect(sum(bytes, start)).toBe(0xffff)
        expect(decodeTcp(bytes, start)).toEqual({ ok: true, value: x })
      }),
    )
  })

  it("decode never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), u16, (bytes, start) => {
        decodeTcp(bytes, start)
      }),
    )
  })
})
