// What a run has said, as plain text: the toplevel's value lines, then what was printed, then how it went wrong.
// `MirageCell.output` is this; the coloured output on the page is drawn from the same events.

import type { OutputChunk } from "../../sandbox/protocol.ts"
import { stripAnsi } from "./ansi.ts"

/** Printed text beyond this many characters is forgotten from its beginning, and the text says so. */
export const MAX_TEXT: number = 512 * 1024

/** A value line before it is text. The type is not known at once when the editor has to be asked. */
export interface Value {
  readonly name: string
  readonly text: string
  readonly type?: string
}

/** `val x : Option.t<number> = Some 3`, or without the type when there is no knowing it. */
export function showValue(value: Value): string {
  return `val ${value.name}${value.type === undefined ? "" : ` : ${value.type}`} = ${value.text}`
}

/** The record of one run. */
export class Transcript {
  readonly #order = new Map<string, number>()
  readonly #values = new Map<string, Value>()
  #head: string[] = []
  #printed = ""
  #forgotten = false
  #tail: string[] = []

  /** `bindings` are the names of the entry in source order, which is the order of the value lines. */
  constructor(bindings: readonly string[] = []) {
    this.order(bindings)
  }

  /** The names, when they are known later than the first line. */
  order(bindings: readonly string[]): void {
    this.#order.clear()
    bindings.forEach((name, index) => {
      this.#order.set(name, index)
    })
  }

  /** A line above everything else: a type error. */
  before(line: string): void {
    this.#head.push(line)
  }

  value(value: Value): void {
    this.#values.set(value.name, value)
  }

  /** The type of a value that came earlier is known now. */
  type(name: string, type: string): void {
    const value = this.#values.get(name)
    if (value !== undefined) this.#values.set(name, { ...value, type })
  }

  print(chunks: readonly OutputChunk[]): void {
    for (const chunk of chunks) this.#printed += chunk.text
    if (this.#printed.length > 2 * MAX_TEXT) {
      const cut = this.#printed.indexOf("\n", this.#printed.length - MAX_TEXT)
      this.#printed = this.#printed.slice(cut < 0 ? this.#printed.length - MAX_TEXT : cut + 1)
      this.#forgotten = true
    }
  }

  /** A line below everything else: an error. */
  after(line: string): void {
    this.#tail.push(line)
  }

  /** Values in source order. */
  values(): Value[] {
    const last = this.#order.size
    return [...this.#values.values()].sort(
      (a, b) => (this.#order.get(a.name) ?? last) - (this.#order.get(b.name) ?? last),
    )
  }

  /** Whether anything was said at all. */
  get empty(): boolean {
    return this.text === ""
  }

  /** All of it, without colours and without the last newline. */
  get text(): string {
    const printed = stripAnsi(this.#printed).replace(/\n+$/, "")
    const parts = [
      ...this.#head,
      ...this.values().map((v) => stripAnsi(showValue(v))),
      ...(this.#forgotten ? ["… the beginning of the output is no longer kept …"] : []),
      ...(printed === "" ? [] : [printed]),
      ...this.#tail,
    ]
    return parts.join("\n")
  }
}
