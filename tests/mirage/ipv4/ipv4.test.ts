import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { encodeEthernet, ETHERTYPE_IPV4 } from "../../../src/mirage/wire/ethernet.ts"
import { encodeIcmpv4, type Icmpv4Message } from "../../../src/mirage/wire/icmpv4.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { encodeIpv4, type Ipv4Datagram } from "../../../src/mirage/wire/ipv4.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { check, ethernet, icmp, ipv4 } from "../../support/check.ts"
import { hex } from "../../support/hex.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

const PEER = Ipaddr.make(10, 0, 0, 1)
const OURS = Ipaddr.make(10, 0, 0, 2)

/** A machine 10.0.0.2/24 that notes what reaches its upper layers, and a scripted peer 10.0.0.1 that it knows. */
async function setUp(cidr = "10.0.0.2/24", gateway?: string) {
  const net = virtualNetwork()
  const peer = net.peer()
  const host = await net.host(cidr, gateway === undefined ? {} : { gateway })
  net.I.ARP.addStatic(net.I.arp(host.ip), PEER, peer.mac)
  const heard: string[] = []
  const note = (who: string) => (src: Ipaddr.V4, dst: Ipaddr.V4, payload: Uint8Array) => {
    heard.push(`${who} ${Ipaddr.toString(src)} > ${Ipaddr.toString(dst)} ${payload.length}`)
    return Lwt.return(undefined)
  }
  host.onTcpSegment(note("tcp"))
  host.onDefault((proto, src, dst, payload) => note(`default(${proto})`)(src, dst, payload))
  await net.sleep(0.01)
  peer.received.length = 0
  const datagram = (fields: Partial<Ipv4Datagram> = {}): Ipv4Datagram => ({
    tos: 0,
    id: 1,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    proto: 6,
    src: PEER,
    dst: OURS,
    options: new Uint8Array(0),
    payload: hex`01020304`,
    ...fields,
  })
  /** Send bytes from the peer as an IPv4 frame, and let what follows happen. */
  const sendRaw = async (payload: Uint8Array) => {
    peer.send(encodeEthernet({ dst: host.port.mac, src: peer.mac, ethertype: ETHERTYPE_IPV4, payload }))
    await net.sleep(0.01)
  }
  const send = (fields: Partial<Ipv4Datagram> = {}) => sendRaw(encodeIpv4(datagram(fields)))
  const ping = (message: Icmpv4Message, fields: Partial<Ipv4Datagram> = {}) =>
    send({ proto: 1, payload: encodeIcmpv4(message), ...fields })
  return { net, peer, host, heard, sendRaw, send, ping, datagram }
}

describe("input", () => {
  it("hands payloads on by protocol", async () => {
    const { send, heard } = await setUp()
    await send({ proto: 6 })
    await send({ proto: 47 })
    expect(heard).toEqual(["tcp 10.0.0.1 > 10.0.0.2 4", "default(47) 10.0.0.1 > 10.0.0.2 4"])
  })

  it("trims Ethernet padding, and skips options", async () => {
    const { sendRaw, datagram, heard } = await setUp()
    await sendRaw(Uint8Array.of(...encodeIpv4(datagram({ options: hex`94040000` })), ...new Uint8Array(20)))
    expect(heard).toEqual(["tcp 10.0.0.1 > 10.0.0.2 4"])
  })

  it.each(["10.0.0.255", "255.255.255.255", "0.0.0.0", "224.0.0.1"])("takes what is for %s", async (dst) => {
    const { send, heard } = await setUp()
    await send({ dst: Ipaddr.ofStringExn(dst) })
    expect(heard).toEqual([`tcp 10.0.0.1 > ${dst} 4`])
  })

  it.each([
    ["for another address", "not-for-us", { dst: Ipaddr.make(10, 0, 0, 3) }],
    ["for another network's broadcast address", "not-for-us", { dst: Ipaddr.make(10, 0, 1, 255) }],
    ["from a loopback address", "martian", { src: Ipaddr.localhost }],
    ["for a loopback address", "martian", { dst: Ipaddr.localhost }],
    ["from everybody", "martian", { src: Ipaddr.broadcast }],
    ["from a group", "martian", { src: Ipaddr.make(224, 0, 0, 1) }],
    ["without payload", "empty", { payload: new Uint8Array(0) }],
    ["that is ICMP and too short", "bad-icmp", { proto: 1 }],
  ] as const)("drops and counts a datagram %s", async (_, why, fields) => {
    const { send, heard, host } = await setUp()
    await send(fields)
    expect(heard).toEqual([])
    expect(host.ip.drops[why]).toBe(1)
  })

  it("drops and counts what is no datagram", async () => {
    const { sendRaw, heard, host, datagram } = await setUp()
    const good = encodeIpv4(datagram())
    await sendRaw(good.subarray(0, 19))
    const bad = good.slice()
    bad[8] = bad[8]! ^ 1
    await sendRaw(bad)
    expect(heard).toEqual([])
    expect(host.ip.drops).toMatchObject({ truncated: 1, "bad-checksum": 1 })
  })

  it("puts fragments together", async () => {
    const { send, heard } = await setUp()
    await send({ fragmentOffset: 8, payload: hex`090a` })
    await send({ moreFragments: true, payload: hex`0102030405060708` })
    expect(heard).toEqual(["tcp 10.0.0.1 > 10.0.0.2 10"])
  })

  it("before it has an address, takes what reaches the card: a DHCP offer", async () => {
    const { send, heard } = await setUp("0.0.0.0/0")
    await send()
    expect(heard).toEqual(["tcp 10.0.0.1 > 10.0.0.2 4"])
  })
})

describe("ICMP", () => {
  const ECHO: Icmpv4Message = { tag: "EchoRequest", id: 7, seq: 9, payload: hex`616263` }

  it("answers an echo request with the same id, seq and payload", async () => {
    const { ping, peer } = await setUp()
    await ping(ECHO)
    check(
      peer.received[0],
      ethernet({ dst: peer.mac }),
      ipv4({ src: OURS, dst: PEER, ttl: 38, proto: 1 }),
      icmp({ ...ECHO, tag: "EchoReply" }),
    )
    expect(peer.received).toHaveLength(1)
  })

  it.each(["10.0.0.3", "10.0.0.255", "255.255.255.255", "224.0.0.1"])("is silent about one to %s", async (dst) => {
    const { ping, peer } = await setUp()
    await ping(ECHO, { dst: Ipaddr.ofStringExn(dst) })
    expect(peer.received).toEqual([])
  })

  it("hands replies and errors to the default handler and to listeners, until they leave", async () => {
    const { net, host, ping, heard, peer } = await setUp()
    const messages: string[] = []
    const leave = net.I.listenIcmp(host.ip, (message, { src, ttl }) => {
      messages.push(`${message.tag} from ${Ipaddr.toString(src)} ttl ${ttl}`)
    })
    const original = encodeIpv4({ ...(await setUp()).datagram(), src: OURS, dst: PEER })
    await ping({ ...ECHO, tag: "EchoReply" })
    await ping({ tag: "Unreachable", code: 3, nextHopMtu: 0, original })
    leave()
    await ping({ tag: "TimeExceeded", code: 0, original })
    expect(messages).toEqual(["EchoReply from 10.0.0.1 ttl 64", "Unreachable from 10.0.0.1 ttl 64"])
    expect(heard.filter((line) => line.startsWith("default(1)"))).toHaveLength(3)
    expect(peer.received).toEqual([])
  })
})

describe("write", () => {
  it("sends with TTL 38, a new id each time, and a valid checksum", async () => {
    const { net, host, peer } = await setUp()
    await net.run(net.I.write(host.ip, PEER, "udp", hex`01020304`))
    await net.run(net.I.write(host.ip, PEER, "udp", hex`01020304`))
    await net.sleep(0.01)
    check(peer.received[0], ipv4({ src: OURS, dst: PEER, ttl: 38, proto: 17, id: 0, payload: hex`01020304` }))
    check(peer.received[1], ipv4({ id: 1 }))
  })

  it.each(["255.255.255.255", "10.0.0.255", "0.0.0.0"])("to %s goes to everybody, without ARP", async (dst) => {
    const { net, host, peer } = await setUp()
    await net.run(net.I.write(host.ip, Ipaddr.ofStringExn(dst), "udp", hex`00`))
    await net.sleep(0.01)
    check(peer.received[0], ethernet({ dst: Macaddr.broadcast }), ipv4({ dst: Ipaddr.ofStringExn(dst) }))
  })

  it("to a group goes to 01:00:5e and its low 23 bits", async () => {
    const { net, host, peer } = await setUp()
    await net.run(net.I.write(host.ip, Ipaddr.make(239, 129, 2, 3), "udp", hex`00`))
    await net.sleep(0.01)
    check(peer.received[0], ethernet({ dst: Macaddr.ofStringExn("01:00:5e:01:02:03") }))
  })

  it("off the network goes to the gateway", async () => {
    const { net, host, peer } = await setUp("10.0.0.2/24", "10.0.0.1")
    await net.run(net.I.write(host.ip, Ipaddr.make(192, 168, 7, 7), "udp", hex`00`))
    await net.sleep(0.01)
    check(peer.received[0], ethernet({ dst: peer.mac }), ipv4({ dst: Ipaddr.make(192, 168, 7, 7) }))
  })

  it.each([
    ["off the network without a gateway", undefined, "192.168.7.7"],
    ["off the network behind a gateway that does not answer", "10.0.0.254", "192.168.7.7"],
    ["to a neighbour that does not answer", undefined, "10.0.0.77"],
  ])("%s says no-route", async (_, gateway, dst) => {
    const { net, host } = await setUp("10.0.0.2/24", gateway)
    const written = await net.run(net.I.write(host.ip, Ipaddr.ofStringExn(dst), "udp", hex`00`))
    expect(written).toEqual({ ok: false, error: "no-route" })
  })

  it("longer than the MTU says would-fragment", async () => {
    const { net, host } = await setUp()
    expect(net.I.mtu(host.ip)).toBe(1480)
    const write = (length: number) => net.run(net.I.write(host.ip, PEER, "udp", new Uint8Array(length)))
    expect(await write(1480)).toEqual({ ok: true, value: undefined })
    expect(await write(1481)).toEqual({ ok: false, error: "would-fragment" })
  })

  it.each([
    ["ourselves", "10.0.0.2", "10.0.0.2"],
    ["127.0.0.1", "127.0.0.1", "127.0.0.1"],
  ])("to %s comes back in a later round, and no wire sees it", async (_, dst, src) => {
    const { net, host, heard } = await setUp()
    // The handlers are those of the last input, so there has to have been one.
    net.I.input(host.ip, {
      tcp: (from, to, payload) => {
        heard.push(`${Ipaddr.toString(from)} > ${Ipaddr.toString(to)} ${payload.join()}`)
        return Lwt.return(undefined)
      },
    })
    const before = net.capture.seen
    const bytes = hex`0102`
    const written = net.I.write(host.ip, Ipaddr.ofStringExn(dst), "tcp", bytes)
    expect(heard).toEqual([])
    bytes[0] = 99
    await net.run(written)
    await net.sleep(0.01)
    expect(heard).toEqual([`${src} > ${dst} 1,2`])
    expect(net.capture.seen).toBe(before)
  })
})

describe("configuration", () => {
  it("is as set", async () => {
    const { net, host } = await setUp("10.0.0.2/24", "10.0.0.1")
    expect(Ipaddr.toString(net.I.getIp(host.ip))).toBe("10.0.0.2")
    expect(Ipaddr.toString(net.I.getIpNetmask(host.ip))).toBe("255.255.255.0")
    expect(net.I.getIpGateways(host.ip).map(Ipaddr.toString)).toEqual(["10.0.0.1"])
    expect(net.I.src(host.ip, PEER)).toBe(OURS)
  })

  it("setting the address announces it", async () => {
    const { net, host } = await setUp()
    await net.run(net.I.setIp(host.ip, Ipaddr.make(10, 0, 0, 9)))
    await net.sleep(0.01)
    expect(net.trace().at(-1)).toMatch(/ARP announcement: 10\.0\.0\.9 is-at/)
  })

  it("throws for a mask with a hole", async () => {
    const { net, host } = await setUp()
    expect(() => net.I.setIpNetmask(host.ip, Ipaddr.make(255, 0, 255, 0))).toThrow("255.0.255.0 is not a netmask")
  })

  it("has no broadcast address of its own on a network of 31 bits", async () => {
    const { net, host, send, heard } = await setUp("10.0.0.2/31")
    await send({ dst: Ipaddr.make(10, 0, 0, 3) })
    expect(heard).toEqual([])
    expect(host.ip.drops["not-for-us"]).toBe(1)
    expect(net.I.getIpNetmask(host.ip)).toBe(Ipaddr.netmask(31))
  })
})
