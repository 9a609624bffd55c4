// RFC 791, Internet Protocol.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------+-------+---------------+-------------------------------+
// |version|  ihl  |      tos      |         total length          |
// +-------+-------+---------------+-----+-------------------------+
// |              id               |flags|     fragment offset     |
// +---------------+---------------+-----+-------------------------+
// |      ttl      |     proto     |        header checksum        |
// +---------------+---------------+-------------------------------+
// |                              src                              |
// +---------------------------------------------------------------+
// |                              dst                              |
// +---------------------------------------------------------------+
// |                 options, a multiple of 4 bytes                |
// +---------------------------------------------------------------+

import { error, ok, type Result } from "../result.ts"
import * as checksum from "./checksum.ts"
import * as Ipaddr from "./ipaddr.ts"

const VERSION_IHL = 0
const TOS = 1
const TOTAL_LENGTH = 2
const ID = 4
const FLAGS_OFFSET = 6
const TTL = 8
const PROTO = 9
const CHECKSUM = 10
const SRC = 12
const DST = 16

const DONT_FRAGMENT = 0x4000
const MORE_FRAGMENTS = 0x2000
const OFFSET_MASK = 0x1fff

/** Length of an IPv4 header without options, in bytes. */
export const IPV4_HEADER_LEN = 20
/** The longest options, in bytes: what a header length of 15 words leaves. */
export const IPV4_MAX_OPTIONS_LEN = 40

/** Assigned protocol numbers (IANA, protocol-numbers). */
export const IPPROTO_ICMP = 1
export const IPPROTO_TCP = 6
export const IPPROTO_UDP = 17

/** A parsed IPv4 datagram, or a fragment of one. `options` and `payload` are views of the buffer, not copies. */
export interface Ipv4Datagram {
  /** Type of service: DSCP and ECN since RFC 2474 and RFC 3168. */
  readonly tos: number
  readonly id: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  /** Where the payload belongs in the whole datagram's, in bytes; a multiple of 8. */
  readonly fragmentOffset: number
  readonly ttl: number
  readonly proto: number
  readonly src: Ipaddr.V4
  readonly dst: Ipaddr.V4
  /** The options as they are on the wire. */
  readonly options: Uint8Array
  readonly payload: Uint8Array
}

/** Why a buffer is not an IPv4 datagram. */
export type Ipv4Error = "truncated" | "bad-version" | "bad-header-length" | "bad-length" | "bad-checksum"

/**
 * Decode the IPv4 datagram at the start of `buf`, verifying the header's checksum.
 *
 * Bytes past the total length are Ethernet padding, and are dropped. Options are not looked into: a datagram whose
 * options make no sense is a matter for whoever reads them.
 */
export function decodeIpv4(buf: Uint8Array): Result<Ipv4Datagram, Ipv4Error> {
  if (buf.length < IPV4_HEADER_LEN) return error("truncated")
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  const versionIhl = view.getUint8(VERSION_IHL)
  if (versionIhl >> 4 !== 4) return error("bad-version")
  const headerLen = (versionIhl & 0xf) * 4
  if (headerLen < IPV4_HEADER_LEN || headerLen > buf.length) return error("bad-header-length")
  const totalLength = view.getUint16(TOTAL_LENGTH)
  if (totalLength < headerLen || totalLength > buf.length) return error("bad-length")
  if (checksum.sum(buf.subarray(0, headerLen)) !== 0xffff) return error("bad-checksum")
  const flagsOffset = view.getUint16(FLAGS_OFFSET)
  return ok({
    tos: view.getUint8(TOS),
    id: view.getUint16(ID),
    dontFragment: (flagsOffset & DONT_FRAGMENT) !== 0,
    moreFragments: (flagsOffset & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (flagsOffset & OFFSET_MASK) * 8,
    ttl: view.getUint8(TTL),
    proto: view.getUint8(PROTO),
    src: Ipaddr.ofInt32(view.getUint32(SRC)),
    dst: Ipaddr.ofInt32(view.getUint32(DST)),
    options: buf.subarray(IPV4_HEADER_LEN, headerLen),
    payload: buf.subarray(headerLen, totalLength),
  })
}

/**
 * Encode `datagram` into a fresh buffer. Options are padded with zeros (end of options) to a multiple of 4 bytes. Throws
 * `RangeError` for options over 40 bytes, a datagram over 65535 bytes, or an offset that is not a multiple of 8.
 */
export function encodeIpv4(datagram: Ipv4Datagram): Uint8Array {
  const { options, payload, fragmentOffset } = datagram
  if (options.length > IPV4_MAX_OPTIONS_LEN)
    throw new RangeError(`${options.length} bytes of IPv4 options: at most ${IPV4_MAX_OPTIONS_LEN} fit`)
  const headerLen = IPV4_HEADER_LEN + ((options.length + 3) & ~3)
  const totalLength = headerLen + payload.length
  if (totalLength > 0xffff) throw new RangeError(`an IPv4 datagram of ${totalLength} bytes: at most 65535`)
  if (fragmentOffset % 8 !== 0 || fragmentOffset < 0 || fragmentOffset > OFFSET_MASK * 8)
    throw new RangeError(`fragment offset ${fragmentOffset} is not a multiple of 8 in 0..${OFFSET_MASK * 8}`)
  const buf = new Uint8Array(totalLength)
  const view = new DataView(buf.buffer)
  view.setUint8(VERSION_IHL, 0x40 | (headerLen / 4))
  view.setUint8(TOS, datagram.tos)
  view.setUint16(TOTAL_LENGTH, totalLength)
  view.setUint16(ID, datagram.id)
  view.setUint16(
    FLAGS_OFFSET,
    (datagram.dontFragment ? DONT_FRAGMENT : 0) | (datagram.moreFragments ? MORE_FRAGMENTS : 0) | (fragmentOffset / 8),
  )
  view.setUint8(TTL, datagram.ttl)
  view.setUint8(PROTO, datagram.proto)
  view.setUint32(SRC, datagram.src)
  view.setUint32(DST, datagram.dst)
  buf.set(options, IPV4_HEADER_LEN)
  buf.set(payload, headerLen)
  view.setUint16(CHECKSUM, checksum.finish(checksum.sum(buf.subarray(0, headerLen))))
  return buf
}

/** One line for a person: `IPv4 10.0.0.1 > 10.0.0.2, proto 1, ttl 38, length 84`. */
export function showIpv4(d: Ipv4Datagram): string {
  const fragment = d.moreFragments || d.fragmentOffset > 0 ? `, fragment at ${d.fragmentOffset}` : ""
  const length = IPV4_HEADER_LEN + d.options.length + d.payload.length
  return `IPv4 ${Ipaddr.toString(d.src)} > ${Ipaddr.toString(d.dst)}, proto ${d.proto}, ttl ${d.ttl}, length ${length}${fragment}`
}

/**
 * The sum of the pseudo-header that UDP (RFC 768) and TCP (RFC 9293 3.1) add to their own: addresses, protocol, and the
 * length in bytes of the transport header and its data.
 */
export function pseudoHeaderSum(src: Ipaddr.V4, dst: Ipaddr.V4, proto: number, length: number): number {
  return checksum.add((src >>> 16) + (src & 0xffff), (dst >>> 16) + (dst & 0xffff) + proto + length)
}
