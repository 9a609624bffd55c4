// RFC 9293 3.8.6, windows: ours and the peer's, closed ones, small ones; and Nagle's algorithm (3.7.4).

import { describe, expect, it } from "vitest"
import { established, Machine, MSS, OUR_ISS, PEER_WINDOW, segment, synReceived } from "../../support/tcp-machine.ts"
import { accept, defaultConfig } from "../../../src/mirage/tcp/tcb.ts"
import { sendSpace } from "../../../src/mirage/tcp/output.ts"

/** The initial congestion window for segments of 1000 bytes is four of them (RFC 5681 3.1). */
const INITIAL = 4 * MSS

/** A connection on which `count` bytes have gone to and fro, so that the congestion window is out of the way. */
function warm(changes: Parameters<typeof established>[0] = {}): Machine {
  const m = established(changes)
  for (let at = 1; at < 40_000; ) {
    m.send(INITIAL)
    at += INITIAL
    m.hear(`. 1 ack ${at}`)
  }
  return m.forget()
}
const START = 40_001

describe("the peer's window", () => {
  it("is filled, and not exceeded", () => {
    const m = warm().hear(`. 1 ack ${START} win 2500`)
    m.send(10_000).expectSegments([
      `. ${START}:${START + MSS} ack 1`,
      `. ${START + MSS}:${START + 2 * MSS} ack 1`,
      // 500 bytes would fit, but a segment that is not full can wait for the next acknowledgment.
    ])
    m.hear(`. 1 ack ${START + MSS} win 2500`).expectSegments([`. ${START + 2 * MSS}:${START + 3 * MSS} ack 1`])
  })

  it("that is smaller than a segment is used if it is half of the largest that ever was", () => {
    const m = established().hear(". 1 ack 1 win 20000", ". 1 ack 1 win 600")
    expect(m.tcb.sndMaxWnd).toBe(PEER_WINDOW)
    m.send(2000).expectSegments([])
    const small = synReceived({ synWindow: 65535 }, "S 0 win 600 <mss 1000>").hear(". 1 ack 1 win 600")
    small.send(2000).expectSegments([". 1:601 ack 1"])
  })

  it("that an old segment tells of is not believed", () => {
    const m = established().hear(". 1:11 ack 1 win 5000").hear(". 1 ack 1 win 9")
    expect(m.tcb.sndWnd).toBe(5000)
  })

  it("that shrinks under what is on its way: nothing more is sent", () => {
    established()
      .send(INITIAL)
      .expectSegments([". 1:1001 ack 1", ". 1001:2001 ack 1", ". 2001:3001 ack 1", "P. 3001:4001 ack 1"])
      .hear(". 1 ack 1001 win 500")
      .send(1000)
      .expectSegments([])
  })
})

describe("a closed window", () => {
  const closed = () => established().hear(". 1 ack 1 win 0")

  it("is probed with a byte, less and less often, for as long as the peer answers", () => {
    const m = closed().send(100).expectSegments([])
    const waits = Array.from({ length: 12 }, () => {
      const waited = m.wait()
      m.hear(". 1 ack 1 win 0")
      return waited
    })
    expect(waits.slice(0, 8)).toEqual([667, 1334, 2668, 5336, 10_672, 21_344, 42_688, 60_000])
    m.expectState("ESTABLISHED").expectSegments(Array(12).fill(". 1:2 ack 1"))
  })

  it("and a peer that does not answer: given up after 5 probes", () => {
    const m = closed().send(100)
    for (let i = 0; i < 5; i++) m.wait()
    m.expectSegments(Array(5).fill(". 1:2 ack 1"))
    m.wait()
    m.expectState("CLOSED").expectEvents(["timeout"])
  })

  it("that opens: everything is sent, with the probe's byte", () => {
    const m = closed().send(100)
    m.wait()
    m.expectSegments([". 1:2 ack 1"]).hear(". 1 ack 1 win 20000").expectSegments(["P. 1:101 ack 1"]).hear(". 1 ack 101")
    expect(m.tcb.persistAt).toBeUndefined()
    expect(m.tcb.retransmitAt).toBeUndefined()
  })

  it("into which the probe fitted: the rest follows", () => {
    const m = closed().send(100)
    m.wait()
    m.expectSegments([". 1:2 ack 1"]).hear(". 1 ack 2 win 20000").expectSegments(["P. 2:101 ack 1"])
  })

  it("answers to probes are not duplicate acknowledgments", () => {
    const m = closed().send(5000)
    m.wait()
    m.hear(". 1 ack 1 win 0", ". 1 ack 1 win 0", ". 1 ack 1 win 0", ". 1 ack 1 win 0")
    expect(m.tcb.congestion.recovering).toBe(false)
    m.expectSegments([". 1:2 ack 1"])
  })

  it("holds back a FIN, too", () => {
    const m = closed().close().expectState("FIN-WAIT-1").expectSegments([])
    m.wait()
    m.expectSegments(["F. 1 ack 1"]).hear(". 1 ack 2 win 0").expectState("FIN-WAIT-2")
  })

  it("the peer's data are taken, and its ACKs believed, while both windows are closed", () => {
    const m = established({ receiveBuffer: 100, synWindow: 100 }).hear(". 1:101 ack 1 win 0")
    m.expectSegments([". 1 ack 101 win 0"])
    m.send(10)
    m.wait()
    m.expectSegments([". 1:2 ack 101 win 0"])
    // A probe of the peer's, with an acknowledgment of ours.
    m.hear(". 101:102 ack 2 win 0").expectSegments([". 2 ack 101 win 0"])
    expect(m.tcb.queue.length).toBe(9)
  })
})

describe("our window", () => {
  it("closes when nobody reads, and its edge never goes back", () => {
    established({ receiveBuffer: 3000, synWindow: 3000 })
      .hear(". 1:1001 ack 1", ". 1001:2001 ack 1", ". 2001:3001 ack 1", ". 3001:3002 ack 1")
      .expectEvents(["data 3000"])
      .expectSegments([". 1 ack 1001 win 2000", ". 1 ack 2001 win 1000", ". 1 ack 3001 win 0", ". 1 ack 3001 win 0"])
  })

  it("is opened by a segment's worth, or half the buffer, and not byte by byte", () => {
    const m = established({ receiveBuffer: 4000, synWindow: 4000 })
    m.hear(". 1:1461 ack 1", ". 1461:2921 ack 1", ". 2921:4001 ack 1").expectSegments([
      ". 1 ack 1461 win 2540",
      ". 1 ack 2921 win 1080",
      ". 1 ack 4001 win 0",
    ])
    m.consume(1000).expectSegments([]).consume(459).expectSegments([])
    m.consume(1).expectSegments([". 1 ack 4001 win 1460"])
  })

  it("does not tell of room that the peer has no need of", () => {
    const m = established({ receiveBuffer: 10_000, synWindow: 10_000 })
    m.hear(". 1:1001 ack 1", ". 1001:2001 ack 1").consume(2000)
    m.expectSegments([". 1 ack 1001 win 9000", ". 1 ack 2001 win 8000"])
  })

  it("is told in the peer's units if windows are scaled", () => {
    const config = { ...defaultConfig(1460), synWindow: 1000 }
    const ends = { localPort: 80, remotePort: 49152, iss: OUR_ISS }
    const m = new Machine(accept(config, 0, ends, segment("S 0 <mss 1000,wscale 0>")))
    m.hear("P. 1:4 ack 1")
    m.expectSegments(["S. 0 ack 1 win 1000 <mss 1460,wscale 2>", `. 1 ack 4 win ${(262140 - 3) >> 2}`])
  })
})

describe("Nagle's algorithm", () => {
  it("small writes wait while anything is on its way, and then go together", () => {
    established()
      .send(10)
      .send(10)
      .send(10)
      .expectSegments(["P. 1:11 ack 1"])
      .hear(". 1 ack 11")
      .expectSegments(["P. 11:31 ack 1"])
  })

  it("a full segment does not wait, and its rest does", () => {
    established().send(10).send(1500).expectSegments(["P. 1:11 ack 1", ". 11:1011 ack 1"])
  })

  it("is off for who asks, up to there", () => {
    established().send(10).send(10, true).send(10).expectSegments(["P. 1:11 ack 1", "P. 11:21 ack 1"])
  })

  it("is off for the last bytes before a FIN", () => {
    established().send(10).send(10).close().expectSegments(["P. 1:11 ack 1", "FP. 11:21 ack 1"])
  })
})

describe("the send buffer", () => {
  it("counts what is not acknowledged", () => {
    const m = established({ sendBuffer: 5000 }).send(3000)
    expect(sendSpace(m.tcb)).toBe(2000)
    expect(sendSpace(m.hear(". 1 ack 1001").tcb)).toBe(3000)
  })
})
