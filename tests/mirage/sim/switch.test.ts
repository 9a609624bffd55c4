import { describe, expect, it } from "vitest"
import { encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { hex } from "../../support/hex.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

/** A switch with three scripted peers. */
function setUp() {
  const net = virtualNetwork()
  const [a, b, c] = [net.peer(), net.peer(), net.peer()]
  const frame = (src: Macaddr.t, dst: Macaddr.t) => encodeEthernet({ src, dst, ethertype: 0x88b5, payload: hex`01` })
  const settle = () => net.sleep(0.01)
  const counts = () => [a, b, c].map((p) => p.received.length)
  return { net, a, b, c, frame, settle, counts }
}

describe("Switch", () => {
  it("gives the machines addresses in order", () => {
    const { a, c } = setUp()
    expect([a, c].map((p) => Macaddr.toString(p.mac))).toEqual(["02:00:00:00:00:01", "02:00:00:00:00:03"])
  })

  it("floods broadcast, but not back", async () => {
    const { a, frame, settle, counts } = setUp()
    a.send(frame(a.mac, Macaddr.broadcast))
    await settle()
    expect(counts()).toEqual([0, 1, 1])
  })

  it("floods what it has not learnt, and sends what it has to one port", async () => {
    const { a, b, frame, settle, counts } = setUp()
    a.send(frame(a.mac, b.mac))
    await settle()
    expect(counts()).toEqual([0, 1, 1])
    b.send(frame(b.mac, a.mac))
    await settle()
    expect(counts()).toEqual([1, 1, 1])
    a.send(frame(a.mac, b.mac))
    await settle()
    expect(counts()).toEqual([1, 2, 1])
  })

  it("learns that an address has moved", async () => {
    const { net, a, b, c, frame, settle, counts } = setUp()
    b.send(frame(b.mac, a.mac))
    await settle()
    c.send(frame(b.mac, a.mac))
    await settle()
    const before = counts()
    a.send(frame(a.mac, b.mac))
    await settle()
    expect(counts()).toEqual([before[0], before[1], before[2]! + 1])
    expect(net.switch.table().get(b.mac)).toBe(c.port)
  })

  it("forgets an address after five minutes", async () => {
    const { net, a, b, frame, settle, counts } = setUp()
    b.send(frame(b.mac, a.mac))
    await settle()
    expect([...net.switch.table().keys()]).toEqual([b.mac])
    await net.sleep(300)
    expect(net.switch.table().size).toBe(0)
    const before = counts()
    a.send(frame(a.mac, b.mac))
    await settle()
    expect(counts()).toEqual([before[0], before[1]! + 1, before[2]! + 1])
  })

  it("does not learn group addresses, and does not send a frame back where it came from", async () => {
    const { net, a, frame, settle, counts } = setUp()
    a.send(frame(Macaddr.ofStringExn("01:00:5e:00:00:01"), Macaddr.broadcast))
    await settle()
    expect(net.switch.table().size).toBe(0)
    a.send(frame(a.mac, a.mac))
    await settle()
    a.send(frame(a.mac, a.mac))
    await settle()
    // Its own address was unknown before the first of the two: learnt on the way in, so never flooded.
    expect(counts()).toEqual([0, 1, 1])
  })

  it("copies: what a receiver does to its frame, nobody else sees", async () => {
    const { net, a, b, c, frame, settle } = setUp()
    b.send(frame(b.mac, a.mac))
    await settle()
    b.port.onReceive((bytes) => bytes.fill(0xee))
    // Once flooded, once to the one port where b is known to be.
    a.send(frame(a.mac, Macaddr.broadcast))
    a.send(frame(a.mac, b.mac))
    await settle()
    expect(c.received.at(-1)).toEqual(frame(a.mac, Macaddr.broadcast))
    const seen = net.capture.rows().map((row) => row.bytes)
    expect(seen).toEqual([frame(b.mac, a.mac), frame(a.mac, Macaddr.broadcast), frame(a.mac, b.mac)])
  })

  it("shows a monitor every frame once, with the time it passed", async () => {
    const { net, a, frame, settle } = setUp()
    const seen: number[] = []
    const stop = net.switch.monitor((_, time) => seen.push(time))
    a.send(frame(a.mac, Macaddr.broadcast))
    await settle()
    expect(seen).toEqual([0.05])
    stop()
    a.send(frame(a.mac, Macaddr.broadcast))
    await settle()
    expect(seen).toHaveLength(1)
  })

  it("swallows what is no frame", async () => {
    const { net, a, settle, counts } = setUp()
    a.send(new Uint8Array(13))
    await settle()
    expect(counts()).toEqual([0, 0, 0])
    expect(net.capture.seen).toBe(0)
  })

  it("unplugged, a machine hears and is heard no more", async () => {
    const { net, a, b, frame, settle, counts } = setUp()
    b.send(frame(b.mac, a.mac))
    await settle()
    a.send(frame(a.mac, b.mac))
    b.port.unplug()
    await settle()
    expect(counts()[1]).toBe(0)
    expect(net.switch.table().has(b.mac)).toBe(false)
    expect(net.switch.ports).toHaveLength(2)
    b.send(frame(b.mac, a.mac))
    await settle()
    expect(counts()[0]).toBe(1)
    expect(b.port.dropped).toBe(1)
  })
})
