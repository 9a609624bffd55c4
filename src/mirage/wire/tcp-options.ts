// RFC 9293 3.2, TCP options: kind, length, data; kinds 0 and 1 are one byte long.
//
//   kind 0  end of option list           kind 4  SACK permitted (RFC 2018), length 2
//   kind 1  no operation                 kind 5  SACK (RFC 2018), length 2 + 8 a block
//   kind 2  MSS, length 4                kind 8  timestamps (RFC 7323), length 10
//   kind 3  window scale (RFC 7323), length 3

import { error, ok, type Result } from "../result.ts"

const END = 0
const NOP = 1
const MSS = 2
const WINDOW_SCALE = 3
const SACK_PERMITTED = 4
const SACK = 5
const TIMESTAMPS = 8

/** The longest options, in bytes: what a data offset of 15 words leaves. */
export const TCP_MAX_OPTIONS_LEN = 40

/** The smallest MSS that is believed: a smaller one would make a peer send headers and hardly anything else. */
export const TCP_MIN_MSS = 88

/** The edges of a block that has arrived, RFC 2018: its first sequence number, and the one after its last. */
export interface SackBlock {
  readonly left: number
  readonly right: number
}

/** One option. Padding is none: no-operation and end-of-list say nothing, and are not kept. */
export type TcpOption =
  /** The largest segment, without headers, that the sender of this wants to receive. Only in a SYN. */
  | { readonly kind: "mss"; readonly mss: number }
  /** How far the sender's windows are to be shifted to the left. Only in a SYN; above 14 counts as 14. */
  | { readonly kind: "window-scale"; readonly shift: number }
  | { readonly kind: "sack-permitted" }
  | { readonly kind: "sack"; readonly blocks: readonly SackBlock[] }
  | { readonly kind: "timestamps"; readonly value: number; readonly echo: number }
  /** Any other, as it is: its number and the bytes after the length. */
  | { readonly kind: "unknown"; readonly number: number; readonly data: Uint8Array }

/** Why a list of options cannot be used. A broken list is not among them: what came before the break is kept. */
export type TcpOptionsError = "bad-mss"

/**
 * Decode the options that fill `buf`, in order. An option of impossible length, and all that follows it, is dropped; one
 * of a known kind whose length is not that kind's is kept as unknown. Data of unknown options are views of `buf`.
 */
export function decodeTcpOptions(buf: Uint8Array): Result<readonly TcpOption[], TcpOptionsError> {
  if (buf.length === 0) return ok(NONE)
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  const options: TcpOption[] = []
  for (let at = 0; at < buf.length; ) {
    const number = view.getUint8(at)
    if (number === END) break
    if (number === NOP) {
      at++
      continue
    }
    if (at + 2 > buf.length) break
    const length = view.getUint8(at + 1)
    // A length under 2 would never get past this option.
    if (length < 2 || at + length > buf.length) break
    if (number === MSS && length === 4) {
      const mss = view.getUint16(at + 2)
      if (mss < TCP_MIN_MSS) return error("bad-mss")
      options.push({ kind: "mss", mss })
    } else if (number === WINDOW_SCALE && length === 3) {
      options.push({ kind: "window-scale", shift: view.getUint8(at + 2) })
    } else if (number === SACK_PERMITTED && length === 2) {
      options.push({ kind: "sack-permitted" })
    } else if (number === SACK && length % 8 === 2 && length > 2) {
      const blocks: SackBlock[] = []
      for (let b = at + 2; b < at + length; b += 8)
        blocks.push({ left: view.getUint32(b), right: view.getUint32(b + 4) })
      options.push({ kind: "sack", blocks })
    } else if (number === TIMESTAMPS && length === 10) {
      options.push({ kind: "timestamps", value: view.getUint32(at + 2), echo: view.getUint32(at + 6) })
    } else {
      options.push({ kind: "unknown", number, data: buf.subarray(at + 2, at + length) })
    }
    at += length
  }
  return ok(options)
}

const NONE: readonly TcpOption[] = []

/** Length of `options` on the wire in bytes, padded to whole words as the data offset counts them. */
export function tcpOptionsLen(options: readonly TcpOption[]): number {
  let length = 0
  for (const option of options) length += optionLen(option)
  return (length + 3) & ~3
}

function optionLen(option: TcpOption): number {
  switch (option.kind) {
    case "mss":
      return 4
    case "window-scale":
      return 3
    case "sack-permitted":
      return 2
    case "sack":
      return 2 + 8 * option.blocks.length
    case "timestamps":
      return 10
    case "unknown":
      return 2 + option.data.length
  }
}

/**
 * Write `options` into `view` at `offset`, and zeros (end of list) up to a whole word. The caller has made room for
 * {@link tcpOptionsLen} bytes. Throws `RangeError` for more than 40.
 */
export function blitTcpOptions(options: readonly TcpOption[], view: DataView, offset: number): void {
  const length = tcpOptionsLen(options)
  if (length > TCP_MAX_OPTIONS_LEN)
    throw new RangeError(`${length} bytes of TCP options: at most ${TCP_MAX_OPTIONS_LEN} fit`)
  let at = offset
  for (const option of options) {
    const end = at + optionLen(option)
    view.setUint8(at, numberOf(option))
    view.setUint8(at + 1, end - at)
    if (option.kind === "mss") view.setUint16(at + 2, option.mss)
    else if (option.kind === "window-scale") view.setUint8(at + 2, option.shift)
    else if (option.kind === "sack")
      for (const [i, block] of option.blocks.entries()) {
        view.setUint32(at + 2 + 8 * i, block.left)
        view.setUint32(at + 6 + 8 * i, block.right)
      }
    else if (option.kind === "timestamps") {
      view.setUint32(at + 2, option.value)
      view.setUint32(at + 6, option.echo)
    } else if (option.kind === "unknown") for (const [i, byte] of option.data.entries()) view.setUint8(at + 2 + i, byte)
    at = end
  }
  while (at < offset + length) view.setUint8(at++, END)
}

function numberOf(option: TcpOption): number {
  switch (option.kind) {
    case "mss":
      return MSS
    case "window-scale":
      return WINDOW_SCALE
    case "sack-permitted":
      return SACK_PERMITTED
    case "sack":
      return SACK
    case "timestamps":
      return TIMESTAMPS
    case "unknown":
      return option.number
  }
}

/** The options as tcpdump writes them: `mss 1460,wscale 2,sackOK`. */
export function showTcpOptions(options: readonly TcpOption[]): string {
  return options
    .map((option) => {
      switch (option.kind) {
        case "mss":
          return `mss ${option.mss}`
        case "window-scale":
          return `wscale ${option.shift}`
        case "sack-permitted":
          return "sackOK"
        case "sack":
          return `sack ${option.blocks.map((b) => `{${b.left}:${b.right}}`).join("")}`
        case "timestamps":
          return `TS val ${option.value} ecr ${option.echo}`
        case "unknown":
          return `option ${option.number}`
      }
    })
    .join(",")
}
