// The figures that tools print: ping's times, tcpdump's clock and bytes, and what a URL is taken apart into.

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { showRtt, showStatistics } from "../../../../src/mirage/sim/shell/ping.ts"
import { hexdump, showTime } from "../../../../src/mirage/sim/shell/tcpdump.ts"
import { parseUrl } from "../../../../src/mirage/sim/shell/url.ts"

describe("ping", () => {
  it.each([
    [0, "0.000"],
    [0.4567, "0.457"],
    [0.9996, "1.00"],
    [1, "1.00"],
    [9.994, "9.99"],
    [9.996, "10.0"],
    [42.25, "42.3"],
    [99.96, "100"],
    [1234.4, "1234"],
  ])("shows %f ms as %s", (ms, text) => {
    expect(showRtt(ms)).toBe(text)
  })

  it("sums up", () => {
    const statistics = { host: "h", sent: 3, errors: 0, rtts: [1, 3], elapsedMs: 2000.6 }
    expect(showStatistics(statistics)).toBe(
      "\n--- h ping statistics ---\n3 packets transmitted, 2 received, 33.3333% packet loss, time 2001ms\n" +
        "rtt min/avg/max/mdev = 1.000/2.000/3.000/1.000 ms\n",
    )
  })

  it("law: min <= avg <= max, and no deviation of equal times", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 }), (rtts) => {
        const text = showStatistics({ host: "h", sent: rtts.length, errors: 0, rtts, elapsedMs: 0 })
        const [min = 0, avg = 0, max = 0, mdev = 0] = /= (.*) ms/.exec(text)?.[1]?.split("/").map(Number) ?? []
        expect(min).toBeLessThanOrEqual(avg + 0.001)
        expect(avg).toBeLessThanOrEqual(max + 0.001)
        if (new Set(rtts).size === 1) expect(mdev).toBeLessThan(0.01)
      }),
    )
  })
})

describe("tcpdump", () => {
  it("shows simulated time as a clock", () => {
    expect(showTime(0)).toBe("00:00:00.000000")
    expect(showTime(1234.5678)).toBe("00:00:01.234568")
    expect(showTime(3_599_999.9999)).toBe("01:00:00.000000")
    expect(showTime(100 * 3_600_000)).toBe("100:00:00.000000")
  })

  it("shows bytes in pairs and as text", () => {
    expect(hexdump(new Uint8Array([]))).toBe("")
    expect(hexdump(new TextEncoder().encode("GET / HTTP/1.1\r\nHost"))).toBe(
      "\t0x0000:  4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..\n" +
        "\t0x0010:  486f 7374                                Host\n",
    )
    expect(hexdump(new Uint8Array([0, 0x7f, 0xff]))).toBe("\t0x0000:  007f ff                                  ...\n")
  })
})

describe("parseUrl", () => {
  it.each([
    ["10.0.0.2", "10.0.0.2", 80, "10.0.0.2", "/"],
    ["http://Unikernel", "unikernel", 80, "unikernel", "/"],
    ["HTTP://10.0.0.2:80/a/b?c=d#e", "10.0.0.2", 80, "10.0.0.2", "/a/b?c=d"],
    ["10.0.0.2:8080?x", "10.0.0.2", 8080, "10.0.0.2:8080", "/?x"],
    ["http://me:secret@10.0.0.2/", "10.0.0.2", 80, "10.0.0.2", "/"],
    ["http://h/a%20b%zz", "h", 80, "h", "/a%20b%25zz"],
    ["http://h/ä", "h", 80, "h", "/%C3%A4"],
  ])("%s", (text, host, port, authority, target) => {
    expect(parseUrl(text)).toEqual({ ok: true, value: { host, port, authority, target } })
  })

  it.each([
    "",
    "http://",
    "http:///x",
    "http://h:0/",
    "http://h:65536/",
    "http://h:x/",
    "http://a b/",
    "http://h/a\nb",
    "http://[::1]/",
    "http://h/\ud800",
  ])("%j is none", (text) => {
    expect(parseUrl(text)).toMatchObject({ ok: false, error: { code: 3 } })
  })

  it("of another scheme cannot be fetched", () => {
    expect(parseUrl("ftp://h/")).toMatchObject({ ok: false, error: { code: 1 } })
  })

  it("law: a target is what may stand in a request line, whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const url = parseUrl(`http://h/${text}`)
        if (url.ok) expect(url.value.target).toMatch(/^\/[!-~]*$/)
      }),
    )
  })
})
