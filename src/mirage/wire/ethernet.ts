// Ethernet II (DIX; RFC 894 for IP over it): a frame as software sees it, without preamble and frame check sequence.
//
// +-----------+-----------+-----------+--------------------+
// |  dst (6)  |  src (6)  | type (2)  | payload (46..1500) |
// +-----------+-----------+-----------+--------------------+
//
// Short payloads are padded by the hardware, so a receiver may see more bytes than were written; it is for the payload's
// own length field to say which are padding.

import { error, ok, type Result } from "../result.ts"
import * as Macaddr from "./macaddr.ts"

const DST = 0
const SRC = 6
const ETHERTYPE = 12

/** Length of the Ethernet header, in bytes. */
export const ETHERNET_HEADER_LEN = 14

/** Assigned EtherTypes (IANA, ieee-802-numbers). */
export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_ARP = 0x0806
export const ETHERTYPE_IPV6 = 0x86dd

/** Smaller values of the type field are the length of an IEEE 802.3 frame. */
const LEAST_ETHERTYPE = 0x0600

/** A parsed frame. `payload` is a view of the buffer it was decoded from, not a copy, and may end in padding. */
export interface EthernetFrame {
  readonly dst: Macaddr.t
  readonly src: Macaddr.t
  readonly ethertype: number
  readonly payload: Uint8Array
}

/** Why a buffer is not an Ethernet II frame. `ieee-802.3`: its type field is a length, and an LLC header would follow. */
export type EthernetError = "truncated" | "ieee-802.3"

/** Decode the frame that fills `buf`. */
export function decodeEthernet(buf: Uint8Array): Result<EthernetFrame, EthernetError> {
  if (buf.length < ETHERNET_HEADER_LEN) return error("truncated")
  const ethertype = (buf[ETHERTYPE]! << 8) | buf[ETHERTYPE + 1]!
  if (ethertype < LEAST_ETHERTYPE) return error("ieee-802.3")
  return ok({
    dst: Macaddr.ofOctets(buf, DST),
    src: Macaddr.ofOctets(buf, SRC),
    ethertype,
    payload: buf.subarray(ETHERNET_HEADER_LEN),
  })
}

/** Encode `frame` into a fresh buffer, unpadded. Throws `RangeError` for an EtherType that is not 0x600..0xffff. */
export function encodeEthernet(frame: EthernetFrame): Uint8Array {
  const { ethertype } = frame
  if (!Number.isInteger(ethertype) || ethertype < LEAST_ETHERTYPE || ethertype > 0xffff)
    throw new RangeError(`EtherType ${ethertype} is not 0x600..0xffff`)
  const buf = new Uint8Array(ETHERNET_HEADER_LEN + frame.payload.length)
  Macaddr.blit(frame.dst, buf, DST)
  Macaddr.blit(frame.src, buf, SRC)
  buf[ETHERTYPE] = ethertype >> 8
  buf[ETHERTYPE + 1] = ethertype & 0xff
  buf.set(frame.payload, ETHERNET_HEADER_LEN)
  return buf
}

/** One line for a person: `Ethernet 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, type 0x0806, length 42`. */
export function showEthernet(f: EthernetFrame): string {
  const type = f.ethertype.toString(16).padStart(4, "0")
  return `Ethernet ${Macaddr.toString(f.src)} > ${Macaddr.toString(f.dst)}, type 0x${type}, length ${ETHERNET_HEADER_LEN + f.payload.length}`
}
