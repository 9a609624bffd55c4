import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { encodeUdp } from "../../../src/mirage/wire/udp.ts"
import { pseudoHeaderSum } from "../../../src/mirage/wire/ipv4.ts"
import { hex } from "../../support/hex.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

async function pair() {
  const net = virtualNetwork()
  const a = await net.host("10.0.0.1/24")
  const b = await net.host("10.0.0.2/24")
  return { net, a, b }
}

describe("write", () => {
  it("reaches the listener with addresses and ports", async () => {
    const { net, a, b } = await pair()
    const heard: unknown[] = []
    b.onUdp(53, (src, srcPort, dst, payload) => {
      heard.push([Ipaddr.toString(src), srcPort, Ipaddr.toString(dst), [...payload]])
      return Lwt.return(undefined)
    })
    const to = { srcPort: 4000, dst: b.address, dstPort: 53 }
    expect(await net.run(net.U.write(a.udp, to, hex`0102`))).toEqual({ ok: true, value: undefined })
    await net.sleep(0.01)
    expect(heard).toEqual([["10.0.0.1", 4000, "10.0.0.2", [1, 2]]])
  })

  it("draws a source port above 1023 if there is none", async () => {
    const { net, a, b } = await pair()
    const ports = new Set<number>()
    b.onUdp(53, (_, srcPort) => {
      ports.add(srcPort)
      return Lwt.return(undefined)
    })
    for (let i = 0; i < 20; i++) await net.run(net.U.write(a.udp, { dst: b.address, dstPort: 53 }, hex`00`))
    await net.sleep(0.01)
    expect(ports.size).toBeGreaterThan(15)
    expect([...ports].every((p) => p >= 1024 && p <= 65535)).toBe(true)
  })

  it("throws for ports that are none", async () => {
    const { net, a, b } = await pair()
    for (const port of [0, 65536, 1.5]) {
      expect(() => net.U.write(a.udp, { dst: b.address, dstPort: port }, hex`00`)).toThrow(`destination port ${port}`)
      expect(() => net.U.write(a.udp, { srcPort: port, dst: b.address, dstPort: 1 }, hex`00`)).toThrow("source port")
    }
  })

  it("says would-fragment past the MTU, and no-route without one", async () => {
    const { net, a, b } = await pair()
    const write = (dst: Ipaddr.V4, length: number) =>
      net.run(net.U.write(a.udp, { dst, dstPort: 9 }, new Uint8Array(length)))
    expect(await write(b.address, 1472)).toMatchObject({ ok: true })
    expect(await write(b.address, 1473)).toEqual({ ok: false, error: "would-fragment" })
    expect(await write(b.address, 70_000)).toEqual({ ok: false, error: "would-fragment" })
    expect(await write(Ipaddr.make(192, 168, 1, 1), 1)).toEqual({ ok: false, error: "no-route" })
  })
})

describe("input", () => {
  it("drops and counts what nobody listens for, and what is no datagram", async () => {
    const { net, a, b } = await pair()
    await net.run(net.U.write(a.udp, { dst: b.address, dstPort: 7 }, hex`00`))
    await net.run(net.I.write(a.ip, b.address, "udp", hex`0102`))
    await net.run(net.I.write(a.ip, b.address, "udp", hex`0001 0002 0007 0000`))
    await net.run(net.I.write(a.ip, b.address, "udp", hex`0001 0002 0008 1234`))
    await net.run(net.I.write(a.ip, b.address, "udp", hex`0001 0000 0008 0000`))
    await net.sleep(0.01)
    expect(b.udp.drops).toEqual({
      truncated: 1,
      "bad-length": 1,
      "bad-checksum": 1,
      "zero-dst-port": 1,
      "no-listener": 1,
    })
  })

  it("accepts a datagram shorter than its IP payload", async () => {
    const { net, a, b } = await pair()
    const heard: number[] = []
    b.onUdp(7, (_src, _port, _dst, payload) => {
      heard.push(payload.length)
      return Lwt.return(undefined)
    })
    const pseudo = pseudoHeaderSum(a.address, b.address, 17, 11)
    const datagram = encodeUdp({ srcPort: 1, dstPort: 7, payload: hex`010203` }, pseudo)
    await net.run(net.I.write(a.ip, b.address, "udp", Uint8Array.of(...datagram, 9, 9)))
    await net.sleep(0.01)
    expect(heard).toEqual([3])
  })
})
