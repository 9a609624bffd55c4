import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { hex } from "../../support/hex.ts"

describe("ofOctets and blit", () => {
  it("read and write six bytes at an offset, of a view too", () => {
    const buf = hex`ff ff 02 00 5e 10 00 01 ff`
    const mac = Macaddr.ofOctets(buf.subarray(1), 1)
    expect(mac).toBe(0x02005e100001)
    const out = new Uint8Array(8)
    Macaddr.blit(mac, out.subarray(1), 1)
    expect(out).toEqual(hex`00 00 02 00 5e 10 00 01`)
  })

  it.each([-1, 3])("throw where there are no six bytes: at %i of 8", (offset) => {
    expect(() => Macaddr.ofOctets(new Uint8Array(8), offset)).toThrow(`no 6 bytes at ${offset}`)
    expect(() => Macaddr.blit(Macaddr.broadcast, new Uint8Array(8), offset)).toThrow(RangeError)
  })
})

describe("ofString", () => {
  it.each(["02:00:5e:10:00:01", "02-00-5E-10-00-01"])("reads %s", (text) => {
    expect(Macaddr.ofString(text)).toEqual({ ok: true, value: 0x02005e100001 })
  })

  it.each(["", "02:00:5e:10:00", "02:00:5e:10:00:01:02", "2:0:5e:10:0:1", "02:00:5e:10:00:0g", "02005e100001"])(
    "refuses %o: bad-address",
    (text) => {
      expect(Macaddr.ofString(text)).toEqual({ ok: false, error: "bad-address" })
    },
  )

  it("ofStringExn names what it was given", () => {
    expect(() => Macaddr.ofStringExn("02:00")).toThrow('"02:00" is not a MAC address')
  })
})

describe("isMulticast", () => {
  it.each([
    ["ff:ff:ff:ff:ff:ff", true],
    ["01:00:5e:00:00:01", true],
    ["33:33:00:00:00:01", true],
    ["02:00:00:00:00:01", false],
    ["fe:ff:ff:ff:ff:ff", false],
  ])("%s: %s", (text, is) => {
    expect(Macaddr.isMulticast(Macaddr.ofStringExn(text))).toBe(is)
  })
})

describe("laws", () => {
  const mac = fc.uint8Array({ minLength: 6, maxLength: 6 })

  it("ofOctets and blit undo each other, and so do ofString and toString", () => {
    fc.assert(
      fc.property(mac, (octets) => {
        const a = Macaddr.ofOctets(octets)
        const out = new Uint8Array(6)
        Macaddr.blit(a, out)
        expect(out).toEqual(octets)
        expect(Macaddr.ofString(Macaddr.toString(a))).toEqual({ ok: true, value: a })
      }),
    )
  })
})
