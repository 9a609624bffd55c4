// Promises with their methods, and what depends on nothing else: making them, resolving them, looking at them.

import { error as failure, ok, type Result } from "../result.ts"
import { canceled, Canceled, Failure, InvalidArgument } from "./errors.ts"
import { handled } from "./exception-filter.ts"
import {
  addCallback,
  become,
  type Callback,
  callLater,
  type Cell,
  enter,
  FULFILLED,
  type HowToCancel,
  isTooDeep,
  leave,
  isPending,
  type Owner,
  PENDING,
  REJECTED,
  runNow,
  runSoon,
  settle,
  underlying,
} from "./resolution.ts"
import { abstract, describe, show } from "./show.ts"
import { clearStorage, withStorageOfNow } from "./storage.ts"
import { trace, traceMade } from "./trace.ts"

/** A promise for a value of type `A`: pending, fulfilled or rejected. OCaml's `'a Lwt.t`. */
export interface t<out A> {
  /** `p.bind(f)` is `bind(p, f)`; OCaml's `p >>= f`. */
  bind<B>(f: (value: A) => t<B>): t<B>
  /** `p.map(f)` is `map(f, p)`; OCaml's `p >|= f`. */
  map<B>(f: (value: A) => B): t<B>
  /** For `yield* p` in {@link LwtDirect.spawn}. */
  [Symbol.iterator](): Iterator<t<unknown>, A, unknown>
}

declare const resolves: unique symbol

/** Resolves the promise that was made with it. OCaml's `'a Lwt.u`, at one time called a wakener. */
export interface u<in A> {
  readonly [resolves]: (value: A) => void
}

/** How a promise stands. */
export type State<A> =
  | { readonly tag: "Return"; readonly value: A }
  | { readonly tag: "Fail"; readonly error: unknown }
  | { readonly tag: "Sleep" }

/**
 * The implementation of {@link t}. Its fields, and those of every class in Lwt that is made often, are only declared and are
 * assigned in the constructor: class fields cost twice as much. A class may extend this one, but nothing that extends it, or
 * V8 calls one constructor after the other where it could write a few words, and bind takes half as long again.
 */
export class LwtPromise<A> implements Cell, t<A> {
  declare tag: number
  declare value: unknown
  declare callbacks: Callback | undefined

  constructor(tag: 0 | 1 | 2, value: unknown) {
    this.tag = tag
    this.value = value
    this.callbacks = undefined
  }

  bind<B>(f: (value: A) => t<B>): t<B> {
    const p = underlying(this)
    // Asked with isPending, bind would take a sixth longer.
    return (p.tag > PENDING ? bindNow(p, f as Handler) : bindPending(p, f as Handler)) as t<B>
  }

  map<B>(f: (value: A) => B): t<B> {
    const p = underlying(this)
    switch (p.tag) {
      case FULFILLED: {
        enter()
        try {
          return return_(f(p.value as A))
        } catch (error) {
          return fail(handled(error))
        } finally {
          leave()
        }
      }
      case REJECTED:
        return this as t<unknown> as t<B>
      default: {
        const result = new MapPromise<B>(p, f as (value: unknown) => B)
        addCallback(p, result)
        return result
      }
    }
  }

  *[Symbol.iterator](): Generator<t<unknown>, A, unknown> {
    return (yield this) as A
  }
}

Object.defineProperty(LwtPromise.prototype, show, {
  /** As the toplevel prints it. `print` is how it prints a value, if it has a better way than ours. */
  value(this: t<unknown>, print: (value: unknown) => string = describe): string {
    const s = state(this)
    switch (s.tag) {
      case "Return":
        return `<Lwt: Return ${print(s.value)}>`
      case "Fail":
        return `<Lwt: Fail ${print(s.error)}>`
      case "Sleep":
        return "<Lwt: Sleep>"
    }
  },
})

/** The implementation of {@link u}. */
class Resolver {
  declare readonly cell: Cell

  constructor(cell: Cell) {
    this.cell = cell
  }
}

abstract(Resolver)

/** A function that makes a promise, its types forgotten. */
export type Handler = (value: unknown) => t<unknown>

/** The cell of a promise that came from outside; anything else is a mistake with a long way to where it shows. */
export function cellOf(p: t<unknown>, who: string): Cell {
  if (p instanceof LwtPromise) return underlying(p)
  throw notPromise(p, who)
}

/** What to throw where `who` was given something else than a promise. */
export function notPromise(p: unknown, who: string): TypeError {
  return new TypeError(`Lwt.${who}: not a promise of Lwt: ${describeStranger(p)}`)
}

/** The same promise, if it is one: what a function that was given to `who` has returned. */
export function promiseFrom<A>(p: t<A>, who: string): t<A> {
  if (p instanceof LwtPromise) return p
  throw notReturned(p, who)
}

function notReturned(p: unknown, who: string): TypeError {
  return new TypeError(`the function given to Lwt.${who} must return a promise of Lwt, not ${describeStranger(p)}`)
}

/**
 * `x`, which is about to be given to `yield*`, if that can go through it. Throws `TypeError` if not: engines do so too, each
 * in words of its own, and none says what was to be there.
 */
export function awaitable<A>(x: A): A {
  const any = x as
    | { readonly [Symbol.iterator]?: unknown; readonly [Symbol.asyncIterator]?: unknown }
    | null
    | undefined
  if (typeof (any?.[Symbol.iterator] ?? any?.[Symbol.asyncIterator]) === "function") return x
  throw new TypeError(`yield* wants a promise of Lwt, not ${describeStranger(x)}`)
}

function describeStranger(x: unknown): string {
  if (x === undefined) return "undefined (is a `return` missing?)"
  const then = typeof x === "object" && x !== null && "then" in x && typeof x.then === "function"
  return then ? "a Promise of JavaScript (see Lwt.ofPromise)" : describe(x)
}

function bindPending(p: Cell, f: Handler): t<unknown> {
  const result = new BindPromise(p, f)
  addCallback(p, result)
  return result
}

/** Bind `p`, which is not pending. */
function bindNow(p: Cell, f: Handler): t<unknown> {
  if (p.tag === REJECTED) return p as LwtPromise<unknown>
  if (isTooDeep()) return bindLater(f, p.value)
  enter()
  try {
    return promiseFrom(f(p.value), "bind")
  } finally {
    leave()
  }
}

/**
 * Call `f(value)` for a promise, and settle `target` with it: the second half of bind. `f` was made by
 * {@link withStorageOfNow}.
 */
export function continueWith(target: Cell, f: Handler, value: unknown): Cell | undefined {
  clearStorage()
  let inner: Cell
  try {
    inner = promiseFrom(f(value), "bind") as t<unknown> as LwtPromise<unknown>
  } catch (error) {
    return settle(underlying(target), REJECTED, handled(error))
  }
  return become(underlying(target), inner)
}

/** Bind a promise that is fulfilled with `value`, from the trampoline. */
function bindLater(f: Handler, value: unknown): t<unknown> {
  const result = new BindPromise<unknown>(undefined, f)
  callLater(result, new LwtPromise(FULFILLED, value))
  return result
}

/** Settle `target` as `source` is. */
export function copy(target: Cell, source: Cell): Cell {
  return settle(underlying(target), source.tag as 1 | 2, source.value)
}

/**
 * A promise of bind, and in one object the callback that settles it. It may live much longer than what it waits for, so
 * when it has been called it forgets all that a callback knows.
 */
class BindPromise<A> extends LwtPromise<A> implements Callback {
  declare next: Callback | undefined
  declare private f: Handler | undefined

  constructor(how: Cell | undefined, f: Handler) {
    super(PENDING, how)
    this.next = undefined
    this.f = withStorageOfNow(f)
    if (trace.by !== undefined) traceMade(this)
  }

  get dead(): boolean {
    return false
  }

  run(source: Cell): Cell | undefined {
    const f = this.f!
    this.f = undefined
    if (source.tag === REJECTED) return copy(this, source)
    return continueWith(this, f, source.value)
  }
}

/** As {@link BindPromise}, for map. */
class MapPromise<A> extends LwtPromise<A> implements Callback {
  declare next: Callback | undefined
  declare private f: ((value: unknown) => A) | undefined

  constructor(how: Cell, f: (value: unknown) => A) {
    super(PENDING, how)
    this.next = undefined
    this.f = withStorageOfNow(f)
    if (trace.by !== undefined) traceMade(this)
  }

  get dead(): boolean {
    return false
  }

  run(source: Cell): Cell {
    const f = this.f!
    this.f = undefined
    if (source.tag === REJECTED) return copy(this, source)
    clearStorage()
    let value: A
    try {
      value = f(source.value)
    } catch (error) {
      return settle(underlying(this), REJECTED, handled(error))
    }
    return settle(underlying(this), FULFILLED, value)
  }
}

/** A promise that is fulfilled with `value` already. Exported as `return`. */
export function return_(): t<void>
export function return_<A>(value: A): t<A>
export function return_(value?: unknown): t<unknown> {
  return new LwtPromise(FULFILLED, value)
}

/** `return()`, made once: for those who call it often. OCaml's `return_unit`. */
export const returnUnit: t<void> = return_()
/** `return(undefined)`, our `None`. */
export const returnNone: t<undefined> = return_(undefined)
/** `return([])`, our empty list. */
export const returnNil: t<readonly []> = return_([] as const)
export const returnTrue: t<true> = return_(true as const)
export const returnFalse: t<false> = return_(false as const)

/** `return(value)`: where OCaml wraps the value in `Some` we have nothing to wrap. */
export function returnSome<A>(value: A): t<A> {
  return return_(value)
}

/** A promise that is fulfilled with a success. */
export function returnOk<A>(value: A): t<Result<A, never>> {
  return return_(ok(value))
}

/** A promise that is fulfilled with a failure. */
export function returnError<E>(error: E): t<Result<never, E>> {
  return return_(failure(error))
}

/** A promise that is rejected with `error` already. */
export function fail(error: unknown): t<never> {
  return new LwtPromise<never>(REJECTED, error)
}

/** Throw `error`. In OCaml, which forgets where an exception came from when it is raised again, this one does not. */
export function reraise(error: unknown): never {
  throw error
}

/** `fail(new Failure(message))`. */
export function failWith(message: string): t<never> {
  return fail(new Failure(message))
}

/** `fail(new InvalidArgument(message))`. */
export function failInvalidArg(message: string): t<never> {
  return fail(new InvalidArgument(message))
}

/** The promise that is resolved with `result` already. */
export function ofResult<A>(result: Result<A, unknown>): t<A> {
  return result.ok ? return_(result.value) : fail(result.error)
}

/** A pending promise. Cancelling it does `how`. */
export function pending<A>(how: HowToCancel): LwtPromise<A> {
  const p = new LwtPromise<A>(PENDING, how)
  if (trace.by !== undefined) traceMade(p)
  return p
}

/** A pending promise, and its resolver. Cancelling it does nothing. */
export function wait<A>(): [t<A>, u<A>] {
  const p = pending<A>(undefined)
  return [p, resolver(p)]
}

/** A pending promise, and its resolver. Cancelling it rejects it with {@link Canceled}. */
export function task<A>(): [t<A>, u<A>] {
  const p = pending<A>("self")
  return [p, resolver(p)]
}

function resolver<A>(cell: Cell): u<A> {
  return new Resolver(cell) as unknown as u<A>
}

/** The promise of a resolver. */
export function waiterOfWakener<A>(u: u<A>): t<A> {
  return (u as unknown as Resolver).cell as LwtPromise<A>
}

/**
 * The cell behind `u` if it is still pending, `undefined` if it was cancelled; otherwise the caller's mistake, with the
 * message that OCaml gives it.
 */
function awaited(u: u<never>, who: string): Cell | undefined {
  if (!(u instanceof Resolver)) throw new TypeError(`Lwt.${who}: not a resolver of Lwt: ${describe(u)}`)
  const cell = underlying(u.cell)
  if (isPending(cell)) return cell
  if (cell.tag === REJECTED && cell.value instanceof Canceled) return undefined
  throw new InvalidArgument(`Lwt.${who}`)
}

/**
 * Fulfil the promise of `u` with `value` and run everything that waits for it, before returning. Does nothing if it was
 * cancelled.
 * @throws InvalidArgument if it is resolved already
 */
export function wakeup(u: u<void>): void
export function wakeup<A>(u: u<A>, value: A): void
export function wakeup(u: u<never>, value?: unknown): void {
  const cell = awaited(u, "wakeup")
  if (cell !== undefined) runNow(settle(cell, FULFILLED, value))
}

/** As {@link wakeup}, but reject it with `error`. */
export function wakeupExn(u: u<never>, error: unknown): void {
  const cell = awaited(u, "wakeup_exn")
  if (cell !== undefined) runNow(settle(cell, REJECTED, error))
}

/** As {@link wakeup} or {@link wakeupExn}, by `result`. */
export function wakeupResult<A>(u: u<A>, result: Result<A, unknown>): void {
  const cell = awaited(u, "wakeup_result")
  if (cell !== undefined) runNow(settleWith(cell, result))
}

/**
 * As {@link wakeup}; but inside a callback, what waits for the promise runs only when all callbacks that are running have
 * ended. The promise is fulfilled at once in any case.
 */
export function wakeupLater(u: u<void>): void
export function wakeupLater<A>(u: u<A>, value: A): void
export function wakeupLater(u: u<never>, value?: unknown): void {
  const cell = awaited(u, "wakeup_later")
  if (cell !== undefined) runSoon(settle(cell, FULFILLED, value))
}

/** As {@link wakeupLater}, but reject it with `error`. */
export function wakeupLaterExn(u: u<never>, error: unknown): void {
  const cell = awaited(u, "wakeup_later_exn")
  if (cell !== undefined) runSoon(settle(cell, REJECTED, error))
}

/** As {@link wakeupLater} or {@link wakeupLaterExn}, by `result`. */
export function wakeupLaterResult<A>(u: u<A>, result: Result<A, unknown>): void {
  const cell = awaited(u, "wakeup_later_result")
  if (cell !== undefined) runSoon(settleWith(cell, result))
}

function settleWith(cell: Cell, result: Result<unknown, unknown>): Cell {
  return result.ok ? settle(cell, FULFILLED, result.value) : settle(cell, REJECTED, result.error)
}

/** How `p` stands. */
export function state<A>(p: t<A>): State<A> {
  const cell = cellOf(p, "state")
  switch (cell.tag) {
    case FULFILLED:
      return { tag: "Return", value: cell.value as A }
    case REJECTED:
      return { tag: "Fail", error: cell.value }
    default:
      return { tag: "Sleep" }
  }
}

/** True while `p` is pending. */
export function isSleeping(p: t<unknown>): boolean {
  return isPending(cellOf(p, "isSleeping"))
}

/** For tests: whether `p` stands as `expected` says, errors being the same object and values the same by `===`. */
export function debugStateIs<A>(expected: State<A>, p: t<A>): t<boolean> {
  const found = state(p)
  if (found.tag === "Return" && expected.tag === "Return") return return_(found.value === expected.value)
  if (found.tag === "Fail" && expected.tag === "Fail") return return_(found.error === expected.error)
  return return_(found.tag === expected.tag)
}

/** The value of `p`; `undefined` while it is pending; throws its error if it was rejected. */
export function poll<A>(p: t<A>): A | undefined {
  const cell = cellOf(p, "poll")
  if (cell.tag === REJECTED) throw cell.value
  return cell.tag === FULFILLED ? (cell.value as A) : undefined
}

/** The rejection that `cancel` makes, of a pending cell at which cancelling ends. */
export function settleCanceled(cell: Cell): Cell {
  if (trace.by !== undefined) trace.by.rejects(cell)
  const how = cell.value as "self" | Owner
  settle(cell, REJECTED, canceled)
  if (how !== "self") how.forget()
  return cell
}
