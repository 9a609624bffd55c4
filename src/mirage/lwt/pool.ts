// LwtPool: up to n things that are dear to make, such as connections, lent to one thread at a time.

import * as LwtList from "./list.ts"
import * as Lwt from "./lwt.ts"
import * as LwtSequence from "./sequence.ts"
import { abstract } from "./show.ts"

/** How a pool looks after its members. */
export interface Options<A> {
  /** Asked before a member is lent again. `false`: it is disposed of, and a new one made. Default: it is good. */
  readonly validate?: (member: A) => Lwt.t<boolean>
  /** Asked after a thread has failed with the member: is it still good? It must call `isOk`. Default: it is good. */
  readonly check?: (member: A, isOk: (ok: boolean) => void) => void
  /** Called with a member that is not wanted any more. */
  readonly dispose?: (member: A) => Lwt.t<void>
}

class Pool<A> {
  readonly max: number
  readonly make: () => Lwt.t<A>
  readonly validate: (member: A) => Lwt.t<boolean>
  readonly check: (member: A, isOk: (ok: boolean) => void) => void
  readonly disposeOf: (member: A) => Lwt.t<void>
  /** Members made and not disposed of. */
  count = 0
  idle: A[] = []
  readonly waiters: LwtSequence.t<Lwt.u<A>> = LwtSequence.create()
  /** Set when the pool is cleared. Every borrower keeps the one of the time of borrowing. */
  cleared: { yes: boolean } = { yes: false }

  constructor(max: number, make: () => Lwt.t<A>, options: Options<A>) {
    this.max = max
    this.make = make
    this.validate = options.validate ?? (() => Lwt.return(true))
    this.check = options.check ?? ((_, isOk) => isOk(true))
    this.disposeOf = options.dispose ?? (() => Lwt.return())
  }
}

abstract(Pool)

/** A pool of things of type `A`. */
export type t<A> = Pool<A>

/** A pool of at most `n` members, made by `make` when they are first needed. */
export function create<A>(n: number, make: () => Lwt.t<A>, options: Options<A> = {}): t<A> {
  return new Pool(n, make, options)
}

/** Call `f` with a member, which is given back when its promise is resolved. Waits in line while all are lent. */
export function use<A, B>(pool: t<A>, f: (member: A) => Lwt.t<B>): Lwt.t<B> {
  return acquire(pool).bind((member) => {
    const cleared = pool.cleared
    const result = Lwt.catch(
      () => f(member),
      (error) => checkAndRelease(pool, member, cleared.yes).bind(() => Lwt.fail(error)),
    )
    return result.bind(() => {
      if (cleared.yes) return dispose(pool, member).bind(() => result)
      release(pool, member)
      return result
    })
  })
}

/** Dispose of all members: the idle ones now, one after another, those that are lent when they come back. */
export function clear<A>(pool: t<A>): Lwt.t<void> {
  const idle = pool.idle
  pool.idle = []
  pool.cleared.yes = true
  pool.cleared = { yes: false }
  return LwtList.iterS((member) => dispose(pool, member), idle.reverse())
}

/** How many threads are waiting for a member. */
export function waitQueueLength<A>(pool: t<A>): number {
  return LwtSequence.length(pool.waiters)
}

function acquire<A>(pool: t<A>): Lwt.t<A> {
  if (pool.idle.length > 0) return validated(pool, pool.idle.shift()!)
  if (pool.count < pool.max) return newMember(pool)
  return LwtSequence.addTaskR(pool.waiters).bind((member) => validated(pool, member))
}

function newMember<A>(pool: t<A>): Lwt.t<A> {
  // Not in the thunk, which deep in a chain of callbacks is called later: others must not find room meanwhile.
  pool.count++
  return Lwt.catch(
    () => pool.make(),
    (error) => {
      pool.count--
      return Lwt.fail(error)
    },
  )
}

function validated<A>(pool: t<A>, member: A): Lwt.t<A> {
  return Lwt.tryBind(
    () => pool.validate(member),
    (good) => (good ? Lwt.return(member) : dispose(pool, member).bind(() => newMember(pool))),
    (error) =>
      dispose(pool, member).bind(() => {
        replaceDisposed(pool)
        return Lwt.fail(error)
      }),
  )
}

function release<A>(pool: t<A>, member: A): void {
  const waiter = LwtSequence.takeOptL(pool.waiters)
  if (waiter === undefined) pool.idle.push(member)
  else Lwt.wakeupLater(waiter, member)
}

function dispose<A>(pool: t<A>, member: A): Lwt.t<void> {
  return pool.disposeOf(member).bind(() => {
    pool.count--
    return Lwt.return()
  })
}

/** The first in line gets a new member in the place of one that is gone. */
function replaceDisposed<A>(pool: t<A>): void {
  const waiter = LwtSequence.takeOptL(pool.waiters)
  if (waiter === undefined) return
  Lwt.onAny(
    newMember(pool),
    (member) => Lwt.wakeupLater(waiter, member),
    (error) => Lwt.wakeupLaterExn(waiter, error),
  )
}

function checkAndRelease<A>(pool: t<A>, member: A, cleared: boolean): Lwt.t<void> {
  let good = false
  pool.check(member, (ok) => {
    good = ok
  })
  if (cleared || !good) return dispose(pool, member)
  release(pool, member)
  return Lwt.return()
}
