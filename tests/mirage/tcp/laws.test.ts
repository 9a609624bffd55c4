// What must hold whatever the network and the peer do.

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { handleSegment } from "../../../src/mirage/tcp/input.ts"
import { abort, close, consume, endOfQueue, maySend, send, sendSpace } from "../../../src/mirage/tcp/output.ts"
import * as Seq from "../../../src/mirage/tcp/sequence.ts"
import type { Step } from "../../../src/mirage/tcp/tcb.ts"
import { handleTimeout, nextTimeout } from "../../../src/mirage/tcp/timers.ts"
import { RST } from "../../../src/mirage/wire/tcp.ts"
import {
  closeWait,
  closing,
  established,
  finWait1,
  finWait2,
  lastAck,
  OUR_ISS,
  PEER_ISS,
  synReceived,
  synSent,
  timeWait,
} from "../../support/tcp-machine.ts"
import { type Flow, pattern, tcpPair, value, writeAll } from "../../support/tcp-pair.ts"

const BUILDERS = [synSent, synReceived, established, finWait1, finWait2, closing, timeWait, closeWait, lastAck]

describe("one end, whatever it is told", { timeout: 60_000 }, () => {
  const near = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.integer({ min: -70_000, max: 70_000 }), fc.integer())
  const action = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("segment" as const),
        seq: near,
        ack: near,
        flags: fc.nat(63),
        window: fc.nat(0xffff),
        length: fc.nat(1500),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("send" as const), length: fc.nat(5000), nodelay: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("consume" as const), length: fc.nat(5000) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(5000) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("close" as const, "timer" as const) }) },
  )

  it("no step throws, and the books stay right", () => {
    fc.assert(
      fc.property(fc.constantFrom(...BUILDERS), fc.array(action, { maxLength: 40 }), (build, actions) => {
        let { tcb } = build()
        let now = 0
        // A connection that is built in TIME-WAIT has been heard to close.
        const ended: string[] = build === timeWait ? ["closed"] : []
        const take = (step: Step) => {
          const before = tcb
          tcb = step.tcb
          for (const e of step.events) if (!["data", "acked", "established", "eof"].includes(e.tag)) ended.push(e.tag)
          if (tcb.state === "CLOSED") {
            expect(nextTimeout(tcb)).toBeUndefined()
            return
          }
          const ordered = (a: Seq.Seq, b: Seq.Seq, what: string) => expect(Seq.leq(a, b), what).toBe(true)
          ordered(tcb.sndUna, tcb.sndNxt, "una <= nxt")
          ordered(tcb.sndNxt, tcb.sndMax, "nxt <= max")
          ordered(tcb.sndMax, Seq.add(endOfQueue(tcb), 1), "max <= end + FIN")
          ordered(before.sndUna, tcb.sndUna, "una grows")
          if (before.state !== "SYN-SENT") {
            ordered(before.rcvNxt, tcb.rcvNxt, "rcvNxt grows")
            ordered(before.rcvAdv, tcb.rcvAdv, "our window's edge never goes back")
          }
          expect(tcb.rcvUnread + tcb.held.reduce((n, p) => n + p.data.length, 0)).toBeLessThanOrEqual(65535 + 5840)
          expect(tcb.queue.length).toBeLessThanOrEqual(tcb.config.sendBuffer)
          // Whatever is on its way, or waits for a window, is watched over by a timer.
          const waiting = Seq.less(tcb.sndUna, tcb.sndMax) || tcb.queue.length > 0
          if (waiting && tcb.state !== "TIME-WAIT" && tcb.state !== "FIN-WAIT-2") expect(nextTimeout(tcb)).toBeDefined()
          for (const s of step.segments) expect(s.payload.length).toBeLessThanOrEqual(tcb.sndMss)
        }
        for (const a of actions) {
          if (tcb.state === "CLOSED") break
          if (a.do === "segment") {
            const segment = {
              srcPort: 49152,
              dstPort: 80,
              urgent: 0,
              options: [],
              window: a.window,
              payload: new Uint8Array(a.length),
            }
            // Half of them without RST, or few would live long.
            const flags = a.seq % 2 === 0 ? a.flags & ~RST : a.flags
            const at = tcb.state === "SYN-SENT" ? PEER_ISS : tcb.rcvNxt
            take(
              handleSegment(tcb, now, {
                ...segment,
                flags,
                seq: Seq.add(at, a.seq),
                ack: Seq.add(a.ack > 5 ? OUR_ISS : tcb.sndMax, a.ack),
              }),
            )
          } else if (a.do === "send") {
            if (maySend(tcb)) take(send(tcb, now, new Uint8Array(Math.min(a.length, sendSpace(tcb))), a.nodelay))
          } else if (a.do === "consume") take(consume(tcb, now, Math.min(a.length, tcb.rcvUnread)))
          else if (a.do === "close") take(close(tcb, now))
          else if (a.do === "pass") now += a.ms
          else {
            now = Math.max(now, nextTimeout(tcb) ?? now)
            take(handleTimeout(tcb, now))
          }
        }
        if (tcb.state !== "CLOSED" && tcb.state !== "TIME-WAIT") {
          expect(ended).toEqual([])
          take(abort(tcb))
          expect(tcb.state).toBe("CLOSED")
        }
        expect(ended.length, "the application hears of the end once").toBe(1)
      }),
      { numRuns: 500 },
    )
  })
})

describe("two ends, whatever is between them", () => {
  const faults = fc.record({
    delayMs: fc.constantFrom(0, 1, 20),
    loss: fc.constantFrom(0, 0.01, 0.05),
    duplicate: fc.constantFrom(0, 0.1),
    reorder: fc.constantFrom(0, 0.1, 0.5),
    reorderMs: fc.constantFrom(1, 30),
    seed: fc.nat(1000),
    config: fc.record({
      sendBuffer: fc.constantFrom(1000, 16_384, 262_144),
      receiveBuffer: fc.constantFrom(1000, 5000, 262_140),
      reassemblyPieces: fc.constantFrom(2, 512),
      // Enough patience for the worst that the losses above can do: a window update is lost, and the next probe is a
      // minute away.
      finWait2Ms: fc.constant(300_000),
      retries: fc.constant(15),
      synRetries: fc.constant(15),
    }),
  })

  it("both streams arrive intact, and nothing is left behind", () => {
    const law = fc.property(
      faults,
      fc.nat(60_000),
      fc.nat(60_000),
      fc.integer({ min: 1, max: 9000 }),
      (options, up, down, size) => {
        const p = tcpPair({ ...options, record: false })
        const read = (flow: Flow): Lwt.t<Uint8Array> => {
          const all: number[] = []
          const loop = (): Lwt.t<Uint8Array> =>
            p.T.read(flow).bind((r) => {
              if (r.tag === "Error") return Lwt.failWith(r.error.message)
              if (r.tag === "Eof") return Lwt.return(Uint8Array.from(all))
              for (const b of r.data) all.push(b)
              // A reader that dawdles now and then closes the window.
              return all.length % 7 === 0 ? p.time.sleep(0.05).bind(loop) : loop()
            })
          return loop()
        }
        const [served, serve] = Lwt.wait<Uint8Array>()
        p.listeners.set(80, (flow) =>
          Lwt.both(writeAll(p.T, flow, pattern(down), size), read(flow)).map(([, got]) => Lwt.wakeup(serve, got)),
        )
        const flow = value(p.time.run(p.T.createConnection(p.client, [p.wire.b.ip, 80])))
        const [, got] = p.time.run(Lwt.both(writeAll(p.T, flow, pattern(up), size), read(flow)))
        expect(Buffer.compare(got, pattern(down))).toBe(0)
        expect(Buffer.compare(p.time.run(served), pattern(up))).toBe(0)
        p.time.pass(10 * 60_000)
        expect([...p.client.connections.all(), ...p.server.connections.all()].map((c) => c.state)).toEqual([])
      },
    )
    fc.assert(law, { numRuns: 60 })
  }, 60_000)
})
