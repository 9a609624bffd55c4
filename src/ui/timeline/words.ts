// What the timeline says of a promise: in its table, beside its row, and to those who hear it.

import type { Position } from "../../toolchain/compiled-module.ts"
import { showTime } from "./axis.ts"
import type { Name, Names } from "./names.ts"
import type { Because, Thread, Threads } from "./threads.ts"

/** Promises of one run in words. `label` is how the cell calls a file; its own main file is not called anything. */
export class Words {
  readonly #names: Names
  readonly #threads: Pick<Threads, "list">
  readonly #label: (file: string) => string
  /** How many there are of a name, and, by id, which of them a promise is. */
  readonly #namesakes = new Map<string, number>()
  readonly #numbers: number[] = []

  constructor(names: Names, threads: Pick<Threads, "list">, label: (file: string) => string) {
    this.#names = names
    this.#threads = threads
    this.#label = label
  }

  /** What it is called, and where that stands in the source. */
  name({ site, context }: Thread): Name {
    const name = this.#names.of(site)
    return context === undefined ? name : { ...name, text: `${context}: ${name.text}` }
  }

  /** Which of several that are called the same, from 1 in the order of their making; nothing, if it is the only one. */
  number(thread: Thread): number | undefined {
    const { list } = this.#threads
    for (let id = this.#numbers.length; id < list.length; id++) {
      const { text } = this.name(list[id]!)
      const number = (this.#namesakes.get(text) ?? 0) + 1
      this.#namesakes.set(text, number)
      this.#numbers.push(number)
    }
    return this.#namesakes.get(this.name(thread).text) === 1 ? undefined : this.#numbers[thread.id]
  }

  /** What it is called, such that no other of the run is called so: `heads`, or `sleep(1) #2`. */
  called(thread: Thread): string {
    const number = this.number(thread)
    const { text } = this.name(thread)
    return number === undefined ? text : `${text} #${number}`
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
        const thread = this.#threads.list[because.id]
        return thread === undefined ? "a promise" : this.called(thread)
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
    const { at } = this.name(thread)
    const woken = thread.end === undefined ? "" : ` at ${showTime(thread.end.time)} by ${this.wokenBy(thread)}`
    return `${this.called(thread)}, ${this.line(at)}: made at ${showTime(thread.made.time)}, ${this.how(thread)}${woken}`
  }
}
