// RFC 826, An Ethernet Address Resolution Protocol, for IPv4 over Ethernet.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------------------------------+-------------------------------+
// |           htype = 1           |        ptype = 0x0800         |
// +---------------+---------------+-------------------------------+
// |    hlen = 6   |    plen = 4   |             oper              |
// +---------------+---------------+-------------------------------+
// |                       sha (6)                                 |
// +                               +-------------------------------+
// |                               |            spa (4)            |
// +-------------------------------+-------------------------------+
// |                               |            tha (6)            |
// +-------------------------------+                               +
// |                                                               |
// +---------------------------------------------------------------+
// |                            tpa (4)                            |
// +---------------------------------------------------------------+

import { error, ok, type Result } from "../result.ts"
import * as Ipaddr from "./ipaddr.ts"
import * as Macaddr from "./macaddr.ts"

const HTYPE = 0
const PTYPE = 2
const HLEN = 4
const PLEN = 5
const OPER = 6
const SHA = 8
const SPA = 14
const THA = 18
const TPA = 24

const HTYPE_ETHERNET = 1
const PTYPE_IPV4 = 0x0800
const OPER_REQUEST = 1
const OPER_REPLY = 2

/** Length of an ARP packet for IPv4 over Ethernet, in bytes. */
export const ARP_LEN = 28

/** A parsed ARP packet. */
export interface ArpPacket {
  readonly oper: "request" | "reply"
  /** Sender's hardware and protocol address. An `spa` of 0.0.0.0 marks a probe (RFC 5227 1.1). */
  readonly sha: Macaddr.t
  readonly spa: Ipaddr.V4
  /** Target's hardware address, without meaning in a request, and protocol address. */
  readonly tha: Macaddr.t
  readonly tpa: Ipaddr.V4
}

/** Why a buffer is not an ARP packet we understand. `unusable`: it is not about IPv4 over Ethernet. */
export type ArpError = "truncated" | "unusable" | "unknown-operation"

/** Decode the ARP packet at the start of `buf`; what follows it is Ethernet padding. */
export function decodeArp(buf: Uint8Array): Result<ArpPacket, ArpError> {
  if (buf.length < ARP_LEN) return error("truncated")
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  const usable =
    view.getUint16(HTYPE) === HTYPE_ETHERNET &&
    view.getUint16(PTYPE) === PTYPE_IPV4 &&
    view.getUint8(HLEN) === 6 &&
    view.getUint8(PLEN) === 4
  if (!usable) return error("unusable")
  const oper = view.getUint16(OPER)
  if (oper !== OPER_REQUEST && oper !== OPER_REPLY) return error("unknown-operation")
  return ok({
    oper: oper === OPER_REQUEST ? "request" : "reply",
    sha: Macaddr.ofOctets(buf, SHA),
    spa: Ipaddr.ofInt32(view.getUint32(SPA)),
    tha: Macaddr.ofOctets(buf, THA),
    tpa: Ipaddr.ofInt32(view.getUint32(TPA)),
  })
}

/** Encode `packet` into a fresh buffer. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  const buf = new Uint8Array(ARP_LEN)
  const view = new DataView(buf.buffer)
  view.setUint16(HTYPE, HTYPE_ETHERNET)
  view.setUint16(PTYPE, PTYPE_IPV4)
  view.setUint8(HLEN, 6)
  view.setUint8(PLEN, 4)
  view.setUint16(OPER, packet.oper === "request" ? OPER_REQUEST : OPER_REPLY)
  Macaddr.blit(packet.sha, buf, SHA)
  view.setUint32(SPA, packet.spa)
  Macaddr.blit(packet.tha, buf, THA)
  view.setUint32(TPA, packet.tpa)
  return buf
}

/** One line for a person: `ARP who-has 10.0.0.2 tell 10.0.0.1`, or `ARP 10.0.0.2 is-at 02:00:00:00:00:02`. */
export function showArp(p: ArpPacket): string {
  return p.oper === "request"
    ? `ARP who-has ${Ipaddr.toString(p.tpa)} tell ${Ipaddr.toString(p.spa)}`
    : `ARP ${Ipaddr.toString(p.spa)} is-at ${Macaddr.toString(p.sha)}`
}
