// Cancellation. It travels backwards: from a promise to what it waits for, to what that waits for, and so on, until it
// comes to promises made by `task`. Those are rejected, and from there the rejection travels forwards like any other.

import { Canceled } from "./errors.ts"
import { cellOf, copy, pending, settleCanceled, type t, task, wakeup, wakeupExn } from "./promise.ts"
import { Disarmable, Entry } from "./race.ts"
import {
  addCallback,
  PlainCallback,
  type Cell,
  guard,
  type HowToCancel,
  isPending,
  type Owner,
  REJECTED,
  runNow,
  underlying,
} from "./resolution.ts"
import { onAny } from "./sequential.ts"
import { clearStorage, withStorageOfNow } from "./storage.ts"
import { trace } from "./trace.ts"

/** Cancel whatever the pending `p` waits for. Does nothing if that cannot be cancelled, or if `p` is resolved. */
export function cancel(p: t<unknown>): void {
  let cell = cellOf(p, "cancel")
  if (trace.by !== undefined && isPending(cell)) trace.by.cancels(cell)
  // Most wait for one promise only: then it is a walk along a line.
  while (isPending(cell)) {
    const how = cell.value as HowToCancel
    if (how === undefined) return
    if (endsAt(how)) return runNow(settleCanceled(cell))
    if (!("tag" in how)) return cancelSeveral(how)
    cell = underlying(how)
  }
}

/** True if a promise with this is rejected itself. */
function endsAt(how: NonNullable<HowToCancel>): how is "self" | Owner {
  return how === "self" || "forget" in how
}

/**
 * First all are rejected, so that a promise reached on two ways is cancelled once. Then their callbacks run, those of the
 * last one first.
 */
function cancelSeveral(cells: readonly Cell[]): void {
  const cancelled: Cell[] = []
  const toVisit: Cell[] = cells.toReversed()
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    const cell = underlying(next)
    if (!isPending(cell)) continue
    const how = cell.value as HowToCancel
    if (how === undefined) continue
    if (endsAt(how)) cancelled.push(settleCanceled(cell))
    else if ("tag" in how) toVisit.push(how)
    else for (let i = how.length - 1; i >= 0; i--) toVisit.push(how[i]!)
  }
  for (let i = cancelled.length - 1; i >= 0; i--) runNow(cancelled[i]!)
}

class OnCancel extends PlainCallback {
  declare readonly f: (_: undefined) => void

  constructor(f: () => void) {
    super()
    this.f = withStorageOfNow(f)
  }

  override run(): undefined {
    return undefined
  }

  cancelled(): void {
    clearStorage()
    guard(this.f, undefined)
  }
}

/** Call `f` if the pending `p` is cancelled, before all other callbacks; or now, if it was. */
export function onCancel(p: t<unknown>, f: () => void): void {
  const cell = cellOf(p, "onCancel")
  if (isPending(cell)) addCallback(cell, new OnCancel(f))
  else if (cell.tag === REJECTED && cell.value instanceof Canceled) guard(f, undefined)
}

/** A promise that is resolved as `p` is, but can be cancelled without `p` being cancelled. Exported as `protected`. */
export function protected_<A>(p: t<A>): t<A> {
  const cell = cellOf(p, "protected")
  if (!isPending(cell)) return p
  const result = pending<A>("self")
  // When p and the result are cancelled together, p's callbacks may come to run first. The real Lwt crashes then.
  const guarded = new Disarmable([cell], (source) => (isPending(underlying(result)) ? copy(result, source) : undefined))
  guarded.arm()
  addCallback(result, new OnCancel(() => guarded.disarm()))
  return result
}

/** A promise that is resolved as `p` is, and cannot be cancelled. */
export function noCancel<A>(p: t<A>): t<A> {
  const cell = cellOf(p, "noCancel")
  if (!isPending(cell)) return p
  const result = pending<A>(undefined)
  addCallback(cell, new Entry((source) => copy(result, source)))
  return result
}

/**
 * A promise that is resolved as `p` is, and that cancelling rejects at once, even if `p` cannot be cancelled. `p` is told.
 */
export function wrapInCancelable<A>(p: t<A>): t<A> {
  if (!isPending(cellOf(p, "wrapInCancelable"))) return p
  const [result, u] = task<A>()
  onCancel(result, () => cancel(p))
  onAny(
    p,
    (value) => wakeup(u, value),
    (error) => wakeupExn(u, error),
  )
  return result
}
