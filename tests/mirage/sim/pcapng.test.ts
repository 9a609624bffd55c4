import { describe, expect, it } from "vitest"
import { encodePcapng } from "../../../src/mirage/sim/pcapng.ts"
import { dump, hex } from "../../support/hex.ts"

describe("encodePcapng", () => {
  it("writes a section, an interface and a packet, padded to words", () => {
    const file = encodePcapng([{ time: 1.5, bytes: hex`0102030405` }], { interfaceName: "eth" })
    expect(dump(file)).toBe(
      dump(hex`
        0a0d0d0a 34000000             section header block
        4d3c2b1a 0100 0000            byte-order magic, version 1.0
        ffffffffffffffff              section length: not said
        0400 0f00                     user application, 15 bytes
        4d6972616765207475746f7269616c 00   "Mirage tutorial"
        00000000 34000000             end of options, length again
        01000000 28000000             interface description block
        0100 0000 00000000            Ethernet, no snap length
        0200 0300 657468 00           name "eth"
        0900 0100 09 000000           resolution: 10^-9
        00000000 28000000
        06000000 28000000             enhanced packet block
        00000000                      interface 0
        00000000 60e31600             1,500,000 ns, high word first
        05000000 05000000             captured, original length
        0102030405 000000
        28000000
      `),
    )
  })

  it("keeps nanoseconds from any epoch", () => {
    const file = encodePcapng([{ time: 0.000001, bytes: new Uint8Array(0) }], { epochMs: Date.UTC(2014, 6, 25) })
    const view = new DataView(file.buffer)
    const at = file.length - 32 + 12
    const nanos = (BigInt(view.getUint32(at, true)) << 32n) | BigInt(view.getUint32(at + 4, true))
    expect(nanos).toBe(BigInt(Date.UTC(2014, 6, 25)) * 1_000_000n + 1n)
  })

  it("of nothing is still a capture", () => {
    expect(encodePcapng([]).length % 4).toBe(0)
  })
})
