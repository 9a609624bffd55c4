// LwtResult: promises of results. A failure that is expected is a value; rejection is left to bugs and cancellation.

import { error as err, ok as success, type Result } from "../result.ts"
import * as Lwt from "./lwt.ts"

/** A promise of a result. */
export type t<A, E> = Lwt.t<Result<A, E>>

function return_<A>(value: A): t<A, never> {
  return Lwt.return(success(value))
}

function catch_<A>(p: Lwt.t<A>): t<A, unknown> {
  return Lwt.catch((): t<A, unknown> => ok(p), fail)
}

export { catch_ as catch, return_ as return }

/** The failure `error`. */
export function fail<E>(error: E): t<never, E> {
  return Lwt.return(err(error))
}

/** A promise of `result`. */
export function lift<A, E>(result: Result<A, E>): t<A, E> {
  return Lwt.return(result)
}

/** The value of `p` as a success. */
export function ok<A>(p: Lwt.t<A>): t<A, never> {
  return p.map(success)
}

/** The value of `p` as a failure. */
export function error<E>(p: Lwt.t<E>): t<never, E> {
  return p.map(err)
}

/** A rejection in the place of a failure. */
export function getExn<A>(p: t<A, unknown>): Lwt.t<A> {
  return p.bind((r) => (r.ok ? Lwt.return(r.value) : Lwt.fail(r.error)))
}

export function map<A, B, E>(f: (value: A) => B, p: t<A, E>): t<B, E> {
  return p.map((r) => (r.ok ? success(f(r.value)) : r))
}

export function mapError<A, E, F>(f: (error: E) => F, p: t<A, E>): t<A, F> {
  return p.map((r) => (r.ok ? r : err(f(r.error))))
}

/** Go on with the value of a success; a failure stays as it is. */
export function bind<A, B, E, F = E>(p: t<A, E>, f: (value: A) => t<B, F>): t<B, E | F> {
  return p.bind((r): t<B, E | F> => (r.ok ? f(r.value) : Lwt.return(r)))
}

/** Go on with the reason of a failure; a success stays as it is. */
export function bindError<A, B, E, F>(p: t<A, E>, f: (error: E) => t<B, F>): t<A | B, F> {
  return p.bind((r): t<A | B, F> => (r.ok ? Lwt.return(r) : f(r.error)))
}

export function bindLwt<A, B, E>(p: t<A, E>, f: (value: A) => Lwt.t<B>): t<B, E> {
  return p.bind((r): t<B, E> => (r.ok ? ok(f(r.value)) : Lwt.return(r)))
}

export function bindLwtError<A, E, F>(p: t<A, E>, f: (error: E) => Lwt.t<F>): t<A, F> {
  return p.bind((r): t<A, F> => (r.ok ? Lwt.return(r) : error(f(r.error))))
}

export function bindResult<A, B, E, F = E>(p: t<A, E>, f: (value: A) => Result<B, F>): t<B, E | F> {
  return p.map((r): Result<B, E | F> => (r.ok ? f(r.value) : r))
}

/** Both values, or the failure that came first. */
export function both<A, B, E>(p: t<A, E>, q: t<B, E>): t<[A, B], E> {
  let first: Result<never, E> | undefined
  const note = <C>(r: Result<C, E>): Result<C, E> => {
    if (!r.ok) first ??= r
    return r
  }
  return Lwt.both(p.map(note), q.map(note)).map(([a, b]): Result<[A, B], E> => {
    if (a.ok && b.ok) return success([a.value, b.value])
    return first!
  })
}

/** Call `f` with the value of a success. */
export function iter<A>(f: (value: A) => Lwt.t<void>, p: t<A, unknown>): Lwt.t<void> {
  return p.bind((r) => (r.ok ? f(r.value) : Lwt.return()))
}

/** Call `f` with the reason of a failure. */
export function iterError<E>(f: (error: E) => Lwt.t<void>, p: t<unknown, E>): Lwt.t<void> {
  return p.bind((r) => (r.ok ? Lwt.return() : f(r.error)))
}
