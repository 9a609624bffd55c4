// A place for somebody who watches: what is made, what becomes of it, and whose doing that was.
//
// Nobody watches as a rule, and then all that this costs is a look at one field. What a watcher keeps, and how it names
// promises, is its own affair: see os/threads.ts. A watcher must not throw, and must not touch promises.

import type { Callback, Cell } from "./resolution.ts"
import { get, type Key, newKey, withValue } from "./storage.ts"

/** Hears of everything that happens to promises. */
export interface Tracer {
  /** A pending promise was made. `waitsFor` is what cancelling it goes on to, which is what it waits for, as far as it is told. */
  made(cell: Cell, waitsFor: unknown): void
  /** What bind returned, `outer`, and what its function returned, `inner`, are one promise from now on. Both are pending. */
  became(outer: Cell, inner: Cell): void
  /** A pending promise is fulfilled or rejected now. */
  settled(cell: Cell, tag: 1 | 2, value: unknown): void
  /** Somebody cancels the pending `root`. */
  cancels(root: Cell): void
  /** By the last `cancels`, `cell` is about to be rejected: `root` itself, or something that it waits for. */
  rejects(cell: Cell): void
  /** A promise that a timer will resolve at `until`, in ms of simulated time. */
  sleeps(p: object, until: number): void
  /** Call `callback.run(source)`, and know meanwhile whose callback is running. */
  run(callback: Callback, source: Cell): Cell | undefined
}

/** Who watches, if anybody does. */
export const trace: { by: Tracer | undefined } = { by: undefined }

/** Tell whoever watches of a pending promise. Whoever makes one asks `trace.by` before. */
export function traceMade(cell: Cell): void {
  trace.by?.made(cell, cell.value)
}

/** Tell whoever watches that `cell` is settled now, as above. */
export function traceSettled(cell: Cell, tag: 1 | 2, value: unknown): void {
  trace.by?.settled(cell, tag, value)
}

const tracingContext: Key<string> = newKey()

/**
 * Call `f`, and tell whoever watches that what it makes, and what callbacks make that are registered in it, is made in the
 * name of `name`: the timeline puts it before the names of these promises. As in Lwt 6.
 */
export function withTracingContext<A>(name: string, f: () => A): A {
  return withValue(tracingContext, name, f)
}

/** In whose name promises are made now, if in anybody's. */
export function tracingContextOfNow(): string | undefined {
  return get(tracingContext)
}
