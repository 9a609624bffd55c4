import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as Netif from "../../../src/mirage/sim/netif.ts"
import { encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { connected, virtualNetwork } from "../../support/virtual-network.ts"

async function setUp(options: Netif.NetifOptions = {}) {
  const net = virtualNetwork()
  const card = await connected(net.engine, Netif.connect(net.switch.connect({ name: "card" }), options))
  const peer = net.peer()
  const frame = (length: number) =>
    encodeEthernet({ src: peer.mac, dst: Macaddr.broadcast, ethertype: 0x88b5, payload: new Uint8Array(length - 14) })
  const settle = () => net.sleep(0.01)
  return { net, card, peer, frame, settle }
}

describe("Netif", () => {
  it("sends, receives and counts", async () => {
    const { net, card, peer, frame, settle } = await setUp()
    const heard: number[] = []
    Lwt.async(() =>
      Netif.listen(card, (bytes) => {
        heard.push(bytes.length)
        return Lwt.return(undefined)
      }),
    )
    peer.send(frame(60))
    await net.run(Netif.write(card, frame(100)))
    await settle()
    expect(heard).toEqual([60])
    expect(peer.received.map((f) => f.length)).toEqual([100])
    expect(Netif.stats(card)).toEqual({ rxPackets: 1, rxBytes: 60, txPackets: 1, txBytes: 100 })
    expect(Macaddr.toString(Netif.mac(card))).toBe("02:00:00:00:00:01")
  })

  it("loses what arrives before it listens", async () => {
    const { card, peer, frame, settle } = await setUp()
    peer.send(frame(60))
    await settle()
    expect(Netif.stats(card).rxPackets).toBe(0)
    expect(card.port.dropped).toBe(1)
  })

  it("does not wait for the stack: a frame may arrive while another is dealt with", async () => {
    const { card, peer, frame, settle } = await setUp()
    let entered = 0
    Lwt.async(() =>
      Netif.listen(card, () => {
        entered++
        return Lwt.wait<void>()[0]
      }),
    )
    peer.send(frame(60))
    peer.send(frame(60))
    await settle()
    expect(entered).toBe(2)
  })

  it("what the stack throws goes to Lwt's hook, and the next frame is taken", async () => {
    const { net, card, peer, frame } = await setUp()
    let entered = 0
    Lwt.async(() =>
      Netif.listen(card, () => {
        entered++
        throw new Error("a bug in the stack")
      }),
    )
    peer.send(frame(60))
    await expect(net.sleep(0.01)).rejects.toThrow("a bug in the stack")
    peer.send(frame(60))
    await expect(net.sleep(0.01)).rejects.toThrow("a bug in the stack")
    expect(entered).toBe(2)
  })

  it("throws for a frame that does not fit, and takes one that just does", async () => {
    const { card, frame } = await setUp()
    expect(() => Netif.write(card, frame(1515))).toThrow("1515 bytes: at most 1514")
    expect(() => Netif.write(card, new Uint8Array(13))).toThrow("13 bytes has no header")
    Netif.write(card, frame(1514))
    expect(Netif.stats(card).txBytes).toBe(1514)
  })

  it("is deaf to frames over its MTU", async () => {
    const { card, peer, frame, settle } = await setUp({ mtu: 576 })
    Lwt.async(() => Netif.listen(card, () => Lwt.return(undefined)))
    peer.send(frame(591))
    peer.send(frame(590))
    await settle()
    expect(Netif.mtu(card)).toBe(576)
    expect(Netif.stats(card).rxPackets).toBe(1)
  })

  it.each([67, 65536, 1500.5])("refuses an MTU of %d", async (mtu) => {
    await expect(setUp({ mtu })).rejects.toThrow("expected 68..65535")
  })

  it("has one listener", async () => {
    const { card } = await setUp()
    Lwt.async(() => Netif.listen(card, () => Lwt.return(undefined)))
    expect(() => Netif.listen(card, () => Lwt.return(undefined))).toThrow("card is listened to already")
  })

  it("listening ends when it is disconnected, and only then", async () => {
    const { net, card, peer, frame, settle } = await setUp()
    const listening = Netif.listen(card, () => Lwt.return(undefined))
    await settle()
    expect(Lwt.isSleeping(listening)).toBe(true)
    await net.run(Netif.disconnect(card))
    await net.run(Netif.disconnect(card))
    expect(Lwt.state(listening).tag).toBe("Return")
    peer.send(frame(60))
    Netif.write(card, frame(60))
    await settle()
    expect(Netif.stats(card).rxPackets).toBe(0)
    expect(peer.received).toEqual([])
  })
})
