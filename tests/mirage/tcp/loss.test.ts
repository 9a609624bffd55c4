// What is sent again, and when: RFC 6298, and RFC 5681 with RFC 6582.

import { describe, expect, it } from "vitest"
import { backOff, initialRto, sample } from "../../../src/mirage/tcp/rto.ts"
import { initialCongestion } from "../../../src/mirage/tcp/congestion.ts"
import * as Seq from "../../../src/mirage/tcp/sequence.ts"
import { established, type Machine, MSS } from "../../support/tcp-machine.ts"

const LIMITS = { minRtoMs: 667, maxRtoMs: 60_000 }

describe("the estimator", () => {
  it("takes a first round trip of 400 ms to 1200, and a second of 300 to 1087.5", () => {
    const first = sample(initialRto(3000), 400, LIMITS)
    expect(first.rtoMs).toBe(400 + 4 * 200)
    expect(sample(first, 300, LIMITS).rtoMs).toBe(387.5 + 4 * 175)
  })

  it("stays between its limits", () => {
    expect(sample(initialRto(3000), 1, LIMITS).rtoMs).toBe(667)
    expect(sample(initialRto(3000), 1e6, LIMITS).rtoMs).toBe(60_000)
    expect(backOff(initialRto(50_000), LIMITS)).toMatchObject({ rtoMs: 60_000, backoffs: 1 })
  })
})

describe("the initial window", () => {
  it.each([
    [536, 4],
    [1095, 4],
    [1460, 3],
    [2190, 3],
    [8960, 2],
  ])("of segments of %i bytes is %i of them", (mss, segments) => {
    expect(initialCongestion(mss, Seq.ofInt32(0)).cwnd).toBe(segments * mss)
  })
})

describe("the retransmission timer", () => {
  it("sends again the first segment, backs off, and gives up after 5 times", () => {
    const m = established().send(2500)
    // The last 500 bytes wait until they fill a segment.
    m.expectSegments([". 1:1001 ack 1", ". 1001:2001 ack 1"])
    const waits = Array.from({ length: 5 }, () => m.wait())
    expect(waits).toEqual([667, 1334, 2668, 5336, 10_672])
    m.expectSegments(Array(5).fill(". 1:1001 ack 1"))
    expect(m.wait()).toBe(21_344)
    m.expectState("CLOSED").expectEvents(["timeout"])
  })

  it("then sends the rest as the window grows, and jumps over what the peer had all along", () => {
    const m = established().send(4000)
    m.expectSegments([". 1:1001 ack 1", ". 1001:2001 ack 1", ". 2001:3001 ack 1", "P. 3001:4001 ack 1"])
    m.wait()
    m.expectSegments([". 1:1001 ack 1"])
    expect(m.tcb.congestion).toMatchObject({ cwnd: MSS, ssthresh: 2 * MSS })
    // The second was lost as well; the third and fourth were not.
    m.hear(". 1 ack 1001").expectSegments([". 1001:2001 ack 1", ". 2001:3001 ack 1"])
    m.hear(". 1 ack 4001").expectSegments([])
    expect(m.tcb.retransmitAt).toBeUndefined()
  })

  it("begins anew with every new acknowledgment, and not with an old one", () => {
    const m = established().send(2000).pass(400).hear(". 1 ack 1001")
    m.expectSegments([". 1:1001 ack 1", "P. 1001:2001 ack 1"])
    const rto = m.tcb.rto.rtoMs
    expect(m.pass(300).hear(". 1 ack 1001").wait()).toBe(rto - 300)
  })

  it("learns from what was sent once, and not from what was sent twice", () => {
    // The handshake took no time at all, so that this sample counts one eighth.
    const m = established().send(1000).pass(600).hear(". 1 ack 1001")
    expect(m.tcb.rto.srtt).toBeCloseTo(600 / 8)
    const { srtt } = m.tcb.rto
    m.send(1000)
    m.wait()
    m.hear(". 1 ack 2001")
    expect(m.tcb.rto.srtt).toBe(srtt)
  })

  it("is forgiven its count, but not its length, by an acknowledgment (Karn)", () => {
    const m = established().send(1000)
    m.wait()
    m.hear(". 1 ack 1001")
    expect(m.tcb.rto).toMatchObject({ backoffs: 0, rtoMs: 1334 })
    m.send(1000).pass(10).hear(". 1 ack 2001")
    expect(m.tcb.rto.rtoMs).toBe(667)
  })

  it("stands still when all is acknowledged", () => {
    const m = established().send(1000).hear(". 1 ack 1001")
    expect(m.tcb.retransmitAt).toBeUndefined()
    expect(() => m.wait()).toThrow(/no timer/)
  })
})

/** Ten segments are on their way, from {@link UNA} on; each round trip before has made the window a segment larger. */
function flying(): Machine {
  const m = established()
  let ack = 1
  while (m.tcb.congestion.cwnd < 10 * MSS) {
    const { cwnd } = m.tcb.congestion
    m.send(cwnd)
    ack += cwnd
    m.hear(`. 1 ack ${ack}`)
  }
  m.send(10 * MSS)
  expect(Seq.diff(m.tcb.sndMax, m.tcb.sndUna)).toBe(10 * MSS)
  return m.forget()
}
const UNA = 1 + (4 + 5 + 6 + 7 + 8 + 9) * MSS
const at = (n: number, length = MSS) => `. ${UNA + n * MSS}:${UNA + n * MSS + length} ack 1`
const dup = `. 1 ack ${UNA}`

describe("fast retransmission and recovery", () => {
  it("the third duplicate acknowledgment sends the first segment again, and halves the window", () => {
    const m = flying()
    m.hear(dup, dup).expectSegments([])
    m.hear(dup).expectSegments([at(0)])
    expect(m.tcb.congestion).toMatchObject({ ssthresh: 5000, cwnd: 5000 + 3 * MSS, recovering: true })
    m.hear(dup)
    expect(m.tcb.congestion.cwnd).toBe(5000 + 4 * MSS)
  })

  it("new data leave while duplicates come, once they have paid for what is on its way", () => {
    const m = flying().send(4000)
    m.forget()
    m.hear(dup, dup, dup, dup, dup).expectSegments([at(0)])
    // cwnd is 5000 + 5 * MSS = 10 000: as much as is on its way. The next one lets a segment go.
    m.hear(dup).expectSegments([at(10)])
  })

  it("a partial acknowledgment sends the next lost segment; a full one ends recovery", () => {
    const m = flying()
    m.hear(dup, dup, dup).forget()
    m.hear(`. 1 ack ${UNA + 4 * MSS}`).expectSegments([at(4)])
    expect(m.tcb.congestion.recovering).toBe(true)
    m.hear(`. 1 ack ${UNA + 10 * MSS}`).expectSegments([])
    expect(m.tcb.congestion).toMatchObject({ recovering: false, dupAcks: 0 })
    expect(m.tcb.congestion.cwnd).toBeLessThanOrEqual(5000)
  })

  it("duplicates that bring data, a window or nothing new to wait for do not count", () => {
    const data = flying()
    data.hear(`. 1:2 ack ${UNA}`, `. 2:3 ack ${UNA}`, `. 3:4 ack ${UNA}`)
    expect(data.tcb.congestion.recovering).toBe(false)
    const windows = flying()
    windows.hear(`${dup} win 20001`, `${dup} win 20002`, `${dup} win 20003`)
    expect(windows.tcb.congestion.recovering).toBe(false)
    const idle = established().hear(". 1 ack 1", ". 1 ack 1", ". 1 ack 1", ". 1 ack 1")
    expect(idle.tcb.congestion.recovering).toBe(false)
    idle.expectSegments([])
  })

  it("duplicates caused by a time-out's retransmissions do not begin another recovery (RFC 6582)", () => {
    const m = flying()
    m.wait()
    m.forget()
    m.hear(dup, dup, dup)
    expect(m.tcb.congestion.recovering).toBe(false)
  })

  it("a FIN that was lost is sent again with its data", () => {
    const m = established().send(500).close()
    m.expectSegments(["P. 1:501 ack 1", "F. 501 ack 1"])
    m.wait()
    m.expectSegments(["FP. 1:501 ack 1"])
  })
})

describe("the congestion window", () => {
  it("grows by a segment an acknowledgment in slow start, and by one a window after that", () => {
    const m = established().send(4000)
    m.hear(". 1 ack 1001")
    expect(m.tcb.congestion.cwnd).toBe(5 * MSS)
    const lossy = flying()
    lossy.hear(dup, dup, dup, `. 1 ack ${UNA + 10 * MSS}`)
    const { cwnd, ssthresh } = lossy.tcb.congestion
    lossy.send(20_000)
    for (let i = 11; lossy.tcb.congestion.cwnd < ssthresh; i++) lossy.hear(`. 1 ack ${UNA + i * MSS}`)
    expect(cwnd).toBeLessThanOrEqual(ssthresh)
    const before = lossy.tcb.congestion.cwnd
    const una = Seq.diff(lossy.tcb.sndUna, lossy.tcb.iss)
    lossy.hear(`. 1 ack ${una + MSS}`)
    expect(lossy.tcb.congestion.cwnd - before).toBe(Math.floor((MSS * MSS) / before))
  })

  it("does not grow while it is not what holds us back", () => {
    const m = established()
    for (let i = 0; i < 50; i++) m.send(10).hear(`. 1 ack ${11 + 10 * i}`)
    expect(m.tcb.congestion.cwnd).toBe(4 * MSS)
  })
})
