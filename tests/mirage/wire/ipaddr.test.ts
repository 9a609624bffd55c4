import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"

const anyAddress = fc.nat({ max: 0xffffffff }).map(Ipaddr.ofInt32)
const bits = fc.nat({ max: 32 })

describe("make", () => {
  it("puts the first octet highest, and stays unsigned", () => {
    expect(Ipaddr.make(10, 0, 0, 2)).toBe(0x0a000002)
    expect(Ipaddr.make(255, 255, 255, 255)).toBe(0xffffffff)
  })

  it.each([-1, 256, 1.5, Number.NaN])("throws for an octet of %d", (octet) => {
    expect(() => Ipaddr.make(10, 0, 0, octet)).toThrow(RangeError)
  })
})

describe("ofString", () => {
  it.each(["0.0.0.0", "10.0.0.2", "255.255.255.255"])("reads %s", (text) => {
    const r = Ipaddr.ofString(text)
    expect(r.ok && Ipaddr.toString(r.value)).toBe(text)
  })

  it.each(["", "10.0.0", "10.0.0.2.1", "10.0.0.256", "10.0.0.02", "10.0.0.-1", " 10.0.0.2", "10.0.0.2/24", "a.b.c.d"])(
    "refuses %o: bad-address",
    (text) => {
      expect(Ipaddr.ofString(text)).toEqual({ ok: false, error: "bad-address" })
    },
  )

  it("ofStringExn names what it was given", () => {
    expect(() => Ipaddr.ofStringExn("10.0.0")).toThrow('"10.0.0" is not an IPv4 address')
  })
})

describe("prefixes", () => {
  it.each([
    ["10.0.0.2/24", "10.0.0.2", 24],
    ["0.0.0.0/0", "0.0.0.0", 0],
    ["1.2.3.4/32", "1.2.3.4", 32],
  ])("reads %s", (text, address, length) => {
    expect(Ipaddr.cidrOfString(text)).toEqual({
      ok: true,
      value: { address: Ipaddr.ofStringExn(address), bits: length },
    })
  })

  it.each([
    ["10.0.0.2", "bad-prefix"],
    ["10.0.0.2/33", "bad-prefix"],
    ["10.0.0.2/", "bad-prefix"],
    ["10.0.0.2/2x", "bad-prefix"],
    ["10.0.0/24", "bad-address"],
  ])("refuses %s: %s", (text, why) => {
    expect(Ipaddr.cidrOfString(text)).toEqual({ ok: false, error: why })
  })

  it.each([
    [0, "0.0.0.0"],
    [1, "128.0.0.0"],
    [24, "255.255.255.0"],
    [31, "255.255.255.254"],
    [32, "255.255.255.255"],
  ])("the netmask of /%i is %s", (length, mask) => {
    expect(Ipaddr.toString(Ipaddr.netmask(length))).toBe(mask)
  })

  it.each([-1, 33, 1.5])("throws for a prefix of %d bits", (length) => {
    expect(() => Ipaddr.netmask(length)).toThrow(RangeError)
  })

  it("broadcast is the last address of the network", () => {
    const cidr = { address: Ipaddr.make(10, 0, 0, 2), bits: 24 }
    expect(Ipaddr.toString(Ipaddr.broadcastOf(cidr))).toBe("10.0.0.255")
    expect(Ipaddr.broadcastOf({ ...cidr, bits: 0 })).toBe(Ipaddr.broadcast)
  })
})

describe("isMulticast", () => {
  it.each([
    ["223.255.255.255", false],
    ["224.0.0.0", true],
    ["239.255.255.255", true],
    ["240.0.0.0", false],
    ["255.255.255.255", false],
  ])("%s: %s", (text, is) => {
    expect(Ipaddr.isMulticast(Ipaddr.ofStringExn(text))).toBe(is)
  })
})

describe("laws", () => {
  it("ofString (toString a) = a", () => {
    fc.assert(
      fc.property(anyAddress, (a) => {
        expect(Ipaddr.ofString(Ipaddr.toString(a))).toEqual({ ok: true, value: a })
      }),
    )
  })

  it("an address and its network's broadcast address are in its network", () => {
    fc.assert(
      fc.property(anyAddress, bits, (address, length) => {
        const cidr = { address, bits: length }
        expect(Ipaddr.inNetwork(cidr, address)).toBe(true)
        expect(Ipaddr.inNetwork(cidr, Ipaddr.broadcastOf(cidr))).toBe(true)
      }),
    )
  })

  it("flipping a bit of the prefix leaves the network, flipping one behind it does not", () => {
    fc.assert(
      fc.property(anyAddress, bits, fc.nat({ max: 31 }), (address, length, bit) => {
        const flipped = Ipaddr.ofInt32(address ^ (0x80000000 >>> bit))
        expect(Ipaddr.inNetwork({ address, bits: length }, flipped)).toBe(bit >= length)
      }),
    )
  })
})
