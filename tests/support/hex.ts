// Packets in tests, written as an annotated dump.

/**
 * Bytes from a dump. On each line, groups of hexadecimal digit pairs are bytes up to the first word that is something
 * else; the rest of the line is commentary:
 *
 *     hex`
 *       bf00 0035   src port 48896, dst port 53
 *       000c 124d   length, checksum
 *     `
 *
 * A word of commentary must not itself look like bytes: start it with one that does not.
 */
export function hex(strings: TemplateStringsArray, ...values: (string | number)[]): Uint8Array {
  const bytes: number[] = []
  for (const line of String.raw({ raw: strings.raw }, ...values).split("\n")) {
    for (const token of line.trim().split(/\s+/)) {
      if (!/^([0-9a-f]{2})+$/i.test(token)) break
      for (let i = 0; i < token.length; i += 2) bytes.push(Number.parseInt(token.slice(i, i + 2), 16))
    }
  }
  return Uint8Array.from(bytes)
}

/** The bytes as pairs of digits, sixteen to a line, for readable failures. */
export function dump(bytes: Uint8Array): string {
  const pairs = Array.from(bytes, (b) => b.toString(16).padStart(2, "0"))
  const lines: string[] = []
  for (let i = 0; i < pairs.length; i += 16) lines.push(pairs.slice(i, i + 16).join(" "))
  return lines.join("\n")
}
