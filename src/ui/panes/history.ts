// The lines typed into a terminal, and moving among them with the arrows, as a shell does: the line that was being typed
// waits at the end, and a line equal to the one before it is not kept twice.

const MAX_LINES = 200

/** What was typed, oldest first. */
export class History {
  readonly #lines: string[] = []
  #at = 0
  #draft = ""

  /** A line was entered. */
  add(line: string): void {
    if (line.trim() !== "" && this.#lines.at(-1) !== line) {
      this.#lines.push(line)
      if (this.#lines.length > MAX_LINES) this.#lines.shift()
    }
    this.#at = this.#lines.length
    this.#draft = ""
  }

  /** The line before; `current` is what stands in the input now. Undefined at the beginning. */
  previous(current: string): string | undefined {
    if (this.#at === 0) return undefined
    if (this.#at === this.#lines.length) this.#draft = current
    this.#at -= 1
    return this.#lines[this.#at]
  }

  /** The line after, at last the one that was being typed. Undefined beyond it. */
  next(): string | undefined {
    if (this.#at >= this.#lines.length) return undefined
    this.#at += 1
    return this.#at === this.#lines.length ? this.#draft : this.#lines[this.#at]
  }
}
