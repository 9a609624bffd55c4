// How simulated time is tied to the host's: the pace a reader chose, kept over many short waits, and changed at any moment.

import type { Pace } from "./protocol.ts"

/** Waits shorter than this are saved up: timers are coarser than the waits of a network. */
const WORTH_WAITING_MS = 4
/** The longest that the event loop is kept from its other work, messages from the page among them. */
const YIELD_MS = 10
/** How far the simulation may fall behind before it stops trying to catch up. */
const MAX_BEHIND_MS = 100

/** The host's time, as far as pacing needs it. */
export interface PacerTime {
  now(): number
  setTimeout(f: () => void, ms: number): unknown
  clearTimeout(handle: never): void
  /** Run `f` in a turn of the event loop of its own, at once. */
  soon(f: () => void): void
}

/** One wait. Simulated milliseconds have `passed` of its `ms` until the moment `since`; at the pace of now, the rest follows. */
interface Sleeper {
  readonly ms: number
  passed: number
  since: number
  timer: unknown
  readonly done: () => void
}

/** Lets real time pass for simulated time. */
export class Pacer {
  readonly #time: PacerTime
  #pace: Pace
  /** When, at the pace so far, the simulation should be where it is. */
  #due: number
  #yielded: number
  readonly #sleepers = new Set<Sleeper>()

  constructor(pace: Pace, time: PacerTime) {
    this.#pace = pace
    this.#time = time
    this.#due = this.#yielded = time.now()
  }

  /** How many waits are going on that end by themselves. */
  get waiting(): number {
    let count = 0
    for (const sleeper of this.#sleepers) if (sleeper.ms !== Number.POSITIVE_INFINITY) count++
    return count
  }

  /** Host.pace: resolves with how much simulated time has passed, `ms` or, if `wake` came before, less. */
  async pace(ms: number, wake: Promise<void>): Promise<number> {
    const now = this.#time.now()
    if (ms !== Number.POSITIVE_INFINITY && this.#pace !== 0) {
      if (this.#pace !== "max" && this.#due < now - MAX_BEHIND_MS) this.#due = now
      const due = this.#pace === "max" ? now : this.#due + ms / this.#pace
      if (due - now < WORTH_WAITING_MS) {
        this.#due = due
        if (now - this.#yielded >= YIELD_MS) await this.#yield()
        return ms
      }
    }
    const passed = await this.#sleep(ms, wake)
    this.#yielded = this.#time.now()
    return passed
  }

  /** Change the pace; whoever sleeps goes on at the new one. */
  setPace(pace: Pace): void {
    const now = this.#time.now()
    // What has passed has passed at the old pace.
    for (const sleeper of this.#sleepers) this.#advance(sleeper, now)
    this.#pace = pace
    this.#due = now
    for (const sleeper of this.#sleepers) {
      this.#time.clearTimeout(sleeper.timer as never)
      this.#arm(sleeper)
    }
  }

  #sleep(ms: number, wake: Promise<void>): Promise<number> {
    return new Promise((resolve) => {
      const now = this.#time.now()
      const sleeper: Sleeper = {
        ms,
        passed: 0,
        // Waits too short to be waited for have been saved up, and are part of this one.
        since: ms === Number.POSITIVE_INFINITY ? now : Math.max(this.#due, now - MAX_BEHIND_MS),
        timer: undefined,
        done: () => {
          if (!this.#sleepers.delete(sleeper)) return
          this.#time.clearTimeout(sleeper.timer as never)
          resolve(Math.min(ms, sleeper.passed))
        },
      }
      this.#sleepers.add(sleeper)
      this.#arm(sleeper)
      void wake.then(() => {
        if (!this.#sleepers.has(sleeper)) return
        this.#due = this.#time.now()
        this.#advance(sleeper, this.#due)
        sleeper.done()
      })
    })
  }

  #advance(sleeper: Sleeper, now: number): void {
    if (this.#pace !== "max") sleeper.passed += Math.max(0, now - sleeper.since) * this.#pace
    sleeper.since = now
  }

  #arm(sleeper: Sleeper): void {
    sleeper.timer = undefined
    if (sleeper.ms === Number.POSITIVE_INFINITY || this.#pace === 0) return
    const left = Math.max(0, sleeper.ms - sleeper.passed)
    const due = this.#pace === "max" ? this.#time.now() : sleeper.since + left / this.#pace
    sleeper.timer = this.#time.setTimeout(
      () => {
        // What a timer comes too late is made up for by the next wait.
        this.#due = due
        sleeper.passed = sleeper.ms
        sleeper.done()
      },
      // A timer's limit; nobody waits for 24 days of real time.
      Math.min(Math.max(0, due - this.#time.now()), 0x7fffffff),
    )
  }

  #yield(): Promise<void> {
    return new Promise((resolve) => {
      this.#time.soon(() => {
        this.#yielded = this.#time.now()
        resolve()
      })
    })
  }
}
