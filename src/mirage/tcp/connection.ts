// One connection as its application and its stack see it: the Tcb, the bytes that wait to be read, and who waits for what.
// The data structures only; tcp.ts says when.

import type * as Lwt from "../lwt/lwt.ts"
import { show } from "../os/show.ts"
import type { Result } from "../result.ts"
import type { DeviceError } from "../signatures/device.ts"
import type { Read, Written } from "../signatures/flow.ts"
import type { ConnectError, TcpCallback } from "../signatures/tcp.ts"
import type { Instant } from "../signatures/time.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import type { State } from "./state.ts"
import type { Tcb } from "./tcb.ts"

/** A write that is not accepted whole: what is left of it. */
export interface Writer {
  pieces: readonly Uint8Array[]
  length: number
  readonly nodelay: boolean
  readonly done: Lwt.u<Written>
}

/** How a connection began, until it is established: who is waiting for that. */
export type Opening<S> =
  | { readonly tag: "Active"; readonly done: Lwt.u<Result<Connection<S>, ConnectError>> }
  | { readonly tag: "Passive"; readonly callback: TcpCallback<Connection<S>> }

/**
 * The abstract `flow` of a TCPV4 whose state is `S`. Its fields are the stack's; applications go through the module's
 * functions.
 */
export class Connection<S> {
  readonly stack: S
  readonly remote: Ipaddr.V4
  tcb: Tcb
  opening: Opening<S> | undefined
  /** What came and was not read, from `inboxHead` on. */
  inbox: Uint8Array[] = []
  inboxHead = 0
  eof = false
  failure: DeviceError | undefined
  readers: Lwt.u<Read>[] = []
  writers: Writer[] = []
  /** `close` was called, and waits for the writers. */
  closed = false
  /** The one sleep under way. It may be early: deadlines move, and it is cheaper to look again than to cancel. */
  alarm: { readonly at: Instant; readonly sleep: Lwt.t<void> } | undefined
  /** Set while writers are being served, which may send, be acknowledged and so begin again. */
  pumping = false

  constructor(stack: S, remote: Ipaddr.V4, tcb: Tcb, opening: Opening<S>) {
    this.stack = stack
    this.remote = remote
    this.tcb = tcb
    this.opening = opening
  }

  /** Where the connection is in RFC 9293's figure. */
  get state(): State {
    return this.tcb.state
  }

  /** The peer, as people write it. */
  get peer(): string {
    return `${Ipaddr.toString(this.remote)}:${this.tcb.remotePort}`
  }

  /** The next bytes to be read. */
  takeInbox(): Uint8Array | undefined {
    if (this.inboxHead === this.inbox.length) return undefined
    const data = this.inbox[this.inboxHead++]
    if (this.inboxHead === this.inbox.length) {
      this.inbox = []
      this.inboxHead = 0
    }
    return data
  }
}

// Not a method in the class: `isolatedDeclarations` takes no computed names there.
Object.defineProperty(Connection.prototype, show, {
  value(this: Connection<unknown>): string {
    return `<flow ${this.tcb.localPort} > ${this.peer}, ${this.tcb.state}>`
  },
})

/**
 * All connections of a stack, by the two ends' ports and the peer's address. (Our own address is that of the interface.)
 */
export class Connections<S> {
  /** By local port, then by the peer's address and port in one number of 48 bits. */
  readonly #byPort = new Map<number, Map<number, Connection<S>>>()

  find(localPort: number, remote: Ipaddr.V4, remotePort: number): Connection<S> | undefined {
    return this.#byPort.get(localPort)?.get(remote * 0x10000 + remotePort)
  }

  add(c: Connection<S>): void {
    const { localPort, remotePort } = c.tcb
    let peers = this.#byPort.get(localPort)
    if (peers === undefined) this.#byPort.set(localPort, (peers = new Map()))
    peers.set(c.remote * 0x10000 + remotePort, c)
  }

  /** Forget `c`, unless another connection has taken its place. */
  remove(c: Connection<S>): void {
    const { localPort, remotePort } = c.tcb
    const peers = this.#byPort.get(localPort)
    const key = c.remote * 0x10000 + remotePort
    if (peers?.get(key) !== c) return
    peers.delete(key)
    if (peers.size === 0) this.#byPort.delete(localPort)
  }

  all(): readonly Connection<S>[] {
    return [...this.#byPort.values()].flatMap((peers) => [...peers.values()])
  }
}

/** Take up to `space` bytes off the front of what `w` has left. */
export function take(w: Writer, space: number): readonly Uint8Array[] {
  if (w.length <= space) {
    w.length = 0
    return w.pieces
  }
  const taken: Uint8Array[] = []
  let room = space
  let i = 0
  for (; room > 0; i++) {
    const piece = w.pieces[i]!
    if (piece.length > room) break
    taken.push(piece)
    room -= piece.length
  }
  const rest = w.pieces.slice(i)
  if (room > 0) {
    taken.push(rest[0]!.subarray(0, room))
    rest[0] = rest[0]!.subarray(room)
  }
  w.pieces = rest
  w.length -= space
  return taken
}

/** What a write is told that comes too late. */
export function refusal<S>(c: Connection<S>): Written {
  return c.failure === undefined ? { tag: "Eof" } : { tag: "Error", error: c.failure }
}

/** Why a connection is no more, as its application hears it. */
export function failureOf<S>(c: Connection<S>, kind: "reset" | "refused" | "timeout" | "no-route"): DeviceError {
  switch (kind) {
    case "reset":
      return { kind, message: `${c.peer} has reset the connection` }
    case "refused":
      return { kind, message: `${c.peer} refuses connections` }
    case "timeout":
      return { kind, message: `${c.peer} does not answer` }
    case "no-route":
      return { kind, message: `there is no way to ${c.peer}` }
  }
}
