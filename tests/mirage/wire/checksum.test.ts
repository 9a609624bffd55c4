import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { add, finish, sum } from "../../../src/mirage/wire/checksum.ts"
import { pseudoHeaderSum } from "../../../src/mirage/wire/ipv4.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { hex } from "../../support/hex.ts"

/** RFC 1071 as its text has it, one word at a time, with no thought of speed. */
function reference(buf: Uint8Array, start: number): number {
  let total = start
  for (let i = 0; i < buf.length; i += 2) {
    total += (buf[i] ?? 0) * 256 + (buf[i + 1] ?? 0)
    if (total > 0xffff) total = (total & 0xffff) + 1
  }
  return total
}

describe("sum", () => {
  it("gives RFC 1071 section 3's example", () => {
    expect(sum(hex`0001 f203 f4f5 f6f7`)).toBe(0xddf2)
  })

  it("counts a last odd byte as a high half", () => {
    expect(sum(hex`0001 f2`)).toBe(0xf201)
    expect(sum(hex`0001 f200`)).toBe(0xf201)
  })

  it("of nothing is its start", () => {
    expect(sum(new Uint8Array(0))).toBe(0)
    expect(sum(new Uint8Array(0), 0x1234)).toBe(0x1234)
  })

  it("carries around the end more than once", () => {
    expect(sum(hex`ffff 0001`, 0xffff)).toBe(1)
  })

  it("honours the view's offset", () => {
    expect(sum(hex`ff 0001 f203 f4f5 f6f7 ff`.subarray(1, 9))).toBe(0xddf2)
  })

  it("does not overflow on the largest datagram of ones", () => {
    expect(sum(new Uint8Array(65535).fill(0xff))).toBe(reference(new Uint8Array(65535).fill(0xff), 0))
  })
})

describe("pseudoHeaderSum", () => {
  it("is the sum of the pseudo-header's bytes", () => {
    const src = Ipaddr.make(192, 168, 1, 1)
    const dst = Ipaddr.make(192, 168, 1, 2)
    expect(pseudoHeaderSum(src, dst, 17, 12)).toBe(sum(hex`c0a80101 c0a80102 00 11 000c`))
  })

  it("stays 16 bits wide for the highest addresses", () => {
    const p = pseudoHeaderSum(Ipaddr.broadcast, Ipaddr.broadcast, 255, 65535)
    expect(p).toBe(sum(hex`ffffffff ffffffff 00 ff ffff`))
  })
})

describe("laws", () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  const word = fc.integer({ min: 0, max: 0xffff })

  it("agrees with the definition", () => {
    fc.assert(
      fc.property(bytes, word, (b, start) => {
        expect(sum(b, start)).toBe(reference(b, start))
      }),
    )
  })

  it("of parts of even length adds up to that of the whole", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const even = a.subarray(0, a.length & ~1)
        expect(sum(b, sum(even))).toBe(sum(Uint8Array.of(...even, ...b)))
        expect(add(sum(even), sum(b))).toBe(sum(Uint8Array.of(...even, ...b)))
      }),
    )
  })

  it("is 0xffff over data with its checksum in place", () => {
    fc.assert(
      fc.property(bytes, word, (b, start) => {
        const padded = Uint8Array.of(0, 0, ...b)
        new DataView(padded.buffer).setUint16(0, finish(sum(padded, start)))
        expect(sum(padded, start)).toBe(0xffff)
      }),
    )
  })

  it("notices any one changed byte", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (b, at, flip) => {
          const i = at % b.length
          const changed = b.slice()
          changed[i] = changed[i]! ^ flip
          // 0 and 0xffff are the same number in one's complement.
          expect(sum(changed) % 0xffff).not.toBe(sum(b) % 0xffff)
        },
      ),
    )
  })
})
