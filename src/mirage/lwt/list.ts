// LwtList: the functions of a list whose function argument makes promises. Those with S take one element after another;
// those with P start with all of them, in order, and then wait.

import * as Lwt from "./lwt.ts"

/** A function for one element; also told its place. */
type Each<A, B> = (x: A, i: number) => Lwt.t<B>

/** Go through `l` one by one. `next` is told each result, and ends the walk by returning something. */
function walk<A, B, R>(
  l: readonly A[],
  f: Each<A, B>,
  next: (b: B, x: A) => { result: R } | void,
  end: () => R,
): Lwt.t<R> {
  const from = (i: number): Lwt.t<R> => {
    if (i >= l.length) return Lwt.return(end())
    const x = l[i]!
    return call(f, x, i).bind((b) => {
      const found = next(b, x)
      return found ? Lwt.return(found.result) : from(i + 1)
    })
  }
  return from(0)
}

function call<A, B>(f: Each<A, B>, x: A, i: number): Lwt.t<B> {
  return Lwt.apply(() => f(x, i), undefined)
}

/** Start all in order; the promises last first, which is the order in which Lwt waits for them. */
function start<A, B>(l: readonly A[], f: Each<A, B>): Lwt.t<B>[] {
  return l.map((x, i) => call(f, x, i)).reverse()
}

/** Wait for the promises, the last first. */
function collect<B>(reversed: readonly Lwt.t<B>[]): Lwt.t<B[]> {
  const results: B[] = []
  const from = (i: number): Lwt.t<B[]> => {
    if (i >= reversed.length) return Lwt.return(results.reverse())
    return reversed[i]!.bind((b) => {
      results.push(b)
      return from(i + 1)
    })
  }
  return from(0)
}

const once =
  <A, B>(f: (x: A) => Lwt.t<B>): Each<A, B> =>
  (x) =>
    f(x)
const numbered =
  <A, B>(f: (i: number, x: A) => Lwt.t<B>): Each<A, B> =>
  (x, i) =>
    f(i, x)
const nothing = (): void => {}

/** Call `f` with each element, waiting for each. */
export function iterS<A>(f: (x: A) => Lwt.t<void>, l: readonly A[]): Lwt.t<void> {
  return walk(l, once(f), nothing, nothing)
}

/** Call `f` with each element, then wait for all. */
export function iterP<A>(f: (x: A) => Lwt.t<void>, l: readonly A[]): Lwt.t<void> {
  return Lwt.join(start(l, once(f)))
}

export function iteriS<A>(f: (i: number, x: A) => Lwt.t<void>, l: readonly A[]): Lwt.t<void> {
  return walk(l, numbered(f), nothing, nothing)
}

export function iteriP<A>(f: (i: number, x: A) => Lwt.t<void>, l: readonly A[]): Lwt.t<void> {
  return Lwt.join(start(l, numbered(f)))
}

/** The results of `f`, made one after another. */
export function mapS<A, B>(f: (x: A) => Lwt.t<B>, l: readonly A[]): Lwt.t<B[]> {
  return mapEach(l, once(f))
}

/** The results of `f`, made at the same time. */
export function mapP<A, B>(f: (x: A) => Lwt.t<B>, l: readonly A[]): Lwt.t<B[]> {
  return collect(start(l, once(f)))
}

export function mapiS<A, B>(f: (i: number, x: A) => Lwt.t<B>, l: readonly A[]): Lwt.t<B[]> {
  return mapEach(l, numbered(f))
}

export function mapiP<A, B>(f: (i: number, x: A) => Lwt.t<B>, l: readonly A[]): Lwt.t<B[]> {
  return collect(start(l, numbered(f)))
}

export function revMapS<A, B>(f: (x: A) => Lwt.t<B>, l: readonly A[]): Lwt.t<B[]> {
  return mapS(f, l).map((results) => results.reverse())
}

export function revMapP<A, B>(f: (x: A) => Lwt.t<B>, l: readonly A[]): Lwt.t<B[]> {
  return mapP(f, l).map((results) => results.reverse())
}

function mapEach<A, B>(l: readonly A[], f: Each<A, B>): Lwt.t<B[]> {
  const results: B[] = []
  return walk(
    l,
    f,
    (b) => {
      results.push(b)
    },
    () => results,
  )
}

/** `f(… f(f(acc, x_1), x_2) …, x_n)`. */
export function foldLeftS<A, B>(f: (acc: A, x: B) => Lwt.t<A>, acc: A, l: readonly B[]): Lwt.t<A> {
  return walk(
    l,
    (x) => f(acc, x),
    (next) => {
      acc = next
    },
    () => acc,
  )
}

/** `f(x_1, f(x_2, … f(x_n, acc) …))`. */
export function foldRightS<A, B>(f: (x: A, acc: B) => Lwt.t<B>, l: readonly A[], acc: B): Lwt.t<B> {
  return foldLeftS((a: B, x: A) => f(x, a), acc, l.toReversed())
}

/** Are all as `f` wants them? Stops at the first that is not. */
export function forAllS<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<boolean> {
  return walk<A, boolean, boolean>(
    l,
    once(f),
    (yes) => (yes ? undefined : { result: false }),
    () => true,
  )
}

export function forAllP<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<boolean> {
  return mapP(f, l).map((answers) => answers.every(Boolean))
}

/** Is one as `f` wants it? Stops at the first that is. */
export function existsS<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<boolean> {
  return walk<A, boolean, boolean>(
    l,
    once(f),
    (yes) => (yes ? { result: true } : undefined),
    () => false,
  )
}

export function existsP<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<boolean> {
  return mapP(f, l).map((answers) => answers.some(Boolean))
}

/** The first that `f` wants. Rejected with {@link Lwt.NotFound} if there is none. */
export function findS<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<A> {
  return walk<A, boolean, { found: A } | undefined>(
    l,
    once(f),
    (yes, x) => (yes ? { result: { found: x } } : undefined),
    () => undefined,
  ).bind((r) => (r === undefined ? Lwt.fail(new Lwt.NotFound("LwtList.findS")) : Lwt.return(r.found)))
}

/** Those that `f` wants, asked one after another. */
export function filterS<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<A[]> {
  return mapS(f, l).map((answers) => l.filter((_, i) => answers[i]))
}

/** Those that `f` wants, asked at the same time. */
export function filterP<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<A[]> {
  return mapP(f, l).map((answers) => l.filter((_, i) => answers[i]))
}

/** The results of `f` that are not `undefined`. */
export function filterMapS<A, B>(f: (x: A) => Lwt.t<B | undefined>, l: readonly A[]): Lwt.t<B[]> {
  return mapS(f, l).map((results) => results.filter((b) => b !== undefined))
}

export function filterMapP<A, B>(f: (x: A) => Lwt.t<B | undefined>, l: readonly A[]): Lwt.t<B[]> {
  return mapP(f, l).map((results) => results.filter((b) => b !== undefined))
}

/** Those that `f` wants, and the others. */
export function partitionS<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<[A[], A[]]> {
  return mapS(f, l).map((answers) => [l.filter((_, i) => answers[i]), l.filter((_, i) => !answers[i])])
}

export function partitionP<A>(f: (x: A) => Lwt.t<boolean>, l: readonly A[]): Lwt.t<[A[], A[]]> {
  return mapP(f, l).map((answers) => [l.filter((_, i) => answers[i]), l.filter((_, i) => !answers[i])])
}
