// Bytes and text, by the names of OCaml's `Cstruct`. A buffer is a plain Uint8Array here: JavaScript has views already.

/** The bytes of `text` in UTF-8. */
export function ofString(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The text of bytes in UTF-8; what is not UTF-8 becomes U+FFFD. */
export function toString(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** One buffer with the bytes of all, copied. */
export function concat(buffers: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(buffers.reduce((length, b) => length + b.length, 0))
  let at = 0
  for (const b of buffers) {
    all.set(b, at)
    at += b.length
  }
  return all
}
