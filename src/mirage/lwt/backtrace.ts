// bind, catch, finalize and tryBind for tools that rewrite programs: `add` is given each error on its way through, to write
// down where that was. They do nothing else differently.

import { cellOf, fail, return_, type t } from "./promise.ts"
import { FULFILLED, isPending } from "./resolution.ts"
import { bind, catch_, promiseOf, tryBind } from "./sequential.ts"

/** Makes of an error one that says more. */
export type Add = (error: unknown) => unknown

/** `f`, with what it throws added to. */
function adding<X, A>(add: Add, f: (x: X) => t<A>): (x: X) => t<A> {
  return (x) => {
    try {
      return f(x)
    } catch (error) {
      return fail(add(error))
    }
  }
}

/** As `bind`. */
export function backtraceBind<A, B>(add: Add, p: t<A>, f: (value: A) => t<B>): t<B> {
  if (cellOf(p, "backtraceBind").tag === FULFILLED) return bind(p, f)
  return tryBind(
    () => p,
    adding(add, f),
    (error) => fail(add(error)),
  )
}

/** As `catch`. Only an error that is there at once is added to, and what `handler` throws later. */
export function backtraceCatch<A, B = never>(add: Add, thunk: () => t<A>, handler: (error: unknown) => t<B>): t<A | B> {
  const { p, isResolved } = started(thunk, "backtraceCatch")
  return catch_(() => p, isResolved ? (error) => handler(add(error)) : adding(add, handler))
}

/** As `tryBind`. */
export function backtraceTryBind<A, B, C>(
  add: Add,
  thunk: () => t<A>,
  onValue: (value: A) => t<B>,
  onError: (error: unknown) => t<C>,
): t<B | C> {
  const { p, isResolved } = started(thunk, "backtraceTryBind")
  return isResolved
    ? tryBind(
        () => p,
        onValue,
        (error) => onError(add(error)),
      )
    : tryBind(() => p, adding(add, onValue), adding(add, onError))
}

/** As `finalize`. */
export function backtraceFinalize<A>(add: Add, thunk: () => t<A>, cleanup: () => t<void>): t<A> {
  return backtraceTryBind(
    add,
    thunk,
    (value) => bind(cleanup(), () => return_(value)),
    (error) => bind(cleanup(), () => fail(add(error))),
  )
}

/** The promise of `thunk`, and whether it is resolved already. */
function started<A>(thunk: () => t<A>, who: string): { readonly p: t<A>; readonly isResolved: boolean } {
  const p = promiseOf(thunk, who)
  return { p, isResolved: !isPending(cellOf(p, who)) }
}
