// The lecturer's time: what a slide may take, and what that makes of the hour. A slide's notes begin with a line such as
// "Talk 1 min · Workshop 3 min".

/** The two lengths that the deck is written for. */
export type Occasion = "talk" | "workshop"

/** Seconds that a slide may take. */
export type Timing = Readonly<Record<Occasion, number>>

/** Read the timing from a slide's notes, as text: their first line. */
export function timingOf(notes: string): Timing | undefined {
  const [line = ""] = notes.trim().split("\n")
  const seconds = (occasion: Occasion): number | undefined => {
    const found = new RegExp(`\\b${occasion}\\s+(\\d+(?:\\.\\d+)?)\\s*(min|s)\\b`, "i").exec(line)
    if (found === null) return undefined
    return Number(found[1]) * (found[2]?.toLowerCase() === "min" ? 60 : 1)
  }
  const talk = seconds("talk")
  const workshop = seconds("workshop")
  return talk === undefined || workshop === undefined ? undefined : { talk, workshop }
}

/** When a slide is to begin and to end, in seconds from the start. A slide without a timing takes none. */
export interface Planned {
  readonly begin: number
  readonly end: number
}

/** The plan of a whole deck, slide by slide. */
export function plan(timings: readonly (Timing | undefined)[], occasion: Occasion): readonly Planned[] {
  let at = 0
  return timings.map((timing) => {
    const begin = at
    at += timing?.[occasion] ?? 0
    return { begin, end: at }
  })
}

/** How far from the plan, in words: on time as long as the slide's own time lasts. */
export function comparedTo({ begin, end }: Planned, elapsed: number): string {
  if (elapsed > end) return `${showSeconds(elapsed - end)} behind`
  if (elapsed < begin) return `${showSeconds(begin - elapsed)} ahead`
  return "on time"
}

/** `4:05`, `1:02:00`. */
export function showSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, "0")
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** A watch that can be stopped; its owner tells it the time, in milliseconds. */
export class Stopwatch {
  /** When it was started, had it never been stopped. */
  #from: number | undefined
  /** What it showed when it was stopped. */
  #held = 0

  /** A watch as {@link Stopwatch.kept} gave it away. */
  static of(kept: unknown): Stopwatch {
    const watch = new Stopwatch()
    if (typeof kept !== "object" || kept === null) return watch
    const { from, held } = kept as { from?: unknown; held?: unknown }
    if (typeof from === "number") watch.#from = from
    if (typeof held === "number") watch.#held = held
    return watch
  }

  get running(): boolean {
    return this.#from !== undefined
  }

  /** Whether it has been started since it was made or reset. */
  get used(): boolean {
    return this.running || this.#held > 0
  }

  start(now: number): void {
    this.#from ??= now - this.#held
  }

  stop(now: number): void {
    this.#held = this.elapsed(now)
    this.#from = undefined
  }

  reset(): void {
    this.#from = undefined
    this.#held = 0
  }

  /** Milliseconds. */
  elapsed(now: number): number {
    return this.#from === undefined ? this.#held : Math.max(0, now - this.#from)
  }

  /** To be kept over a reload. */
  kept(): { readonly from?: number; readonly held: number } {
    return { held: this.#held, ...(this.#from !== undefined && { from: this.#from }) }
  }
}
