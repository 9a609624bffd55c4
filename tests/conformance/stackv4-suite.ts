// What the module type STACKV4 promises, of every implementation of it: the library OS's own stack, and the host's sockets.

import { expect, it } from "vitest"
import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import type { Read } from "../../src/mirage/signatures/flow.ts"
import type { STACKV4 } from "../../src/mirage/signatures/stack.ts"
import type { TcpCallback } from "../../src/mirage/signatures/tcp.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import { pattern, value } from "../support/tcp-pair.ts"

/** Two stacks that reach each other. */
export interface Stacks<S, U, T, F> {
  readonly S: STACKV4<S, unknown, U, T, F>
  readonly client: S
  readonly server: S
  readonly clientAddress: Ipaddr.V4
  readonly address: Ipaddr.V4
  /** Run until `p` is resolved. */
  run<A>(p: Lwt.t<A>): Promise<A>
  /** Resolves once the ports that are listened to are open. */
  open(): Promise<void>
}

// Ports that anybody may open.
const TCP = 7007
const UDP = 5300
const REPLY = 47353
const NOBODY = 7009
const MB = 1024 * 1024
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytes = (what: string): Uint8Array => new TextEncoder().encode(what)

/** The suite. `make` gives two new stacks. */
export function stackv4Suite<S, U, T, F>(make: () => Promise<Stacks<S, U, T, F>>): void {
  /** A server whose port hands its connections to what `serve` gives, and a connection to it. */
  async function connected(serve: (S: Stacks<S, U, T, F>["S"]) => TcpCallback<F>) {
    const n = await make()
    n.S.listenTcpv4(n.server, { port: TCP }, serve(n.S))
    await n.open()
    return { ...n, ...n.S.TCPV4, flow: await connect(n) }
  }

  async function connect({ S, client, address, run }: Stacks<S, U, T, F>): Promise<F> {
    return value(await run(S.TCPV4.createConnection(S.tcpv4(client), [address, TCP])))
  }

  /** What comes until the end of the stream, or until an error ends it. */
  function drain(S: Stacks<S, U, T, F>["S"], flow: F): Lwt.t<{ data: Uint8Array; end: Read }> {
    const pieces: Uint8Array[] = []
    const loop = (): Lwt.t<{ data: Uint8Array; end: Read }> =>
      S.TCPV4.read(flow).bind((end) => {
        if (end.tag !== "Ok") return Lwt.return({ data: new Uint8Array(Buffer.concat(pieces)), end })
        pieces.push(end.data)
        return loop()
      })
    return loop()
  }

  it("carries bytes both ways, and knows the peer", async () => {
    let peer: readonly [Ipaddr.V4, number] | undefined
    const n = await connected((S) => (f) => {
      peer = S.TCPV4.dst(f)
      return S.TCPV4.read(f)
        .bind((r) => S.TCPV4.writev(f, r.tag === "Ok" ? [bytes("you said "), new Uint8Array(0), r.data] : []))
        .bind(() => S.TCPV4.close(f))
    })
    expect(await n.run(n.write(n.flow, bytes("hello")))).toEqual({ tag: "Ok" })
    const { data, end } = await n.run(drain(n.S, n.flow))
    expect([text(data), end]).toEqual(["you said hello", { tag: "Eof" }])
    expect(n.dst(n.flow)).toEqual([n.address, TCP])
    expect(peer).toEqual([n.clientAddress, expect.any(Number)])
  })

  it("refuses where nobody listens", async () => {
    const n = await make()
    const refused = n.S.TCPV4.createConnection(n.S.tcpv4(n.client), [n.address, NOBODY])
    expect(await n.run(refused)).toEqual({ ok: false, error: { kind: "refused" } })
  })

  it.each(["0.0.0.0", "255.255.255.255", "224.0.0.1"])("has no way to %s, which is nobody", async (nobody) => {
    const n = await make()
    const lost = n.S.TCPV4.createConnection(n.S.tcpv4(n.client), [Ipaddr.ofStringExn(nobody), TCP])
    expect(await n.run(lost)).toEqual({ ok: false, error: { kind: "no-route" } })
  })

  it("throws for a port that is none", async () => {
    const n = await make()
    expect(() => n.S.listenTcpv4(n.server, { port: 0 }, () => Lwt.return())).toThrow(RangeError)
    expect(() => n.S.listenUdpv4(n.server, { port: 65536 }, () => Lwt.return())).toThrow(RangeError)
    expect(() => n.S.TCPV4.createConnection(n.S.tcpv4(n.client), [n.address, 1.5])).toThrow(RangeError)
  })

  it("lets a writer wait for its reader, and brings every byte", async () => {
    const sent = pattern(24 * MB)
    let written = 0
    const n = await connected((S) => (f) => {
      const loop = (): Lwt.t<void> =>
        written === sent.length
          ? S.TCPV4.close(f)
          : S.TCPV4.write(f, sent.subarray(written, written + MB)).bind(() => {
              written += MB
              return loop()
            })
      return loop()
    })
    // Others come and go meanwhile. A writer that did not wait would long be done.
    for (let i = 0; i < 20; i++) await n.run(n.createConnection(n.S.tcpv4(n.client), [n.address, NOBODY]))
    expect(written).toBeLessThan(sent.length)
    const { data, end } = await n.run(drain(n.S, n.flow))
    expect(end).toEqual({ tag: "Eof" })
    expect(Buffer.compare(data, sent)).toBe(0)
  })

  it("closes one direction, and reads on in the other", async () => {
    const n = await connected(
      (S) => (f) =>
        drain(S, f)
          .bind(({ data }) => S.TCPV4.write(f, bytes(`all ${data.length}`)))
          .bind(() => S.TCPV4.close(f)),
    )
    await n.run(n.write(n.flow, pattern(MB)))
    await n.run(n.close(n.flow))
    expect(await n.run(n.write(n.flow, bytes("more")))).toEqual({ tag: "Eof" })
    const { data, end } = await n.run(drain(n.S, n.flow))
    expect([text(data), end]).toEqual([`all ${MB}`, { tag: "Eof" }])
    // And again: the end stays the end.
    expect(await n.run(n.read(n.flow))).toEqual({ tag: "Eof" })
  })

  it("tells a reader of a reset, and a writer after it", async () => {
    const n = await connected((S) => (f) => S.TCPV4.read(f).bind(() => S.TCPV4.reset(f)))
    await n.run(n.write(n.flow, bytes("x")))
    const reset = {
      tag: "Error",
      error: { kind: "reset", message: expect.stringMatching(/:7007 has reset the connection$/) },
    }
    expect(await n.run(n.read(n.flow))).toEqual(reset)
    expect(await n.run(n.write(n.flow, bytes("y")))).toEqual(reset)
  })

  it("tells whoever has reset it, too", async () => {
    const n = await connected((S) => (f) => drain(S, f).map(() => undefined))
    const reading = n.read(n.flow)
    await n.run(n.reset(n.flow))
    const reset = { tag: "Error", error: { kind: "reset", message: expect.stringMatching(/:7007 was reset here$/) } }
    expect(await n.run(reading)).toEqual(reset)
    expect(await n.run(n.write(n.flow, bytes("y")))).toEqual(reset)
  })

  it("gives the data of a cancelled read to the next", async () => {
    const n = await connected(
      (S) => (f) => S.TCPV4.read(f).bind(() => S.TCPV4.write(f, bytes("late")).map(() => undefined)),
    )
    const cancelled = n.read(n.flow)
    Lwt.cancel(cancelled)
    await n.run(n.write(n.flow, bytes("go")))
    expect(await n.run(n.read(n.flow))).toEqual({ tag: "Ok", data: bytes("late") })
    expect(Lwt.state(cancelled)).toMatchObject({ tag: "Fail" })
  })

  it("hands a connection to whom the port was last given", async () => {
    const answer = (what: string) => (S: Stacks<S, U, T, F>["S"]) => (f: F) =>
      S.TCPV4.write(f, bytes(what)).bind(() => S.TCPV4.close(f))
    const n = await connected(answer("first"))
    expect(text((await n.run(drain(n.S, n.flow))).data)).toBe("first")
    n.S.listenTcpv4(n.server, { port: TCP }, answer("second")(n.S))
    expect(text((await n.run(drain(n.S, await connect(n)))).data)).toBe("second")
  })

  it("resets the connection of a callback that fails, and lets the others know why", async () => {
    const heard: unknown[] = []
    const hook = Lwt.asyncExceptionHook.get()
    Lwt.asyncExceptionHook.set((e) => void heard.push(e))
    try {
      const n = await connected((S) => (f) => S.TCPV4.read(f).bind(() => Lwt.failWith("out of tea")))
      await n.run(n.write(n.flow, bytes("x")))
      expect(await n.run(n.read(n.flow))).toMatchObject({ tag: "Error", error: { kind: "reset" } })
      expect(heard).toEqual([expect.objectContaining({ message: "out of tea" })])
    } finally {
      Lwt.asyncExceptionHook.set(hook)
    }
  })

  it("hears a datagram on its port, and answers it", async () => {
    const n = await make()
    const { UDPV4 } = n.S
    const [heard, hear] = Lwt.wait<string>()
    n.S.listenUdpv4(n.server, { port: UDP }, (src, srcPort, dst, payload) => {
      expect(dst).toBe(n.address)
      const to = { srcPort: UDP, dst: src, dstPort: srcPort }
      return UDPV4.write(n.S.udpv4(n.server), to, bytes(`you said ${text(payload)}`)).map(() => undefined)
    })
    n.S.listenUdpv4(n.client, { port: REPLY }, (src, srcPort, _dst, payload) =>
      Lwt.return(Lwt.wakeup(hear, `${src === n.address} ${srcPort} ${text(payload)}`)),
    )
    await n.open()
    const to = { srcPort: REPLY, dst: n.address, dstPort: UDP }
    expect(await n.run(UDPV4.write(n.S.udpv4(n.client), to, bytes("hi")))).toEqual({ ok: true, value: undefined })
    expect(await n.run(heard)).toBe(`true ${UDP} you said hi`)
    // To a port that nobody listens on it is lost, and that is no error.
    const lost = UDPV4.write(n.S.udpv4(n.client), { dst: n.address, dstPort: NOBODY }, bytes("hi"))
    expect(await n.run(lost)).toEqual({ ok: true, value: undefined })
  })

  it("listens until it is disconnected, and its own connections end with it", async () => {
    const [end, ended] = Lwt.wait<Read>()
    const [accepted, accept] = Lwt.wait<void>()
    const n = await connected((S) => (f) => {
      Lwt.wakeup(accept)
      return S.TCPV4.read(f).map((r) => Lwt.wakeup(ended, r))
    })
    // It is the client's a little earlier than the server's.
    await n.run(accepted)
    const listening = n.S.listen(n.server)
    expect(Lwt.isSleeping(listening)).toBe(true)
    await n.run(n.S.disconnect(n.server))
    await n.run(listening)
    expect(await n.run(end)).toMatchObject({ tag: "Error", error: { kind: "reset" } })
  })
}
