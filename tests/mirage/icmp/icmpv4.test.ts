import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { encodeIcmpv4 } from "../../../src/mirage/wire/icmpv4.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { encodeIpv4 } from "../../../src/mirage/wire/ipv4.ts"
import { hex } from "../../support/hex.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

async function pair(latencyMs = 0.5) {
  const net = virtualNetwork({ link: { latencyMs } })
  const a = await net.host("10.0.0.1/24")
  const b = await net.host("10.0.0.2/24")
  // The machines' announcements have passed: an open question would take one for its answer.
  await net.sleep(1)
  return { net, a, b }
}

describe("ping", () => {
  it("tells who answered, and how long it took", async () => {
    const { net, a, b } = await pair()
    // The first also pays for ARP: a request and a reply.
    const first = await net.run(net.Icmp.ping(a.icmp, b.address))
    expect(first).toEqual({ ok: true, value: { from: b.address, seq: 1, ttl: 38, length: 64, rttMs: 4 } })
    const second = await net.run(net.Icmp.ping(a.icmp, b.address, { seq: 2, payload: hex`00` }))
    expect(second).toEqual({ ok: true, value: { from: b.address, seq: 2, ttl: 38, length: 9, rttMs: 2 } })
  })

  it("several at once find their own answers", async () => {
    const { net, a, b } = await pair()
    const pongs = await net.run(Lwt.all([3, 1, 2].map((seq) => net.Icmp.ping(a.icmp, b.address, { id: 9, seq }))))
    expect(pongs.map((p) => p.ok && p.value.seq)).toEqual([3, 1, 2])
  })

  it("pings itself", async () => {
    const { net, a } = await pair()
    const pong = await net.run(net.Icmp.ping(a.icmp, a.address))
    expect(pong).toMatchObject({ ok: true, value: { from: a.address, rttMs: 0 } })
  })

  it("times out after a second, or as told", async () => {
    const { net, a } = await pair()
    const nobody = Ipaddr.make(10, 0, 0, 77)
    const start = net.engine.now()
    expect(await net.run(net.Icmp.ping(a.icmp, nobody))).toEqual({ ok: false, error: { kind: "timeout" } })
    expect(net.engine.now() - start).toBe(1000)
    await net.run(net.Icmp.ping(a.icmp, nobody, { timeoutMs: 250 }))
    expect(net.engine.now() - start).toBe(1250)
  })

  it("waits long enough to hear that nobody is there, if told to", async () => {
    const { net, a } = await pair()
    const pong = await net.run(net.Icmp.ping(a.icmp, Ipaddr.make(10, 0, 0, 77), { timeoutMs: 20_000 }))
    expect(pong).toEqual({ ok: false, error: { kind: "no-route" } })
  })

  it("says no-route and too-long at once", async () => {
    const { net, a, b } = await pair()
    const away = await net.run(net.Icmp.ping(a.icmp, Ipaddr.make(192, 168, 0, 1)))
    expect(away).toEqual({ ok: false, error: { kind: "no-route" } })
    const long = await net.run(net.Icmp.ping(a.icmp, b.address, { payload: new Uint8Array(1473) }))
    expect(long).toEqual({ ok: false, error: { kind: "too-long" } })
  })

  it("hears that the destination is unreachable, or the time to live over, from whoever says so", async () => {
    const { net, a, b } = await pair()
    for (const [message, error] of [
      [
        { tag: "Unreachable", code: 1, nextHopMtu: 0 },
        { kind: "unreachable", from: b.address, code: 1 },
      ],
      [
        { tag: "TimeExceeded", code: 0 },
        { kind: "ttl-exceeded", from: b.address },
      ],
    ] as const) {
      // b plays the router: a's gateway.
      await net.run(net.I.setIpGateways(a.ip, [b.address]))
      const dst = Ipaddr.make(192, 168, 0, 1)
      const ping = net.Icmp.ping(a.icmp, dst, { id: 5, seq: 6 })
      const original = encodeIpv4({
        tos: 0,
        id: 0,
        dontFragment: false,
        moreFragments: false,
        fragmentOffset: 0,
        ttl: 1,
        proto: 1,
        src: a.address,
        dst,
        options: new Uint8Array(0),
        payload: encodeIcmpv4({ tag: "EchoRequest", id: 5, seq: 6, payload: new Uint8Array(0) }),
      })
      const other = original.slice()
      other[19] = 2
      // About somebody else's datagram first: not for this ping.
      await net.run(net.I.write(b.ip, a.address, "icmp", encodeIcmpv4({ ...message, original: other })))
      await net.run(net.I.write(b.ip, a.address, "icmp", encodeIcmpv4({ ...message, original: hex`45` })))
      await net.sleep(0.01)
      expect(Lwt.isSleeping(ping)).toBe(true)
      await net.run(net.I.write(b.ip, a.address, "icmp", encodeIcmpv4({ ...message, original })))
      expect(await net.run(ping)).toEqual({ ok: false, error })
    }
  })

  it("a reply that comes after the time-out, or twice, is nobody's", async () => {
    const { net, a, b } = await pair(300)
    await net.run(net.Icmp.ping(a.icmp, b.address, { timeoutMs: 5000 }))
    const late = await net.run(net.Icmp.ping(a.icmp, b.address, { timeoutMs: 500 }))
    expect(late).toEqual({ ok: false, error: { kind: "timeout" } })
    await net.sleep(5)
    expect(a.icmp.asked.size).toBe(0)
  })

  it("cancelled, stops waiting", async () => {
    const { net, a, b } = await pair()
    const ping = net.Icmp.ping(a.icmp, b.address)
    Lwt.cancel(ping)
    await expect(net.run(ping)).rejects.toBeInstanceOf(Lwt.Canceled)
    expect(a.icmp.asked.size).toBe(0)
  })

  it("throws for an id or seq that is none", async () => {
    const { net, a, b } = await pair()
    expect(() => net.Icmp.ping(a.icmp, b.address, { seq: 65536 })).toThrow("ICMP seq 65536")
    expect(() => net.Icmp.ping(a.icmp, b.address, { id: -1 })).toThrow("ICMP id -1")
  })
})
