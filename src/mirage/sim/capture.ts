// What went over the switch: the newest frames, decoded for a list, and as a file that Wireshark opens.

import type { FrameRow } from "./observation.ts"
import { Describer } from "./describe.ts"
import { encodePcapng, type PcapngOptions } from "./pcapng.ts"
import type { Switch } from "./switch.ts"

/** How much a capture keeps. */
export interface CaptureOptions {
  /** Frames; 10,000 if left out. */
  readonly limit?: number
  /** Their bytes together; 16 MB if left out. */
  readonly limitBytes?: number
}

const LIMIT = 10_000
const LIMIT_BYTES = 16 * 1024 * 1024

/** A capture of everything that crosses a switch. The oldest frames make room for new ones. */
export class Capture {
  readonly #switch: Switch
  readonly #limit: number
  readonly #limitBytes: number
  readonly #describer = new Describer()
  readonly #listeners: Set<(rows: readonly FrameRow[]) => void> = new Set()
  readonly #stop: () => void
  /** A ring in a plain array: the rows from `#first` on are kept, and those before it cut off now and then. */
  #rows: FrameRow[] = []
  #first = 0
  #bytes = 0
  #seen = 0
  /** Rows that listeners have not been told of. */
  #news: FrameRow[] = []

  /** Start to capture. */
  constructor(sw: Switch, { limit = LIMIT, limitBytes = LIMIT_BYTES }: CaptureOptions = {}) {
    if (!(limit >= 1)) throw new RangeError(`a capture of ${limit} frames: at least 1`)
    this.#switch = sw
    this.#limit = limit
    this.#limitBytes = limitBytes
    this.#stop = sw.monitor((frame, time) => this.#add(frame, time))
  }

  /**
   * Tell `listener` of frames from now on: all that crossed the switch at one instant together, at the end of that
   * instant. The result stops that.
   */
  onRows(listener: (rows: readonly FrameRow[]) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** The frames kept, oldest first. */
  rows(): readonly FrameRow[] {
    return this.#rows.slice(this.#first)
  }

  /** How many frames there were, with those that are not kept any more. */
  get seen(): number {
    return this.#seen
  }

  /** The frames kept, as a file for Wireshark. */
  pcapng(options?: PcapngOptions): Uint8Array {
    return encodePcapng(this.rows(), options)
  }

  /** Forget the frames kept so far. Numbering goes on. */
  clear(): void {
    this.#rows = []
    this.#first = 0
    this.#bytes = 0
  }

  /** See no more frames. What is kept stays. */
  stop(): void {
    this.#stop()
  }

  #add(bytes: Uint8Array, time: number): void {
    const row: FrameRow = { index: this.#seen++, time, ...this.#describer.describe(bytes), bytes }
    this.#rows.push(row)
    this.#bytes += bytes.length
    // The newest is kept, be it longer than the limit.
    while (
      this.#rows.length - this.#first > this.#limit ||
      (this.#bytes > this.#limitBytes && this.#first + 1 < this.#rows.length)
    )
      this.#bytes -= this.#rows[this.#first++]!.bytes.length
    // Half of the array is garbage: cutting it off now costs each row one move on average.
    if (this.#first > 256 && this.#first * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#first)
      this.#first = 0
    }
    if (this.#listeners.size === 0) return
    this.#news.push(row)
    if (this.#news.length === 1) this.#switch.scheduler.at(time, () => this.#tell())
  }

  #tell(): void {
    const news = this.#news
    this.#news = []
    for (const listener of this.#listeners) listener(news)
  }
}
