import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import type { EthernetHandlers } from "../../../src/mirage/signatures/ethernet.ts"
import * as Netif from "../../../src/mirage/sim/netif.ts"
import { encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { check, ethernet, payload } from "../../support/check.ts"
import { hex } from "../../support/hex.ts"
import { connected, virtualNetwork } from "../../support/virtual-network.ts"

const STRANGER = Macaddr.ofStringExn("02:00:00:00:00:99")

/** An interface whose handlers note what they are given. */
async function setUp(wanted: readonly (keyof EthernetHandlers)[] = ["arpv4", "ipv4", "ipv6"]) {
  const net = virtualNetwork()
  const netif = await connected(net.engine, Netif.connect(net.switch.connect()))
  const ethif = await connected(net.engine, net.E.connect(netif))
  const heard: string[] = []
  const note = (who: string) => (bytes: Uint8Array) => {
    heard.push(`${who} ${bytes.length}`)
    return Lwt.return(undefined)
  }
  const handlers = Object.fromEntries(wanted.map((name) => [name, note(name)]))
  const input = net.E.input(ethif, handlers)
  const frame = (dst: Macaddr.t, ethertype: number) =>
    encodeEthernet({ dst, src: STRANGER, ethertype, payload: hex`010203` })
  return { net, netif, ethif, heard, note, input, frame, mac: net.E.mac(ethif) }
}

describe("input", () => {
  it("hands payloads on by EtherType", async () => {
    const { input, frame, heard, mac } = await setUp()
    for (const type of [0x0800, 0x0806, 0x86dd]) input(frame(mac, type))
    expect(heard).toEqual(["ipv4 3", "arpv4 3", "ipv6 3"])
  })

  it("takes broadcast and multicast", async () => {
    const { input, frame, heard } = await setUp()
    input(frame(Macaddr.broadcast, 0x0800))
    input(frame(Macaddr.ofStringExn("01:00:5e:00:00:01"), 0x0800))
    expect(heard).toHaveLength(2)
  })

  it.each([
    ["a frame for somebody else", "not-for-us", STRANGER, 0x0800],
    ["an EtherType nobody wants", "unclaimed", Macaddr.broadcast, 0x88cc],
  ] as const)("drops and counts %s", async (_, why, dst, type) => {
    const { input, frame, heard, ethif } = await setUp()
    input(frame(dst, type))
    expect(heard).toEqual([])
    expect(ethif.drops[why]).toBe(1)
  })

  it("drops and counts what is no frame", async () => {
    const { input, frame, heard, ethif, mac } = await setUp()
    input(frame(mac, 0x0800).subarray(0, 13))
    const ieee = frame(mac, 0x0800)
    ieee.set(hex`0003`, 12)
    input(ieee)
    expect(heard).toEqual([])
    expect(ethif.drops).toMatchObject({ truncated: 1, "ieee-802.3": 1 })
  })

  it("without a handler, ARP goes to whoever took it, and with one it does not", async () => {
    const { net, ethif, frame, heard, note, mac } = await setUp()
    net.E.takeArpv4(ethif, note("taken"))
    net.E.input(ethif, {})(frame(mac, 0x0806))
    net.E.input(ethif, { arpv4: note("given") })(frame(mac, 0x0806))
    expect(heard).toEqual(["taken 3", "given 3"])
  })
})

describe("write", () => {
  it("sends from our address", async () => {
    const { net, ethif, mac } = await setUp()
    const peer = net.peer()
    await net.run(net.E.write(ethif, STRANGER, 0x0800, hex`0102`))
    await net.sleep(1)
    check(peer.received[0], ethernet({ dst: STRANGER, src: mac, ethertype: 0x0800 }), payload(hex`0102`))
  })

  it("throws for a payload over the MTU", async () => {
    const { net, ethif } = await setUp()
    expect(net.E.mtu(ethif)).toBe(1500)
    expect(() => net.E.write(ethif, STRANGER, 0x0800, new Uint8Array(1501))).toThrow("1501 bytes: the MTU is 1500")
  })
})
