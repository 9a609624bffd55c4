// A TCP port that is open: a server of Node's on each address of the stack.

import { createServer, type Server, type Socket } from "node:net"
import { Ipaddr, Lwt, type TcpCallback } from "mirage"
import { Flow } from "./flow.ts"
import type { SocketStack } from "./stack.ts"

/** See the head of this file. */
export class Listener {
  /** What is done with a connection: whatever the application said last. */
  callback: TcpCallback<Flow>
  readonly #stack: SocketStack
  readonly #servers: readonly Server[]

  constructor(stack: SocketStack, asked: number, callback: TcpCallback<Flow>) {
    this.callback = callback
    this.#stack = stack
    const port = stack.host.port(asked)
    this.#servers = stack.addresses.map((address) => this.#open(address, port, asked))
  }

  /** Take no more connections. */
  close(): void {
    for (const server of this.#servers) if (server.listening) server.close()
  }

  #open(address: string, port: number, asked: number): Server {
    const { host } = this.#stack
    const on = { protocol: "tcp" as const, address, asked }
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
    server.on("error", (e: NodeJS.ErrnoException) =>
      host.refused({ ...on, port, code: e.code ?? "", message: e.message }),
    )
    server.listen({ port, host: address }, () => {
      const bound = server.address()
      host.opened({ ...on, port: typeof bound === "object" && bound !== null ? bound.port : port })
    })
    return server
  }

  #accept(socket: Socket): void {
    const address = Ipaddr.ofString(socket.remoteAddress ?? "")
    // Gone again before it could be asked who it is.
    if (!address.ok) return void socket.destroy()
    const flow = new Flow(socket, [address.value, socket.remotePort ?? 0], this.#stack.enter)
    this.#stack.keep(flow)
    this.#stack.enter(() =>
      Lwt.async(() =>
        Lwt.catch(
          () => this.callback(flow),
          (reason) => {
            flow.reset()
            return Lwt.fail(reason)
          },
        ),
      ),
    )
  }
}
