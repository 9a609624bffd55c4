// A host's time that passes only when a test says so.

/** Timers and turns of an event loop, by hand. */
export class HostTime {
  #now = 0
  #order = 0
  #waiting: { at: number; order: number; f: () => void }[] = []

  readonly now = (): number => this.#now

  readonly setTimeout = (f: () => void, ms: number): object => {
    const timer = { at: this.#now + ms, order: this.#order++, f }
    this.#waiting.push(timer)
    return timer
  }

  readonly clearTimeout = (timer: never): void => {
    this.#waiting = this.#waiting.filter((one) => one !== timer)
  }

  readonly soon = (f: () => void): void => void this.setTimeout(f, 0)

  /** How many timers there are. */
  get pending(): number {
    return this.#waiting.length
  }

  /** Time passes while code runs, and no timer comes. */
  work(ms: number): void {
    this.#now += ms
  }

  /** Let `ms` pass, calling what comes due, and let promises go on in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settle()
      const next = this.#waiting.toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
      if (next === undefined || next.at > end) break
      this.#waiting = this.#waiting.filter((one) => one !== next)
      this.#now = Math.max(this.#now, next.at)
      next.f()
    }
    this.#now = Math.max(this.#now, end)
    await settle()
  }
}

/** Let promises that are resolved be heard. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve()
}
