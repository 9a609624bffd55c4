import { describe, expect, it } from "vitest"
import { Capture, type CaptureOptions } from "../../../src/mirage/sim/capture.ts"
import type { FrameRow } from "../../../src/mirage/sim/observation.ts"
import { encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { virtualNetwork } from "../../support/virtual-network.ts"

function setUp(options: CaptureOptions = {}) {
  const net = virtualNetwork()
  const capture = new Capture(net.switch, options)
  const peer = net.peer()
  const send = (length = 60) =>
    peer.send(
      encodeEthernet({
        src: peer.mac,
        dst: Macaddr.broadcast,
        ethertype: 0x88b5,
        payload: new Uint8Array(length - 14),
      }),
    )
  return { net, capture, send, settle: () => net.sleep(0.01) }
}

const indices = (rows: readonly FrameRow[]) => rows.map((r) => r.index)

describe("Capture", () => {
  it("keeps decoded rows, in order, with their simulated time", async () => {
    const { net, capture, send } = setUp()
    send()
    await net.sleep(1)
    send()
    await net.sleep(1)
    expect(capture.rows().map(({ bytes, ...row }) => ({ ...row, length: bytes.length }))).toEqual([
      {
        index: 0,
        time: 0.05,
        from: "02:00:00:00:00:01",
        to: "ff:ff:ff:ff:ff:ff",
        protocol: "Ethernet",
        info: "type 0x88b5, 46 bytes",
        length: 60,
      },
      expect.objectContaining({ index: 1, time: 1000.05 }),
    ])
  })

  it("keeps the newest up to its limit of frames", async () => {
    const { capture, send, settle } = setUp({ limit: 300 })
    for (let i = 0; i < 1000; i++) send()
    await settle()
    expect(indices(capture.rows())).toEqual(Array.from({ length: 300 }, (_, i) => 700 + i))
    expect(capture.seen).toBe(1000)
  })

  it("keeps the newest up to its limit of bytes, and one frame at least", async () => {
    const { capture, send, settle } = setUp({ limitBytes: 1000 })
    for (let i = 0; i < 9; i++) send(300)
    await settle()
    expect(indices(capture.rows())).toEqual([6, 7, 8])
    send(1200)
    await settle()
    expect(indices(capture.rows())).toEqual([9])
  })

  it("tells listeners once an instant, of all frames of that instant", async () => {
    const { net, capture, send, settle } = setUp()
    const batches: number[][] = []
    const stop = capture.onRows((rows) => batches.push(indices(rows)))
    send()
    send()
    await settle()
    send()
    await settle()
    expect(batches).toEqual([[0, 1], [2]])
    stop()
    send()
    await settle()
    expect(batches).toHaveLength(2)
    expect(net.capture.seen).toBe(4)
  })

  it("cleared, forgets, and goes on counting; stopped, sees no more", async () => {
    const { capture, send, settle } = setUp()
    send()
    await settle()
    capture.clear()
    expect(capture.rows()).toEqual([])
    send()
    await settle()
    expect(indices(capture.rows())).toEqual([1])
    capture.stop()
    send()
    await settle()
    expect(indices(capture.rows())).toEqual([1])
  })

  it("throws for a limit of nothing", () => {
    expect(() => setUp({ limit: 0 })).toThrow(RangeError)
  })
})
