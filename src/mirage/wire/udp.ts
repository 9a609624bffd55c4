// RFC 768, User Datagram Protocol.
//
//  0      7 8     15 16    23 24    31
// +--------+--------+--------+--------+
// |     src port    |     dst port    |
// +--------+--------+--------+--------+
// |      length     |     checksum    |
// +--------+--------+--------+--------+

import { error, ok, type Result } from "../result.ts"
import * as checksum from "./checksum.ts"

const SRC_PORT = 0
const DST_PORT = 2
const LENGTH = 4
const CHECKSUM = 6

/** Length of the UDP header, in bytes. */
export const UDP_HEADER_LEN = 8

/** A parsed UDP datagram. `payload` is a view of the buffer it was decoded from, not a copy. */
export interface UdpDatagram {
  /** 0 if the sender expects no answer. */
  readonly srcPort: number
  readonly dstPort: number
  readonly payload: Uint8Array
}

/** Why a buffer is not a UDP datagram. */
export type UdpError = "truncated" | "bad-length" | "bad-checksum" | "zero-dst-port"

/**
 * Decode the UDP datagram that fills `buf`.
 *
 * `pseudo` is the sum of the IP pseudo-header (`pseudoHeaderSum` in ipv4.ts, with the length {@link lengthOfUdp} gives).
 * A checksum field of zero means the sender computed none, and is accepted.
 * Bytes past the length field are padding, and are dropped.
 */
export function decodeUdp(buf: Uint8Array, pseudo: number): Result<UdpDatagram, UdpError> {
  if (buf.length < UDP_HEADER_LEN) return error("truncated")
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  const length = view.getUint16(LENGTH)
  if (length < UDP_HEADER_LEN || length > buf.length) return error("bad-length")
  const datagram = buf.subarray(0, length)
  if (view.getUint16(CHECKSUM) !== 0 && checksum.sum(datagram, pseudo) !== 0xffff) return error("bad-checksum")
  const dstPort = view.getUint16(DST_PORT)
  if (dstPort === 0) return error("zero-dst-port")
  return ok({ srcPort: view.getUint16(SRC_PORT), dstPort, payload: datagram.subarray(UDP_HEADER_LEN) })
}

/**
 * The length field of the UDP header at the start of `buf`, which the pseudo-header repeats; 0 if there is no header.
 * It may be less than the IP payload is long.
 */
export function lengthOfUdp(buf: Uint8Array): number {
  return buf.length < UDP_HEADER_LEN ? 0 : (buf[LENGTH]! << 8) | buf[LENGTH + 1]!
}

/** Encode `datagram` into a fresh buffer. See {@link decodeUdp} for `pseudo`. Throws `RangeError` over 65535 bytes. */
export function encodeUdp(datagram: UdpDatagram, pseudo: number): Uint8Array {
  const length = UDP_HEADER_LEN + datagram.payload.length
  if (length > 0xffff) throw new RangeError(`a UDP datagram of ${length} bytes: at most 65535`)
  const buf = new Uint8Array(length)
  const view = new DataView(buf.buffer)
  view.setUint16(SRC_PORT, datagram.srcPort)
  view.setUint16(DST_PORT, datagram.dstPort)
  view.setUint16(LENGTH, length)
  buf.set(datagram.payload, UDP_HEADER_LEN)
  // RFC 768: a computed checksum of zero is sent as all ones, because zero on the wire means "no checksum".
  view.setUint16(CHECKSUM, checksum.finish(checksum.sum(buf, pseudo)) || 0xffff)
  return buf
}

/** One line for a person: `UDP 48896 > 53, length 4`. The length is the payload's, as tcpdump has it. */
export function showUdp(d: UdpDatagram): string {
  return `UDP ${d.srcPort} > ${d.dstPort}, length ${d.payload.length}`
}
