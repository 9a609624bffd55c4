// Where the reader's program stands: the innermost of its calls, and those that it was called by directly. Asked once for
// every promise of a traced run, so what was found out about a line of a stack is remembered.

import type { Position } from "../toolchain/compiled-module.ts"
import type { ThreadSite } from "./protocol.ts"
import { parseStack, type StackCall } from "./stack.ts"

/** The library's own calls are seldom more; and a deep recursion of the reader's is of no interest. */
const DEPTH = 24
/** A name is given to what a call has returned, by a caller that is not far. */
const MAX_CALLS = 6

/** Knows which calls are in the reader's files. */
export interface Places {
  placeOfCall(call: StackCall): Position | undefined
}

/** Numbers for places. */
export class CallSites {
  readonly #places: Places
  readonly #tell: (site: ThreadSite) => void
  /** By the text of a stack's line. */
  readonly #lines = new Map<string, Position | undefined>()
  readonly #numbers = new Map<string, number>()

  /** `tell` is given every new site, in the order of their numbers, which begin at 0. */
  constructor(places: Places, tell: (site: ThreadSite) => void) {
    this.#places = places
    this.#tell = tell
  }

  /** The number of where we are; `undefined` if none of the reader's code is on the stack, or too deep in it. */
  here(): number | undefined {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = DEPTH
    const { stack } = new Error("here")
    Error.stackTraceLimit = limit
    return typeof stack === "string" ? this.of(stack) : undefined
  }

  /** The number of the place that `stack` tells of. */
  of(stack: string): number | undefined {
    const calls: Position[] = []
    let key = ""
    for (const line of stack.split("\n")) {
      const at = this.#placeOf(line)
      if (at !== undefined) {
        calls.push(at)
        key += `${line}\n`
        if (calls.length === MAX_CALLS) break
      } else if (calls.length > 0) break
    }
    if (calls.length === 0) return undefined
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(key, number)
    this.#tell(calls)
    return number
  }

  #placeOf(line: string): Position | undefined {
    if (this.#lines.has(line)) return this.#lines.get(line)
    // Who awaits us, later, is no caller.
    const [call] = /^\s*(?:at async |async\*)/.test(line) ? [] : parseStack(line)
    const place = call === undefined ? undefined : this.#places.placeOfCall(call)
    this.#lines.set(line, place)
    return place
  }
}
