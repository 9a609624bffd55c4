// What the guest has to say that may be a flood: printed text, frames, and the lives of promises. A page that got a message a line would freeze,
// so they are sent in batches, no faster than the page takes them in, and a run may print only so much.

import type { FrameRow, FromGuest, OutputChunk, ThreadEvent, ThreadSite } from "./protocol.ts"
import { INITIAL_CREDIT } from "./protocol.ts"

/** What a run may print before the rest is dropped. */
export const MAX_LINES = 2000
/** The same in UTF-16 units. */
export const MAX_TEXT: number = 256 * 1024

const FLUSH_MS = 50
/**
 * So many batches may be sent without waiting: the first line is then seen at once, and so is what was printed just before
 * an endless loop. One more every {@link FLUSH_MS}.
 */
const BURST = 16
const FLUSH_TEXT = 64 * 1024
const MAX_FRAMES = 500
/** A look at the clock costs as much as some events. */
const THREADS_A_LOOK = 256
/** Events of promises in a batch: a tenth of a second of the page's time. */
const MAX_EVENTS = 40 * THREADS_A_LOOK

/** The host's time, as far as batching needs it. */
export interface OutboxTime {
  now(): number
  setTimeout(f: () => void, ms: number): unknown
}

/** The batches of one run. */
export class Outbox {
  readonly #post: (message: FromGuest) => void
  readonly #time: OutboxTime
  readonly #run: number
  #credit: number = INITIAL_CREDIT
  #chunks: { stream: OutputChunk["stream"]; text: string }[] = []
  #pendingText = 0
  #frames: FrameRow[] = []
  #dropped = 0
  #events: ThreadEvent[] = []
  #sites: ThreadSite[] = []
  #lines = 0
  #text = 0
  #full = false
  #scheduled = false
  #burst = BURST
  /** When the oldest thing that waits came. */
  #since = 0
  /** When `burst` was counted last. */
  #counted: number

  constructor(run: number, post: (message: FromGuest) => void, time: OutboxTime) {
    this.#run = run
    this.#post = post
    this.#time = time
    this.#counted = time.now()
  }

  /** Whether nothing more is printed. */
  get full(): boolean {
    return this.#full
  }

  print(stream: "out" | "err", text: string): void {
    if (this.#full || text === "") return
    const kept = this.#cut(text)
    this.#add(stream, kept)
    if (kept.length < text.length) {
      this.#full = true
      const note = `The output is cut here: a run may print ${MAX_LINES.toLocaleString("en")} lines or ${MAX_TEXT / 1024} kB.\n`
      this.#add("note", kept.endsWith("\n") || kept === "" ? note : `\n${note}`)
    }
    // After the cut nothing is looked at any more, in a loop that never yields not even the clock.
    this.#due(this.#full || this.#pendingText >= FLUSH_TEXT)
  }

  frames(rows: readonly FrameRow[]): void {
    this.#frames.push(...rows)
    const excess = this.#frames.length - MAX_FRAMES
    if (excess > 0) {
      this.#frames.splice(0, excess)
      this.#dropped += excess
    }
    this.#due(false)
  }

  /** Something happened to a promise, at one of the sites told before. */
  thread(event: ThreadEvent): void {
    this.#events.push(event)
    // They come by the thousand, and no one is worth a message of its own.
    if (!this.#scheduled || this.#events.length % THREADS_A_LOOK === 0)
      this.#due(this.#events.length >= MAX_EVENTS, false)
  }

  /** A place that events may be at. */
  site(site: ThreadSite): void {
    this.#sites.push(site)
  }

  /** The page has taken in one batch. */
  ack(): void {
    this.#credit++
    if (this.#chunks.length > 0 || this.#frames.length > 0 || this.#events.length > 0) this.#due(false)
  }

  /** Send everything, whatever the credit: the run is over, and what waits is not much. */
  finish(): void {
    this.#credit = Number.POSITIVE_INFINITY
    this.flush()
  }

  /** Send what waits, as far as the page has given credit. */
  flush(): void {
    this.#since = this.#time.now()
    if (this.#credit > 0 && (this.#chunks.length > 0 || this.#frames.length > 0 || this.#events.length > 0))
      this.#burst = Math.max(0, this.#burst - 1)
    if (this.#chunks.length > 0 && this.#credit > 0) {
      const chunks = this.#chunks
      this.#chunks = []
      this.#pendingText = 0
      this.#credit--
      this.#post({ tag: "output", run: this.#run, chunks })
    }
    if (this.#frames.length > 0 && this.#credit > 0) {
      const frames = this.#frames
      const dropped = this.#dropped
      this.#frames = []
      this.#dropped = 0
      this.#credit--
      this.#post({ tag: "frames", run: this.#run, frames, dropped })
    }
    if (this.#events.length > 0 && this.#credit > 0) {
      const events = this.#events
      const sites = this.#sites
      this.#events = []
      this.#sites = []
      this.#credit--
      this.#post({ tag: "threads", run: this.#run, events, sites })
    }
  }

  /** As much of `text` as the run may still print. */
  #cut(text: string): string {
    if (this.#lines >= MAX_LINES) return ""
    let kept = text.length > MAX_TEXT - this.#text ? text.slice(0, MAX_TEXT - this.#text) : text
    for (let at = kept.indexOf("\n"); at !== -1; at = kept.indexOf("\n", at + 1)) {
      this.#lines++
      if (this.#lines < MAX_LINES) continue
      // The last line is allowed its end, and the run to end with it.
      kept = kept.slice(0, at + 1)
      break
    }
    this.#text += kept.length
    return kept
  }

  #add(stream: OutputChunk["stream"], text: string): void {
    if (text === "") return
    const last = this.#chunks.at(-1)
    if (last?.stream === stream) last.text += text
    else this.#chunks.push({ stream, text })
    this.#pendingText += text.length
  }

  /** Something waits to be sent; `now` if it is much, at the next occasion if nobody is `eager` to see it. */
  #due(now: boolean, eager = true): void {
    const time = this.#time.now()
    this.#burst = Math.min(BURST, this.#burst + (time - this.#counted) / FLUSH_MS)
    this.#counted = time
    // In a loop that never yields no timer comes: the flood itself has to look at the clock.
    if (now || (eager && this.#burst >= 1) || (this.#scheduled && time - this.#since >= FLUSH_MS)) return this.flush()
    if (this.#scheduled) return
    this.#since = time
    this.#scheduled = true
    this.#time.setTimeout(() => {
      this.#scheduled = false
      this.flush()
    }, FLUSH_MS)
  }
}
