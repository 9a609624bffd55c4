// Bytes as packet tools show them: offset, sixteen bytes in two groups of eight, and the characters that can be printed.

/** One line of a dump. */
export interface HexLine {
  readonly offset: string
  readonly hex: string
  readonly text: string
}

const WIDTH = 16
/** A line's hex part, padded to this so that the text column stands straight. */
const HEX_WIDTH = WIDTH * 3

/** The lines of `bytes`. Empty bytes have none. */
export function hexdump(bytes: Uint8Array): HexLine[] {
  const lines: HexLine[] = []
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = bytes.subarray(at, at + WIDTH)
    let hex = ""
    let text = ""
    row.forEach((byte, i) => {
      hex += `${i === WIDTH / 2 ? " " : ""}${byte.toString(16).padStart(2, "0")} `
      text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."
    })
    lines.push({ offset: at.toString(16).padStart(4, "0"), hex: hex.trimEnd().padEnd(HEX_WIDTH), text })
  }
  return lines
}

/** The same as text to be copied. */
export function hexdumpText(bytes: Uint8Array): string {
  return hexdump(bytes)
    .map((l) => `${l.offset}  ${l.hex}  ${l.text}`)
    .join("\n")
}
