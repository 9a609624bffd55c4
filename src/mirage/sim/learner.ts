// The learner's own machine, 10.0.0.1: a whole stack of the library OS, with a shell on top of it instead of a unikernel.

import * as Ethif from "../ethernet/ethif.ts"
import * as Icmpv4 from "../icmp/icmpv4.ts"
import * as Ipv4 from "../ipv4/ipv4.ts"
import * as Lwt from "../lwt/lwt.ts"
import type { Engine } from "../os/engine.ts"
import { ok, type Result } from "../result.ts"
import type { Connected, DeviceError } from "../signatures/device.ts"
import type { UdpCallback } from "../signatures/udp.ts"
import * as Tcpv4 from "../tcp/tcp.ts"
import * as Udpv4 from "../udp/udpv4.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import * as Netif from "./netif.ts"
import type { FrameRow } from "./observation.ts"
import type { Machine } from "./shell/command.ts"
import type { Port } from "./switch.ts"

/** RFC 6335 6: the ports that are for clients. */
const FIRST_EPHEMERAL = 49152
const EPHEMERAL = 65536 - FIRST_EPHEMERAL

/** What the learner's machine is made of. */
export interface LearnerOptions {
  readonly engine: Engine
  /** Its socket at the switch. */
  readonly port: Port
  readonly cidr: Ipaddr.Cidr
  /** /etc/hosts. */
  readonly hosts: ReadonlyMap<string, Ipaddr.V4>
  /** Hear of every frame. */
  readonly capture: (onFrame: (row: FrameRow) => void) => () => void
}

/** Build the machine and put it on the network. */
export function connect(options: LearnerOptions): Lwt.t<Machine> {
  const { engine, cidr, hosts } = options
  const Time = { sleep: (seconds: number) => engine.sleep(seconds) }
  const Clock = { now: () => engine.now() }
  const E = Ethif.Make(Netif)
  const I = Ipv4.Make(E, Time, Clock)
  const Icmp = Icmpv4.Make(I, Time, Clock)
  const U = Udpv4.Make(I, engine.random)
  const T = Tcpv4.Make(I, Time, Clock, engine.random)

  /** UDP sockets that wait for replies, by our port. */
  const sockets = new Map<number, UdpCallback>()
  const files = new Map<string, Uint8Array>()
  let processes = 0
  let nextPort = engine.random.int(EPHEMERAL)

  const lower = up(Netif.connect(options.port)).bind((net) =>
    up(E.connect(net)).bind((eth) => up(I.connect(eth)).map((ip) => ({ net, eth, ip }))),
  )
  return lower.bind(({ net, eth, ip }) =>
    Lwt.all([up(Icmp.connect(ip)), up(U.connect(ip)), up(T.connect(ip))]).bind(([icmp, udp, tcp]) => {
      const handlers = {
        tcp: T.input(tcp, { listeners: () => undefined }),
        udp: U.input(udp, { listeners: (port) => sockets.get(port) }),
      }
      Lwt.async(() => Netif.listen(net, E.input(eth, { ipv4: I.input(ip, handlers) })))

      const machine: Machine = {
        time: Time,
        now: Clock.now,
        cidr,
        mac: Netif.mac(net),
        mtu: Netif.mtu(net),
        interface: "eth0",
        hosts,
        files,
        resolve: (name) => resolve(hosts, name),
        reaches: (dst) => Ipaddr.inNetwork(cidr, dst) || dst >>> 24 === 127,
        ping: (dst, how) => Icmp.ping(icmp, dst, how),
        connect: (dst, port) =>
          T.createConnection(tcp, [dst, port]).map((r) => {
            if (!r.ok) return r
            const flow = r.value
            return ok({
              read: () => T.read(flow),
              write: (data: Uint8Array) => T.write(flow, data),
              close: () => T.close(flow),
              reset: () => T.reset(flow),
            })
          }),
        sendUdp(dst, dstPort, data, onReply) {
          const srcPort = FIRST_EPHEMERAL + (nextPort++ % EPHEMERAL)
          sockets.set(srcPort, (_src, _srcPort, _dst, payload) => Lwt.return(onReply(payload)))
          const stop = () => void sockets.delete(srcPort)
          return U.write(udp, { srcPort, dst, dstPort }, data).map((r) => (r.ok ? ok(stop) : giveUp(stop, r)))
        },
        neighbours: () => I.ARP.entries(I.arp(ip)),
        capture: options.capture,
        processId: () => ++processes,
      }
      return I.setIpNetmask(ip, Ipaddr.netmask(cidr.bits))
        .bind(() => I.setIp(ip, cidr.address))
        .map(() => machine)
    }),
  )
}

/** The address that `name` stands for. */
export function resolve(hosts: ReadonlyMap<string, Ipaddr.V4>, name: string): Ipaddr.V4 | undefined {
  const address = Ipaddr.ofString(name)
  return address.ok ? address.value : hosts.get(name.toLowerCase())
}

function giveUp<E>(stop: () => void, refused: Result<never, E>): Result<never, E> {
  stop()
  return refused
}

/** What `connect` gave, or its refusal as a failed promise: nothing can be done without a network. */
function up<T>(connecting: Connected<T>): Lwt.t<T> {
  return connecting.bind((r: Result<T, DeviceError>) => (r.ok ? Lwt.return(r.value) : Lwt.failWith(r.error.message)))
}
