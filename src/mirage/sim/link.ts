// A wire, in one direction: frames come out in the order they went in, later. How much later is propagation (latency)
// and, where the wire has a bandwidth, the time that the bits of this frame and of those before it take.

import type { Instant } from "../signatures/time.ts"

/** What a simulation needs of the engine: the time, and a call later. `class Engine` of os/engine.ts is one. */
export interface Scheduler {
  now(): Instant
  /** Call `f` when the time is `when`. Calls for the same instant happen in the order they were asked for. */
  at(when: Instant, f: () => void): unknown
}

/** What a wire is like. Faults (loss, reordering, duplication, corruption) will be further properties. */
export interface LinkOptions {
  /** How long a bit travels, in milliseconds. */
  readonly latencyMs: number
  /** Bits a second; left out, a frame of any length is on the wire in no time. */
  readonly bandwidth?: number
  /** Bytes that wait for the wire at most, with a `bandwidth`; what comes on top is dropped. */
  readonly queueBytes?: number
}

/** A twentieth of a millisecond, as between machines in one room: a ping over a switch takes 0.2 ms. */
export const DEFAULT_LINK: LinkOptions = { latencyMs: 0.05 }

const DEFAULT_QUEUE_BYTES = 256 * 1024

/** What a frame occupies the wire with besides itself: preamble, check sequence and gap (IEEE 802.3). */
const FRAMING_BYTES = 8 + 4 + 12
/** The shortest frame, without check sequence; shorter ones are padded on the wire. */
const LEAST_FRAME_BYTES = 60

/** One direction of a wire. */
export class Link {
  readonly options: LinkOptions
  readonly #scheduler: Scheduler
  readonly #deliver: (frame: Uint8Array) => void
  /** When the last bit accepted so far will have left. */
  #freeAt: Instant = 0
  #cut = false

  /** `deliver` is handed every frame at its arrival. */
  constructor(scheduler: Scheduler, options: LinkOptions, deliver: (frame: Uint8Array) => void) {
    if (!(options.latencyMs >= 0)) throw new RangeError(`a latency of ${options.latencyMs} ms`)
    if (options.bandwidth !== undefined && !(options.bandwidth > 0))
      throw new RangeError(`a bandwidth of ${options.bandwidth} bit/s`)
    this.options = options
    this.#scheduler = scheduler
    this.#deliver = deliver
  }

  /** Put `frame` on the wire. False if the queue is full, or the wire cut: the frame is lost. */
  send(frame: Uint8Array): boolean {
    if (this.#cut) return false
    const { latencyMs, bandwidth, queueBytes = DEFAULT_QUEUE_BYTES } = this.options
    const now = this.#scheduler.now()
    let sent = now
    if (bandwidth !== undefined) {
      const start = Math.max(now, this.#freeAt)
      if (((start - now) / 1000) * bandwidth > queueBytes * 8) return false
      const bits = (Math.max(frame.length, LEAST_FRAME_BYTES) + FRAMING_BYTES) * 8
      sent = start + (bits / bandwidth) * 1000
      this.#freeAt = sent
    }
    this.#scheduler.at(sent + latencyMs, () => {
      if (!this.#cut) this.#deliver(frame)
    })
    return true
  }

  /** Cut the wire for good; what is on it is lost. */
  cut(): void {
    this.#cut = true
  }
}
