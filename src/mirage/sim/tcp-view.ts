// TCP as seen from the wire by somebody who is neither end: numbers counted from each direction's first (so that people
// can read them), and windows scaled by what the SYNs agreed on.

import { ACK, FIN, PSH, RST, SYN, type TcpSegment, URG } from "../wire/tcp.ts"

/** Directions remembered; the oldest is forgotten, and if it speaks again, counted from there. */
const MAX_DIRECTIONS = 4096

interface Direction {
  /** What is shown as 0: the number of the SYN, or where one would have been. */
  readonly base: number
  /** The shift its SYN offered; `undefined` if none was, or none was seen. */
  readonly shift: number | undefined
}

const FLAGS: readonly (readonly [number, string])[] = [
  [FIN, "FIN"],
  [SYN, "SYN"],
  [RST, "RST"],
  [PSH, "PSH"],
  [ACK, "ACK"],
  [URG, "URG"],
]

/** Shows segments, remembering the connections they belong to. */
export class TcpView {
  readonly #directions: Map<string, Direction> = new Map()

  /** One line: `49152 → 80 [SYN] Seq=0 Win=65535 Len=0 MSS=1460 WS=4`. `src` and `dst` are the addresses. */
  show(src: string, dst: string, segment: TcpSegment): string {
    const { srcPort, dstPort, seq, ack, flags, payload } = segment
    const syn = (flags & SYN) !== 0
    const forth = `${src}:${srcPort}>${dst}:${dstPort}`
    const back = `${dst}:${dstPort}>${src}:${srcPort}`
    const ours = this.#direction(forth, seq, syn, segment)
    const theirs = (flags & ACK) !== 0 ? this.#direction(back, ack, false, undefined) : this.#directions.get(back)
    const parts = [`${srcPort} → ${dstPort}`, `[${showFlags(flags)}]`, `Seq=${relative(seq, ours.base)}`]
    if ((flags & ACK) !== 0 && theirs !== undefined) parts.push(`Ack=${relative(ack, theirs.base)}`)
    // RFC 7323 2.2: both must have offered to scale, and the window of a SYN itself is not scaled.
    const scaled = !syn && ours.shift !== undefined && theirs?.shift !== undefined
    const window = scaled ? segment.window * 2 ** Math.min(ours.shift, 14) : segment.window
    parts.push(`Win=${window}`, `Len=${payload.length}`)
    for (const option of segment.options) {
      if (option.kind === "mss") parts.push(`MSS=${option.mss}`)
      else if (option.kind === "window-scale") parts.push(`WS=${2 ** Math.min(option.shift, 14)}`)
      else if (option.kind === "sack-permitted") parts.push("SACK_PERM")
    }
    return parts.join(" ")
  }

  /** What is known of a direction; a SYN starts it anew, and without one the first number seen is shown as 1. */
  #direction(key: string, seq: number, syn: boolean, segment: TcpSegment | undefined): Direction {
    const known = this.#directions.get(key)
    if (known !== undefined && (!syn || known.base === seq)) return known
    const scale = syn ? segment?.options.find((o) => o.kind === "window-scale") : undefined
    const direction = { base: syn ? seq : (seq - 1) >>> 0, shift: scale?.shift }
    this.#directions.delete(key)
    this.#directions.set(key, direction)
    if (this.#directions.size > MAX_DIRECTIONS)
      for (const oldest of this.#directions.keys()) {
        this.#directions.delete(oldest)
        break
      }
    return direction
  }
}

function relative(n: number, base: number): number {
  return (n - base) >>> 0
}

/** As Wireshark writes them: `SYN, ACK`. */
function showFlags(flags: number): string {
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
  return names.length > 0 ? names.join(", ") : "none"
}
