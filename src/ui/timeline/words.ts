// What the timeline says of a promise: in its table, beside its row, and to those who hear it.

import type { Position } from "../../toolchain/compiled-module.ts"
import { showTime } from "./axis.ts"
import type { Name, Names } from "./names.ts"
import type { Because, Thread } from "./threads.ts"

/** Promises in words. `label` is how the cell calls a file; its own main file is not called anything. */
export class Words {
  readonly #names: Names
  readonly #threads: readonly Thread[]
  readonly #label: (file: string) => string

  constructor(names: Names, threads: readonly Thread[], label: (file: string) => string) {
    this.#names = names
    this.#threads = threads
    this.#label = label
  }

  /** What it is called, and where that stands in the source. */
  name({ site, context }: Thread): Name {
    const name = this.#names.of(site)
    return context === undefined ? name : { ...name, text: `${context}: ${name.text}` }
  }

  /** `line 3`, or `timer.ts, line 3`. */
  line(at: Position): string {
    const file = this.#label(at.file)
    return file === "" ? `line ${at.line}` : `${file}, line ${at.line}`
  }

  /** `3`, or `timer.ts:3`. */
  place(at: Position): string {
    const file = this.#label(at.file)
    return file === "" ? String(at.line) : `${file}:${at.line}`
  }

  /** How it stands. */
  how({ end, until }: Thread): string {
    if (end === undefined) return until === undefined ? "still waits" : `sleeps until ${showTime(until)}`
    return end.how === "rejected" ? `failed: ${end.error ?? ""}` : end.how === "fulfilled" ? "resolved" : "cancelled"
  }

  /** When it was resolved. */
  resolved({ end }: Thread): string {
    return end === undefined ? "–" : showTime(end.time)
  }

  /** Who woke it. */
  wokenBy({ end }: Thread): string {
    return end === undefined ? "–" : this.because(end.because)
  }

  /** Whose doing something was. */
  because(because: Because): string {
    switch (because.tag) {
      case "promise": {
        const thread = this.#threads[because.id]
        return thread === undefined ? "a promise" : this.name(thread).text
      }
      case "timer":
        return "a timer"
      case "code":
        return because.site[0] === undefined ? "the program" : this.line(this.#names.source(because.site[0]))
      case "library":
        return "the main loop"
    }
  }

  /** One sentence, for those who hear and not see. */
  sentence(thread: Thread): string {
    const { text, at } = this.name(thread)
    const woken = thread.end === undefined ? "" : ` at ${showTime(thread.end.time)} by ${this.wokenBy(thread)}`
    return `${text}, ${this.line(at)}: made at ${showTime(thread.made.time)}, ${this.how(thread)}${woken}`
  }
}
