// Two TCPs over a wire, in virtual time.

import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import type { Result } from "../../src/mirage/result.ts"
import type { TcpCallback } from "../../src/mirage/signatures/tcp.ts"
import type { TcpConfig } from "../../src/mirage/tcp/tcb.ts"
import * as Tcpv4 from "../../src/mirage/tcp/tcp.ts"
import * as Cstruct from "../../src/mirage/wire/cstruct.ts"
import type { TcpSegment } from "../../src/mirage/wire/tcp.ts"
import { type End, type IpPair, ipPair, type WireFaults } from "./ip-pair.ts"
import { seededRandom, VirtualTime } from "./virtual-time.ts"

/** A connection of the pair. */
export type Flow = Tcpv4.flow<End>

/** The client is at 10.0.0.1, the server at 10.0.0.2. */
export interface TcpPair {
  readonly time: VirtualTime
  readonly wire: IpPair
  readonly T: Tcpv4.Tcpv4<End>
  readonly client: Tcpv4.t<End>
  readonly server: Tcpv4.t<End>
  /** The server's listeners by port. */
  readonly listeners: Map<number, TcpCallback<Flow>>
  /** Each segment that was sent, lost or not. */
  readonly sent: { readonly from: "client" | "server"; readonly at: number; readonly segment: TcpSegment }[]
  /** Connect to the server, or throw. */
  connect(port: number): Flow
}

/** How a pair may differ from the usual. */
export interface TcpPairOptions extends WireFaults {
  readonly mtu?: readonly [number, number]
  readonly config?: Partial<TcpConfig>
  readonly record?: boolean
}

/** Two TCPs, each listening to the other. */
export function tcpPair(options: TcpPairOptions = {}): TcpPair {
  const time = new VirtualTime()
  const wire = ipPair(time, options, options.mtu)
  const T = Tcpv4.Make(wire.Ip, time, time, seededRandom((options.seed ?? 1) + 1000))
  const client = value(time.run(T.connect(wire.a, options.config)))
  const server = value(time.run(T.connect(wire.b, options.config)))
  const listeners = new Map<number, TcpCallback<Flow>>()
  wire.Ip.input(wire.a, { tcp: T.input(client, { listeners: () => undefined }) })
  wire.Ip.input(wire.b, { tcp: T.input(server, { listeners: (port) => listeners.get(port) }) })
  const sent: TcpPair["sent"] = []
  if (options.record !== false)
    wire.filter = (from, segment) => {
      sent.push({ from: from === wire.a ? "client" : "server", at: time.now(), segment })
      return true
    }
  const connect = (port: number) => value(time.run(T.createConnection(client, [wire.b.ip, port])))
  return { time, wire, T, client, server, listeners, sent, connect }
}

/** The value of a result that must be one. */
export function value<A>(r: Result<A, unknown>): A {
  if (!r.ok) throw new Error(`expected a value, got ${JSON.stringify(r.error)}`)
  return r.value
}

/** Everything that comes until the end of the stream. Fails if that is not an orderly one. */
export function readAll(T: TcpPair["T"], flow: Flow): Lwt.t<Uint8Array> {
  const chunks: Uint8Array[] = []
  const loop = (): Lwt.t<Uint8Array> =>
    T.read(flow).bind((r) => {
      if (r.tag === "Error") return Lwt.failWith(r.error.message)
      if (r.tag === "Eof") return Lwt.return(Cstruct.concat(chunks))
      chunks.push(r.data)
      return loop()
    })
  return loop()
}

/** `length` bytes that do not repeat for a long time, so that a piece in the wrong place shows. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0, x = 1; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    bytes[i] = x >>> 16
  }
  return bytes
}

/** Write `data` in pieces of `size`, then close. */
export function writeAll(T: TcpPair["T"], flow: Flow, data: Uint8Array, size = 65536): Lwt.t<void> {
  const loop = (at: number): Lwt.t<void> => {
    if (at >= data.length) return T.close(flow)
    return T.write(flow, data.subarray(at, at + size)).bind((r) =>
      r.tag === "Ok" ? loop(at + size) : Lwt.failWith(r.tag === "Eof" ? "closed" : r.error.message),
    )
  }
  return loop(0)
}
