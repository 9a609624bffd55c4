// TCP as an application and a network see it: the module's functions, and the bytes that leave.

import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { show } from "../../../src/mirage/os/show.ts"
import type { Read, Written } from "../../../src/mirage/signatures/flow.ts"
import * as Seq from "../../../src/mirage/tcp/sequence.ts"
import * as Tcpv4 from "../../../src/mirage/tcp/tcp.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { ACK, encodeTcp, FIN, RST, showTcp, SYN } from "../../../src/mirage/wire/tcp.ts"
import { dump, hex } from "../../support/hex.ts"
import { type Flow, pattern, readAll, tcpPair, type TcpPair, value, writeAll } from "../../support/tcp-pair.ts"
import { useLostExceptions } from "../../support/lost-exceptions.ts"

const utf8 = (s: string) => new TextEncoder().encode(s)
const text = (r: Read) => (r.tag === "Ok" ? new TextDecoder().decode(r.data) : r.tag)

/** A pair with one connection, and its two ends. */
function joined(options: Parameters<typeof tcpPair>[0] = {}): TcpPair & { c: Flow; s: Flow } {
  const p = tcpPair(options)
  const [accepted, accept] = Lwt.wait<Flow>()
  p.listeners.set(80, (flow) => {
    Lwt.wakeup(accept, flow)
    return Lwt.return()
  })
  const c = p.connect(80)
  return { ...p, c, s: p.time.run(accepted) }
}

/** Both ends have nothing left. */
function expectNoConnections(p: TcpPair): void {
  expect([...p.client.connections.all(), ...p.server.connections.all()].map((c) => c.state)).toEqual([])
}

describe("golden segments", () => {
  it("of a connection that says hi, from SYN to the last ACK", () => {
    const p = joined()
    p.time.run(p.T.write(p.c, utf8("hi")))
    p.time.run(p.T.close(p.c))
    expect(text(p.time.run(p.T.read(p.s)))).toBe("hi")
    p.time.run(p.T.close(p.s))
    const { localPort, iss } = p.c.tcb
    const base = { client: iss, server: p.s.tcb.iss }
    /** As sent, but from a client port and ISSs that are always the same. */
    const bytes = p.sent.map(({ from, segment }) => {
      const port = (n: number) => (n === localPort ? 49152 : n)
      const [mine, other] = from === "client" ? [base.client, base.server] : [base.server, base.client]
      const seq = (segment.seq - mine + (from === "client" ? 0x1000 : 0x2000)) >>> 0
      const ack = segment.flags & ACK ? (segment.ack - other + (from === "client" ? 0x2000 : 0x1000)) >>> 0 : 0
      return dump(
        encodeTcp({ ...segment, srcPort: port(segment.srcPort), dstPort: port(segment.dstPort), seq, ack }, 0)
          .with(16, 0)
          .with(17, 0),
      )
    })
    const SYN_OPTIONS = hex`
      02 04 05b4      mss 1460
      03 03 02 00     window scale 2, end of list
    `
    // Windows count in units of four bytes; what nobody has read yet, and the FIN, are missing from them.
    const golden = [
      [hex`c000 0050 00001000 00000000 7002 16d0 0000 0000`, SYN_OPTIONS],
      [hex`0050 c000 00002000 00001001 7012 16d0 0000 0000`, SYN_OPTIONS],
      [hex`c000 0050 00001001 00002001 5010 ffff 0000 0000`],
      [hex`c000 0050 00001001 00002001 5018 ffff 0000 0000`, utf8("hi")],
      [hex`0050 c000 00002001 00001003 5010 fffe 0000 0000`],
      [hex`c000 0050 00001003 00002001 5011 ffff 0000 0000`],
      [hex`0050 c000 00002001 00001004 5010 fffd 0000 0000`],
      [hex`0050 c000 00002001 00001004 5011 fffd 0000 0000`],
      [hex`c000 0050 00001004 00002002 5010 fffe 0000 0000`],
    ]
    expect(bytes).toEqual(golden.map((parts) => dump(Uint8Array.from(parts.flatMap((part) => [...part])))))
  })
})

describe("opening", () => {
  it("a port that nobody listens on refuses", () => {
    const p = tcpPair()
    expect(p.time.run(p.T.createConnection(p.client, [p.wire.b.ip, 81]))).toEqual({
      ok: false,
      error: { kind: "refused" },
    })
    expect(p.sent.map((s) => s.segment.flags)).toEqual([SYN, RST | ACK])
    expectNoConnections(p)
  })

  it("a host that does not answer times out after 93 s", () => {
    const p = tcpPair()
    p.wire.filter = () => false
    expect(p.time.run(p.T.createConnection(p.client, [p.wire.b.ip, 80]))).toEqual({
      ok: false,
      error: { kind: "timeout" },
    })
    expect(p.time.now()).toBeCloseTo(93_000)
    expectNoConnections(p)
  })

  it("a host to which there is no way says so at once", () => {
    const p = tcpPair()
    for (const far of [Ipaddr.make(192, 0, 2, 1), Ipaddr.broadcast, Ipaddr.any, Ipaddr.make(224, 0, 0, 1)])
      expect(p.time.run(p.T.createConnection(p.client, [far, 80]))).toEqual({ ok: false, error: { kind: "no-route" } })
    expectNoConnections(p)
    expect(p.sent).toEqual([])
  })

  it("a SYN, or an answer, that is lost is sent again", () => {
    for (const lost of [0, 1]) {
      const p = tcpPair()
      p.listeners.set(80, () => Lwt.return())
      let count = 0
      p.wire.filter = () => count++ !== lost
      p.connect(80)
      expect(p.time.now()).toBeCloseTo(3000)
    }
  })

  it("the callback is called when the handshake is over, and not before", () => {
    const p = tcpPair({ delayMs: 10 })
    const called: number[] = []
    p.listeners.set(80, () => {
      called.push(p.time.now())
      return Lwt.return()
    })
    p.connect(80)
    expect([p.time.now(), called]).toEqual([20, []])
    p.time.pass(10)
    expect(called).toEqual([30])
  })

  it("both ends know each other; a flow shows itself", () => {
    const p = joined()
    expect(p.T.dst(p.c)).toEqual([p.wire.b.ip, 80])
    expect(p.T.dst(p.s)).toEqual([p.wire.a.ip, p.c.tcb.localPort])
    expect((p.s as unknown as { [show]: () => string })[show]()).toBe(
      `<flow 80 > 10.0.0.1:${p.c.tcb.localPort}, ESTABLISHED>`,
    )
  })

  it("local ports are dynamic ones, and follow each other", () => {
    const p = tcpPair()
    p.listeners.set(80, () => Lwt.return())
    const ports = [p.connect(80), p.connect(80), p.connect(80)].map((c) => c.tcb.localPort)
    const next = (n: number) => (n === 65535 ? 49152 : n + 1)
    expect(ports[0]).toBeGreaterThanOrEqual(49152)
    expect(ports.slice(1)).toEqual([next(ports[0]!), next(ports[1]!)])
  })

  it("connections that wait out TIME-WAIT give way to new ones when all ports are taken", { timeout: 60_000 }, () => {
    const p = tcpPair({ record: false })
    p.listeners.set(80, (flow) => readAll(p.T, flow).bind(() => p.T.close(flow)))
    for (let i = 0; i < 16_384 + 100; i++) {
      const flow = p.connect(80)
      p.T.close(flow)
      p.time.run(readAll(p.T, flow))
    }
    expect(p.client.connections.all()).toHaveLength(16_384)
    expect(p.time.now()).toBe(0)
  })

  it("a new SYN takes the place of a connection in TIME-WAIT, if it begins after it (RFC 9293 MAY-2)", () => {
    const p = tcpPair()
    p.listeners.set(80, (flow) => p.T.close(flow))
    const old = p.connect(80)
    p.time.run(readAll(p.T, old))
    p.time.run(p.T.close(old))
    const waiting = p.server.connections.all()[0]!
    expect(waiting.state).toBe("TIME-WAIT")
    const port = old.tcb.localPort
    // The client has forgotten the old connection, and uses its port again.
    p.client.nextPort = port
    const again = p.T.createConnection(p.client, [p.wire.b.ip, 80])
    const syn = p.sent.findLast((s) => s.segment.flags === SYN)!.segment
    const isLater = Seq.less(waiting.tcb.rcvNxt, Seq.ofInt32(syn.seq))
    p.time.pass(1)
    expect(Lwt.isSleeping(again)).toBe(!isLater)
    // If it does not, it is asked about, answers that it knows nothing, and that ends the old one: the next SYN gets in.
    const flow = value(p.time.run(again))
    expect(flow.tcb.localPort).toBe(port)
    if (isLater) expect(Seq.less(waiting.tcb.sndMax, flow.tcb.irs)).toBe(true)
  })

  it("cancelling the promise takes the SYN back", () => {
    const p = tcpPair({ delayMs: 10 })
    const opening = p.T.createConnection(p.client, [p.wire.b.ip, 80])
    Lwt.cancel(opening)
    expectNoConnections(p)
    expect(() => p.time.run(opening)).toThrow()
  })

  it("half-open connections are bounded", () => {
    const p = tcpPair({ record: false })
    p.listeners.set(80, () => Lwt.return())
    const input = p.T.input(p.server, { listeners: (port) => p.listeners.get(port) })
    const shape = { dstPort: 80, ack: 0, flags: SYN, window: 1000, urgent: 0, options: [], payload: new Uint8Array(0) }
    // Somebody floods with SYNs, and swallows the answers.
    p.wire.filter = () => false
    for (let i = 0; i < 3000; i++) {
      const segment = { ...shape, srcPort: 1 + i, seq: i }
      // The sum of the pseudo-header of 20 bytes from 10.0.0.1 to 10.0.0.2.
      const pseudo = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + 20
      p.time.run(input(p.wire.a.ip, p.wire.b.ip, encodeTcp(segment, pseudo)))
    }
    expect([p.server.connections.all().length, p.server.drops.backlog]).toEqual([1024, 3000 - 1024])
    p.time.pass(100_000)
    expect([p.server.connections.all().length, p.server.halfOpen]).toEqual([0, 0])
  })

  it("segments for everybody, or broken ones, are counted and dropped", () => {
    const p = tcpPair()
    p.listeners.set(80, () => Lwt.return())
    const input = p.T.input(p.server, { listeners: (port) => p.listeners.get(port) })
    p.time.run(input(p.wire.a.ip, Ipaddr.broadcast, new Uint8Array(20)))
    p.time.run(input(p.wire.a.ip, p.wire.b.ip, new Uint8Array(19)))
    p.time.run(input(p.wire.a.ip, p.wire.b.ip, hex`c000 0050 00000000 00000000 5002 ffff 0000 0000`))
    expect(p.server.drops).toMatchObject({ "not-for-us": 1, truncated: 1, "bad-checksum": 1 })
    expect(p.sent).toEqual([])
  })

  it("throws for a port that is none", () => {
    const p = tcpPair()
    for (const port of [0, 65536, 1.5])
      expect(() => p.T.createConnection(p.client, [p.wire.b.ip, port])).toThrow(RangeError)
  })
})

describe("reading and writing", () => {
  it("data go both ways, and a waiting reader gets them at once", () => {
    const p = joined()
    const waiting = p.T.read(p.c)
    p.time.run(p.T.write(p.s, utf8("hello")))
    expect(text(p.time.run(waiting))).toBe("hello")
    p.time.run(p.T.writev(p.c, [utf8("a"), utf8(""), utf8("b")]))
    expect(text(p.time.run(p.T.read(p.s)))).toBe("ab")
  })

  it("readers are served in order; a cancelled one takes nothing away", () => {
    const p = joined()
    const [first, second, third] = [p.T.read(p.c), p.T.read(p.c), p.T.read(p.c)]
    Lwt.cancel(second)
    p.time.run(p.T.writeNodelay(p.s, utf8("1")))
    p.time.run(p.T.writeNodelay(p.s, utf8("2")))
    expect([text(p.time.run(first)), text(p.time.run(third))]).toEqual(["1", "2"])
  })

  it("writing nothing sends nothing", () => {
    const p = joined()
    const before = p.sent.length
    expect(p.time.run(p.T.write(p.c, new Uint8Array(0)))).toEqual({ tag: "Ok" })
    expect(p.sent).toHaveLength(before)
  })

  it("write waits for company, writeNodelay does not", () => {
    const p = joined({ delayMs: 10 })
    const sizes = () => p.sent.filter((s) => s.segment.payload.length > 0).map((s) => s.segment.payload.length)
    for (let i = 0; i < 3; i++) p.time.run(p.T.write(p.c, utf8("x")))
    expect(sizes()).toEqual([1])
    p.time.pass(25)
    expect(sizes()).toEqual([1, 2])
    for (let i = 0; i < 3; i++) p.time.run(p.T.writeNodelay(p.c, utf8("x")))
    expect(sizes()).toEqual([1, 2, 1, 1, 1])
  })

  it("what was written may be changed by its owner afterwards", () => {
    const p = joined({ delayMs: 10 })
    const data = pattern(50_000)
    p.time.run(p.T.write(p.c, data))
    p.time.run(p.T.close(p.c))
    data.fill(0)
    expect(Buffer.compare(p.time.run(readAll(p.T, p.s)), pattern(50_000))).toBe(0)
  })

  it("a writer waits when the reader does not read, and goes on when it does", () => {
    const p = joined({ config: { sendBuffer: 20_000, receiveBuffer: 30_000 } })
    const data = pattern(200_000)
    let done: Written | undefined
    Lwt.async(() => p.T.write(p.c, data).map((r) => (done = r)))
    p.time.pass(60_000)
    expect(done).toBeUndefined()
    const kept = p.s.inbox.reduce((n, d) => n + d.length, 0)
    expect(kept).toBeGreaterThan(28_000)
    expect(kept).toBeLessThanOrEqual(30_000)
    p.T.close(p.c)
    expect(Buffer.compare(p.time.run(readAll(p.T, p.s)), data)).toBe(0)
    expect(done).toEqual({ tag: "Ok" })
  })

  it("writers that wait are served in order, and a close waits for them", () => {
    const p = joined({ config: { sendBuffer: 1000, receiveBuffer: 5000 } })
    for (const letter of "abcdefgh") Lwt.async(() => p.T.write(p.c, utf8(letter.repeat(3000))))
    p.T.close(p.c)
    expect(p.time.run(p.T.write(p.c, utf8("late")))).toEqual({ tag: "Eof" })
    const got = new TextDecoder().decode(p.time.run(readAll(p.T, p.s)))
    expect(got).toBe([..."abcdefgh"].map((letter) => letter.repeat(3000)).join(""))
  })

  it("two writers at once in both directions with stalled readers do not deadlock", () => {
    const p = joined({ delayMs: 2, mtu: [3980, 3980], config: { receiveBuffer: 65536 } })
    const data = pattern(3_000_000)
    const slowly = (flow: Flow): Lwt.t<number> => {
      const loop = (total: number, n: number): Lwt.t<number> =>
        p.T.read(flow).bind((r) => {
          if (r.tag !== "Ok") return Lwt.return(total)
          const next = () => loop(total + r.data.length, n + 1)
          return n % 100 === 0 ? p.time.sleep(0.01).bind(next) : next()
        })
      return loop(0, 1)
    }
    const both = Lwt.all([writeAll(p.T, p.c, data), writeAll(p.T, p.s, data), slowly(p.c), slowly(p.s)])
    const [, , a, b] = p.time.run(both, 60_000)
    expect([a, b]).toEqual([data.length, data.length])
  })

  it("no segment is longer than both ends can take", () => {
    const p = joined({ mtu: [8980, 1480] })
    p.time.run(p.T.write(p.s, pattern(7000)))
    p.time.run(p.T.write(p.c, pattern(3750)))
    const longest = Math.max(...p.sent.map((s) => s.segment.payload.length))
    expect(longest).toBe(1460)
    const large = joined({ mtu: [8980, 8980] })
    large.time.run(large.T.write(large.s, pattern(7000)))
    expect(Math.max(...large.sent.map((s) => s.segment.payload.length))).toBe(7000)
  })
})

describe("closing", () => {
  it("in order: the other end reads to the end, and may go on writing", () => {
    const p = joined()
    p.time.run(p.T.write(p.c, utf8("ask")))
    p.time.run(p.T.close(p.c))
    expect(text(p.time.run(p.T.read(p.s)))).toBe("ask")
    expect(p.time.run(p.T.read(p.s))).toEqual({ tag: "Eof" })
    expect(p.time.run(p.T.read(p.s))).toEqual({ tag: "Eof" })
    expect(p.time.run(p.T.write(p.s, utf8("answer")))).toEqual({ tag: "Ok" })
    expect(text(p.time.run(p.T.read(p.c)))).toBe("answer")
    expect(p.time.run(p.T.write(p.c, utf8("more")))).toEqual({ tag: "Eof" })
    p.time.run(p.T.close(p.s))
    expect(p.time.run(p.T.read(p.c))).toEqual({ tag: "Eof" })
    expect([p.c.state, p.s.state]).toEqual(["TIME-WAIT", "CLOSED"])
    p.time.pass(2001)
    expectNoConnections(p)
  })

  it("of both ends at once leaves nothing after 4 s", () => {
    const p = joined({ delayMs: 10 })
    p.time.run(p.T.close(p.c))
    p.time.run(p.T.close(p.s))
    p.time.pass(25)
    expect([p.c.state, p.s.state]).toEqual(["TIME-WAIT", "TIME-WAIT"])
    p.time.pass(4000)
    expectNoConnections(p)
  })

  it("what was not read yet can be read after the connection is gone", () => {
    const p = joined()
    p.time.run(p.T.write(p.c, utf8("last words")))
    p.time.run(p.T.close(p.c))
    p.time.run(p.T.close(p.s))
    p.time.pass(5000)
    expectNoConnections(p)
    expect([text(p.time.run(p.T.read(p.s))), p.time.run(p.T.read(p.s))]).toEqual(["last words", { tag: "Eof" }])
  })

  it("twice is once", () => {
    const p = joined()
    p.time.run(p.T.close(p.c))
    p.time.run(p.T.close(p.c))
    expect(p.sent.filter((s) => s.segment.flags & FIN)).toHaveLength(1)
  })

  it("a reset ends both ends at once: readers and writers hear why", () => {
    const p = joined({ config: { sendBuffer: 1000, receiveBuffer: 1000 } })
    const reading = p.T.read(p.c)
    const writing = p.T.write(p.c, pattern(10_000))
    p.time.run(p.T.reset(p.s))
    const reset = { tag: "Error", error: { kind: "reset", message: "10.0.0.2:80 has reset the connection" } }
    expect([p.time.run(reading), p.time.run(writing)]).toEqual([reset, reset])
    expect(p.time.run(p.T.write(p.c, utf8("x")))).toEqual(reset)
    expect(p.time.run(p.T.read(p.s))).toMatchObject({ tag: "Error", error: { kind: "reset" } })
    expectNoConnections(p)
  })

  it("a peer that has vanished: the writer and the reader hear of a time-out", () => {
    const p = joined()
    p.wire.filter = () => false
    p.time.run(p.T.write(p.c, utf8("anybody?")))
    expect(p.time.run(p.T.read(p.c))).toEqual({
      tag: "Error",
      error: { kind: "timeout", message: "10.0.0.2:80 does not answer" },
    })
  })

  it("a peer that was rebooted says RST", () => {
    const p = joined()
    p.server.connections.remove(p.s)
    p.time.run(p.T.write(p.c, utf8("still there?")))
    expect(p.time.run(p.T.read(p.c))).toMatchObject({ tag: "Error", error: { kind: "reset" } })
  })

  it("disconnecting resets all connections", () => {
    const p = joined()
    p.time.run(p.T.disconnect(p.server))
    expect(p.time.run(p.T.read(p.c))).toMatchObject({ tag: "Error", error: { kind: "reset" } })
    expectNoConnections(p)
  })

  it("leaves no timer behind", () => {
    const p = joined()
    p.time.run(p.T.reset(p.c))
    expect([p.c.alarm, p.s.alarm]).toEqual([undefined, undefined])
  })
})

describe("a callback that fails", () => {
  const lost = useLostExceptions()

  it.each<[string, () => Lwt.t<void>]>([
    [
      "at once",
      () => {
        throw new Error("oops")
      },
    ],
    ["by a rejection", () => Lwt.fail(new Error("oops"))],
    ["later", () => Lwt.pause().bind(() => Lwt.fail(new Error("oops")))],
  ])("%s: the hook hears of it, its connection is reset, and others go on", (_name, callback) => {
    const p = tcpPair()
    p.listeners.set(80, callback)
    p.listeners.set(81, (flow) => p.T.write(flow, utf8("fine")).map(() => undefined))
    const flow = p.connect(80)
    expect(p.time.run(p.T.read(flow))).toMatchObject({ tag: "Error", error: { kind: "reset" } })
    expect(lost).toEqual([new Error("oops")])
    expect(text(p.time.run(p.T.read(p.connect(81))))).toBe("fine")
  })
})

describe("Tcpv4.Flow.Make", () => {
  it("is Make by the deck's name", () => {
    expect(Tcpv4.Flow.Make).toBe(Tcpv4.Make)
  })
})

describe("a capture", () => {
  it("reads as tcpdump's", () => {
    const p = joined()
    expect(showTcp(p.sent[0]!.segment)).toMatch(
      /^TCP \d+ > 80, \[S\], seq \d+, win 5840, options \[mss 1460,wscale 2\], length 0$/,
    )
  })
})
