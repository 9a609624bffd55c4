import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex } from "../../support/hex.ts"
import {
  blitTcpOptions,
  decodeTcpOptions,
  showTcpOptions,
  type TcpOption,
  tcpOptionsLen,
} from "../../../src/mirage/wire/tcp-options.ts"

function encode(options: readonly TcpOption[]): Uint8Array {
  const buf = new Uint8Array(tcpOptionsLen(options)).fill(0xee)
  blitTcpOptions(options, new DataView(buf.buffer), 0)
  return buf
}

function decode(buf: Uint8Array): readonly TcpOption[] {
  const r = decodeTcpOptions(buf)
  if (!r.ok) throw new Error(r.error)
  return r.value
}

// The options of a SYN of Linux 6.1.
const LINUX_SYN = hex`
  02 04 05b4             mss 1460
  04 02                  SACK permitted
  08 0a 00bc614e 00000000  timestamps
  01                     no operation
  03 03 07               window scale 7
`

describe("decodeTcpOptions", () => {
  it("reads a Linux SYN, in order", () => {
    const options = decode(LINUX_SYN)
    expect(options).toEqual([
      { kind: "mss", mss: 1460 },
      { kind: "sack-permitted" },
      { kind: "timestamps", value: 0x00bc614e, echo: 0 },
      { kind: "window-scale", shift: 7 },
    ])
    expect(showTcpOptions(options)).toBe("mss 1460,sackOK,TS val 12345678 ecr 0,wscale 7")
  })

  it("reads SACK blocks", () => {
    expect(decode(hex`05 12 00000001 00000002 fffffff0 00000010`)).toEqual([
      {
        kind: "sack",
        blocks: [
          { left: 1, right: 2 },
          { left: 0xfffffff0, right: 0x10 },
        ],
      },
    ])
  })

  it("refuses an MSS below 88, and takes 88", () => {
    expect(decodeTcpOptions(hex`02 04 0057`)).toEqual({ ok: false, error: "bad-mss" })
    expect(decode(hex`02 04 0058`)).toEqual([{ kind: "mss", mss: 88 }])
  })

  it("keeps what came before a bogus length, and drops the rest", () => {
    const mss: TcpOption = { kind: "mss", mss: 1460 }
    expect(decode(hex`02 04 05b4 08 00 0000`)).toEqual([mss])
    expect(decode(hex`02 04 05b4 08 01 0000`)).toEqual([mss])
    expect(decode(hex`02 04 05b4 08 0a 0000`)).toEqual([mss])
    expect(decode(hex`02 04 05b4 03`)).toEqual([mss])
  })

  it("stops at the end of the list, and skips no-operations", () => {
    expect(decode(hex`01 01 02 04 05b4 00 03 03 07`)).toEqual([{ kind: "mss", mss: 1460 }])
  })

  it("keeps unknown kinds, and known ones of a strange length, as they are", () => {
    expect(decode(hex`fe 04 abcd 03 04 0102`)).toEqual([
      { kind: "unknown", number: 0xfe, data: hex`abcd` },
      { kind: "unknown", number: 3, data: hex`0102` },
    ])
  })
})

describe("blitTcpOptions", () => {
  it("pads with zeros to a word", () => {
    expect(
      encode([
        { kind: "mss", mss: 1460 },
        { kind: "window-scale", shift: 2 },
      ]),
    ).toEqual(hex`02 04 05b4 03 03 02 00`)
  })

  it("throws for more than 40 bytes", () => {
    expect(() => encode([{ kind: "unknown", number: 200, data: new Uint8Array(39) }])).toThrow(RangeError)
    expect(encode([{ kind: "unknown", number: 200, data: new Uint8Array(38) }])).toHaveLength(40)
  })
})

describe("laws", () => {
  const u32 = fc.integer({ min: 0, max: 0xffffffff })
  const option: fc.Arbitrary<TcpOption> = fc.oneof(
    fc.record({ kind: fc.constant("mss" as const), mss: fc.integer({ min: 88, max: 0xffff }) }),
    fc.record({ kind: fc.constant("window-scale" as const), shift: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant("sack-permitted" as const) }),
    fc.record({ kind: fc.constant("timestamps" as const), value: u32, echo: u32 }),
    fc.record({
      kind: fc.constant("unknown" as const),
      number: fc.integer({ min: 9, max: 255 }),
      data: fc.uint8Array({ maxLength: 6 }),
    }),
  )

  it("decode (encode x) = x", () => {
    fc.assert(
      fc.property(fc.array(option, { maxLength: 4 }), (options) => {
        expect(decode(encode(options))).toEqual(options)
      }),
    )
  })

  it("decode never throws, and never loops", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        decodeTcpOptions(bytes)
      }),
    )
  })
})
