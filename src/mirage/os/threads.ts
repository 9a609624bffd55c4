// What happened to the promises of a run, in an order, as plain data: for a timeline, as that of Mirage's trace viewer.
//
// Only promises that the reader's own code has made are told of. Those that the library OS makes for itself, for timers of
// TCP say, are a thousand times as many and mean nothing to somebody who has not written them. Whose a promise is, is seen
// on the stack, which whoever runs the program can read and we cannot: hence `where`.

import { Canceled } from "../lwt/errors.ts"
import type { Callback, Cell } from "../lwt/resolution.ts"
import { describe } from "../lwt/show.ts"
import { type Tracer, trace, tracingContextOfNow } from "../lwt/trace.ts"
import type { Instant } from "../signatures/time.ts"

/**
 * Something that happened to the promise `id`, at `time` in simulated ms. Ids count from 0. A `site` is where the program
 * stood, as a number that `where` has given; `by` is the promise whose resolution did it.
 */
export type ThreadEvent =
  /**
   * It was made, pending. It waits for the promises `waitsFor`, and may wait for others that are not known. `context` is what
   * `Lwt.withTracingContext` has said.
   */
  | {
      readonly tag: "made"
      readonly id: number
      readonly time: Instant
      readonly site: number
      readonly waitsFor: readonly number[]
      readonly context?: string
    }
  /** A timer will resolve it. */
  | { readonly tag: "sleeps"; readonly id: number; readonly until: Instant }
  /** It was made by bind, and `inner` by bind's function: they are one promise from now on, and what follows is told of `id`. */
  | { readonly tag: "became"; readonly id: number; readonly inner: number; readonly time: Instant }
  /** Somebody cancels it: those that it waits for are about to be cancelled. */
  | ({ readonly tag: "cancels"; readonly id: number; readonly time: Instant } & Cause)
  | ({ readonly tag: "fulfilled"; readonly id: number; readonly time: Instant } & Cause)
  | ({ readonly tag: "rejected"; readonly id: number; readonly time: Instant; readonly error: string } & Cause)
  | ({ readonly tag: "cancelled"; readonly id: number; readonly time: Instant } & Cause)
  /** There were so many promises that from here on new ones are not told of. */
  | { readonly tag: "cut"; readonly time: Instant }

/** Whose doing it was: a promise's, or that of code which is called by no promise; a timer's if it is neither. */
export interface Cause {
  readonly by?: number
  readonly site?: number
}

/** Promises told of in a run. */
export const MAX_THREADS = 20_000

/** What a recorder needs to know of the run. */
export interface ThreadsHost {
  now(): Instant
  /** Where in the reader's code we are; `undefined` if none of it is on the stack. */
  where(): number | undefined
  event(event: ThreadEvent): void
}

/** Tell `host` what happens to promises, from now until the returned function is called. */
export function watchThreads(host: ThreadsHost, limit: number = MAX_THREADS): () => void {
  const recorder = new Recorder(host, limit)
  trace.by = recorder
  return () => {
    if (trace.by === recorder) trace.by = undefined
  }
}

class Recorder implements Tracer {
  readonly #host: ThreadsHost
  readonly #limit: number
  /** A promise that nobody has any more takes its number with it. */
  readonly #ids = new WeakMap<object, number>()
  #made = 0
  #cut = false
  /** Whose callback is running. */
  #source: Cell | undefined
  /** Somebody has cancelled this one, */
  #root: Cell | undefined
  /** and by that this one is rejected next. */
  #rejected: Cell | undefined

  constructor(host: ThreadsHost, limit: number) {
    this.#host = host
    this.#limit = limit
  }

  made(cell: Cell, waitsFor: unknown): void {
    if (this.#cut) return
    const site = this.#host.where()
    if (site === undefined) return
    const time = this.#host.now()
    if (this.#made === this.#limit) {
      this.#cut = true
      this.#host.event({ tag: "cut", time })
      return
    }
    const id = this.#made++
    this.#ids.set(cell, id)
    const context = tracingContextOfNow()
    const made = { tag: "made", id, time, site, waitsFor: this.#known(waitsFor) } as const
    this.#host.event(context === undefined ? made : { ...made, context })
  }

  became(outer: Cell, inner: Cell): void {
    const id = this.#ids.get(outer)
    const other = this.#ids.get(inner)
    if (other === undefined) return
    // What is told of the inner one from now on is told of the outer, be it one that we did not know.
    if (id === undefined) this.#ids.set(outer, other)
    else this.#host.event({ tag: "became", id, inner: other, time: this.#host.now() })
  }

  settled(cell: Cell, tag: 1 | 2, value: unknown): void {
    const rejected = this.#rejected
    this.#rejected = undefined
    const id = this.#ids.get(cell)
    if (id === undefined) return
    const time = this.#host.now()
    const root = rejected === cell ? this.#root : undefined
    const cause = root === undefined || root === cell ? this.#cause() : this.#causedBy(root)
    if (tag === 1) this.#host.event({ tag: "fulfilled", id, time, ...cause })
    else if (value instanceof Canceled) this.#host.event({ tag: "cancelled", id, time, ...cause })
    else this.#host.event({ tag: "rejected", id, time, error: this.#show(value), ...cause })
  }

  cancels(root: Cell): void {
    this.#root = root
    const id = this.#ids.get(root)
    if (id !== undefined) this.#host.event({ tag: "cancels", id, time: this.#host.now(), ...this.#cause() })
  }

  rejects(cell: Cell): void {
    this.#rejected = cell
  }

  sleeps(p: object, until: Instant): void {
    const id = this.#ids.get(p)
    if (id !== undefined) this.#host.event({ tag: "sleeps", id, until })
  }

  run(callback: Callback, source: Cell): Cell | undefined {
    const before = this.#source
    this.#source = source
    // Callbacks do not throw.
    const next = callback.run(source)
    this.#source = before
    return next
  }

  #causedBy(cell: Cell): Cause {
    const by = this.#ids.get(cell)
    return by === undefined ? {} : { by }
  }

  #cause(): Cause {
    if (this.#source !== undefined) return this.#causedBy(this.#source)
    const site = this.#host.where()
    return site === undefined ? {} : { site }
  }

  /** Those of `waitsFor`, one promise or several, that have a number. */
  #known(waitsFor: unknown): readonly number[] {
    if (typeof waitsFor !== "object" || waitsFor === null) return []
    const all: readonly unknown[] = Array.isArray(waitsFor) ? waitsFor : [waitsFor]
    return all.flatMap((one) => (typeof one === "object" && one !== null ? (this.#ids.get(one) ?? []) : []))
  }

  /** The reader's error may have a getter that throws, and nothing here may. */
  #show(error: unknown): string {
    try {
      return describe(error)
    } catch {
      return "an error that cannot be shown"
    }
  }
}
