// The frames of a run as a list that can be long: which are kept, which of them are drawn, and how a row reads.

import type { FrameRow } from "../../sandbox/protocol.ts"

/** Frames kept. A run with more loses its first ones, and the list says how many. */
export const MAX_FRAMES = 10_000

/** The newest frames of a run. */
export class FrameList {
  #rows: FrameRow[] = []
  #lost = 0

  /** `dropped` frames before these were not kept by the guest. */
  add(frames: readonly FrameRow[], dropped: number): void {
    this.#lost += dropped
    this.#rows.push(...frames)
    // Cut rarely: cutting moves every row.
    if (this.#rows.length > MAX_FRAMES + MAX_FRAMES / 4) {
      const cut = this.#rows.length - MAX_FRAMES
      this.#rows = this.#rows.slice(cut)
      this.#lost += cut
    }
  }

  clear(): void {
    this.#rows = []
    this.#lost = 0
  }

  get length(): number {
    return this.#rows.length
  }

  /** Frames that were seen and are not in the list. */
  get lost(): number {
    return this.#lost
  }

  at(position: number): FrameRow | undefined {
    return this.#rows[position]
  }

  slice(from: number, to: number): readonly FrameRow[] {
    return this.#rows.slice(from, to)
  }

  /** Where a frame stands in the list now, if it still does. */
  positionOf(frame: FrameRow): number | undefined {
    const first = this.#rows[0]
    if (first === undefined) return undefined
    // Indices only grow, so a binary search finds it though some are missing.
    let low = 0
    let high = this.#rows.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const index = this.#rows[middle]?.index ?? 0
      if (index === frame.index) return middle
      if (index < frame.index) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }
}

/** The part of a long list that is drawn, and the heights that stand for the rest. */
export interface Window {
  readonly from: number
  readonly to: number
  readonly above: number
  readonly below: number
}

/** Which of `count` rows of one height show in a viewport, with `spare` more on each side for smooth scrolling. */
export function windowOf(scrollTop: number, viewport: number, rowHeight: number, count: number, spare = 10): Window {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight)
  const from = Math.max(0, Math.min(count, first) - spare)
  const to = Math.max(from, Math.min(count, first + Math.ceil(viewport / rowHeight) + spare))
  return { from, to, above: from * rowHeight, below: (count - to) * rowHeight }
}

/** Simulated milliseconds as seconds to the microsecond, as packet lists have it. */
export function showTime(ms: number): string {
  return (ms / 1000).toFixed(6)
}

/** A class name for a protocol's colour: one of a fixed set, whatever the protocol is called. */
export function protocolClass(protocol: string): string {
  const name = protocol.toLowerCase()
  return ["arp", "icmp", "udp", "tcp", "http", "dhcp", "dns"].includes(name) ? name : "other"
}
