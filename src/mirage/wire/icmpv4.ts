// RFC 792, Internet Control Message Protocol.
//
//  0      7 8     15 16            31
// +--------+--------+-----------------+
// |  type  |  code  |    checksum     |
// +--------+--------+-----------------+
// |      by type: id and seq, …       |
// +-----------------------------------+
// |  data, or the datagram at fault   |
// +-----------------------------------+

import { error, ok, type Result } from "../result.ts"
import * as checksum from "./checksum.ts"
import * as Ipaddr from "./ipaddr.ts"
import { IPV4_HEADER_LEN } from "./ipv4.ts"

const TYPE = 0
const CODE = 1
const CHECKSUM = 2
const REST = 4
const ID = 4
const SEQ = 6
/** RFC 1191 4: the low half of the second word of "fragmentation needed". */
const NEXT_HOP_MTU = 6

const ECHO_REPLY = 0
const UNREACHABLE = 3
const ECHO_REQUEST = 8
const TIME_EXCEEDED = 11

/** Length of an ICMP header, in bytes. */
export const ICMPV4_HEADER_LEN = 8

/** Codes of destination unreachable (RFC 792; RFC 1122 3.2.2.1). */
export const UNREACHABLE_NET = 0
export const UNREACHABLE_HOST = 1
export const UNREACHABLE_PROTOCOL = 2
export const UNREACHABLE_PORT = 3
export const UNREACHABLE_FRAGMENTATION_NEEDED = 4

/**
 * A parsed ICMP message. `payload` and `original` are views of the buffer, not copies; `original` is the header and the
 * first bytes, at least eight, of the datagram that the message is about. `Other` has everything after the checksum.
 */
export type Icmpv4Message =
  | { readonly tag: "EchoRequest"; readonly id: number; readonly seq: number; readonly payload: Uint8Array }
  | { readonly tag: "EchoReply"; readonly id: number; readonly seq: number; readonly payload: Uint8Array }
  | {
      readonly tag: "Unreachable"
      readonly code: number
      /** 0 unless the code is {@link UNREACHABLE_FRAGMENTATION_NEEDED}, and from routers older than RFC 1191. */
      readonly nextHopMtu: number
      readonly original: Uint8Array
    }
  | { readonly tag: "TimeExceeded"; readonly code: number; readonly original: Uint8Array }
  | { readonly tag: "Other"; readonly type: number; readonly code: number; readonly rest: Uint8Array }

/** Why a buffer is not an ICMP message. */
export type Icmpv4Error = "truncated" | "bad-checksum"

/** Decode the ICMP message that fills `buf`. Its length is what IP says: ICMP has no length field. */
export function decodeIcmpv4(buf: Uint8Array): Result<Icmpv4Message, Icmpv4Error> {
  if (buf.length < ICMPV4_HEADER_LEN) return error("truncated")
  if (checksum.sum(buf) !== 0xffff) return error("bad-checksum")
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  const type = view.getUint8(TYPE)
  const code = view.getUint8(CODE)
  const body = buf.subarray(ICMPV4_HEADER_LEN)
  // An echo's code is 0 (RFC 792, page 14). Anything else is some other message, not an echo to be answered.
  if ((type === ECHO_REQUEST || type === ECHO_REPLY) && code === 0) {
    const tag = type === ECHO_REQUEST ? "EchoRequest" : "EchoReply"
    return ok({ tag, id: view.getUint16(ID), seq: view.getUint16(SEQ), payload: body })
  }
  if (type === UNREACHABLE)
    return ok({ tag: "Unreachable", code, nextHopMtu: view.getUint16(NEXT_HOP_MTU), original: body })
  if (type === TIME_EXCEEDED) return ok({ tag: "TimeExceeded", code, original: body })
  return ok({ tag: "Other", type, code, rest: buf.subarray(REST) })
}

/** Encode `message` into a fresh buffer. Throws `RangeError` for an `Other` with fewer than 4 bytes of `rest`. */
export function encodeIcmpv4(message: Icmpv4Message): Uint8Array {
  switch (message.tag) {
    case "EchoRequest":
    case "EchoReply": {
      const [buf, view] = blank(message.tag === "EchoRequest" ? ECHO_REQUEST : ECHO_REPLY, 0, message.payload)
      view.setUint16(ID, message.id)
      view.setUint16(SEQ, message.seq)
      return seal(buf, view)
    }
    case "Unreachable": {
      const [buf, view] = blank(UNREACHABLE, message.code, message.original)
      view.setUint16(NEXT_HOP_MTU, message.nextHopMtu)
      return seal(buf, view)
    }
    case "TimeExceeded":
      return seal(...blank(TIME_EXCEEDED, message.code, message.original))
    case "Other": {
      if (message.rest.length < 4)
        throw new RangeError(`an ICMP message needs 4 bytes of rest, not ${message.rest.length}`)
      const [buf, view] = blank(message.type, message.code, message.rest.subarray(4))
      buf.set(message.rest.subarray(0, 4), REST)
      return seal(buf, view)
    }
  }
}

/** What an ICMP error quotes of the datagram at fault: enough for a protocol to find who sent it. */
export interface QuotedDatagram {
  readonly proto: number
  readonly src: Ipaddr.V4
  readonly dst: Ipaddr.V4
  /** The first bytes after the IP header; RFC 792 promises eight. */
  readonly head: Uint8Array
}

/**
 * The datagram that an ICMP error quotes in `original`; `undefined` if the quote is not one. Checksum and total length
 * are not looked at: routers have changed the one, and the quote is cut before the other.
 */
export function decodeQuoted(original: Uint8Array): QuotedDatagram | undefined {
  if (original.length < IPV4_HEADER_LEN || original[0]! >> 4 !== 4) return undefined
  const headerLen = (original[0]! & 0xf) * 4
  if (headerLen < IPV4_HEADER_LEN || headerLen > original.length) return undefined
  const view = new DataView(original.buffer, original.byteOffset, original.byteLength)
  return {
    proto: view.getUint8(9),
    src: Ipaddr.ofInt32(view.getUint32(12)),
    dst: Ipaddr.ofInt32(view.getUint32(16)),
    head: original.subarray(headerLen),
  }
}

/** One line for a person, in tcpdump's words: `ICMP echo request, id 1, seq 2, length 64`. */
export function showIcmpv4(m: Icmpv4Message): string {
  switch (m.tag) {
    case "EchoRequest":
    case "EchoReply": {
      const what = m.tag === "EchoRequest" ? "request" : "reply"
      return `ICMP echo ${what}, id ${m.id}, seq ${m.seq}, length ${ICMPV4_HEADER_LEN + m.payload.length}`
    }
    case "Unreachable":
      return `ICMP ${UNREACHABLE_NAMES[m.code] ?? `destination unreachable, code ${m.code}`}${m.nextHopMtu > 0 ? ` (mtu ${m.nextHopMtu})` : ""}`
    case "TimeExceeded":
      return `ICMP time exceeded ${m.code === 0 ? "in-transit" : "in reassembly"}`
    case "Other":
      return `ICMP type ${m.type}, code ${m.code}, length ${REST + m.rest.length}`
  }
}

const UNREACHABLE_NAMES: Readonly<Record<number, string>> = {
  [UNREACHABLE_NET]: "net unreachable",
  [UNREACHABLE_HOST]: "host unreachable",
  [UNREACHABLE_PROTOCOL]: "protocol unreachable",
  [UNREACHABLE_PORT]: "port unreachable",
  [UNREACHABLE_FRAGMENTATION_NEEDED]: "unreachable - need to frag",
}

function blank(type: number, code: number, body: Uint8Array): [Uint8Array, DataView] {
  const buf = new Uint8Array(ICMPV4_HEADER_LEN + body.length)
  const view = new DataView(buf.buffer)
  view.setUint8(TYPE, type)
  view.setUint8(CODE, code)
  buf.set(body, ICMPV4_HEADER_LEN)
  return [buf, view]
}

function seal(buf: Uint8Array, view: DataView): Uint8Array {
  view.setUint16(CHECKSUM, checksum.finish(checksum.sum(buf)))
  return buf
}
