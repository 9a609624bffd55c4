// LwtSeq: lazy lists whose next element may have to be waited for. Nothing is remembered: whoever walks a list twice has its
// elements made twice, unless what makes them remembers. (LwtStream is for elements that come once.)

import * as Lwt from "./lwt.ts"

/** A list, not yet looked at: call it to have its first element and the rest, or `undefined` at the end. */
export type t<A> = () => Lwt.t<node<A>>

/** A list that has been looked at. */
export type node<A> = { readonly head: A; readonly tail: t<A> } | undefined

const end: Lwt.t<undefined> = Lwt.returnNone

/** Look at a list. What it throws rejects the promise; OCaml does so only for the first look of a walk. */
function look<A>(s: t<A>): Lwt.t<node<A>> {
  return Lwt.apply(s, undefined)
}

/** The list of nothing. */
export const empty: t<never> = () => end

function return_<A>(x: A): t<A> {
  return cons(x, empty)
}

export { return_ as return }

/** The value of `p`. */
export function returnLwt<A>(p: Lwt.t<A>): t<A> {
  return consLwt(p, empty)
}

/** `x`, then the others. */
export function cons<A>(x: A, tail: t<A>): t<A> {
  return () => Lwt.return({ head: x, tail })
}

/** The value of `p`, then the others. */
export function consLwt<A>(p: Lwt.t<A>, tail: t<A>): t<A> {
  return () => p.map((head) => ({ head, tail }))
}

/** The elements of `first`, then those of `second`. */
export function append<A>(first: t<A>, second: t<A>): t<A> {
  return () => look(first).bind((n) => (n === undefined ? second() : cons(n.head, append(n.tail, second))()))
}

/** What `f` makes of each. */
export function map<A, B>(f: (x: A) => B, s: t<A>): t<B> {
  return () => look(s).map((n) => n && { head: f(n.head), tail: map(f, n.tail) })
}

export function mapS<A, B>(f: (x: A) => Lwt.t<B>, s: t<A>): t<B> {
  return () => look(s).bind((n) => (n === undefined ? end : consLwt(f(n.head), mapS(f, n.tail))()))
}

/** Those that `f` wants. */
export function filter<A>(f: (x: A) => boolean, s: t<A>): t<A> {
  return filterS((x) => Lwt.return(f(x)), s)
}

export function filterS<A>(f: (x: A) => Lwt.t<boolean>, s: t<A>): t<A> {
  return select((head) => f(head).map((wanted) => (wanted ? { head } : undefined)), s)
}

/** The results of `f` that are not `undefined`. */
export function filterMap<A, B>(f: (x: A) => B | undefined, s: t<A>): t<B> {
  return filterMapS((x) => Lwt.return(f(x)), s)
}

export function filterMapS<A, B>(f: (x: A) => Lwt.t<B | undefined>, s: t<A>): t<B> {
  return select((x) => f(x).map((head) => (head === undefined ? undefined : { head })), s)
}

/** What `f` makes of each, where it makes something: in an object, since an element may be undefined. */
function select<A, B>(f: (x: A) => Lwt.t<{ readonly head: B } | undefined>, s: t<A>): t<B> {
  const next = (s: t<A>): Lwt.t<node<B>> =>
    look(s).bind((n) =>
      n === undefined
        ? end
        : f(n.head).bind((y) =>
            y === undefined ? next(n.tail) : Lwt.return({ head: y.head, tail: select(f, n.tail) }),
          ),
    )
  return () => next(s)
}

/** The elements of the lists that `f` makes. */
export function flatMap<A, B>(f: (x: A) => t<B>, s: t<A>): t<B> {
  return () => look(s).bind((n) => (n === undefined ? end : append(f(n.head), flatMap(f, n.tail))()))
}

/** `f(… f(f(acc, x_1), x_2) …, x_n)`. */
export function foldLeft<A, B>(f: (acc: B, x: A) => B, acc: B, s: t<A>): Lwt.t<B> {
  return foldLeftS((b, x) => Lwt.return(f(b, x)), acc, s)
}

export function foldLeftS<A, B>(f: (acc: B, x: A) => Lwt.t<B>, acc: B, s: t<A>): Lwt.t<B> {
  return look(s).bind((n) => (n === undefined ? Lwt.return(acc) : f(acc, n.head).bind((b) => foldLeftS(f, b, n.tail))))
}

/** Call `f` with each element. */
export function iter<A>(f: (x: A) => void, s: t<A>): Lwt.t<void> {
  return foldLeft((_: void, x: A) => f(x), undefined, s)
}

/** Call `f` with each element, waiting for each. */
export function iterS<A>(f: (x: A) => Lwt.t<void>, s: t<A>): Lwt.t<void> {
  return foldLeftS((_: void, x: A) => f(x), undefined, s)
}

/** Call `f` with each element as soon as it is there, then wait for all. */
export function iterP<A>(f: (x: A) => Lwt.t<void>, s: t<A>): Lwt.t<void> {
  const started: Lwt.t<void>[] = []
  const start = (x: A): void => {
    started.push(Lwt.apply(f, x))
  }
  // The last first, as OCaml's list has them.
  return iter(start, s).bind(() => Lwt.join(started.reverse()))
}

/** As {@link iterP}, but at most `maxConcurrency` (1) at the same time. */
export function iterN<A>(
  f: (x: A) => Lwt.t<void>,
  s: t<A>,
  options: { readonly maxConcurrency?: number } = {},
): Lwt.t<void> {
  const max = options.maxConcurrency ?? 1
  if (max <= 0) throw new Lwt.InvalidArgument(`LwtSeq.iterN: maxConcurrency must be > 0, ${max} given`)
  const loop = (running: Lwt.t<void>[], s: t<A>): Lwt.t<void> => {
    const room = running.length < max ? Lwt.return(running) : Lwt.nchooseSplit(running).map(([, pending]) => pending)
    return room.bind((pending) =>
      look(s).bind((n) => (n === undefined ? Lwt.join(pending) : loop([f(n.head), ...pending], n.tail))),
    )
  }
  return loop([], s)
}

/** The elements that `f` makes of one state after another, until it gives `undefined`. */
export function unfold<S, A>(f: (state: S) => readonly [A, S] | undefined, state: S): t<A> {
  return unfoldLwt((s) => Lwt.wrap(f, s), state)
}

export function unfoldLwt<S, A>(f: (state: S) => Lwt.t<readonly [A, S] | undefined>, state: S): t<A> {
  return () => Lwt.apply(f, state).map((step) => step && { head: step[0], tail: unfoldLwt(f, step[1]) })
}

/** All elements. Does not end if the list does not. */
export function toList<A>(s: t<A>): Lwt.t<A[]> {
  const list: A[] = []
  return iter((x) => {
    list.push(x)
  }, s).map(() => list)
}

/** The elements of an array. */
export function ofList<A>(l: readonly A[]): t<A> {
  return unfold((i) => (i < l.length ? ([l[i]!, i + 1] as const) : undefined), 0)
}

/** The elements of an iterable. It is walked once; what was taken from it is remembered, also that it threw. */
export function ofSeq<A>(elements: Iterable<A>): t<A> {
  return ofSeqLwt(
    (function* () {
      for (const x of elements) yield Lwt.return(x)
    })(),
  )
}

/** The values of the promises of an iterable, which is walked once. */
export function ofSeqLwt<A>(elements: Iterable<Lwt.t<A>>): t<A> {
  const iterator = elements[Symbol.iterator]()
  const take = (): Lwt.t<node<A>> => {
    const step = iterator.next()
    return step.done ? end : step.value.map((head) => ({ head, tail: rest() }))
  }
  const rest = (): t<A> => {
    let first: Lwt.t<node<A>> | undefined
    return () => {
      if (first !== undefined) return first
      first = Lwt.apply(take, undefined)
      return first
    }
  }
  return rest()
}
