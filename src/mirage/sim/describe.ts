// A frame in one line for a list of frames, in the spirit of tcpdump and Wireshark.
//
// Not implemented: IPv6, DNS and DHCP are named, and not looked into.

import { type ArpPacket, decodeArp } from "../wire/arp.ts"
import { decodeEthernet, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, type EthernetFrame } from "../wire/ethernet.ts"
import { decodeIcmpv4, type Icmpv4Message } from "../wire/icmpv4.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import { decodeIpv4, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ipv4Datagram, pseudoHeaderSum } from "../wire/ipv4.ts"
import * as Macaddr from "../wire/macaddr.ts"
import { decodeTcp } from "../wire/tcp.ts"
import { decodeUdp, lengthOfUdp } from "../wire/udp.ts"
import { TcpView } from "./tcp-view.ts"

/** The decoded part of a FrameRow (see observation.ts). */
export interface Description {
  readonly from: string
  readonly to: string
  readonly protocol: string
  readonly info: string
}

type Line = Pick<Description, "protocol" | "info">

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  [IPPROTO_ICMP]: "ICMP",
  [IPPROTO_TCP]: "TCP",
  [IPPROTO_UDP]: "UDP",
}

/** The start line of an HTTP message. */
const HTTP = /^(?:[A-Z]{3,10} \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3}[^\r\n]*)(?=\r?\n|$)/
/** How much of a payload is looked at for one. */
const HTTP_PEEK_BYTES = 256

/** Describes the frames of one network, in order: numbers of TCP are told relative to their connection's start. */
export class Describer {
  readonly #tcp: TcpView = new TcpView()

  /** Describe one frame. Never throws, whatever the bytes are. */
  describe(bytes: Uint8Array): Description {
    const frame = decodeEthernet(bytes)
    if (!frame.ok) {
      const from = bytes.length >= 12 ? Macaddr.toString(Macaddr.ofOctets(bytes, 6)) : "?"
      const to = bytes.length >= 6 ? Macaddr.toString(Macaddr.ofOctets(bytes, 0)) : "?"
      return { from, to, protocol: "Ethernet", info: `not an Ethernet II frame: ${frame.error}` }
    }
    const { ethertype, payload } = frame.value
    if (ethertype === ETHERTYPE_IPV4) {
      const datagram = decodeIpv4(payload)
      if (!datagram.ok) return { ...ends(frame.value), protocol: "IPv4", info: `bad datagram: ${datagram.error}` }
      return {
        from: Ipaddr.toString(datagram.value.src),
        to: Ipaddr.toString(datagram.value.dst),
        ...this.#ipv4(datagram.value),
      }
    }
    return { ...ends(frame.value), ...describeOther(frame.value) }
  }

  #ipv4(d: Ipv4Datagram): Line {
    const name = PROTOCOL_NAMES[d.proto] ?? `protocol ${d.proto}`
    if (d.moreFragments || d.fragmentOffset > 0) {
      const end = d.fragmentOffset + d.payload.length
      const last = d.moreFragments ? "" : ", the last"
      return { protocol: "IPv4", info: `fragment of ${name} id=${d.id}, bytes ${d.fragmentOffset}..${end}${last}` }
    }
    switch (d.proto) {
      case IPPROTO_ICMP: {
        const message = decodeIcmpv4(d.payload)
        const info = message.ok ? describeIcmp(message.value, d) : `bad message: ${message.error}`
        return { protocol: "ICMP", info }
      }
      case IPPROTO_UDP: {
        const udp = decodeUdp(d.payload, pseudoHeaderSum(d.src, d.dst, d.proto, lengthOfUdp(d.payload)))
        if (!udp.ok) return { protocol: "UDP", info: `bad datagram: ${udp.error}` }
        const { srcPort, dstPort, payload } = udp.value
        return { protocol: udpName(srcPort, dstPort), info: `${srcPort} → ${dstPort} Len=${payload.length}` }
      }
      case IPPROTO_TCP: {
        const segment = decodeTcp(d.payload, pseudoHeaderSum(d.src, d.dst, d.proto, d.payload.length))
        if (!segment.ok) return { protocol: "TCP", info: `bad segment: ${segment.error}` }
        const info = this.#tcp.show(Ipaddr.toString(d.src), Ipaddr.toString(d.dst), segment.value)
        const start = httpStart(segment.value.payload)
        return start === undefined ? { protocol: "TCP", info } : { protocol: "HTTP", info: start }
      }
      default:
        return { protocol: "IPv4", info: `${name}, ${d.payload.length} bytes` }
    }
  }
}

function ends(frame: EthernetFrame): Pick<Description, "from" | "to"> {
  return { from: Macaddr.toString(frame.src), to: Macaddr.toString(frame.dst) }
}

function describeOther({ ethertype, payload }: EthernetFrame): Line {
  if (ethertype === ETHERTYPE_ARP) {
    const packet = decodeArp(payload)
    return { protocol: "ARP", info: packet.ok ? describeArp(packet.value) : `bad packet: ${packet.error}` }
  }
  if (ethertype === ETHERTYPE_IPV6) return { protocol: "IPv6", info: `${payload.length} bytes` }
  return { protocol: "Ethernet", info: `type 0x${ethertype.toString(16).padStart(4, "0")}, ${payload.length} bytes` }
}

function describeArp({ oper, sha, spa, tpa }: ArpPacket): string {
  if (oper === "reply") return `${Ipaddr.toString(spa)} is-at ${Macaddr.toString(sha)}`
  // RFC 5227: a request for one's own address announces it, and one without a sender's address probes it.
  if (spa === tpa) return `announcement: ${Ipaddr.toString(spa)} is-at ${Macaddr.toString(sha)}`
  if (spa === Ipaddr.any) return `who-has ${Ipaddr.toString(tpa)} (probe)`
  return `who-has ${Ipaddr.toString(tpa)} tell ${Ipaddr.toString(spa)}`
}

const UNREACHABLE: readonly string[] = ["network", "host", "protocol", "port", "needs fragmenting", "source route"]

function describeIcmp(message: Icmpv4Message, { ttl, payload }: Ipv4Datagram): string {
  switch (message.tag) {
    case "EchoRequest":
    case "EchoReply": {
      const what = message.tag === "EchoRequest" ? "request" : "reply"
      return `echo ${what} id=${message.id} seq=${message.seq} ttl=${ttl} Len=${payload.length}`
    }
    case "Unreachable": {
      const mtu = message.nextHopMtu > 0 ? `, MTU ${message.nextHopMtu}` : ""
      return `destination unreachable (${UNREACHABLE[message.code] ?? `code ${message.code}`}${mtu})`
    }
    case "TimeExceeded":
      return `time exceeded (${message.code === 0 ? "in transit" : "in reassembly"})`
    case "Other":
      return `type ${message.type} code ${message.code}, ${payload.length} bytes`
  }
}

function udpName(...ports: readonly number[]): string {
  if (ports.includes(53)) return "DNS"
  if (ports.includes(67) || ports.includes(68)) return "DHCP"
  return "UDP"
}

/** The request or status line, if `payload` starts with one. */
function httpStart(payload: Uint8Array): string | undefined {
  // Every segment of a download comes by here, and few of them start with a capital letter.
  const first = payload[0] ?? 0
  if (first < 65 || first > 90) return undefined
  let text = ""
  for (const byte of payload.subarray(0, HTTP_PEEK_BYTES)) {
    if (byte === 13 || byte === 10) break
    text += String.fromCharCode(byte)
  }
  return HTTP.exec(text)?.[0]
}
