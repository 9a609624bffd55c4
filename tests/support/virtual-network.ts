// Machines on a simulated switch, for tests: real stacks over Ethernet, an engine whose host never waits.
//
//     const net = virtualNetwork()
//     const a = await net.host("10.0.0.1/24")
//     const b = await net.host("10.0.0.2/24")
//     const pong = await net.run(a.Icmp.ping(a.icmp, b.address))
//     expect(net.trace()).toEqual([…])
//
// With CAPTURE=dir in the environment every network leaves a pcapng there, named after its test.

import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished } from "vitest"
import * as Ethif from "../../src/mirage/ethernet/ethif.ts"
import * as Icmpv4 from "../../src/mirage/icmp/icmpv4.ts"
import * as Ipv4 from "../../src/mirage/ipv4/ipv4.ts"
import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import { Engine } from "../../src/mirage/os/engine.ts"
import type { Connected } from "../../src/mirage/signatures/device.ts"
import type { IpHandlers, IpInput } from "../../src/mirage/signatures/ipv4.ts"
import type { TcpCallback } from "../../src/mirage/signatures/tcp.ts"
import type { UdpCallback } from "../../src/mirage/signatures/udp.ts"
import { Capture } from "../../src/mirage/sim/capture.ts"
import type { LinkOptions } from "../../src/mirage/sim/link.ts"
import * as Netif from "../../src/mirage/sim/netif.ts"
import { type Port, Switch } from "../../src/mirage/sim/switch.ts"
import * as Tcpv4 from "../../src/mirage/tcp/tcp.ts"
import * as Udpv4 from "../../src/mirage/udp/udpv4.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import * as Macaddr from "../../src/mirage/wire/macaddr.ts"
import { testHost } from "./host.ts"

/** How a machine of a test is made. */
export interface VirtualHostOptions {
  readonly mac?: string
  readonly gateway?: string
  readonly mtu?: number
  readonly link?: LinkOptions
}

/** The value of a `connect`; a refusal fails the test. */
export async function connected<T>(engine: Engine, p: Connected<T>): Promise<T> {
  const r = await engine.attend(p)
  if (!r.ok) throw new Error(`connect refused: ${r.error.message}`)
  return r.value
}

/** Make a switch, its engine and its capture. */
export function virtualNetwork(options: { readonly seed?: number; readonly link?: LinkOptions } = {}) {
  const engine = new Engine(testHost(options.seed).host)
  const sw = new Switch(engine)
  const capture = new Capture(sw, { limit: 100_000 })
  const dir = process.env["CAPTURE"]
  if (dir !== undefined && dir !== "") {
    const name = expect.getState().currentTestName ?? "test"
    onTestFinished(() => {
      mkdirSync(dir, { recursive: true })
      writeFileSync(join(dir, `${name.replaceAll(/[^A-Za-z0-9]+/g, "-")}.pcapng`), capture.pcapng())
    })
  }

  const E = Ethif.Make(Netif)
  const I = Ipv4.Make(E, engine, engine)
  const Icmp = Icmpv4.Make(I, engine, engine)
  const U = Udpv4.Make(I, engine.random)
  const T = Tcpv4.Make(I, engine, engine, engine.random)

  function plug(o: VirtualHostOptions, name?: string): Port {
    const link = o.link ?? options.link
    return sw.connect({
      ...(name === undefined ? {} : { name }),
      ...(o.mac === undefined ? {} : { mac: Macaddr.ofStringExn(o.mac) }),
      ...(link === undefined ? {} : { link }),
    })
  }

  return {
    engine,
    switch: sw,
    capture,
    Netif,
    E,
    I,
    U,
    T,
    Icmp,

    /** A machine with Ethernet, IPv4, ICMP, UDP and TCP, which is up: its gratuitous ARP has been sent. */
    async host(cidr: string, o: VirtualHostOptions = {}) {
      const parsed = Ipaddr.cidrOfString(cidr)
      if (!parsed.ok) throw new RangeError(cidr)
      const { address, bits } = parsed.value
      const port = plug(o, cidr)
      const netif = await connected(engine, Netif.connect(port, o.mtu === undefined ? {} : { mtu: o.mtu }))
      const ethif = await connected(engine, E.connect(netif))
      const ip = await connected(engine, I.connect(ethif))
      const icmp = await connected(engine, Icmp.connect(ip))
      const udp = await connected(engine, U.connect(ip))
      const tcp = await connected(engine, T.connect(ip))
      await engine.attend(I.setIpNetmask(ip, Ipaddr.netmask(bits)))
      if (o.gateway !== undefined) await engine.attend(I.setIpGateways(ip, [Ipaddr.ofStringExn(o.gateway)]))
      const udpListeners = new Map<number, UdpCallback>()
      const tcpListeners = new Map<number, TcpCallback<Tcpv4.flow<Ipv4.t<Ethif.t<Netif.t>>>>>()
      const handlers: { -readonly [K in keyof IpHandlers]: IpHandlers[K] } = {
        udp: U.input(udp, { listeners: (dstPort) => udpListeners.get(dstPort) }),
        tcp: T.input(tcp, { listeners: (dstPort) => tcpListeners.get(dstPort) }),
      }
      Lwt.async(() => Netif.listen(netif, E.input(ethif, { ipv4: I.input(ip, handlers) })))
      await engine.attend(I.setIp(ip, address))
      return {
        address,
        port,
        netif,
        ethif,
        ip,
        icmp,
        udp,
        tcp,
        /** Hand UDP datagrams for `dstPort` to `callback`. */
        onUdp(dstPort: number, callback: UdpCallback): void {
          udpListeners.set(dstPort, callback)
        },
        /** Hand TCP connections to `dstPort` to `callback`. */
        onTcp(dstPort: number, callback: TcpCallback<Tcpv4.flow<Ipv4.t<Ethif.t<Netif.t>>>>): void {
          tcpListeners.set(dstPort, callback)
        },
        /** Hand TCP segments to `input`, and not to TCP. */
        onTcpSegment(input: IpInput): void {
          handlers.tcp = input
        },
        /** Hand everything else to `input`. */
        onDefault(input: NonNullable<IpHandlers["default"]>): void {
          handlers.default = input
        },
        /** The neighbour table as `arp -a` would show it. */
        arp(): string[] {
          return I.ARP.entries(I.arp(ip)).map(
            (e) => `${Ipaddr.toString(e.ip)} ${e.mac === undefined ? "?" : Macaddr.toString(e.mac)} ${e.kind}`,
          )
        },
      }
    },

    /** A bare port, for a peer that is a script of frames. `received` grows as they arrive. */
    peer(o: VirtualHostOptions = {}) {
      const port = plug(o)
      const received: Uint8Array[] = []
      port.onReceive((frame) => {
        received.push(frame)
      })
      return { port, mac: port.mac, received, send: (frame: Uint8Array) => port.send(frame) }
    },

    /** Run until `p` is resolved, letting simulated time pass. */
    run: <A>(p: Lwt.t<A>): Promise<A> => engine.run(p),

    /** Let so much simulated time pass. */
    sleep: (seconds: number): Promise<void> => engine.run(engine.sleep(seconds)),

    /** The frames so far, one line each: `10.0.0.1 > 10.0.0.2 ICMP echo request …`. */
    trace(): string[] {
      return capture.rows().map((r) => `${r.from} > ${r.to} ${r.protocol} ${r.info}`)
    },
  }
}

/** What {@link virtualNetwork} gives. */
export type VirtualNetwork = ReturnType<typeof virtualNetwork>
/** What its `host` gives. */
export type VirtualHost = Awaited<ReturnType<VirtualNetwork["host"]>>
