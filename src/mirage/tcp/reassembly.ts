// Segments that came before their turn (RFC 9293 3.10.7.4, seventh: "segments … may be held for later processing").

import * as Seq from "./sequence.ts"

/** A run of bytes and where it belongs. */
export interface Piece {
  readonly seq: Seq.Seq
  readonly data: Uint8Array
}

/** Pieces in order, none of which overlap. */
export type Reassembly = readonly Piece[]

/** Nothing held. */
export const NOTHING: Reassembly = []

/**
 * `held` with `data` at `seq` put into its gaps; what is there already stays as it is. Once `limit` pieces are held,
 * further ones are forgotten, and the peer will send them again: many tiny pieces would cost far more than their bytes.
 */
export function insert(held: Reassembly, seq: Seq.Seq, data: Uint8Array, limit: number): Reassembly {
  const last = held.at(-1)
  // Most often one segment was lost, and those after it come in order.
  if (last === undefined || Seq.leq(Seq.add(last.seq, last.data.length), seq))
    return held.length < limit && data.length > 0 ? [...held, { seq, data }] : held
  const pieces: Piece[] = []
  let start = seq
  const end = Seq.add(seq, data.length)
  const fill = (to: Seq.Seq) => {
    if (Seq.less(start, to)) pieces.push({ seq: start, data: data.subarray(Seq.diff(start, seq), Seq.diff(to, seq)) })
  }
  for (const piece of held) {
    fill(Seq.min(piece.seq, end))
    pieces.push(piece)
    start = Seq.max(start, Seq.add(piece.seq, piece.data.length))
  }
  fill(end)
  return pieces.length <= limit ? pieces : held
}

/** The bytes that follow on from `next` without a gap, in order, and what is still held then. */
export function take(
  held: Reassembly,
  next: Seq.Seq,
): { readonly data: readonly Uint8Array[]; readonly held: Reassembly } {
  const data: Uint8Array[] = []
  let at = next
  let count = 0
  for (const piece of held) {
    if (Seq.less(at, piece.seq)) break
    count++
    const known = Seq.diff(at, piece.seq)
    if (known >= piece.data.length) continue
    data.push(piece.data.subarray(known))
    at = Seq.add(piece.seq, piece.data.length)
  }
  return { data, held: count === 0 ? held : count === held.length ? NOTHING : held.slice(count) }
}
