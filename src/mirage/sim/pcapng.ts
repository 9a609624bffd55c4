// pcapng (IETF draft-ietf-opsawg-pcapng), as much as it takes for Wireshark to open a capture: one section header, one
// Ethernet interface, and an enhanced packet block a frame. Little-endian, which the byte-order magic says.

import * as Cstruct from "../wire/cstruct.ts"

/** A frame as captured: `time` in milliseconds since the capture's epoch. */
export interface PcapngFrame {
  readonly time: number
  readonly bytes: Uint8Array
  /** Shown by Wireshark as the packet's comment. */
  readonly comment?: string
}

/** What the file says of itself. */
export interface PcapngOptions {
  /** The wall clock's milliseconds since 1970 at simulated time zero; 0 if left out, and then captures are reproducible. */
  readonly epochMs?: number
  /** Name of the interface. */
  readonly interfaceName?: string
}

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const ENHANCED_PACKET = 6
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
const LINKTYPE_ETHERNET = 1

const OPT_COMMENT = 1
const SHB_USERAPPL = 4
const IF_NAME = 2
const IF_TSRESOL = 9
/** Nanoseconds: simulated time has fractions of a millisecond, and microseconds would merge what is not simultaneous. */
const TSRESOL_NANO = 9

/** A whole capture file. */
export function encodePcapng(frames: Iterable<PcapngFrame>, options: PcapngOptions = {}): Uint8Array {
  const { epochMs = 0, interfaceName = "mirage0" } = options
  const blocks: Uint8Array[] = [sectionHeader(), interfaceDescription(interfaceName)]
  for (const frame of frames) blocks.push(enhancedPacket(frame, epochMs))
  return Cstruct.concat(blocks)
}

function sectionHeader(): Uint8Array {
  const fixed = new Uint8Array(16)
  const view = new DataView(fixed.buffer)
  view.setUint32(0, BYTE_ORDER_MAGIC, true)
  view.setUint16(4, 1, true)
  // The section's length, -1: not said.
  view.setBigInt64(8, -1n, true)
  return block(SECTION_HEADER, fixed, [[SHB_USERAPPL, text("Mirage tutorial")]])
}

function interfaceDescription(name: string): Uint8Array {
  const fixed = new Uint8Array(8)
  new DataView(fixed.buffer).setUint16(0, LINKTYPE_ETHERNET, true)
  // The last four bytes, snap length 0: frames are never cut.
  return block(INTERFACE_DESCRIPTION, fixed, [
    [IF_NAME, text(name)],
    [IF_TSRESOL, Uint8Array.of(TSRESOL_NANO)],
  ])
}

function enhancedPacket({ time, bytes, comment }: PcapngFrame, epochMs: number): Uint8Array {
  // Whole milliseconds and the rest apart: as one number of nanoseconds since 1970, a double would lose the last ones.
  const whole = Math.floor(time)
  const nanos = BigInt(Math.floor(epochMs) + whole) * 1_000_000n + BigInt(Math.round((time - whole) * 1e6))
  const fixed = new Uint8Array(20 + bytes.length)
  const view = new DataView(fixed.buffer)
  view.setUint32(4, Number(nanos >> 32n), true)
  view.setUint32(8, Number(nanos & 0xffffffffn), true)
  view.setUint32(12, bytes.length, true)
  view.setUint32(16, bytes.length, true)
  fixed.set(bytes, 20)
  return block(ENHANCED_PACKET, fixed, comment === undefined ? [] : [[OPT_COMMENT, text(comment)]])
}

type Option = readonly [code: number, value: Uint8Array]

/** A block: type, length, `fixed` padded to a word, options, length again. */
function block(type: number, fixed: Uint8Array, options: readonly Option[]): Uint8Array {
  let optionsLen = options.length > 0 ? 4 : 0
  for (const [, value] of options) optionsLen += 4 + pad(value.length)
  const length = 12 + pad(fixed.length) + optionsLen
  const buf = new Uint8Array(length)
  const view = new DataView(buf.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  buf.set(fixed, 8)
  let at = 8 + pad(fixed.length)
  for (const [code, value] of options) {
    view.setUint16(at, code, true)
    view.setUint16(at + 2, value.length, true)
    buf.set(value, at + 4)
    at += 4 + pad(value.length)
  }
  view.setUint32(length - 4, length, true)
  return buf
}

function pad(length: number): number {
  return (length + 3) & ~3
}

function text(s: string): Uint8Array {
  return new TextEncoder().encode(s)
}
