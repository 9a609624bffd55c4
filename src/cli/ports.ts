// The ports that a unikernel opens: which of the host's they are, and what is said about them.

import type { DeviceError } from "mirage"
import type { Graph } from "mirage/host"
import type { Log } from "./log.ts"
import type { RunOptions } from "./options.ts"
import type { Opened, Refused, SocketHost } from "./sockets/stack.ts"

/** What there is to know about a unikernel's ports. */
export interface PortsOptions {
  readonly graph: Graph
  readonly log: Log
  readonly options: RunOptions
  /** The port that was asked for is to be the host's for the first TCP port of the unikernel. */
  readonly moves: boolean
  /** A port could not be opened, and so the unikernel cannot go on. */
  readonly refused: (message: string) => void
}

/** See the head of this file. */
export class Ports implements SocketHost {
  readonly #of: PortsOptions
  readonly #web: ReadonlySet<number>
  #first: number | undefined

  constructor(options: PortsOptions) {
    this.#of = options
    this.#web = webPorts(options.graph)
  }

  port(asked: number): number {
    this.#first ??= asked
    const { moves, options } = this.#of
    return moves && asked === this.#first ? (options.port ?? asked) : asked
  }

  opened(on: Opened): void {
    this.#of.log.info(showOpened(on, on.protocol === "tcp" && this.#web.has(on.asked)))
  }

  refused(on: Refused): void {
    const { file } = this.#of.options
    const command = `npx mirage run${file === "config.ts" ? "" : ` -f ${file}`} --net socket`
    this.#of.refused(showRefused(on, command, on.protocol === "tcp" && on.asked === this.#first))
  }

  connection(peer: string, what: "opened" | "closed" | DeviceError): void {
    this.#of.log.debug("socket", typeof what === "string" ? `${peer} ${what}` : what.message)
  }
}

/** The ports that are known to speak HTTP. */
function webPorts(graph: Graph): ReadonlySet<number> {
  const ports = graph.nodes.map(({ what }) =>
    what.tag === "device" && what.device.name === "httpServer" ? what.parameters[0] : undefined,
  )
  return new Set(ports.filter((port) => typeof port === "number"))
}

/** `Listening on http://127.0.0.1:8080/`. `web`: it is known to be a web server's. */
export function showOpened(on: Opened, web: boolean): string {
  const everywhere = on.address === "0.0.0.0"
  const place = `${everywhere ? "127.0.0.1" : on.address}:${on.port}`
  const where = web ? `http://${place}/` : `${place} (${on.protocol})`
  const also = everywhere ? ", and at this host's other addresses" : ""
  return `Listening on ${where}${also}${on.port === on.asked ? "" : `, which is port ${on.asked} of the unikernel`}`
}

/** Why a port could not be opened, and what to type after `command`. `movable`: it is the one that `--port` chooses. */
export function showRefused(on: Refused, command: string, movable: boolean): string {
  const { port, protocol, address } = on
  const other = port < 1024 || port === 65535 ? 8080 : port + 1
  const instead = movable ? `Choose another: ${command} --port ${other}` : "Choose another in the unikernel."
  switch (on.code) {
    case "EADDRINUSE":
      return `Port ${port} (${protocol}) of ${address} is in use: something listens there already. ${instead}`
    case "EACCES":
      return `Port ${port} (${protocol}) may not be opened: this host keeps ports below 1024 for its administrator. ${instead}`
    case "EADDRNOTAVAIL":
      return `${address} is no address of this host. Choose one: ${command} -- --ipv4 127.0.0.1`
    default:
      return `Port ${port} (${protocol}) of ${address} could not be opened: ${on.message}`
  }
}
