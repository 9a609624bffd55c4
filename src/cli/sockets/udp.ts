// Datagrams through the host's sockets: one for each port and address that is listened on, and one for as long as it takes
// to send from a port that is not.

import { createSocket, type Socket } from "node:dgram"
import { error, type IpError, Ipaddr, Lwt, ok, type Result, type UdpCallback } from "mirage"
import type { Enter } from "./flow.ts"
import type { SocketHost } from "./stack.ts"

/** See the head of this file. */
export class Datagrams {
  readonly #addresses: readonly string[]
  readonly #host: SocketHost
  readonly #enter: Enter
  readonly #ports = new Map<number, { callback: UdpCallback; readonly sockets: readonly Socket[] }>()

  constructor(addresses: readonly string[], host: SocketHost, enter: Enter) {
    this.#addresses = addresses
    this.#host = host
    this.#enter = enter
  }

  /** From now on, hand datagrams to `port` to `callback`. */
  listen(port: number, callback: UdpCallback): void {
    const known = this.#ports.get(port)
    if (known !== undefined) known.callback = callback
    else this.#ports.set(port, { callback, sockets: this.#addresses.map((address) => this.#open(address, port)) })
  }

  /** Send one datagram. */
  send(
    srcPort: number | undefined,
    dst: Ipaddr.V4,
    dstPort: number,
    payload: Uint8Array,
  ): Lwt.t<Result<void, IpError>> {
    const [p, done] = Lwt.wait<Result<void, IpError>>()
    const settle = (e: NodeJS.ErrnoException | null): void =>
      this.#enter(() => {
        const refusal = e === null ? undefined : refusalOf(e)
        if (e !== null && refusal === undefined) Lwt.wakeupLaterExn(done, e)
        else Lwt.wakeupLater(done, refusal === undefined ? ok(undefined) : error(refusal))
      })
    const listening = srcPort === undefined ? undefined : this.#ports.get(srcPort)?.sockets[0]
    const to = Ipaddr.toString(dst)
    if (listening !== undefined) {
      listening.send(payload, dstPort, to, settle)
      return p
    }
    const socket = createSocket("udp4")
    const end = (e: NodeJS.ErrnoException | null): void => {
      socket.close()
      settle(e)
    }
    socket.once("error", end)
    socket.bind({ port: srcPort ?? 0 }, () => {
      socket.setBroadcast(true)
      socket.send(payload, dstPort, to, end)
    })
    return p
  }

  /** Listen no more. */
  close(): void {
    for (const { sockets } of this.#ports.values()) for (const socket of sockets) socket.close()
    this.#ports.clear()
  }

  #open(address: string, port: number): Socket {
    const on = { protocol: "udp" as const, address, port, asked: port }
    const dst = Ipaddr.ofStringExn(address)
    const socket = createSocket("udp4")
    socket.on("error", (e: NodeJS.ErrnoException) =>
      this.#host.refused({ ...on, code: e.code ?? "", message: e.message }),
    )
    socket.on("message", (data, { address: from, port: fromPort }) => {
      const src = Ipaddr.ofString(from)
      const callback = this.#ports.get(port)?.callback
      if (!src.ok || callback === undefined) return
      const payload = new Uint8Array(data.buffer, data.byteOffset, data.length)
      this.#enter(() => Lwt.async(() => callback(src.value, fromPort, dst, payload)))
    })
    socket.bind({ port, address }, () => {
      socket.setBroadcast(true)
      this.#host.opened(on)
    })
    return socket
  }
}

function refusalOf({ code }: NodeJS.ErrnoException): IpError | undefined {
  switch (code) {
    case "EMSGSIZE":
      return "would-fragment"
    case "ENETUNREACH":
    case "EHOSTUNREACH":
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return "no-route"
    default:
      return undefined
  }
}
