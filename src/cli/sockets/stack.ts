// The module type STACKV4 over the host's sockets: MirageOS's `Tcpip_stack_socket`. What the library OS's own stack does by
// Ethernet, ARP and IP, the host's kernel does here; the application on top is the same.
//
// Not implemented: IPV4 and the layers' `input`, since a socket gives no packets; broadcast is sent, and multicast joined,
// by nobody.

import { networkInterfaces } from "node:os"
import { type DeviceError, type IPV4, Ipaddr, Lwt, type STACKV4, type TcpCallback, type UdpCallback } from "mirage"
import { type Enter, type Flow, open } from "./flow.ts"
import { Listener } from "./listener.ts"
import { Datagrams } from "./udp.ts"

/** A port that is open for others. */
export interface Opened {
  readonly protocol: "tcp" | "udp"
  readonly address: string
  /** The host's port, and the one that the unikernel knows. */
  readonly port: number
  readonly asked: number
}

/** A port that the host would not open. */
export interface Refused extends Opened {
  /** The system's word for why: `EADDRINUSE`. */
  readonly code: string
  readonly message: string
}

/** What a stack needs of whoever runs it. */
export interface SocketHost {
  /** The host's port for a TCP port of the unikernel's. */
  port(asked: number): number
  opened(on: Opened): void
  refused(on: Refused): void
  /** A connection was opened, or is no more. */
  connection(peer: string, what: "opened" | "closed" | DeviceError): void
}

/** A stack's sockets. */
export class SocketStack {
  readonly addresses: readonly string[]
  readonly host: SocketHost
  readonly enter: Enter
  readonly tcp: Map<number, Listener> = new Map()
  readonly udp: Datagrams
  readonly flows: Set<Flow> = new Set()
  /** Resolves when the stack is disconnected. */
  readonly down: Lwt.t<void>
  readonly #disconnected: Lwt.u<void>

  constructor(addresses: readonly string[], host: SocketHost, enter: Enter) {
    this.addresses = addresses
    this.host = host
    this.enter = enter
    this.udp = new Datagrams(addresses, host, enter)
    ;[this.down, this.#disconnected] = Lwt.wait<void>()
  }

  /** Count `flow` among the open ones, until it is not. */
  keep(flow: Flow): void {
    this.flows.add(flow)
    this.host.connection(flow.peer, "opened")
    flow.onClose((failure) => {
      this.flows.delete(flow)
      this.host.connection(flow.peer, failure ?? "closed")
    })
  }

  /** Take no more connections, send what has been written, and close. Resolves when all have ended, `graceMs` later at most. */
  async finish(graceMs: number): Promise<void> {
    this.#closePorts()
    for (const flow of this.flows) flow.finish()
    const ended = [...this.flows].map((flow) => new Promise<void>((resolve) => flow.onClose(() => resolve())))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([Promise.all(ended), late])
    clearTimeout(timer)
    this.disconnect()
  }

  /** End everything at once. */
  disconnect(): void {
    this.#closePorts()
    for (const flow of this.flows) flow.reset()
    if (Lwt.isSleeping(this.down)) Lwt.wakeupLater(this.#disconnected)
  }

  #closePorts(): void {
    for (const listener of this.tcp.values()) listener.close()
    this.udp.close()
  }
}

/** STACKV4 whose every layer's state is the stack. */
type Module = STACKV4<SocketStack, SocketStack, SocketStack, SocketStack, Flow>

const disconnect = (s: SocketStack): Lwt.t<void> => Lwt.return(s.disconnect())
const nothing = (): Lwt.t<void> => Lwt.return()
const noPackets = (): (() => Lwt.t<void>) => nothing

/** The module. A stack is made by {@link SocketStack}. */
export const Stack: Module = {
  IPV4: ipv4(),
  UDPV4: {
    disconnect,
    input: noPackets,
    write(s, { srcPort, dst, dstPort }, payload) {
      if (srcPort !== undefined) checkPort(srcPort)
      checkPort(dstPort)
      return s.udp.send(srcPort, dst, dstPort, payload)
    },
  },
  TCPV4: {
    disconnect,
    input: noPackets,
    createConnection(s, to) {
      checkPort(to[1])
      return open(to, s.enter, (flow) => s.keep(flow))
    },
    dst: (flow) => flow.dst,
    read: (flow) => flow.read(),
    write: (flow, data) => flow.write([data]),
    writev: (flow, data) => flow.write(data),
    writeNodelay(flow, data) {
      flow.hurry()
      return flow.write([data])
    },
    close: (flow) => Lwt.return(flow.close()),
    reset: (flow) => Lwt.return(flow.reset()),
  },
  disconnect,
  ipv4: (s) => s,
  udpv4: (s) => s,
  tcpv4: (s) => s,

  listenTcpv4(s, { port }, callback: TcpCallback<Flow>) {
    checkPort(port)
    const known = s.tcp.get(port)
    if (known === undefined) s.tcp.set(port, new Listener(s, port, callback))
    else known.callback = callback
  },

  listenUdpv4(s, { port }, callback: UdpCallback) {
    checkPort(port)
    s.udp.listen(port, callback)
  },

  listen: (s) => s.down,
}

/** What can be said of the layer that a host keeps to itself. */
function ipv4(): IPV4<SocketStack> {
  const theHosts = (): Lwt.t<never> =>
    Lwt.failWith("over the host's sockets, IPv4 is the host's own: there are TCPV4 and UDPV4, and no packets")
  const address = (s: SocketStack): Ipaddr.V4 => Ipaddr.ofStringExn(s.addresses[0] ?? "0.0.0.0")
  return {
    disconnect,
    input: noPackets,
    write: theHosts,
    src: address,
    setIp: theHosts,
    setIpNetmask: theHosts,
    setIpGateways: theHosts,
    getIp: address,
    getIpNetmask(s) {
      const cards = Object.values(networkInterfaces()).flatMap((card) => card ?? [])
      return Ipaddr.ofStringExn(cards.find((card) => s.addresses.includes(card.address))?.netmask ?? "0.0.0.0")
    },
    getIpGateways: () => [],
    mtu: () => 1480,
  }
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`port ${port} is not 1..65535`)
}
