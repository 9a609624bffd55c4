import { describe, expect, it } from "vitest"
import * as Arpv4 from "../../../src/mirage/arp/arpv4.ts"
import { ENTRY_MS, RENEW_MS } from "../../../src/mirage/arp/cache.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as Netif from "../../../src/mirage/sim/netif.ts"
import { type ArpPacket, encodeArp } from "../../../src/mirage/wire/arp.ts"
import { ETHERTYPE_ARP, encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { arp, check, ethernet } from "../../support/check.ts"
import { connected, virtualNetwork } from "../../support/virtual-network.ts"

const OURS = Ipaddr.make(10, 0, 0, 2)
const THEIRS = Ipaddr.make(10, 0, 0, 1)
const NOBODY = 0 as Macaddr.t

/** ARP that answers for OURS, and a peer that is a script. The announcement of OURS has passed. */
async function setUp() {
  const net = virtualNetwork()
  const Arp = Arpv4.Make(net.E, net.engine, net.engine)
  const netif = await connected(net.engine, Netif.connect(net.switch.connect()))
  const ethif = await connected(net.engine, net.E.connect(netif))
  const t = await connected(net.engine, Arp.connect(ethif))
  const peer = net.peer()
  Lwt.async(() => Netif.listen(netif, net.E.input(ethif, { arpv4: Arp.input(t) })))
  await net.run(Arp.setIps(t, [OURS]))
  await net.sleep(0.01)
  peer.received.length = 0
  const mac = net.E.mac(ethif)
  const packet = (fields: Partial<ArpPacket>): ArpPacket => ({
    oper: "request",
    sha: peer.mac,
    spa: THEIRS,
    tha: NOBODY,
    tpa: OURS,
    ...fields,
  })
  /** Send a packet from the peer, and let the answer come. */
  const say = async (fields: Partial<ArpPacket>, dst: Macaddr.t = Macaddr.broadcast) => {
    peer.send(encodeEthernet({ dst, src: peer.mac, ethertype: ETHERTYPE_ARP, payload: encodeArp(packet(fields)) }))
    await net.sleep(0.01)
  }
  const known = () => Arp.entries(t).map((e) => `${Ipaddr.toString(e.ip)} ${e.kind}`)
  return { net, Arp, t, peer, mac, say, known }
}

describe("answering", () => {
  it.each([
    ["broadcast", Macaddr.broadcast],
    ["unicast", Macaddr.ofStringExn("02:00:00:00:00:01")],
  ])("answers a %s request for our address", async (_, dst) => {
    const { peer, mac, say } = await setUp()
    await say({}, dst)
    expect(peer.received).toHaveLength(1)
    check(
      peer.received[0],
      ethernet({ dst: peer.mac, src: mac }),
      arp({ oper: "reply", sha: mac, spa: OURS, tha: peer.mac, tpa: THEIRS }),
    )
  })

  it("is silent about other addresses, even those it knows", async () => {
    const { peer, say, Arp, t } = await setUp()
    Arp.addStatic(t, Ipaddr.make(10, 0, 0, 9), peer.mac)
    await say({})
    peer.received.length = 0
    await say({ tpa: Ipaddr.make(10, 0, 0, 9) })
    await say({ spa: Ipaddr.make(10, 0, 0, 7), tpa: THEIRS })
    expect(peer.received).toEqual([])
  })

  it("answers a probe, and learns nothing from it", async () => {
    const { peer, say, known } = await setUp()
    await say({ spa: Ipaddr.any })
    check(peer.received[0], arp({ oper: "reply", spa: OURS, tpa: Ipaddr.any }))
    expect(known()).toEqual([])
  })

  it("learns who asked", async () => {
    const { say, known } = await setUp()
    await say({})
    expect(known()).toEqual(["10.0.0.1 dynamic"])
  })

  it("does not learn from requests for others, replies unasked for, or announcements of strangers", async () => {
    const { say, known, mac } = await setUp()
    await say({ tpa: Ipaddr.make(10, 0, 0, 9) })
    await say({ oper: "reply" }, mac)
    await say({ tpa: THEIRS })
    expect(known()).toEqual([])
  })

  it("ignores and counts nonsense: a group's hardware or protocol address, and what is no ARP", async () => {
    const { net, peer, say, known, t } = await setUp()
    await say({ sha: Macaddr.ofStringExn("01:00:5e:00:00:01") })
    await say({ spa: Ipaddr.broadcast })
    const payload = new Uint8Array(28)
    peer.send(encodeEthernet({ dst: Macaddr.broadcast, src: peer.mac, ethertype: ETHERTYPE_ARP, payload }))
    await net.sleep(0.01)
    expect(peer.received).toEqual([])
    expect(known()).toEqual([])
    expect(t.stats.malformed).toBe(3)
  })
})

describe("asking", () => {
  it("sends one broadcast request for all askers, and wakes them all", async () => {
    const { net, Arp, t, peer, mac, say } = await setUp()
    const askers = [Arp.query(t, THEIRS), Arp.query(t, THEIRS), Arp.query(t, THEIRS)]
    await net.sleep(0.01)
    expect(peer.received).toHaveLength(1)
    check(
      peer.received[0],
      ethernet({ dst: Macaddr.broadcast }),
      arp({ oper: "request", sha: mac, spa: OURS, tha: NOBODY, tpa: THEIRS }),
    )
    await say({ oper: "reply", tha: mac }, mac)
    expect(askers.map((p) => Lwt.poll(p))).toEqual(Array(3).fill({ ok: true, value: peer.mac }))
  })

  it("knows our own address", async () => {
    const { Arp, t, peer, mac } = await setUp()
    expect(Lwt.poll(Arp.query(t, OURS))).toEqual({ ok: true, value: mac })
    expect(peer.received).toEqual([])
  })

  it("asks six times, 1.5 s apart, and then says timeout", async () => {
    const { net, Arp, t, peer } = await setUp()
    const start = net.engine.now()
    expect(await net.run(Arp.query(t, THEIRS))).toEqual({ ok: false, error: "timeout" })
    expect(net.engine.now() - start).toBeCloseTo(9000)
    const asked = net.capture.rows().filter((r) => r.info === "who-has 10.0.0.1 tell 10.0.0.2")
    expect(asked.map((r) => Math.round(r.time - start))).toEqual([0, 1500, 3000, 4500, 6000, 7500])
    expect(peer.received).toHaveLength(6)
  })

  it("a static entry, or an announcement of whom we ask for, wakes the askers too", async () => {
    const { Arp, t, peer, say } = await setUp()
    const first = Arp.query(t, Ipaddr.make(10, 0, 0, 9))
    Arp.addStatic(t, Ipaddr.make(10, 0, 0, 9), peer.mac)
    expect(Lwt.poll(first)).toEqual({ ok: true, value: peer.mac })
    const second = Arp.query(t, THEIRS)
    await say({ tpa: THEIRS })
    expect(Lwt.poll(second)).toEqual({ ok: true, value: peer.mac })
  })

  it("an asker that is cancelled leaves the answer to the others", async () => {
    const { Arp, t, peer, say, mac } = await setUp()
    const first = Arp.query(t, THEIRS).map((r) => r)
    const second = Arp.query(t, THEIRS)
    Lwt.cancel(first)
    await say({ oper: "reply" }, mac)
    expect(Lwt.poll(second)).toEqual({ ok: true, value: peer.mac })
  })

  it("disconnecting ends the questions", async () => {
    const { net, Arp, t } = await setUp()
    const asked = Arp.query(t, THEIRS)
    await net.sleep(1)
    await net.run(Arp.disconnect(t))
    expect(Lwt.poll(asked)).toEqual({ ok: false, error: "timeout" })
    const before = net.capture.seen
    await net.sleep(60)
    expect(net.capture.seen).toBe(before)
  })
})

describe("entries", () => {
  it("a neighbour in use is asked about before its entry expires; one that moved is noticed", async () => {
    const { net, Arp, t, peer, say, mac } = await setUp()
    await say({})
    const learnt = net.engine.now()
    Arp.query(t, THEIRS)
    peer.received.length = 0
    await net.sleep((ENTRY_MS - RENEW_MS) / 1000)
    expect(peer.received).toHaveLength(1)
    const asked = net.capture.rows().at(-1)
    expect(asked?.info).toBe("who-has 10.0.0.1 tell 10.0.0.2")
    expect(asked!.time).toBeGreaterThan(learnt)
    const moved = Macaddr.ofStringExn("02:00:00:00:00:77")
    await say({ oper: "reply", sha: moved }, mac)
    expect(t.stats.moved).toBe(1)
    expect(Lwt.poll(Arp.query(t, THEIRS))).toEqual({ ok: true, value: moved })
  })

  it("an idle neighbour expires without a word", async () => {
    const { net, say, known } = await setUp()
    await say({})
    const before = net.capture.seen
    await net.sleep(2 * (ENTRY_MS / 1000))
    expect(net.capture.seen).toBe(before)
    expect(known()).toEqual([])
  })

  it("a static entry is not overwritten by a reply", async () => {
    const { Arp, t, say, mac } = await setUp()
    const fixed = Macaddr.ofStringExn("02:00:00:00:00:55")
    Arp.addStatic(t, THEIRS, fixed)
    await say({ oper: "reply" }, mac)
    expect(Lwt.poll(Arp.query(t, THEIRS))).toEqual({ ok: true, value: fixed })
  })
})

describe("our addresses", () => {
  it("are announced by a request for themselves", async () => {
    const { net, Arp, t, peer, mac } = await setUp()
    await net.run(Arp.addIp(t, Ipaddr.make(10, 0, 0, 3)))
    await net.sleep(0.01)
    const ip = Ipaddr.make(10, 0, 0, 3)
    check(
      peer.received[0],
      ethernet({ dst: Macaddr.broadcast }),
      arp({ oper: "request", sha: mac, spa: ip, tpa: ip, tha: NOBODY }),
    )
  })

  it("are a set: duplicates fall away, adding twice announces once, removing stops the answers", async () => {
    const { net, Arp, t, peer, say } = await setUp()
    await net.run(Arp.setIps(t, [OURS, OURS, Ipaddr.any]))
    expect(Arp.getIps(t)).toEqual([OURS])
    await net.run(Arp.addIp(t, OURS))
    await net.sleep(0.01)
    expect(peer.received).toHaveLength(1)
    await net.run(Arp.removeIp(t, OURS))
    peer.received.length = 0
    await say({})
    expect(peer.received).toEqual([])
  })

  it("are defended against somebody else's claim, once in ten seconds", async () => {
    const { net, t, peer, say } = await setUp()
    await say({ spa: OURS, tpa: OURS })
    await say({ spa: OURS, tpa: OURS })
    expect(peer.received).toHaveLength(1)
    check(peer.received[0], arp({ oper: "request", spa: OURS, tpa: OURS }))
    await net.sleep(10)
    await say({ spa: OURS, tpa: OURS })
    expect(peer.received).toHaveLength(2)
    expect(t.stats.conflicts).toBe(3)
  })
})
