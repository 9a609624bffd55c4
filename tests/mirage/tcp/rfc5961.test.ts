// RFC 5961: what somebody who cannot see our segments may try. The far side is a script.

import { describe, expect, it } from "vitest"
import { established, finWait2, synReceived, synSent, timeWait } from "../../support/tcp-machine.ts"

const ASK = ". 1 ack 1"

describe("a blind attacker", () => {
  it("RST in SYN-SENT: ignored", () => {
    synSent().hear("R 0", "R 12345", "R. 0 ack 777").expectState("SYN-SENT").expectSegments([]).expectEvents([])
  })

  it("RST in the window, but not exact: asked about, and the connection lives", () => {
    established().hear("R 2", "R 60000").expectState("ESTABLISHED").expectSegments([ASK, ASK]).expectEvents([])
    synReceived().hear("R 2").expectState("SYN-RECEIVED").expectSegments([ASK])
  })

  it("RST outside the window: ignored", () => {
    established().hear("R 0", "R 70000").expectState("ESTABLISHED").expectSegments([])
  })

  it("RST that is exact: closes", () => {
    established().hear("R 1").expectState("CLOSED").expectEvents(["reset"])
  })

  it("SYN on a connection, wherever it is: asked about", () => {
    established().hear("S 1", "S 0", "S 70000").expectState("ESTABLISHED").expectSegments([ASK, ASK, ASK])
    finWait2().hear("S 1").expectState("FIN-WAIT-2").expectSegments([". 2 ack 1"])
  })

  it("the peer that has forgotten us answers the question with an exact RST", () => {
    established().hear("S 9999").expectSegments([ASK]).hear("R 1").expectState("CLOSED").expectEvents(["reset"])
  })

  it("data whose ACK is older than the largest window: asked about, not delivered", () => {
    established().hear("P. 1:4 ack -20000").expectEvents([]).expectSegments([ASK])
  })

  it("data whose ACK is for what was never sent: asked about, not delivered", () => {
    established().hear("P. 1:4 ack 2").expectEvents([]).expectSegments([ASK])
  })

  it("data whose ACK is old, but within the window: delivered", () => {
    established().hear("P. 1:4 ack -19999").expectEvents(["data 3"]).expectSegments([". 1 ack 4 win 65532"])
  })

  it("no more than 10 questions in 5 s", () => {
    const m = established()
    for (let i = 0; i < 1000; i++) m.hear("S 1", "R 2", "P. 1:4 ack 2", ". 70000 ack 1")
    m.expectSegments(Array(10).fill(ASK)).expectState("ESTABLISHED")
    m.pass(4999).hear("S 1").expectSegments([])
    m.pass(1).hear("S 1").expectSegments([ASK])
  })

  it("two ends that disagree do not answer each other for ever", () => {
    const m = established()
    for (let i = 0; i < 100; i++) m.hear(". 0 ack 1")
    m.expectSegments(Array(10).fill(ASK))
  })

  it("keep-alive probes are answered", () => {
    established().hear(". 0 ack 1").expectSegments([ASK])
  })

  it("data again are answered every time, for our ACK may have been lost", () => {
    const m = established().hear(". 1:101 ack 1").expectSegments([". 1 ack 101 win 65435"])
    for (let i = 0; i < 20; i++) m.hear(". 1:101 ack 1")
    m.expectSegments(Array(20).fill(". 1 ack 101 win 65435"))
  })

  it("nothing keeps TIME-WAIT from ending but the peer's own FIN", () => {
    timeWait().pass(1999).hear(". 2 ack 2", "S 0", ". 70000 ack 2").pass(1).expectState("CLOSED")
  })

  it("out-of-order pieces do not add up without bound", () => {
    const m = established({ reassemblyPieces: 8 })
    for (let i = 0; i < 1000; i++) m.hear(`. ${3 + 2 * i}:${4 + 2 * i} ack 1`)
    expect(m.tcb.held).toHaveLength(8)
  })
})
