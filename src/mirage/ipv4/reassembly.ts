// RFC 791 section 3.2, putting fragments together again; with RFC 815's idea that a datagram is whole when no hole is
// left, RFC 5722's and RFC 8900's lesson that fragments which overlap are an attack, and bounds on time, pieces and memory.
// No clock of its own: old datagrams are thrown away when a fragment arrives.
//
// Not implemented: ICMP time exceeded in reassembly (RFC 1122 3.3.2).

import type { Instant } from "../signatures/time.ts"
import { IPV4_HEADER_LEN, type Ipv4Datagram } from "../wire/ipv4.ts"

/** How long the first fragment of a datagram waits for the last. mirage-tcpip's; RFC 1122 3.3.2 would wait longer. */
export const REASSEMBLY_MS = 10_000
/** More fragments than this are not a datagram, but an attempt to make us sort. */
export const MAX_FRAGMENTS = 16
/** Payload bytes held for all unfinished datagrams together; the oldest ones make room. */
export const MAX_BYTES: number = 256 * 1024
/** Unfinished datagrams known at a time, spoilt ones included. */
export const MAX_PARTIALS = 256

interface Partial {
  readonly since: Instant
  /** By offset, without overlap. */
  readonly fragments: Ipv4Datagram[]
  /** Length of the whole payload, once the last fragment has told it. */
  length: number | undefined
  bytes: number
  /** Overlapped, or came in too many pieces: what is still to come of it falls too, until it is forgotten. */
  spoilt: boolean
}

/** The datagrams that are not whole yet. */
export class Reassembly {
  /** Oldest first, as a Map keeps the order of insertion. */
  readonly #partials = new Map<string, Partial>()
  #bytes = 0

  /** A datagram that is whole, or has become so with this fragment; `undefined` while pieces are missing. */
  input(now: Instant, d: Ipv4Datagram): Ipv4Datagram | undefined {
    if (!d.moreFragments && d.fragmentOffset === 0) return d
    this.#forgetOld(now)
    // RFC 791, page 28: these four fields tell datagrams apart.
    const key = `${d.src} ${d.dst} ${d.proto} ${d.id}`
    let partial = this.#partials.get(key)
    if (partial === undefined) {
      partial = { since: now, fragments: [], length: undefined, bytes: 0, spoilt: false }
      this.#partials.set(key, partial)
      this.#makeRoom()
    }
    if (partial.spoilt) return undefined
    if (!insert(partial, d)) {
      this.#bytes -= partial.bytes
      partial.fragments.length = 0
      partial.bytes = 0
      partial.spoilt = true
      return undefined
    }
    this.#bytes += d.payload.length
    const whole = join(partial)
    if (whole !== undefined) this.#forget(key, partial)
    else this.#makeRoom()
    return whole
  }

  /** Bytes held for unfinished datagrams. */
  get bytes(): number {
    return this.#bytes
  }

  #forgetOld(now: Instant): void {
    for (const [key, partial] of this.#partials) {
      if (now - partial.since < REASSEMBLY_MS) return
      this.#forget(key, partial)
    }
  }

  #makeRoom(): void {
    for (const [key, partial] of this.#partials) {
      if (this.#bytes <= MAX_BYTES && this.#partials.size <= MAX_PARTIALS) return
      this.#forget(key, partial)
    }
  }

  #forget(key: string, partial: Partial): void {
    this.#partials.delete(key)
    this.#bytes -= partial.bytes
  }
}

/** Put `d` in its place. False if it does not fit with the others. */
function insert(partial: Partial, d: Ipv4Datagram): boolean {
  const { fragments } = partial
  const start = d.fragmentOffset
  const end = start + d.payload.length
  if (fragments.length === MAX_FRAGMENTS || end > 0xffff - IPV4_HEADER_LEN) return false
  // All but the last are a multiple of 8 bytes long, since offsets count in eights (RFC 791, page 13).
  if (d.moreFragments && d.payload.length % 8 !== 0) return false
  if (!d.moreFragments) {
    if (partial.length !== undefined || fragments.some((f) => endOf(f) > end)) return false
    partial.length = end
  } else if (partial.length !== undefined && end > partial.length) return false
  const at = fragments.findIndex((f) => f.fragmentOffset >= start)
  const i = at < 0 ? fragments.length : at
  const before = fragments[i - 1]
  const after = fragments[i]
  if (before !== undefined && endOf(before) > start) return false
  if (after !== undefined && after.fragmentOffset < end) return false
  fragments.splice(i, 0, d)
  partial.bytes += d.payload.length
  return true
}

function endOf(d: Ipv4Datagram): number {
  return d.fragmentOffset + d.payload.length
}

/** The whole datagram, with the header of the fragment at offset 0; `undefined` if there is a hole. */
function join(partial: Partial): Ipv4Datagram | undefined {
  const first = partial.fragments[0]
  // Without overlap, as many bytes as there should be means no hole.
  if (first === undefined || partial.length === undefined || partial.bytes !== partial.length) return undefined
  const payload = new Uint8Array(partial.length)
  for (const f of partial.fragments) payload.set(f.payload, f.fragmentOffset)
  return { ...first, moreFragments: false, payload }
}
