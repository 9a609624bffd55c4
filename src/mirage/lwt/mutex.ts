// LwtMutex: locks for threads. Code between two binds cannot be interrupted and needs no lock; a mutex is for what has to
// be left alone while a thread waits.

import { Line } from "./line.ts"
import * as Lwt from "./lwt.ts"
import { abstract } from "./show.ts"

class Mutex {
  locked = false
  readonly waiters: Line<void> = new Line<void>()
  /** {@link unlock} as `finalize` wants it, made once for all who hold it. */
  readonly release = (): Lwt.t<void> => {
    unlock(this)
    return Lwt.returnUnit
  }
}

abstract(Mutex)

/** A mutex. */
export interface t extends Mutex {}

/** A mutex that nobody holds. */
export function create(): t {
  return new Mutex()
}

/** Resolves when the mutex is yours. First come, first served; cancelling leaves the line. */
export function lock(m: t): Lwt.t<void> {
  if (m.locked) return m.waiters.join(undefined)
  m.locked = true
  return Lwt.return()
}

/** Give the mutex to the first in line: it stays locked if there is one. Does nothing if it is not locked. */
export function unlock(m: t): void {
  if (!m.locked) return
  if (m.waiters.isEmpty) m.locked = false
  else m.waiters.serve()
}

export function isLocked(m: t): boolean {
  return m.locked
}

/** True if nobody is waiting. */
export function isEmpty(m: t): boolean {
  return m.waiters.isEmpty
}

/** Lock, run `f`, and unlock when its promise is resolved, however that ends. */
export function withLock<A>(m: t, f: () => Lwt.t<A>): Lwt.t<A> {
  if (m.locked) return m.waiters.join(undefined).bind(() => Lwt.finalize(f, m.release))
  m.locked = true
  return Lwt.finalize(f, m.release)
}
