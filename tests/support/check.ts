// Assertions about frames, after gVisor's checkers: `check(frame, ipv4({ dst }), tcp({ flags: "SA", ack }))`. Each checker
// decodes its layer, compares what it was given, and hands the payload on. Checksums are always verified.

import { expect } from "vitest"
import { type ArpPacket, decodeArp } from "../../src/mirage/wire/arp.ts"
import { decodeEthernet, ETHERTYPE_ARP, ETHERTYPE_IPV4, type EthernetFrame } from "../../src/mirage/wire/ethernet.ts"
import { decodeIcmpv4, type Icmpv4Message } from "../../src/mirage/wire/icmpv4.ts"
import {
  decodeIpv4,
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  type Ipv4Datagram,
  pseudoHeaderSum,
} from "../../src/mirage/wire/ipv4.ts"
import { decodeTcp, type TcpSegment } from "../../src/mirage/wire/tcp.ts"
import { decodeUdp, type UdpDatagram } from "../../src/mirage/wire/udp.ts"
import type { Result } from "../../src/mirage/result.ts"

/** What has been decoded so far, and the bytes that have not. */
interface Seen {
  readonly rest: Uint8Array
  readonly frame?: EthernetFrame
  readonly datagram?: Ipv4Datagram
}

/** Looks at one layer. */
export type Checker = (seen: Seen) => Seen

/** Run `checkers` on `frame`, outermost layer first; a leading {@link ethernet} may be left out. */
export function check(frame: Uint8Array | undefined, ...checkers: readonly Checker[]): void {
  if (frame === undefined) throw new Error("there is no such frame")
  let seen: Seen = { rest: frame }
  for (const checker of checkers) seen = checker(seen)
}

/** An Ethernet frame with these fields. */
export function ethernet(fields: Partial<EthernetFrame> = {}): Checker {
  return ({ rest }) => {
    const frame = decoded("Ethernet", decodeEthernet(rest))
    expect(frame, "Ethernet").toMatchObject(fields)
    return { rest: frame.payload, frame }
  }
}

/** An ARP packet with these fields. */
export function arp(fields: Partial<ArpPacket> = {}): Checker {
  return (seen) => {
    const { rest, frame } = inFrame(seen)
    expect(frame?.ethertype, "EtherType").toBe(ETHERTYPE_ARP)
    expect(decoded("ARP", decodeArp(rest)), "ARP").toMatchObject(fields)
    return { rest: rest.subarray(28) }
  }
}

/** An IPv4 datagram with these fields. */
export function ipv4(fields: Partial<Ipv4Datagram> = {}): Checker {
  return (seen) => {
    const { rest, frame } = inFrame(seen)
    expect(frame?.ethertype, "EtherType").toBe(ETHERTYPE_IPV4)
    const datagram = decoded("IPv4", decodeIpv4(rest))
    expect(datagram, "IPv4").toMatchObject(fields)
    return { rest: datagram.payload, datagram }
  }
}

/** An ICMP message with these fields. */
export function icmp(fields: Partial<Icmpv4Message> = {}): Checker {
  return (seen) => {
    const { rest } = inDatagram(seen, IPPROTO_ICMP)
    expect(decoded("ICMP", decodeIcmpv4(rest)), "ICMP").toMatchObject(fields)
    return { rest: rest.subarray(8) }
  }
}

/** A UDP datagram with these fields. */
export function udp(fields: Partial<UdpDatagram> = {}): Checker {
  return (seen) => {
    const { rest, pseudo } = inDatagram(seen, IPPROTO_UDP)
    const datagram = decoded("UDP", decodeUdp(rest, pseudo))
    expect(datagram, "UDP").toMatchObject(fields)
    return { rest: datagram.payload }
  }
}

/** A TCP segment with these fields; `flags` by their letters, `F S R P A U`, in any order. */
export function tcp(fields: Partial<Omit<TcpSegment, "flags">> & { readonly flags?: string } = {}): Checker {
  return (seen) => {
    const { rest, pseudo } = inDatagram(seen, IPPROTO_TCP)
    const segment = decoded("TCP", decodeTcp(rest, pseudo))
    const { flags, ...others } = fields
    if (flags !== undefined) expect(letters(segment.flags), "TCP flags").toBe(flags.split("").sort().join(""))
    expect(segment, "TCP").toMatchObject(others)
    return { rest: segment.payload }
  }
}

/** The bytes that no layer has taken. */
export function payload(bytes: Uint8Array | string): Checker {
  return ({ rest }) => {
    if (typeof bytes === "string") expect(new TextDecoder().decode(rest)).toBe(bytes)
    else expect([...rest]).toEqual([...bytes])
    return { rest: new Uint8Array(0) }
  }
}

function inFrame(seen: Seen): Seen {
  return seen.frame === undefined && seen.datagram === undefined ? ethernet()(seen) : seen
}

function inDatagram(seen: Seen, proto: number): { readonly rest: Uint8Array; readonly pseudo: number } {
  const { rest, datagram } = seen.datagram === undefined ? ipv4()(seen) : seen
  if (datagram === undefined) throw new Error("no IPv4 datagram")
  expect(datagram.proto, "IP protocol").toBe(proto)
  return { rest, pseudo: pseudoHeaderSum(datagram.src, datagram.dst, proto, rest.length) }
}

function decoded<A, E>(layer: string, r: Result<A, E>): A {
  if (!r.ok) throw new Error(`${layer}: ${String(r.error)}`)
  return r.value
}

/** The letters of `flags` in alphabetical order. */
function letters(flags: number): string {
  return ["F", "S", "R", "P", "A", "U"]
    .filter((_, bit) => (flags & (1 << bit)) !== 0)
    .sort()
    .join("")
}
