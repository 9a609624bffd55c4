// What a screen reader hears of a stream of output. Each line would bury its listener, so lines are gathered: a few
// short ones are read out, more are counted ("12 new lines"), and never more often than every second and a half.

/** A function that runs another later, and returns the way to call it off. */
export type Later = (run: () => void, ms: number) => () => void

const GATHER_MS = 1500
/** So many characters are read out; more are counted. */
const READ_OUT = 120

/** Gathers lines and says them. */
export class Announcer {
  readonly #say: (text: string) => void
  readonly #later: Later
  #lines = 0
  #text = ""
  #cancel: (() => void) | undefined

  constructor(say: (text: string) => void, later: Later) {
    this.#say = say
    this.#later = later
  }

  /** Output came. */
  heard(text: string): void {
    for (const c of text) if (c === "\n") this.#lines += 1
    if (this.#text.length <= READ_OUT) this.#text += text
    this.#cancel ??= this.#later(() => this.flush(), GATHER_MS)
  }

  /** Say what is gathered now, then `more`: the run has ended. */
  flush(more = ""): void {
    this.#cancel?.()
    this.#cancel = undefined
    const text = this.#text.trim()
    const lines = Math.max(this.#lines, text === "" ? 0 : 1)
    const summary =
      text === "" ? "" : text.length <= READ_OUT && lines <= 3 ? text : `${lines} new ${lines === 1 ? "line" : "lines"}`
    this.#lines = 0
    this.#text = ""
    const said = [summary, more].filter((s) => s !== "").join(". ")
    if (said !== "") this.#say(said)
  }

  /** Forget what is gathered. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#lines = 0
    this.#text = ""
  }
}
