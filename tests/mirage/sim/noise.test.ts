// A network that sends nonsense: whatever arrives, a machine throws nothing, forgets what it should, and still answers.

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { type ArpPacket, encodeArp } from "../../../src/mirage/wire/arp.ts"
import { encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import { encodeIcmpv4 } from "../../../src/mirage/wire/icmpv4.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { encodeIpv4, pseudoHeaderSum } from "../../../src/mirage/wire/ipv4.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { encodeTcp } from "../../../src/mirage/wire/tcp.ts"
import { encodeUdp } from "../../../src/mirage/wire/udp.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

const HOST = Macaddr.ofStringExn("02:00:00:00:00:01")
const OURS = Ipaddr.make(10, 0, 0, 1)

const byte = fc.nat({ max: 255 })
const word = fc.nat({ max: 0xffff })
const long = fc.nat({ max: 0xffffffff })
const bytes = fc.uint8Array({ maxLength: 64 })
const address = fc.oneof(
  fc.constantFrom(OURS, Ipaddr.any, Ipaddr.broadcast, Ipaddr.localhost, Ipaddr.make(10, 0, 0, 255)),
  fc.nat({ max: 20 }).map((n) => Ipaddr.make(10, 0, 0, n)),
  long.map(Ipaddr.ofInt32),
)
const mac = fc.oneof(
  fc.constantFrom(HOST, Macaddr.broadcast, Macaddr.ofStringExn("01:00:5e:00:00:01")),
  fc.nat({ max: 20 }).map((n) => (0x020000000000 + n) as Macaddr.t),
)

const arp: fc.Arbitrary<ArpPacket> = fc.record({
  oper: fc.constantFrom("request" as const, "reply" as const),
  sha: mac,
  spa: address,
  tha: mac,
  tpa: address,
})

const port = fc.constantFrom(1, 80, 49152, 65535)

/** A transport payload for `src` and `dst` with its checksum right, so that it gets past the first check. */
const transport = (src: Ipaddr.V4, dst: Ipaddr.V4): fc.Arbitrary<{ proto: number; payload: Uint8Array }> =>
  fc.oneof(
    bytes.chain((payload) => byte.map((proto) => ({ proto, payload }))),
    fc
      .record({ srcPort: port, dstPort: port, payload: bytes })
      .map((d) => ({ proto: 17, payload: encodeUdp(d, pseudoHeaderSum(src, dst, 17, 8 + d.payload.length)) })),
    fc
      .record({
        srcPort: port,
        dstPort: port,
        seq: long,
        ack: long,
        flags: byte,
        window: word,
        urgent: word,
        payload: bytes,
      })
      .map((s) => ({
        proto: 6,
        payload: encodeTcp({ ...s, options: [] }, pseudoHeaderSum(src, dst, 6, 20 + s.payload.length)),
      })),
    fc
      .record({ id: word, seq: word, payload: bytes })
      .map((m) => ({ proto: 1, payload: encodeIcmpv4({ tag: "EchoRequest", ...m }) })),
    fc
      .record({ code: byte, nextHopMtu: word, original: bytes })
      .map((m) => ({ proto: 1, payload: encodeIcmpv4({ tag: "Unreachable", ...m }) })),
  )

const datagram = fc.tuple(address, address).chain(([src, dst]) =>
  fc
    .record({
      tos: byte,
      id: fc.nat({ max: 3 }),
      dontFragment: fc.boolean(),
      moreFragments: fc.boolean(),
      fragmentOffset: fc.oneof(
        fc.constant(0),
        fc.nat({ max: 0x1fff }).map((n) => n * 8),
      ),
      ttl: byte,
      options: fc.constantFrom(new Uint8Array(0), new Uint8Array(4)),
      inner: transport(src, dst),
    })
    .map(({ inner, ...header }) => encodeIpv4({ ...header, ...inner, src, dst })),
)

const frame = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc
    .record({ dst: mac, src: mac, ethertype: fc.constantFrom(0x0800, 0x0806, 0x86dd), payload: bytes })
    .map(encodeEthernet),
  fc
    .record({ dst: mac, src: mac, arp })
    .map(({ arp: packet, ...ends }) => encodeEthernet({ ...ends, ethertype: 0x0806, payload: encodeArp(packet) })),
  fc
    .record({ dst: fc.constant(HOST), src: mac, datagram })
    .map(({ datagram: payload, ...ends }) => encodeEthernet({ ...ends, ethertype: 0x0800, payload })),
)

describe("a machine on a network of nonsense", () => {
  it("throws nothing, and answers a ping afterwards", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 60 }), async (frames) => {
        const net = virtualNetwork()
        const host = await net.host("10.0.0.1/24")
        host.onUdp(80, () => Lwt.return(undefined))
        host.onTcp(80, (flow) => net.T.read(flow).bind(() => net.T.close(flow)))
        const noise = net.peer({ mac: "02:00:00:00:00:63" })
        for (const f of frames) noise.send(f)
        // Whatever a handler throws or rejects with, this rejects with too.
        await net.sleep(1)
        // It may have claimed any address, ours too: the asker comes later, and is none of those.
        noise.port.unplug()
        const asker = await net.host("10.0.0.77/24", { mac: "02:00:00:00:00:77" })
        await net.sleep(1)
        const pong = await net.run(net.Icmp.ping(asker.icmp, OURS, { timeoutMs: 10_000 }))
        expect(pong).toMatchObject({ ok: true, value: { from: OURS } })
      }),
      { numRuns: 150 },
    )
  }, 30_000)

  it("keeps no more neighbours and fragments than its bounds, however many there are", async () => {
    const net = virtualNetwork()
    const host = await net.host("10.0.0.1/8")
    const noise = net.peer()
    for (let i = 0; i < 3000; i++) {
      const spa = Ipaddr.ofInt32(0x0a010000 + i)
      const sha = noise.mac
      const ask = encodeArp({ oper: "request", sha, spa, tha: 0 as Macaddr.t, tpa: OURS })
      noise.send(encodeEthernet({ dst: Macaddr.broadcast, src: sha, ethertype: 0x0806, payload: ask }))
      const piece = encodeIpv4({
        tos: 0,
        id: i,
        dontFragment: false,
        moreFragments: true,
        fragmentOffset: 0,
        ttl: 64,
        proto: 17,
        src: spa,
        dst: OURS,
        options: new Uint8Array(0),
        payload: new Uint8Array(1480),
      })
      noise.send(encodeEthernet({ dst: HOST, src: sha, ethertype: 0x0800, payload: piece }))
    }
    await net.sleep(1)
    expect(host.arp()).toHaveLength(1024)
    expect(host.ip.reassembly.bytes).toBeLessThanOrEqual(256 * 1024)
    expect(host.ip.reassembly.bytes).toBeGreaterThan(200 * 1024)
  })
})
