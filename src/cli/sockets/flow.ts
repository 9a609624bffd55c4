// A connection through a socket of the host's: the library OS's FLOW over Node's net.Socket, with TCP's promises kept. What
// the peer sends is read ahead only so far, and then its window fills; a write is done when the kernel has taken the bytes;
// each direction closes by itself; and a reset is an error to its reader, after the data that came before it.

import { connect, type Socket } from "node:net"
import {
  type ConnectError,
  type DeviceError,
  error,
  Ipaddr,
  Lwt,
  ok,
  type Read,
  type Result,
  type Written,
} from "mirage"

/** Let `f` happen as part of the machine's loop, once its clock is right. Sockets speak at moments of their own. */
export type Enter = (f: () => void) => void

/** So much is taken from the kernel before anybody has asked for it: a receive window of the connection's own. */
const READ_AHEAD = 64 * 1024

/** See the head of this file. */
export class Flow {
  /** The peer's address and port. */
  readonly dst: readonly [Ipaddr.V4, number]
  /** The peer, as people write it. */
  readonly peer: string
  readonly #socket: Socket
  readonly #enter: Enter
  readonly #inbox: Uint8Array[] = []
  /** Bytes in the inbox. */
  #ahead = 0
  #ended = false
  #closed = false
  #failure: DeviceError | undefined
  #readers: Lwt.u<Read>[] = []

  /** A connection that is open, or that is about to be: nothing of it has been read. */
  constructor(socket: Socket, dst: readonly [Ipaddr.V4, number], enter: Enter) {
    this.dst = dst
    this.peer = `${Ipaddr.toString(dst[0])}:${dst[1]}`
    this.#socket = socket
    this.#enter = enter
    const look = (): void => enter(() => this.#serve())
    socket.on("data", (data: Buffer) => {
      // A Buffer's slices are not copies, as those of the array that a reader expects are.
      this.#inbox.push(new Uint8Array(data.buffer, data.byteOffset, data.length))
      this.#ahead += data.length
      if (this.#ahead >= READ_AHEAD) socket.pause()
      look()
    })
    socket.on("end", () => {
      this.#ended = true
      look()
    })
    socket.on("error", (e) => this.#fail(e))
    socket.on("close", () => {
      this.#ended = true
      look()
    })
  }

  /** The next data; waits until there is some. */
  read(): Lwt.t<Read> {
    const now = this.#readers.length === 0 ? this.#next() : undefined
    if (now !== undefined) return Lwt.return(now)
    const [p, reader] = Lwt.task<Read>()
    this.#readers.push(reader)
    Lwt.onCancel(p, () => {
      this.#readers = this.#readers.filter((r) => r !== reader)
    })
    return p
  }

  /** Resolves when the kernel has taken all of it, so that nobody changes bytes that are still to be sent. */
  write(data: readonly Uint8Array[]): Lwt.t<Written> {
    if (this.#closed || this.#failure !== undefined) return Lwt.return(this.#refusal())
    const pieces = data.filter((piece) => piece.length > 0)
    if (pieces.length === 0) return Lwt.return({ tag: "Ok" })
    const [p, done] = Lwt.wait<Written>()
    const socket = this.#socket
    // Corked, so that a head and its body leave together.
    socket.cork()
    for (const [i, piece] of pieces.entries()) {
      if (i < pieces.length - 1) socket.write(piece)
      else
        socket.write(piece, (e) => {
          if (e) this.#fail(e)
          this.#enter(() => Lwt.wakeupLater(done, e ? this.#refusal() : { tag: "Ok" }))
        })
    }
    socket.uncork()
    return p
  }

  /** From now on, a small write does not wait for what was sent before it to be acknowledged. */
  hurry(): void {
    this.#socket.setNoDelay(true)
  }

  /** Close our direction, after everything written. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.end()
  }

  /** End both directions at once, and tell the peer so. */
  reset(): void {
    if (this.#socket.destroyed) return
    this.#failure = { kind: "reset", message: `the connection with ${this.peer} was reset here` }
    this.#inbox.length = this.#ahead = 0
    this.#socket.resetAndDestroy()
    this.#enter(() => this.#serve())
  }

  /** End both directions once what was written has been sent. */
  finish(): void {
    this.#closed = true
    this.#socket.destroySoon()
  }

  /** Call `f` when the connection is no more, with why if it was not in order. */
  onClose(f: (failure: DeviceError | undefined) => void): void {
    this.#socket.on("close", () => f(this.#failure))
  }

  #serve(): void {
    while (this.#readers.length > 0) {
      const read = this.#next()
      if (read === undefined) return
      Lwt.wakeupLater(this.#readers.shift()!, read)
    }
  }

  #next(): Read | undefined {
    const data = this.#inbox.shift()
    if (data !== undefined) {
      this.#ahead -= data.length
      if (this.#ahead < READ_AHEAD) this.#socket.resume()
      return { tag: "Ok", data }
    }
    if (this.#failure !== undefined) return { tag: "Error", error: this.#failure }
    return this.#ended ? { tag: "Eof" } : undefined
  }

  #fail(e: NodeJS.ErrnoException): void {
    this.#failure ??= failureOf(this.peer, e)
  }

  /** What a write is told that comes too late. */
  #refusal(): Written {
    return this.#failure === undefined ? { tag: "Eof" } : { tag: "Error", error: this.#failure }
  }
}

/** Open a connection. Cancelling the promise gives up. */
export function open(
  [dst, port]: readonly [Ipaddr.V4, number],
  enter: Enter,
  opened: (flow: Flow) => void,
): Lwt.t<Result<Flow, ConnectError>> {
  // To a kernel 0.0.0.0 is the machine itself, and to TCP it is nobody (RFC 9293 3.9.2.3, MUST-46).
  if (Ipaddr.isMulticast(dst) || dst === Ipaddr.broadcast || dst === Ipaddr.any)
    return Lwt.return(error({ kind: "no-route" }))
  const [p, done] = Lwt.task<Result<Flow, ConnectError>>()
  const settle = (result: Result<Flow, ConnectError>): void =>
    enter(() => {
      if (Lwt.isSleeping(p)) Lwt.wakeupLater(done, result)
    })
  const socket = connect({ host: Ipaddr.toString(dst), port, allowHalfOpen: true })
  const flow = new Flow(socket, [dst, port], enter)
  let isOpen = false
  socket.once("connect", () => {
    isOpen = true
    opened(flow)
    settle(ok(flow))
  })
  socket.once("error", (e: NodeJS.ErrnoException) => {
    if (!isOpen) settle(error({ kind: refusalOf(e) }))
  })
  Lwt.onCancel(p, () => socket.destroy())
  return p
}

function refusalOf({ code }: NodeJS.ErrnoException): ConnectError["kind"] {
  return code === "ECONNREFUSED" || code === "ECONNRESET" ? "refused" : code === "ETIMEDOUT" ? "timeout" : "no-route"
}

function failureOf(peer: string, e: NodeJS.ErrnoException): DeviceError {
  switch (e.code) {
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
      return { kind: "reset", message: `${peer} has reset the connection` }
    case "ECONNREFUSED":
      return { kind: "refused", message: `${peer} refuses connections` }
    case "ETIMEDOUT":
      return { kind: "timeout", message: `${peer} does not answer` }
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return { kind: "no-route", message: `there is no way to ${peer}` }
    default:
      return { kind: e.code ?? "failed", message: `${peer}: ${e.message}` }
  }
}
