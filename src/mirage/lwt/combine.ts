// Several promises at once: wait for all of them, or for the first.

import { cancel } from "./cancel.ts"
import { InvalidArgument } from "./errors.ts"
import { cellOf, copy, fail, LwtPromise, pending, return_, type t } from "./promise.ts"
import { Disarmable } from "./race.ts"
import {
  addCallback,
  PlainCallback,
  type Cell,
  FULFILLED,
  isPending,
  REJECTED,
  settle,
  underlying,
} from "./resolution.ts"

/** The type of a promise's value. */
export type Value<P> = P extends t<infer A> ? A : never

/** The types of the values of a tuple, or array, of promises. */
export type Values<Ps> = { -readonly [K in keyof Ps]: Value<Ps[K]> }

/** Some promises, their types kept one by one. */
type Promises = readonly t<unknown>[] | readonly []

/** Waits for all cells of a list, and keeps their values, or the failure that came first. */
class Gathering {
  pending = 0
  failure: Cell | undefined = undefined
  readonly values: unknown[] | undefined
  readonly result: LwtPromise<never>

  /** `values` is where the values go, if they are wanted: an array of the length of `cells`. */
  constructor(cells: readonly Cell[], values: unknown[] | undefined) {
    this.values = values
    this.result = pending<never>(cells)
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!
      if (isPending(cell)) {
        this.pending++
        addCallback(cell, new Member(this, i))
      } else this.take(cell, i)
    }
    if (this.pending === 0) this.finish()
  }

  take(cell: Cell, index: number): void {
    if (cell.tag === REJECTED) this.failure ??= cell
    else if (this.values !== undefined) this.values[index] = cell.value
  }

  finish(): Cell {
    if (this.failure !== undefined) return copy(this.result, this.failure)
    return settle(underlying(this.result), FULFILLED, this.values)
  }
}

class Member extends PlainCallback {
  declare readonly gathering: Gathering
  declare readonly index: number

  constructor(gathering: Gathering, index: number) {
    super()
    this.gathering = gathering
    this.index = index
  }

  override run(source: Cell): Cell | undefined {
    this.gathering.take(source, this.index)
    return --this.gathering.pending === 0 ? this.gathering.finish() : undefined
  }
}

/** Wait for both, even if one fails; then the pair of their values, or the failure that came first. */
export function both<A, B>(p: t<A>, q: t<B>): t<[A, B]> {
  return new Gathering([cellOf(p, "both"), cellOf(q, "both")], [undefined, undefined]).result
}

/** Wait for all, even if some fail; rejected with the failure that came first. */
export function join(ps: readonly t<void>[]): t<void> {
  return new Gathering(cells(ps, "join"), undefined).result
}

/** Wait for all, even if some fail; then their values in the order of `ps`, or the failure that came first. */
export function all<const Ps extends Promises>(ps: Ps): t<Values<Ps>> {
  return new Gathering(cells(ps, "all"), Array.from(ps)).result
}

function cells(ps: readonly t<unknown>[], who: string): Cell[] {
  return ps.map((p) => cellOf(p, who))
}

/** As {@link cells}; an empty list is a mistake, since nothing would ever resolve. */
function competitors(ps: readonly t<unknown>[], who: string): Cell[] {
  if (ps.length === 0) throw new InvalidArgument(`Lwt.${who} [] would return a promise that is pending forever`)
  return cells(ps, who)
}

/** A promise that `f` settles when the first of the pending `cells` has been settled. */
function first<A>(cells: readonly Cell[], f: (result: Cell, source: Cell) => Cell): t<A> {
  const result = pending<A>(cells)
  new Disarmable(cells, (source) => f(result, source)).arm()
  return result
}

/**
 * Resolved as the first of `ps` to be. The others go on. If several are resolved already, a rejected one is preferred, and
 * otherwise it is one of them at random.
 */
export function choose<P extends t<unknown>>(ps: readonly P[]): t<Value<P>> {
  const competing = competitors(ps, "choose")
  if (!competing.some(isResolved)) return first(competing, copy)
  const resolved = preferred(competing)
  return resolved[random(resolved.length)] as LwtPromise<Value<P>>
}

/** As {@link choose}, but the others are cancelled, before the result is resolved. */
export function pick<P extends t<unknown>>(ps: readonly P[]): t<Value<P>> {
  const competing = competitors(ps, "pick")
  if (competing.some(isResolved)) {
    const resolved = preferred(competing)
    return pickResolved(competing, resolved, random(resolved.length)) as t<Value<P>>
  }
  return first(competing, (result, source) => {
    cancelAll(competing)
    return copy(result, source)
  })
}

/** The values of all of `ps` that are fulfilled when the first is. Rejected if one of them is. */
export function nchoose<P extends t<unknown>>(ps: readonly P[]): t<Value<P>[]> {
  const competing = competitors(ps, "nchoose")
  if (competing.some(isResolved)) return promiseOfOutcome(fulfilled<Value<P>>(competing))
  return first(competing, (result) => settleWithOutcome(result, fulfilled(competing)))
}

/** As {@link nchoose}, but the others are cancelled, before the result is resolved. */
export function npick<P extends t<unknown>>(ps: readonly P[]): t<Value<P>[]> {
  const competing = competitors(ps, "npick")
  if (competing.some(isResolved)) {
    const outcome = fulfilled<Value<P>>(competing)
    cancelAll(competing)
    return promiseOfOutcome(outcome)
  }
  return first(competing, (result) => {
    const outcome = fulfilled(competing)
    cancelAll(competing)
    return settleWithOutcome(result, outcome)
  })
}

/** As {@link nchoose}, with the promises that are still pending, both in the order of `ps`. */
export function nchooseSplit<P extends t<unknown>>(ps: readonly P[]): t<[Value<P>[], P[]]> {
  const competing = competitors(ps, "nchoose_split")
  const split = (): Outcome<[Value<P>[], P[]]> => {
    const outcome = fulfilled<Value<P>>(competing)
    if (!outcome.ok) return outcome
    return { ok: true, value: [outcome.value, ps.filter((_, i) => !isResolved(competing[i]!))] }
  }
  if (competing.some(isResolved)) return promiseOfOutcome(split())
  return first(competing, (result) => settleWithOutcome(result, split()))
}

type Outcome<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: unknown }

/** The values of those that are fulfilled, or the error of the first that is rejected. */
function fulfilled<A>(ps: readonly Cell[]): Outcome<A[]> {
  const values: A[] = []
  for (const p of ps) {
    const cell = underlying(p)
    if (cell.tag === REJECTED) return { ok: false, error: cell.value }
    if (cell.tag === FULFILLED) values.push(cell.value as A)
  }
  return { ok: true, value: values }
}

function promiseOfOutcome<A>(outcome: Outcome<A>): t<A> {
  return outcome.ok ? return_(outcome.value) : fail(outcome.error)
}

function settleWithOutcome(result: Cell, outcome: Outcome<unknown>): Cell {
  const cell = underlying(result)
  return outcome.ok ? settle(cell, FULFILLED, outcome.value) : settle(cell, REJECTED, outcome.error)
}

function isResolved(p: Cell): boolean {
  return !isPending(underlying(p))
}

function cancelAll(ps: readonly Cell[]): void {
  for (const p of ps) cancel(p as LwtPromise<unknown>)
}

/** Those that have been resolved; if some of them are rejected, only these. */
function preferred(ps: readonly Cell[]): Cell[] {
  const rejected = ps.filter((p) => p.tag === REJECTED)
  return rejected.length > 0 ? rejected : ps.filter((p) => p.tag === FULFILLED)
}

/**
 * The winner is number `n` of those that are resolved, and the others are cancelled. If none was rejected, the winner is
 * looked for while the pending ones before it are being cancelled, as OCaml does: so when cancelling resolves one of them,
 * the count meets that one too. There is always a winner, since what is resolved stays so.
 */
function pickResolved(ps: readonly Cell[], resolved: readonly Cell[], n: number): t<unknown> {
  let winner: Cell | undefined = resolved[n]!
  if (winner.tag === FULFILLED) winner = undefined
  for (const p of ps) {
    if (winner === undefined && isResolved(p) && n-- === 0) winner = p
    else cancel(p as LwtPromise<unknown>)
  }
  return winner as LwtPromise<unknown>
}

const FIRST_SEED = 0x2545f491
let seed = FIRST_SEED

/** Start the sequence of random choices of {@link choose} and {@link pick} again from `n`: the same `n`, the same run. */
export function seedChoices(n: number): void {
  // Nothing ever comes of zero.
  seed = n ^ FIRST_SEED || FIRST_SEED
}

/** 0..n-1, by Marsaglia's xorshift (13, 17, 5). Fair enough for a short list. Nothing is drawn if there is no choice. */
function random(n: number): number {
  if (n === 1) return 0
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  return Math.floor(((seed >>> 0) / 0x100000000) * n)
}
