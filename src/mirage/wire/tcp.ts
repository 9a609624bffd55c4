// RFC 9293, Transmission Control Protocol: the segment of section 3.1.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------------------------------+-------------------------------+
// |            src port           |            dst port           |
// +-------------------------------+-------------------------------+
// |                              seq                              |
// +---------------------------------------------------------------+
// |                              ack                              |
// +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
// |  data |       |C|E|U|A|P|R|S|F|                               |
// | offset|  rsv  |W|C|R|C|S|S|Y|I|             window            |
// |       |       |R|E|G|K|H|T|N|N|                               |
// +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
// |            checksum           |         urgent pointer        |
// +-------------------------------+-------------------------------+
// |                   options, whole words of them                |
// +---------------------------------------------------------------+

import { error, ok, type Result } from "../result.ts"
import * as checksum from "./checksum.ts"
import { blitTcpOptions, decodeTcpOptions, showTcpOptions, type TcpOption, tcpOptionsLen } from "./tcp-options.ts"

const SRC_PORT = 0
const DST_PORT = 2
const SEQ = 4
const ACK_NUMBER = 8
const DATA_OFFSET = 12
const FLAGS = 13
const WINDOW = 14
const CHECKSUM = 16
const URGENT = 18

/** Length of a TCP header without options, in bytes. */
export const TCP_HEADER_LEN = 20

/** The control bits, to be or-ed into {@link TcpSegment.flags}. No more data from the sender. */
export const FIN = 0x01
/** Synchronise sequence numbers. */
export const SYN = 0x02
/** Reset the connection. */
export const RST = 0x04
/** Push: hand to the reader what has arrived. */
export const PSH = 0x08
/** The acknowledgment number counts. */
export const ACK = 0x10
/** The urgent pointer counts. */
export const URG = 0x20

/** A parsed segment. `payload` is a view of the buffer it was decoded from, not a copy. */
export interface TcpSegment {
  readonly srcPort: number
  readonly dstPort: number
  /** Unsigned 32 bits; so is `ack`. To be compared with tcp/sequence.ts, never with `<`. */
  readonly seq: number
  readonly ack: number
  /** {@link FIN} | {@link SYN} | {@link RST} | {@link PSH} | {@link ACK} | {@link URG}, and the two bits of RFC 3168. */
  readonly flags: number
  /** As on the wire: not scaled. */
  readonly window: number
  readonly urgent: number
  readonly options: readonly TcpOption[]
  readonly payload: Uint8Array
}

/** Why a buffer is not a TCP segment. */
export type TcpError = "truncated" | "bad-offset" | "bad-checksum" | "bad-port" | "bad-mss"

/** Decode the segment that fills `buf`. `pseudo` is the sum of the IP pseudo-header (`pseudoHeaderSum` of wire/ipv4.ts). */
export function decodeTcp(buf: Uint8Array, pseudo: number): Result<TcpSegment, TcpError> {
  if (buf.length < TCP_HEADER_LEN) return error("truncated")
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  const headerLen = (view.getUint8(DATA_OFFSET) >> 4) * 4
  if (headerLen < TCP_HEADER_LEN || headerLen > buf.length) return error("bad-offset")
  if (checksum.sum(buf, pseudo) !== 0xffff) return error("bad-checksum")
  const srcPort = view.getUint16(SRC_PORT)
  const dstPort = view.getUint16(DST_PORT)
  if (srcPort === 0 || dstPort === 0) return error("bad-port")
  const options = decodeTcpOptions(buf.subarray(TCP_HEADER_LEN, headerLen))
  if (!options.ok) return options
  return ok({
    srcPort,
    dstPort,
    seq: view.getUint32(SEQ),
    ack: view.getUint32(ACK_NUMBER),
    flags: view.getUint8(FLAGS),
    window: view.getUint16(WINDOW),
    urgent: view.getUint16(URGENT),
    options: options.value,
    payload: buf.subarray(headerLen),
  })
}

/**
 * Encode `segment` into a fresh buffer; see {@link decodeTcp} for `pseudo`. Throws `RangeError` for more than 40 bytes of
 * options.
 */
export function encodeTcp(segment: TcpSegment, pseudo: number): Uint8Array {
  const headerLen = TCP_HEADER_LEN + tcpOptionsLen(segment.options)
  const buf = new Uint8Array(headerLen + segment.payload.length)
  const view = new DataView(buf.buffer)
  view.setUint16(SRC_PORT, segment.srcPort)
  view.setUint16(DST_PORT, segment.dstPort)
  view.setUint32(SEQ, segment.seq)
  view.setUint32(ACK_NUMBER, segment.ack)
  view.setUint8(FLAGS, segment.flags)
  view.setUint16(WINDOW, segment.window)
  view.setUint16(URGENT, segment.urgent)
  if (segment.options.length > 0) blitTcpOptions(segment.options, view, TCP_HEADER_LEN)
  view.setUint8(DATA_OFFSET, (headerLen / 4) << 4)
  buf.set(segment.payload, headerLen)
  view.setUint16(CHECKSUM, checksum.finish(checksum.sum(buf, pseudo)))
  return buf
}

/** How many sequence numbers the segment takes: its bytes, and one each for SYN and FIN. RFC 9293's SEG.LEN. */
export function segmentLength(segment: TcpSegment): number {
  return segment.payload.length + (segment.flags & SYN ? 1 : 0) + (segment.flags & FIN ? 1 : 0)
}

/** The flags as tcpdump writes them: `S`, `S.`, `P.`, `F.`, `R`, or `none`. */
export function showTcpFlags(flags: number): string {
  const letters: readonly (readonly [number, string])[] = [
    [FIN, "F"],
    [SYN, "S"],
    [RST, "R"],
    [PSH, "P"],
    [URG, "U"],
    [ACK, "."],
  ]
  return letters.map(([bit, letter]) => (flags & bit ? letter : "")).join("") || "none"
}

/** One line for a person: `TCP 49152 > 80, [S], seq 1, win 5840, options [mss 1460,wscale 2], length 0`. */
export function showTcp(segment: TcpSegment): string {
  const { srcPort, dstPort, flags, options } = segment
  const ack = flags & ACK ? `, ack ${segment.ack}` : ""
  const list = options.length > 0 ? `, options [${showTcpOptions(options)}]` : ""
  return `TCP ${srcPort} > ${dstPort}, [${showTcpFlags(flags)}], seq ${segment.seq}${ack}, win ${segment.window}${list}, length ${segment.payload.length}`
}
