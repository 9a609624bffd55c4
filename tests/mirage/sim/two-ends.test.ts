// Whole stacks at both ends of a switch, over simulated time: what a learner sees, frame by frame.

import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { check, icmp, ipv4, payload, udp } from "../../support/check.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

async function pair(latencyMs = 5) {
  const net = virtualNetwork({ link: { latencyMs } })
  const a = await net.host("10.0.0.1/24")
  const b = await net.host("10.0.0.2/24")
  await net.sleep(1)
  return { net, a, b, seen: net.capture.seen, start: net.engine.now() }
}

const text = (s: string) => new TextEncoder().encode(s)

describe("two machines on a switch", () => {
  it("announce themselves when they come up", async () => {
    const { net } = await pair()
    expect(net.trace()).toEqual([
      "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff ARP announcement: 10.0.0.1 is-at 02:00:00:00:00:01",
      "02:00:00:00:00:02 > ff:ff:ff:ff:ff:ff ARP announcement: 10.0.0.2 is-at 02:00:00:00:00:02",
    ])
  })

  it("ping: ARP once, then echoes, each hop taking its time", async () => {
    const { net, a, b, seen, start } = await pair()
    const rtts: number[] = []
    for (let seq = 1; seq <= 3; seq++) {
      const pong = await net.run(net.Icmp.ping(a.icmp, b.address, { id: 1, seq }))
      if (pong.ok) rtts.push(pong.value.rttMs)
    }
    expect(rtts).toEqual([40, 20, 20])
    expect(net.trace().slice(seen)).toEqual([
      "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff ARP who-has 10.0.0.2 tell 10.0.0.1",
      "02:00:00:00:00:02 > 02:00:00:00:00:01 ARP 10.0.0.2 is-at 02:00:00:00:00:02",
      "10.0.0.1 > 10.0.0.2 ICMP echo request id=1 seq=1 ttl=38 Len=64",
      "10.0.0.2 > 10.0.0.1 ICMP echo reply id=1 seq=1 ttl=38 Len=64",
      "10.0.0.1 > 10.0.0.2 ICMP echo request id=1 seq=2 ttl=38 Len=64",
      "10.0.0.2 > 10.0.0.1 ICMP echo reply id=1 seq=2 ttl=38 Len=64",
      "10.0.0.1 > 10.0.0.2 ICMP echo request id=1 seq=3 ttl=38 Len=64",
      "10.0.0.2 > 10.0.0.1 ICMP echo reply id=1 seq=3 ttl=38 Len=64",
    ])
    const times = net.capture
      .rows()
      .slice(seen)
      .map((r) => r.time - start)
    expect(times).toEqual([5, 15, 25, 35, 45, 55, 65, 75])
    expect(a.arp()).toEqual(["10.0.0.2 02:00:00:00:00:02 dynamic"])
    expect(b.arp()).toEqual(["10.0.0.1 02:00:00:00:00:01 dynamic"])
  })

  it("exchange UDP: a question and its answer", async () => {
    const { net, a, b, seen } = await pair()
    b.onUdp(7, (src, srcPort, _dst, data) =>
      net.U.write(b.udp, { srcPort: 7, dst: src, dstPort: srcPort }, data.toReversed()).map(() => undefined),
    )
    const [answer, resolver] = Lwt.wait<string>()
    a.onUdp(4000, (_src, _srcPort, _dst, data) => {
      Lwt.wakeup(resolver, new TextDecoder().decode(data))
      return Lwt.return(undefined)
    })
    await net.run(net.U.write(a.udp, { srcPort: 4000, dst: b.address, dstPort: 7 }, text("hello")))
    expect(await net.run(answer)).toBe("olleh")
    const frames = net.capture.rows().slice(seen + 2)
    check(frames[0]?.bytes, ipv4({ src: a.address, dst: b.address, ttl: 38 }), udp({ dstPort: 7 }), payload("hello"))
    check(frames[1]?.bytes, ipv4({ src: b.address }), udp({ srcPort: 7, dstPort: 4000 }), payload("olleh"))
    expect(frames).toHaveLength(2)
  })

  it("talk TCP: a connection, its data and its end", async () => {
    const { net, a, b } = await pair()
    b.onTcp(80, (flow) =>
      net.T.read(flow).bind((r) =>
        net.T.write(flow, text(`you said ${r.tag === "Ok" ? new TextDecoder().decode(r.data) : r.tag}`)).bind(() =>
          net.T.close(flow),
        ),
      ),
    )
    const connection = await net.run(net.T.createConnection(a.tcp, [b.address, 80]))
    if (!connection.ok) throw new Error(connection.error.kind)
    const flow = connection.value
    await net.run(net.T.write(flow, text("hi")))
    const heard = await net.run(net.T.read(flow))
    expect(heard.tag === "Ok" && new TextDecoder().decode(heard.data)).toBe("you said hi")
    expect((await net.run(net.T.read(flow))).tag).toBe("Eof")
    await net.run(net.T.close(flow))
    await net.sleep(60)
    const tcp = net.trace().filter((line) => line.includes(" TCP "))
    expect(tcp[0]).toMatch(/^10\.0\.0\.1 > 10\.0\.0\.2 TCP \d+ → 80 \[SYN\] Seq=0 Win=\d+ Len=0 MSS=1460/)
    expect(tcp[1]).toMatch(/^10\.0\.0\.2 > 10\.0\.0\.1 TCP 80 → \d+ \[SYN, ACK\] Seq=0 Ack=1 Win=\d+ Len=0 MSS=1460/)
    expect(tcp.filter((line) => line.includes("FIN"))).toHaveLength(2)
  })

  it("find each other again after one has got another card", async () => {
    const { net, a, b } = await pair()
    await net.run(net.Icmp.ping(a.icmp, b.address))
    await net.run(net.Netif.disconnect(b.netif))
    expect(await net.run(net.Icmp.ping(a.icmp, b.address))).toEqual({ ok: false, error: { kind: "timeout" } })
    // Its announcement corrects what a believes.
    const again = await net.host("10.0.0.2/24", { mac: "02:00:00:00:00:42" })
    await net.sleep(1)
    expect(a.arp()).toEqual(["10.0.0.2 02:00:00:00:00:42 dynamic"])
    expect(await net.run(net.Icmp.ping(a.icmp, again.address))).toMatchObject({ ok: true, value: { rttMs: 40 } })
  })

  it("hand the gateway what is for another network", async () => {
    // A host, and no router: it drops what it is not the destination of (RFC 1122 3.3.4.2).
    const net = virtualNetwork()
    const gateway = await net.host("10.0.0.254/24")
    const a = await net.host("10.0.0.1/24", { gateway: "10.0.0.254" })
    await net.sleep(1)
    const away = Ipaddr.make(192, 168, 1, 1)
    const seen = net.capture.seen
    expect(await net.run(net.Icmp.ping(a.icmp, away))).toEqual({ ok: false, error: { kind: "timeout" } })
    const echo = net.capture.rows().at(-1)
    expect(net.trace()[seen]).toContain("who-has 10.0.0.254 tell 10.0.0.1")
    check(echo?.bytes, ipv4({ dst: away }), icmp({ tag: "EchoRequest" }))
    expect(gateway.ip.drops["not-for-us"]).toBe(1)
  })

  it("are a silent network when they have nothing to say: no timer keeps them awake", async () => {
    const { net, a, b } = await pair()
    await net.run(net.Icmp.ping(a.icmp, b.address))
    await net.sleep(3600)
    const seen = net.capture.seen
    await net.sleep(24 * 3600)
    expect(net.capture.seen).toBe(seen)
    // Nothing that could resolve this is left, and the engine can tell.
    await expect(net.run(Lwt.wait()[0])).rejects.toThrow("waits for ever")
  })

  it("give the same capture every time", async () => {
    const once = async () => {
      const { net, a, b } = await pair()
      b.onUdp(7, () => Lwt.return(undefined))
      await net.run(net.Icmp.ping(a.icmp, b.address))
      await net.run(net.U.write(a.udp, { dst: b.address, dstPort: 7 }, text("x")))
      await net.sleep(1)
      return net.capture.pcapng()
    }
    expect(await once()).toEqual(await once())
  })
})
