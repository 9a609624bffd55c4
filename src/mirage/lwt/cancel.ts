// Cancellation. It travels backwards: from a promise to what it waits for, to what that waits for, and so on, until it
// comes to promises made by `task`. Those are rejected, and from there the rejection travels forwards like any other.

import { guard } from "./resolution.ts"
import { addCallback, addCancelCallback, type Cell, PENDING, REJECTED, runNow, underlying } from "./resolution.ts"
import { Canceled } from "./errors.ts"
import { cellOf, copy, LwtPromise, settleCanceled, type t, task, wakeup, wakeupExn } from "./promise.ts"
import { Disarmable, Entry } from "./race.ts"
import { onAny } from "./sequential.ts"

/** Cancel whatever the pending `p` waits for. Does nothing if that cannot be cancelled, or if `p` is resolved. */
export function cancel(p: t<unknown>): void {
  const root = cellOf(p, "cancel")
  if (root.tag !== PENDING || root.how === undefined) return
  // First all are rejected, so that a promise reached on two ways is cancelled once. Then their callbacks run, those of
  // the last one first.
  const cancelled: Cell[] = []
  const toVisit: Cell[] = [root]
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    const cell = underlying(next)
    if (cell.tag !== PENDING || cell.how === undefined) continue
    if (cell.how === "self") cancelled.push(settleCanceled(cell))
    else if ("tag" in cell.how) toVisit.push(cell.how)
    else for (let i = cell.how.length - 1; i >= 0; i--) toVisit.push(cell.how[i]!)
  }
  for (let i = cancelled.length - 1; i >= 0; i--) runNow(cancelled[i]!)
}

/** Call `f` if the pending `p` is cancelled, before all other callbacks; or now, if it was. */
export function onCancel(p: t<unknown>, f: () => void): void {
  const cell = cellOf(p, "onCancel")
  if (cell.tag === PENDING) addCancelCallback(cell, f)
  else if (cell.tag === REJECTED && cell.value instanceof Canceled) guard(f, undefined)
}

/** A promise that is resolved as `p` is, but can be cancelled without `p` being cancelled. Exported as `protected`. */
export function protected_<A>(p: t<A>): t<A> {
  const cell = cellOf(p, "protected")
  if (cell.tag !== PENDING) return p
  const result = new LwtPromise<A>(PENDING, undefined, "self")
  // When p and the result are cancelled together, p's callbacks may come to run first. The real Lwt crashes then.
  const guarded = new Disarmable([cell], (source) =>
    underlying(result).tag === PENDING ? copy(result, source) : undefined,
  )
  guarded.arm()
  addCancelCallback(result, () => guarded.disarm())
  return result
}

/** A promise that is resolved as `p` is, and cannot be cancelled. */
export function noCancel<A>(p: t<A>): t<A> {
  const cell = cellOf(p, "noCancel")
  if (cell.tag !== PENDING) return p
  const result = new LwtPromise<A>(PENDING, undefined, undefined)
  addCallback(cell, new Entry((source) => copy(result, source)))
  return result
}

/**
 * A promise that is resolved as `p` is, and that cancelling rejects at once, even if `p` cannot be cancelled. `p` is told.
 */
export function wrapInCancelable<A>(p: t<A>): t<A> {
  if (cellOf(p, "wrapInCancelable").tag !== PENDING) return p
  const [result, u] = task<A>()
  onCancel(result, () => cancel(p))
  onAny(
    p,
    (value) => wakeup(u, value),
    (error) => wakeupExn(u, error),
  )
  return result
}
