// LwtCondition: wait until somebody says that something has happened. Nothing is remembered: a signal without a waiter is
// lost.

import * as Lwt from "./lwt.ts"
import * as LwtMutex from "./mutex.ts"
import * as LwtSequence from "./sequence.ts"
import { abstract } from "./show.ts"

class Condition<in out A> {
  readonly waiters: LwtSequence.t<Lwt.u<A>> = LwtSequence.create()
}

abstract(Condition)

/** A condition that is signalled with a value of type `A`. */
export type t<A> = Condition<A>

/** A condition that nobody waits for. */
export function create<A>(): t<A> {
  return new Condition<A>()
}

/** Wait for the next signal. The mutex, if there is one, is unlocked meanwhile and locked again before this resolves. */
export function wait<A>(c: t<A>, options: { readonly mutex?: LwtMutex.t } = {}): Lwt.t<A> {
  const { mutex } = options
  const waiter = LwtSequence.addTaskR(c.waiters)
  if (mutex === undefined) return Lwt.finalize(() => waiter, Lwt.return)
  LwtMutex.unlock(mutex)
  return Lwt.finalize(
    () => waiter,
    () => LwtMutex.lock(mutex),
  )
}

/** Wake the one who has waited longest. */
export function signal(c: t<void>): void
export function signal<A>(c: t<A>, value: A): void
export function signal<A>(c: t<A>, value?: A): void {
  const u = LwtSequence.takeOptL(c.waiters)
  if (u !== undefined) Lwt.wakeupLater(u, value as A)
}

/** Wake all who are waiting, in the order in which they came. */
export function broadcast(c: t<void>): void
export function broadcast<A>(c: t<A>, value: A): void
export function broadcast<A>(c: t<A>, value?: A): void {
  for (const u of takeAll(c)) Lwt.wakeupLater(u, value as A)
}

/** As {@link broadcast}, but their promises are rejected. */
export function broadcastExn<A>(c: t<A>, error: unknown): void {
  for (const u of takeAll(c)) Lwt.wakeupLaterExn(u, error)
}

function takeAll<A>(c: t<A>): Lwt.u<A>[] {
  const all: Lwt.u<A>[] = []
  for (let u = LwtSequence.takeOptL(c.waiters); u !== undefined; u = LwtSequence.takeOptL(c.waiters)) all.push(u)
  return all
}
