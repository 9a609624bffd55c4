// One promise after another: bind and map as functions, exceptions, and callbacks that only watch.

import { handled } from "./exception-filter.ts"
import {
  addCallback,
  become,
  PlainCallback,
  callLater,
  type Cell,
  contain,
  callHook,
  enter,
  FULFILLED,
  guard,
  isTooDeep,
  isTooDeepForThunk,
  leave,
  isPending,
  REJECTED,
  settle,
  underlying,
} from "./resolution.ts"
import {
  cellOf,
  continueWith,
  copy,
  fail,
  type Handler,
  LwtPromise,
  notPromise,
  pending,
  promiseFrom,
  return_,
  type t,
} from "./promise.ts"
import { clearStorage, withStorageOfNow } from "./storage.ts"

/**
 * The promise that `f` makes from the value of `p`. If `p` is fulfilled already, `f` is called now, and what it throws is
 * thrown; otherwise it is called when `p` is fulfilled, and what it throws rejects the result. If `p` is rejected so is
 * the result.
 */
export function bind<A, B>(p: t<A>, f: (value: A) => t<B>): t<B> {
  if (p instanceof LwtPromise) return p.bind(f)
  throw notPromise(p, "bind")
}

/** A promise for `f` of the value of `p`. What `f` throws rejects it, whenever it is called. */
export function map<A, B>(f: (value: A) => B, p: t<A>): t<B> {
  if (p instanceof LwtPromise) return p.map(f)
  throw notPromise(p, "map")
}

/** The promise that `thunk` makes, or a rejected one if it throws. */
export function promiseOf<A>(thunk: () => t<A>, who: string): t<A> {
  if (isTooDeepForThunk()) {
    const result = pending<A>(undefined)
    callLater(new TryBind(thunk as Handler, fail, result), new LwtPromise(FULFILLED, undefined))
    return result
  }
  enter()
  try {
    return promiseFrom(thunk(), who)
  } catch (error) {
    return fail(handled(error))
  } finally {
    leave()
  }
}

/**
 * The promise of `thunk` if that is fulfilled, and the promise that `handler` makes from its error if it is rejected, or
 * if `thunk` throws. Exported as `catch`.
 */
export function catch_<A, B = never>(thunk: () => t<A>, handler: (error: unknown) => t<B>): t<A | B> {
  const p = promiseOf(thunk, "catch")
  const cell = cellOf(p, "catch")
  switch (cell.tag) {
    case FULFILLED:
      return p
    case REJECTED:
      return callNow(handler as Handler, REJECTED, cell.value, "catch") as t<B>
    default:
      return whenResolved<A | B>(cell, undefined, handler as Handler)
  }
}

/** {@link bind} and {@link catch_} in one: an error of `onValue` does not reach `onError`. */
export function tryBind<A, B, C>(
  thunk: () => t<A>,
  onValue: (value: A) => t<B>,
  onError: (error: unknown) => t<C>,
): t<B | C> {
  const cell = cellOf(promiseOf(thunk, "tryBind"), "tryBind")
  switch (cell.tag) {
    case FULFILLED:
      return callNow(onValue as Handler, FULFILLED, cell.value, "tryBind") as t<B>
    case REJECTED:
      return callNow(onError as Handler, REJECTED, cell.value, "tryBind") as t<C>
    default:
      return whenResolved<B | C>(cell, onValue as Handler, onError as Handler)
  }
}

/**
 * The promise of `thunk`, but not before that of `cleanup`, which is called once, however the first ends. If the cleanup
 * fails, its error is the result.
 */
export function finalize<A>(thunk: () => t<A>, cleanup: () => t<void>): t<A> {
  const p = promiseOf(thunk, "finalize")
  const cell = cellOf(p, "finalize")
  if (isPending(cell)) {
    const result = pending<A>(cell)
    addCallback(cell, new Finalize(cleanup, result))
    return result
  }
  const cleaned = callNow(cleanup as Handler, FULFILLED, undefined, "finalize")
  return cellOf(cleaned, "finalize").tag === FULFILLED ? p : bind(cleaned, () => p)
}

function callNow(f: Handler, tag: 1 | 2, value: unknown, who: string): t<unknown> {
  if (isTooDeep()) {
    const result = pending<unknown>(undefined)
    callLater(new TryBind(f, f, result), new LwtPromise(tag, value))
    return result
  }
  enter()
  try {
    return promiseFrom(f(value), who)
  } finally {
    leave()
  }
}

function whenResolved<A>(cell: Cell, onValue: Handler | undefined, onError: Handler): t<A> {
  const result = pending<A>(cell)
  addCallback(cell, new TryBind(onValue, onError, result))
  return result
}

class TryBind extends PlainCallback {
  declare readonly onValue: Handler | undefined
  declare readonly onError: Handler
  declare readonly target: Cell

  constructor(onValue: Handler | undefined, onError: Handler, target: Cell) {
    super()
    this.onValue = onValue && withStorageOfNow(onValue)
    this.onError = withStorageOfNow(onError)
    this.target = target
  }

  override run(source: Cell): Cell | undefined {
    const f = source.tag === REJECTED ? this.onError : this.onValue
    if (f === undefined) return copy(this.target, source)
    return continueWith(this.target, f, source.value)
  }
}

class Finalize extends PlainCallback {
  declare readonly cleanup: (_: undefined) => t<unknown>
  declare readonly target: Cell

  constructor(cleanup: () => t<unknown>, target: Cell) {
    super()
    this.cleanup = withStorageOfNow(cleanup)
    this.target = target
  }

  override run(source: Cell): Cell | undefined {
    clearStorage()
    let cleaned: t<unknown>
    try {
      cleaned = this.cleanup(undefined)
      if (cellOf(cleaned, "finalize").tag === FULFILLED) return copy(this.target, source)
      cleaned = bind(cleaned, () => source as LwtPromise<unknown>)
    } catch (error) {
      return settle(underlying(this.target), REJECTED, handled(error))
    }
    return become(underlying(this.target), cleaned as LwtPromise<unknown>)
  }
}

/** A callback that watches and settles nothing. `protect` says where its exceptions go. */
class Watch extends PlainCallback {
  declare readonly onValue: ((value: never) => void) | undefined
  declare readonly onError: ((error: unknown) => void) | undefined

  constructor(onValue: ((value: never) => void) | undefined, onError: ((error: unknown) => void) | undefined) {
    super()
    this.onValue = onValue && withStorageOfNow(onValue)
    this.onError = onError && withStorageOfNow(onError)
  }

  override run(source: Cell): undefined {
    const f = source.tag === REJECTED ? this.onError : (this.onValue as ((value: unknown) => void) | undefined)
    if (f === undefined) return
    clearStorage()
    guard(f, source.value)
  }
}

const ignore = (): void => {}

function watch<A>(
  p: t<A>,
  onValue: ((value: A) => void) | undefined,
  onError: ((error: unknown) => void) | undefined,
  who: string,
): void {
  const cell = cellOf(p, who)
  if (isPending(cell)) addCallback(cell, new Watch(onValue, onError))
  else if (cell.tag === REJECTED) guard(onError ?? ignore, cell.value)
  else guard(onValue ?? ignore, cell.value as A)
}

/** Call `f` with the value of `p`, now or when it is fulfilled. What `f` throws goes to the {@link asyncExceptionHook}. */
export function onSuccess<A>(p: t<A>, f: (value: A) => void): void {
  watch(p, f, undefined, "onSuccess")
}

/** Call `f` with the error of `p`, now or when it is rejected. */
export function onFailure(p: t<unknown>, f: (error: unknown) => void): void {
  watch(p, undefined, f, "onFailure")
}

/** Call `f` when `p` is resolved, or now if it is. */
export function onTermination(p: t<unknown>, f: () => void): void {
  watch(
    p,
    () => f(),
    () => f(),
    "onTermination",
  )
}

/** {@link onSuccess} and {@link onFailure} in one. */
export function onAny<A>(p: t<A>, f: (value: A) => void, g: (error: unknown) => void): void {
  watch(p, f, g, "onAny")
}

/** A callback of {@link dontWait}: its handler is not one of the reader's promises' callbacks, so no storage is put back. */
class Complain extends PlainCallback {
  declare readonly handler: (error: unknown) => void

  constructor(handler: (error: unknown) => void) {
    super()
    this.handler = handler
  }

  override run(source: Cell): undefined {
    if (source.tag === REJECTED) contain(this.handler, source.value)
  }
}

/** Start `thunk` and do not wait for it. If it fails, now or later, `handler` gets the error. */
export function dontWait(thunk: () => t<unknown>, handler: (error: unknown) => void): void {
  const cell = cellOf(promiseOf(thunk, "dontWait"), "dontWait")
  if (cell.tag === REJECTED) handler(cell.value)
  else if (isPending(cell)) addCallback(cell, new Complain(handler))
}

/** Start `thunk` and do not wait for it. If it fails, now or later, the {@link asyncExceptionHook} gets the error. */
export function async(thunk: () => t<unknown>): void {
  dontWait(thunk, callHook)
}

/** Do not wait for `p`. Throws its error if it is rejected already; a later one goes to the {@link asyncExceptionHook}. */
export function ignoreResult(p: t<unknown>): void {
  const cell = cellOf(p, "ignoreResult")
  if (cell.tag === REJECTED) throw cell.value
  if (isPending(cell)) addCallback(cell, new Complain(callHook))
}

/** `f(x)`, but what it throws rejects the promise. */
export function apply<A, B>(f: (x: A) => t<B>, x: A): t<B> {
  return promiseOf(() => f(x), "apply")
}

/** A promise for `f()`; what it throws rejects it. OCaml's `wrap`, and with more arguments `wrap1` to `wrap7`. */
export function wrap<X extends readonly unknown[], A>(f: (...xs: X) => A, ...xs: X): t<A> {
  try {
    return return_(f(...xs))
  } catch (error) {
    return fail(handled(error))
  }
}
