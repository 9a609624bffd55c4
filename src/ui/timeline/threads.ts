// The promises of a run, put together from what the guest tells of them.

import type { ThreadBatch, ThreadEvent, ThreadSite } from "../../sandbox/protocol.ts"

/** When something happened: in simulated milliseconds, and as which of all the things that happened. */
export interface Moment {
  readonly time: number
  readonly step: number
}

/** Whose doing something was. */
export type Because =
  | { readonly tag: "promise"; readonly id: number }
  | { readonly tag: "timer" }
  /** Code that no promise has called. */
  | { readonly tag: "code"; readonly site: ThreadSite }
  /** The main loop, the network, or what else the library has of its own. */
  | { readonly tag: "library" }

/** How a promise was resolved. */
export interface Ending extends Moment {
  readonly how: "fulfilled" | "rejected" | "cancelled"
  readonly because: Because
  readonly error?: string
}

/** A promise of the reader's program. */
export interface Thread {
  readonly id: number
  readonly made: Moment
  /** The calls by which it was made, in generated code. */
  readonly site: ThreadSite
  readonly waitsFor: readonly number[]
  /** In whose name it was made, if the program says so. */
  readonly context: string | undefined
  /** A timer's time. */
  readonly until: number | undefined
  readonly end: Ending | undefined
  /** Somebody has asked it to cancel what it waits for. */
  readonly asked: (Moment & { readonly because: Because }) | undefined
  /** The promise that it has become one with, by bind. */
  readonly sameAs: number | undefined
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Building extends Mutable<Thread> {
  /** Those that have become one with it, in the order of that. */
  chain: number[]
}

type Cause = { readonly by?: number; readonly site?: number }

/** All promises that are known of a run. */
export class Threads {
  #threads: Building[] = []
  #sites: ThreadSite[] = []
  #steps = 0
  #last = 0
  #cut = false
  /** Grows with every change. */
  version = 0

  /** By id. */
  get list(): readonly Thread[] {
    return this.#threads
  }

  /** How many things have happened. */
  get steps(): number {
    return this.#steps
  }

  /** When the last thing happened, in simulated ms. */
  get lastTime(): number {
    return this.#last
  }

  /** There were more promises than are told of. */
  get cut(): boolean {
    return this.#cut
  }

  clear(): void {
    this.#threads = []
    this.#sites = []
    this.#steps = 0
    this.#last = 0
    this.#cut = false
    this.version++
  }

  add({ events, sites }: ThreadBatch): void {
    this.#sites.push(...sites)
    for (const event of events) this.#happened(event)
    this.version++
  }

  #happened(event: ThreadEvent): void {
    if (event.tag === "cut") {
      this.#cut = true
      return
    }
    if (event.tag === "made") {
      const { id, waitsFor, context } = event
      const site = this.#sites[event.site] ?? []
      const rest = { until: undefined, end: undefined, asked: undefined, sameAs: undefined, chain: [] }
      this.#threads[id] = { id, made: this.#moment(event.time), site, waitsFor, context, ...rest }
      return
    }
    const thread = this.#threads[event.id]
    if (thread === undefined) return
    switch (event.tag) {
      case "sleeps":
        thread.until = event.until
        return
      case "became":
        return this.#became(thread, this.#threads[event.inner])
      case "cancels":
        thread.asked = { ...this.#moment(event.time), because: this.#because(thread, event) }
        return
      default:
        this.#ended(thread, event)
    }
  }

  #became(outer: Building, inner: Building | undefined): void {
    if (inner === undefined || inner === outer) return
    inner.sameAs = outer.id
    // What inner had become one with is in the same boat.
    const { chain } = inner
    inner.chain = []
    if (outer.chain.length === 0 && chain.length > 0) {
      chain.unshift(inner.id)
      outer.chain = chain
    } else {
      outer.chain.push(inner.id)
      for (const id of chain) outer.chain.push(id)
    }
  }

  /**
   * The promise that bind has made is resolved by the one that its function has made, and that one perhaps by the next. So
   * the last of them has the cause that we were told, and each of the others the one after it.
   */
  #ended(thread: Building, event: Extract<ThreadEvent, { tag: "fulfilled" | "rejected" | "cancelled" }>): void {
    const moment = this.#moment(event.time)
    const error = event.tag === "rejected" ? { error: event.error } : {}
    let before = thread
    for (const id of thread.chain) {
      before.end = { ...moment, how: event.tag, because: { tag: "promise", id }, ...error }
      before = this.#threads[id]!
    }
    before.end = { ...moment, how: event.tag, because: this.#because(before, event), ...error }
    thread.chain = []
  }

  #because(thread: Building, { by, site }: Cause): Because {
    if (by !== undefined) return { tag: "promise", id: by }
    if (site !== undefined) return { tag: "code", site: this.#sites[site] ?? [] }
    return thread.until === undefined ? { tag: "library" } : { tag: "timer" }
  }

  #moment(time: number): Moment {
    this.#last = Math.max(this.#last, time)
    return { time, step: this.#steps++ }
  }
}
