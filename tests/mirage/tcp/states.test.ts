// RFC 9293 3.10, state by state. The peer is at 49152, and its segments take 1000 bytes.

import { describe, expect, it } from "vitest"
import {
  closeWait,
  closing,
  established,
  finWait1,
  finWait2,
  lastAck,
  Machine,
  OUR_ISS,
  segment,
  synReceived,
  synSent,
  timeWait,
} from "../../support/tcp-machine.ts"
import { accept, defaultConfig, open, refuse } from "../../../src/mirage/tcp/tcb.ts"
import { showTcp } from "../../../src/mirage/wire/tcp.ts"

const ENDS = { localPort: 80, remotePort: 49152, iss: OUR_ISS }

describe("CLOSED", () => {
  it("OPEN sends a SYN with MSS and window scale, and a window of 5840", () => {
    new Machine(open(defaultConfig(1460), 0, ENDS))
      .expectState("SYN-SENT")
      .expectSegments(["S 0 win 5840 <mss 1460,wscale 2>"])
  })

  it("a segment that belongs to nothing is answered by RST; a RST is not", () => {
    const answer = (text: string) => {
      const r = refuse(segment(text))
      return r === undefined ? undefined : showTcp(r)
    }
    expect(answer("S 0")).toBe("TCP 80 > 49152, [R.], seq 0, ack 4294967041, win 0, length 0")
    expect(answer("PF. 1:4 ack 7")).toBe("TCP 80 > 49152, [R], seq 4294963207, win 0, length 0")
    expect(answer("F 1:4")).toBe("TCP 80 > 49152, [R.], seq 0, ack 4294967045, win 0, length 0")
    expect(answer("R 1")).toBeUndefined()
    expect(answer("R. 1 ack 1")).toBeUndefined()
  })
})

describe("LISTEN", () => {
  const listen = (syn: string) => new Machine(accept(defaultConfig(1460), 0, ENDS, segment(syn)))

  it("a SYN is answered; window scale only if it was offered", () => {
    listen("S 0 <mss 1000,wscale 7>").expectSegments(["S. 0 ack 1 win 5840 <mss 1460,wscale 2>"])
    listen("S 0 <mss 1000>").expectState("SYN-RECEIVED").expectSegments(["S. 0 ack 1 win 5840 <mss 1460>"])
  })

  it("segments are as long as the peer says, or 536, but no longer than ours", () => {
    const size = (syn: string) => listen(syn).tcb.sndMss
    expect([size("S 0 <mss 1000>"), size("S 0"), size("S 0 <mss 9000>")]).toEqual([1000, 536, 1460])
  })

  it("a shift above 14 counts as 14", () => {
    expect(listen("S 0 <wscale 200>").tcb.sndShift).toBe(14)
  })
})

describe("SYN-SENT", () => {
  it("a SYN, ACK opens", () => {
    synSent()
      .hear("S. 0 ack 1 <mss 1000>")
      .expectState("ESTABLISHED")
      .expectEvents(["established"])
      .expectSegments([". 1 ack 1"])
  })

  it("a SYN, ACK may bring a FIN", () => {
    synSent()
      .hear("SF. 0 ack 1 <mss 1000>")
      .expectState("CLOSE-WAIT")
      .expectEvents(["established", "eof"])
      .expectSegments([". 1 ack 2"])
  })

  it("windows are scaled if the peer scales", () => {
    const m = synSent().hear("S. 0 ack 1 win 1000 <wscale 7>")
    expect(m.tcb.sndWnd).toBe(1000)
    expect(m.hear(". 1 ack 1 win 1000").tcb.sndWnd).toBe(128_000)
  })

  it("an ACK of something else is answered by RST, and ignored", () => {
    synSent().hear("S. 0 ack 2").expectState("SYN-SENT").expectSegments(["R 2"])
    synSent().hear(". 0 ack 0").expectState("SYN-SENT").expectSegments(["R 0"])
  })

  it("a RST with the right ACK refuses; without, or with a wrong one, it is ignored", () => {
    synSent().hear("R. 0 ack 1").expectState("CLOSED").expectEvents(["refused"])
    synSent().hear("R. 0 ack 2").expectState("SYN-SENT").expectSegments([]).expectEvents([])
    synSent().hear("R 0").expectState("SYN-SENT").expectSegments([]).expectEvents([])
  })

  it("an ACK without SYN is ignored", () => {
    synSent().hear(". 0 ack 1").expectState("SYN-SENT").expectSegments([])
  })

  it("a SYN crosses ours: both are answered (RFC 9293 figure 7)", () => {
    synSent()
      .hear("S 0 <mss 1000>")
      .expectState("SYN-RECEIVED")
      .expectSegments(["S. 0 ack 1 win 5840 <mss 1460>"])
      .hear("S. 0 ack 1")
      .expectState("ESTABLISHED")
      .expectEvents(["established"])
  })

  it("the SYN is sent again after 3, 6, 12 and 24 s, and given up after 48", () => {
    const m = synSent()
    expect([m.wait(), m.wait(), m.wait(), m.wait()]).toEqual([3000, 6000, 12_000, 24_000])
    m.expectSegments(Array(4).fill("S 0 win 5840 <mss 1460,wscale 2>"))
    expect(m.wait()).toBe(48_000)
    m.expectState("CLOSED").expectSegments([]).expectEvents(["timeout"])
  })

  it("CLOSE forgets it", () => {
    synSent().close().expectState("CLOSED").expectSegments([]).expectEvents(["closed"])
  })
})

describe("SYN-RECEIVED", () => {
  it("an ACK of our SYN opens, and may bring data and a FIN", () => {
    synReceived()
      .hear("PF. 1:4 ack 1")
      .expectState("CLOSE-WAIT")
      .expectEvents(["established", "data 3", "eof"])
      .expectSegments([". 1 ack 5 win 65532"])
  })

  it("an ACK of anything else is answered by RST", () => {
    synReceived().hear(". 1 ack 2").expectState("SYN-RECEIVED").expectSegments(["R 2"])
    synReceived().hear(". 1 ack 0").expectState("SYN-RECEIVED").expectSegments(["R 0"])
  })

  it("the peer's SYN again is answered again", () => {
    const m = synReceived().pass(1000).hear("S 0 <mss 1000>")
    m.expectState("SYN-RECEIVED").expectSegments(["S. 0 ack 1 win 5840 <mss 1460>"])
    expect(m.wait()).toBe(2000)
  })

  it("an exact RST closes", () => {
    synReceived().hear("R 1").expectState("CLOSED").expectEvents(["reset"])
    synSent().hear("S 0").hear("R 1").expectState("CLOSED").expectEvents(["refused"])
  })

  it("CLOSE waits until the connection is open, and then sends a FIN", () => {
    synReceived().close().expectSegments([]).hear(". 1 ack 1").expectState("FIN-WAIT-1").expectSegments(["F. 1 ack 1"])
  })

  it("our answer is sent again, and given up like a SYN", () => {
    const m = synReceived()
    for (let i = 0; i < 4; i++) m.wait()
    m.expectSegments(Array(4).fill("S. 0 ack 1 win 5840 <mss 1460>"))
    m.wait()
    m.expectState("CLOSED").expectEvents(["timeout"])
  })
})

describe("ESTABLISHED", () => {
  it("data in order are delivered and acknowledged at once", () => {
    established().hear("P. 1:101 ack 1").expectEvents(["data 100"]).expectSegments([". 1 ack 101 win 65435"])
  })

  it("data that came early are held, and answered at once with what is missing", () => {
    established()
      .hear(". 101:201 ack 1")
      .expectEvents([])
      .expectSegments([". 1 ack 1"])
      .hear(". 301:401 ack 1", ". 1:101 ack 1", ". 201:301 ack 1")
      .expectEvents(["data 400"])
      .expectSegments([". 1 ack 1", ". 1 ack 201 win 65335", ". 1 ack 401 win 65135"])
  })

  it("data that overlap what we have are delivered once", () => {
    established()
      .hear(". 1:101 ack 1", ". 51:151 ack 1", ". 1:101 ack 1", ". 1:201 ack 1")
      .expectEvents(["data 200"])
      .expectSegments([
        ". 1 ack 101 win 65435",
        ". 1 ack 151 win 65385",
        ". 1 ack 151 win 65385",
        ". 1 ack 201 win 65335",
      ])
  })

  it("data past our window are cut off, and a FIN with them", () => {
    established({ receiveBuffer: 100, synWindow: 100 })
      .hear("F. 1:151 ack 1")
      .expectState("ESTABLISHED")
      .expectEvents(["data 100"])
      .expectSegments([". 1 ack 101 win 0"])
  })

  it("data outside our window are answered, and not delivered", () => {
    established().hear(". 70000:70001 ack 1").expectEvents([]).expectSegments([". 1 ack 1"])
  })

  it("a segment without ACK is ignored", () => {
    established().hear("P 1:4").expectEvents([]).expectSegments([])
  })

  it("a FIN that comes early waits for its turn", () => {
    established()
      .hear("F. 101:201 ack 1")
      .expectState("ESTABLISHED")
      .hear(". 1:101 ack 1")
      .expectState("CLOSE-WAIT")
      .expectEvents(["data 200", "eof"])
      .expectSegments([". 1 ack 1", ". 1 ack 202 win 65334"])
  })

  it("bytes that claim to come after the FIN are not delivered", () => {
    established().hear("F. 101:201 ack 1", ". 1:301 ack 1").expectState("CLOSE-WAIT").expectEvents(["data 200", "eof"])
  })

  it("CLOSE sends a FIN after all that was sent", () => {
    established().send(1500).close().expectState("FIN-WAIT-1").expectSegments([". 1:1001 ack 1", "FP. 1001:1501 ack 1"])
  })

  it("ABORT sends RST", () => {
    established().send(10).abort().expectState("CLOSED").expectSegments(["P. 1:11 ack 1", "R. 11 ack 1"])
  })

  it("an exact RST closes", () => {
    established().hear("R 1").expectState("CLOSED").expectEvents(["reset"]).expectSegments([])
  })

  it("earlier values of a connection are still what they were", () => {
    const m = established()
    const before = m.tcb
    const copy = structuredClone(before)
    m.send(5000).hear(". 1:101 ack 1001", ". 201:301 ack 1001").close().pass(5000)
    expect(before).toEqual(copy)
  })
})

describe("FIN-WAIT-1", () => {
  it("the ACK of our FIN", () => {
    finWait1().hear(". 1 ack 2").expectState("FIN-WAIT-2").expectSegments([])
  })

  it("an ACK of what came before our FIN changes nothing", () => {
    established().send(10).close().hear(". 1 ack 11").expectState("FIN-WAIT-1")
  })

  it("a FIN that does not acknowledge ours: CLOSING", () => {
    finWait1().hear("F. 1 ack 1").expectState("CLOSING").expectEvents(["eof"]).expectSegments([". 2 ack 2 win 65534"])
  })

  it("a FIN that does: TIME-WAIT", () => {
    finWait1()
      .hear("F. 1 ack 2")
      .expectState("TIME-WAIT")
      .expectEvents(["acked", "eof", "closed"])
      .expectSegments([". 2 ack 2 win 65534"])
  })

  it("data still come", () => {
    finWait1().hear("P. 1:101 ack 1").expectEvents(["data 100"]).expectSegments([". 2 ack 101 win 65435"])
  })

  it("our FIN is sent again", () => {
    const m = finWait1()
    expect(m.wait()).toBe(667)
    m.expectSegments(["F. 1 ack 1"])
  })
})

describe("FIN-WAIT-2", () => {
  it("data still come, and then a FIN", () => {
    finWait2()
      .hear("P. 1:101 ack 2")
      .expectSegments([". 2 ack 101 win 65435"])
      .hear("F. 101 ack 2")
      .expectState("TIME-WAIT")
      .expectEvents(["data 100", "eof", "closed"])
      .expectSegments([". 2 ack 102 win 65434"])
  })

  it("a peer that says nothing for 10 s is given up; each word begins them anew", () => {
    const m = finWait2().pass(9000).hear("P. 1:2 ack 2").pass(9999).expectState("FIN-WAIT-2")
    m.pass(1).expectState("CLOSED").expectEvents(["data 1", "timeout"])
  })
})

describe("CLOSING", () => {
  it("the ACK of our FIN: TIME-WAIT", () => {
    closing().hear(". 2 ack 2").expectState("TIME-WAIT").expectEvents(["acked", "closed"])
  })

  it("an older ACK changes nothing", () => {
    closing().hear(". 2 ack 1").expectState("CLOSING")
  })

  it("our FIN is sent again", () => {
    const m = closing()
    m.wait()
    m.expectSegments(["F. 1 ack 2 win 65534"])
  })

  it("an exact RST is as good as an ACK", () => {
    closing().hear("R 2").expectState("CLOSED").expectEvents(["closed"])
  })
})

describe("TIME-WAIT", () => {
  it("lasts 2 s", () => {
    timeWait().pass(1999).expectState("TIME-WAIT").pass(1).expectState("CLOSED").expectEvents([])
  })

  it("answers the FIN again, and lasts longer for it", () => {
    timeWait()
      .pass(1500)
      .hear("F. 1 ack 2")
      .expectSegments([". 2 ack 2 win 65534"])
      .pass(1999)
      .expectState("TIME-WAIT")
      .pass(1)
      .expectState("CLOSED")
  })
})

describe("CLOSE-WAIT", () => {
  it("we may still send", () => {
    closeWait().send(10).expectSegments(["P. 1:11 ack 2 win 65534"])
  })

  it("CLOSE: LAST-ACK", () => {
    closeWait().close().expectState("LAST-ACK").expectSegments(["F. 1 ack 2 win 65534"])
  })

  it("data after the FIN are not delivered", () => {
    closeWait().hear("P. 2:10 ack 1").expectEvents([]).expectSegments([". 1 ack 2 win 65534"])
  })

  it("an exact RST closes", () => {
    closeWait().hear("R 2").expectState("CLOSED").expectEvents(["reset"])
  })
})

describe("LAST-ACK", () => {
  it("the ACK of our FIN closes", () => {
    lastAck().hear(". 2 ack 2").expectState("CLOSED").expectEvents(["acked", "closed"])
  })

  it("an older ACK does not", () => {
    lastAck().hear(". 2 ack 1").expectState("LAST-ACK")
  })

  it("our FIN is sent again, and given up after 5 times", () => {
    const m = lastAck()
    for (let i = 0; i < 5; i++) m.wait()
    m.expectSegments(Array(5).fill("F. 1 ack 2 win 65534"))
    m.wait()
    m.expectState("CLOSED").expectEvents(["timeout"])
  })
})

describe("SEND", () => {
  it("is refused by every state that may not", () => {
    for (const build of [synSent, synReceived, finWait1, finWait2, closing, timeWait, lastAck])
      expect(() => build().send(1), build.name).toThrow(/SEND in/)
  })
})
