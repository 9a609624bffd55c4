import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ArpCache, ENTRY_MS, MAX_DYNAMIC, MAX_RETRIES, RENEW_MS, RETRY_MS } from "../../../src/mirage/arp/cache.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"

const IP = Ipaddr.make(10, 0, 0, 2)
const OTHER = Ipaddr.make(10, 0, 0, 3)
const MAC = Macaddr.ofStringExn("02:00:00:00:00:02")
const MAC2 = Macaddr.ofStringExn("02:00:00:00:00:22")

/** A table that knows MAC for IP since 0. */
function dynamic(): ArpCache {
  const cache = new ArpCache()
  cache.query(0, IP)
  expect(cache.learn(0, IP, MAC, false)).toBe("answered")
  return cache
}

describe("pending", () => {
  it("the first asker sends, later ones merge", () => {
    const cache = new ArpCache()
    expect(cache.query(0, IP)).toEqual({ tag: "Pending", ask: true })
    expect(cache.query(1, IP)).toEqual({ tag: "Pending", ask: false })
    expect(cache.query(1, OTHER)).toEqual({ tag: "Pending", ask: true })
  })

  it("asks again five times, and then fails", () => {
    const cache = new ArpCache()
    cache.query(0, IP)
    for (let retry = 1; retry <= MAX_RETRIES; retry++) {
      expect(cache.nextTimeout()).toBe(retry * RETRY_MS)
      expect(cache.handleTimeout(retry * RETRY_MS)).toEqual({ ask: [IP], failed: [] })
    }
    expect(cache.handleTimeout((MAX_RETRIES + 1) * RETRY_MS)).toEqual({ ask: [], failed: [IP] })
    expect(cache.nextTimeout()).toBeUndefined()
    expect(cache.query(99_999, IP)).toEqual({ tag: "Pending", ask: true })
  })

  it("does nothing before its time", () => {
    const cache = new ArpCache()
    cache.query(0, IP)
    expect(cache.handleTimeout(RETRY_MS - 1)).toEqual({ ask: [], failed: [] })
  })

  it("is answered by a claim from anybody, and then known", () => {
    const cache = dynamic()
    expect(cache.query(1, IP)).toEqual({ tag: "Known", mac: MAC, firstUse: true })
    expect(cache.query(2, IP)).toEqual({ tag: "Known", mac: MAC, firstUse: false })
  })

  it("a static entry closes it", () => {
    const cache = new ArpCache()
    cache.query(0, IP)
    cache.addStatic(IP, MAC)
    expect(cache.nextTimeout()).toBeUndefined()
    expect(cache.query(1, IP)).toMatchObject({ tag: "Known", mac: MAC })
  })
})

describe("dynamic", () => {
  it("expires, silently if nobody used it", () => {
    const cache = dynamic()
    expect(cache.nextTimeout()).toBeUndefined()
    expect(cache.query(ENTRY_MS, IP)).toEqual({ tag: "Pending", ask: true })
  })

  it("in use, is asked about once before it expires", () => {
    const cache = dynamic()
    cache.query(1, IP)
    const renewal = ENTRY_MS - RENEW_MS
    expect(cache.nextTimeout()).toBe(renewal)
    expect(cache.handleTimeout(renewal)).toEqual({ ask: [IP], failed: [] })
    expect(cache.nextTimeout()).toBeUndefined()
    expect(cache.query(renewal + 1, IP)).toMatchObject({ tag: "Known" })
    expect(cache.learn(renewal + 2, IP, MAC, false)).toBe("confirmed")
    expect(cache.query(ENTRY_MS, IP)).toMatchObject({ tag: "Known" })
  })

  it("confirmed and not used since, is not asked about again", () => {
    const cache = dynamic()
    cache.query(1, IP)
    cache.learn(2, IP, MAC, false)
    expect(cache.nextTimeout()).toBeUndefined()
  })

  it("unconfirmed after the renewal request, expires", () => {
    const cache = dynamic()
    cache.query(1, IP)
    cache.handleTimeout(ENTRY_MS - RENEW_MS)
    expect(cache.query(ENTRY_MS, IP)).toEqual({ tag: "Pending", ask: true })
  })

  it("is not renewed by a timer that comes too late", () => {
    const cache = dynamic()
    cache.query(1, IP)
    expect(cache.handleTimeout(ENTRY_MS + 1)).toEqual({ ask: [], failed: [] })
  })

  it("moves to a new address, and says so", () => {
    const cache = dynamic()
    expect(cache.learn(1, IP, MAC2, false)).toBe("moved")
    expect(cache.query(2, IP)).toMatchObject({ mac: MAC2 })
  })

  it("a static entry beats it", () => {
    const cache = dynamic()
    cache.addStatic(IP, MAC2)
    expect(cache.query(1, IP)).toMatchObject({ mac: MAC2 })
    expect(cache.query(10 * ENTRY_MS, IP)).toMatchObject({ mac: MAC2 })
  })
})

describe("static", () => {
  it("is not overwritten by the wire", () => {
    const cache = new ArpCache()
    cache.addStatic(IP, MAC)
    expect(cache.learn(0, IP, MAC2, true)).toBe("ignored")
    expect(cache.query(1, IP)).toMatchObject({ mac: MAC })
  })

  it("can be forgotten", () => {
    const cache = new ArpCache()
    cache.addStatic(IP, MAC)
    cache.forget(IP)
    expect(cache.query(1, IP)).toEqual({ tag: "Pending", ask: true })
  })
})

describe("unknown", () => {
  it("an unasked claim is not kept", () => {
    const cache = new ArpCache()
    expect(cache.learn(0, IP, MAC, false)).toBe("ignored")
    expect(cache.entries(0)).toEqual([])
  })

  it("but one that came with a question to us is", () => {
    const cache = new ArpCache()
    expect(cache.learn(0, IP, MAC, true)).toBe("added")
    expect(cache.entries(0)).toEqual([{ ip: IP, mac: MAC, kind: "dynamic" }])
  })

  it("after it expired, an unasked claim is not kept either", () => {
    const cache = dynamic()
    expect(cache.learn(ENTRY_MS, IP, MAC2, false)).toBe("ignored")
  })
})

describe("the limit", () => {
  const ip = (i: number) => Ipaddr.ofInt32(0x0a000000 + i)

  it("the least recently used dynamic entry makes room; static and pending ones stay", () => {
    const cache = new ArpCache()
    cache.addStatic(ip(5000), MAC)
    cache.query(0, ip(5001))
    for (let i = 0; i < MAX_DYNAMIC; i++) cache.learn(0, ip(i), MAC, true)
    cache.query(1, ip(0))
    cache.learn(2, ip(4000), MAC, true)
    const known = new Set(cache.entries(3).map((e) => e.ip))
    expect(known.size).toBe(MAX_DYNAMIC + 2)
    expect(known.has(ip(0))).toBe(true)
    expect(known.has(ip(1))).toBe(false)
    expect(known.has(ip(4000)) && known.has(ip(5000)) && known.has(ip(5001))).toBe(true)
  })

  it("counts right however entries come and go", () => {
    const op = fc.oneof(
      fc.record({ op: fc.constant("learn" as const), i: fc.nat({ max: 2000 }) }),
      fc.record({ op: fc.constant("static" as const), i: fc.nat({ max: 20 }) }),
      fc.record({ op: fc.constant("forget" as const), i: fc.nat({ max: 2000 }) }),
      fc.record({ op: fc.constant("query" as const), i: fc.nat({ max: 20 }) }),
    )
    fc.assert(
      fc.property(fc.array(op, { maxLength: 100 }), (ops) => {
        const cache = new ArpCache()
        for (let i = 0; i < MAX_DYNAMIC; i++) cache.learn(0, ip(i), MAC, true)
        for (const { op, i } of ops) {
          if (op === "learn") cache.learn(1, ip(i), MAC2, true)
          else if (op === "static") cache.addStatic(ip(i), MAC)
          else if (op === "forget") cache.forget(ip(i))
          else cache.query(1, ip(i))
        }
        const count = () => cache.entries(2).filter((e) => e.kind === "dynamic").length
        expect(count()).toBeLessThanOrEqual(MAX_DYNAMIC)
        // Had the count drifted, filling up again would stop short of the limit, or pass it.
        for (let i = 0; i < MAX_DYNAMIC + 100; i++) cache.learn(3, ip(10_000 + i), MAC, true)
        expect(count()).toBe(MAX_DYNAMIC)
      }),
      { numRuns: 20 },
    )
  })
})
