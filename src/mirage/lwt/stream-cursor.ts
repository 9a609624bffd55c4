// The list and the cursor of a stream; how streams are made and read. See stream.ts.

import * as Lwt from "./lwt.ts"
import { abstract } from "./show.ts"
import { Closed, Empty, From, FromDirect, Full, type Node, Push, PushBounded, type Source } from "./stream-source.ts"

export { Closed, Empty, Full }

class Stream<A> {
  readonly source: Source<A>
  /** The cursor. */
  node: Node<A>

  constructor(source: Source<A>, node: Node<A> = source.last) {
    this.source = source
    this.node = node
  }
}

abstract(Stream)

/** A stream of elements of type `A`. */
export type t<A> = Stream<A>

/** The writing end of a stream of {@link createBounded}. */
export interface BoundedPush<in A> {
  /** How many elements may be unread. */
  readonly size: number
  /** How many are. */
  readonly count: number
  /** True while a push waits for room. */
  readonly blocked: boolean
  readonly closed: boolean
  /** @throws InvalidArgument if `size` is negative */
  resize(size: number): void
  /** Waits for room. Rejected with {@link Full} while another push waits, with {@link Closed} after the end. */
  push(x: A): Lwt.t<void>
  /** End the stream. A push that waits is rejected with {@link Closed}. */
  close(): void
  /** Keep `x` from being collected for as long as the stream is not. */
  setReference(x: unknown): void
}

// Making streams

/** The elements that `f` gives when it is asked, one at a time; `undefined` ends the stream. */
export function from<A>(f: () => Lwt.t<A | undefined>): t<A> {
  return new Stream(new From(f))
}

/** As {@link from}, for a function that need not wait. */
export function fromDirect<A>(f: () => A | undefined): t<A> {
  return new Stream(new FromDirect(f))
}

/** A stream, and the function that adds to it. Pushing `undefined` ends it, and pushing after that throws {@link Closed}. */
export function create<A>(): [t<A>, (x: A | undefined) => void] {
  const [s, push] = createWithReference<A>()
  return [s, push]
}

/** As {@link create}; the third is to keep something reachable for as long as the stream is. */
export function createWithReference<A>(): [t<A>, (x: A | undefined) => void, (x: unknown) => void] {
  const source = new Push<A>()
  const keep = (x: unknown): void => {
    source.reference = x
  }
  return [new Stream(source), (x) => source.push(x), keep]
}

/** A stream of which at most `size` elements are unread, and its writing end. */
export function createBounded<A>(size: number): [t<A>, BoundedPush<A>] {
  if (size < 0) throw new Lwt.InvalidArgument("LwtStream.createBounded")
  const source = new PushBounded<A>(size)
  const push: BoundedPush<A> = {
    get size() {
      return source.size
    },
    get count() {
      return source.count
    },
    get blocked() {
      return source.blocked
    },
    get closed() {
      return source.ended
    },
    resize: (n) => source.resize(n),
    push: (x) => source.push(x),
    close: () => source.end(),
    setReference(x) {
      source.reference = x
    },
  }
  return [new Stream(source), push]
}

function return_<A>(x: A): t<A> {
  return ofList([x])
}

export { return_ as return }

/** The value of `p`, and nothing if that fails. */
export function returnLwt<A>(p: Lwt.t<A>): t<A> {
  const [s, push] = create<A>()
  Lwt.dontWait(
    () =>
      p.map((x) => {
        push(x)
        push(undefined)
      }),
    () => push(undefined),
  )
  return s
}

/** The elements of an array, which are all there at once. */
export function ofList<A>(l: Iterable<A>): t<A> {
  const [s, push] = create<A>()
  for (const x of l) push(x)
  push(undefined)
  return s
}

/** As {@link ofList}. */
export function ofArray<A>(a: readonly A[]): t<A> {
  return ofList(a)
}

/** The characters of a string. */
export function ofString(text: string): t<string> {
  return ofList(text)
}

/** The elements of an iterable, taken from it when they are read. */
export function ofSeq<A>(elements: Iterable<A>): t<A> {
  const iterator = elements[Symbol.iterator]()
  return fromDirect(() => {
    const step = iterator.next()
    return step.done ? undefined : step.value
  })
}

/** The same elements from here on, with a cursor of its own. Not for bounded streams, whose elements must be counted. */
export function clone<A>(s: t<A>): t<A> {
  if (s.source instanceof PushBounded) throw new Lwt.InvalidArgument("LwtStream.clone")
  return new Stream(s.source, s.node)
}

/** Resolves when the last element has been pushed, or the source has said that it was the last. */
export function closed(s: t<unknown>): Lwt.t<void> {
  return s.source.closed
}

export function isClosed(s: t<unknown>): boolean {
  return s.source.isClosed
}

/** Call `f` when the stream is closed. */
export function onTermination(s: t<unknown>, f: () => void): void {
  Lwt.async(() => closed(s).map(f))
}

// Reading

/**
 * What `f` makes of the data of `start`, when that has some: an element, or the end. If `f` makes no promise of it, the node
 * after it is next. A loop, because any number of elements may be there already.
 */
function at<A, B>(s: t<A>, start: Node<A>, f: (x: A | undefined, node: Node<A>) => Lwt.t<B> | undefined): Lwt.t<B> {
  for (let node = start; ; node = node.next) {
    if (node === s.source.last) return s.source.feed().bind(() => at(s, node, f))
    const result = f(node.data, node)
    if (result !== undefined) return result
  }
}

/** `node` has been read. Nothing happens if somebody else has moved the cursor meanwhile. */
function consume<A>(s: t<A>, node: Node<A>): void {
  if (node !== s.node) return
  s.node = node.next
  s.source.taken()
}

/** Call `f` with each element from the cursor on, consuming it, until `f` gives a result or the stream ends. */
function walk<A, B>(s: t<A>, f: (x: A) => Lwt.t<{ result: B } | undefined> | undefined, end: () => B): Lwt.t<B> {
  const each = (x: A | undefined, node: Node<A>): Lwt.t<B> | undefined => {
    if (x === undefined) return Lwt.return(end())
    consume(s, node)
    return f(x)?.bind((r) => (r === undefined ? at(s, node.next, each) : Lwt.return(r.result)))
  }
  return at(s, s.node, each)
}

/** As {@link walk}, but an element is consumed only if `f` wants it, and the first unwanted one ends the walk. */
function walkWhile<A>(s: t<A>, f: (x: A) => Lwt.t<boolean>, take: (x: A) => void): Lwt.t<void> {
  const from = (node: Node<A>): Lwt.t<void> =>
    at(s, node, (x) => {
      if (x === undefined) return Lwt.return()
      return f(x).bind((wanted) => {
        if (!wanted) return Lwt.return()
        consume(s, node)
        take(x)
        return from(node.next)
      })
    })
  return from(s.node)
}

/** Collect elements while `f` wants them. */
function collect<A>(s: t<A>, f: (x: A, n: number) => Lwt.t<boolean>): Lwt.t<A[]> {
  const taken: A[] = []
  return walkWhile(
    s,
    (x) => f(x, taken.length),
    (x) => {
      taken.push(x)
    },
  ).map(() => taken)
}

/** The next element, which stays; `undefined` at the end. */
export function peek<A>(s: t<A>): Lwt.t<A | undefined> {
  return at(s, s.node, (x) => Lwt.return(x))
}

/** The next `n` elements, which stay; fewer at the end. */
export function npeek<A>(n: number, s: t<A>): Lwt.t<A[]> {
  const seen: A[] = []
  if (n <= 0) return Lwt.return(seen)
  return at(s, s.node, (x) => {
    if (x !== undefined) seen.push(x)
    return x === undefined || seen.length >= n ? Lwt.return(seen) : undefined
  })
}

/** Take the next element; `undefined` at the end, again and again. */
export function get<A>(s: t<A>): Lwt.t<A | undefined> {
  const node = s.node
  return at(s, node, (x) => {
    if (x !== undefined) consume(s, node)
    return Lwt.return(x)
  })
}

/** Take the next element. Rejected with {@link Empty} at the end. */
export function next<A>(s: t<A>): Lwt.t<A> {
  return get(s).bind((x) => (x === undefined ? Lwt.fail(new Empty()) : Lwt.return(x)))
}

/**
 * Take `n` elements; fewer at the end. For one reader at a time: if another one takes an element that this waits for, this
 * goes on with what is at the cursor then, and if nothing is, ends. So does OCaml's.
 */
export function nget<A>(n: number, s: t<A>): Lwt.t<A[]> {
  const taken: A[] = []
  if (n <= 0) return Lwt.return(taken)
  return at(s, s.node, (_, node) => {
    const x = s.node.data
    if (x === undefined) return Lwt.return(taken)
    consume(s, node)
    taken.push(x)
    return taken.length >= n ? Lwt.return(taken) : undefined
  })
}

/** Take elements while `f` wants them. */
export function getWhile<A>(f: (x: A) => boolean, s: t<A>): Lwt.t<A[]> {
  return collect(s, (x) => Lwt.return(f(x)))
}

export function getWhileS<A>(f: (x: A) => Lwt.t<boolean>, s: t<A>): Lwt.t<A[]> {
  return collect(s, f)
}

/** Take everything. */
export function toList<A>(s: t<A>): Lwt.t<A[]> {
  return collect(s, () => Lwt.return(true))
}

/** Take everything, joined to one string. */
export function toString(s: t<string>): Lwt.t<string> {
  return toList(s).map((parts) => parts.join(""))
}

/** Throw the next element away. */
export function junk(s: t<unknown>): Lwt.t<void> {
  return get(s).map(() => {})
}

/** Throw `n` elements away; fewer at the end. One that another reader takes while this waits for it counts too. */
export function njunk(n: number, s: t<unknown>): Lwt.t<void> {
  if (n <= 0) return Lwt.return()
  return at(s, s.node, (x, node) => {
    if (x === undefined) return Lwt.return()
    consume(s, node)
    return --n <= 0 ? Lwt.return() : undefined
  })
}

/** Throw elements away while `f` wants that. */
export function junkWhile<A>(f: (x: A) => boolean, s: t<A>): Lwt.t<void> {
  return junkWhileS((x) => Lwt.return(f(x)), s)
}

export function junkWhileS<A>(f: (x: A) => Lwt.t<boolean>, s: t<A>): Lwt.t<void> {
  return walkWhile(s, f, () => {})
}

/** Throw away what can be read without waiting. */
export function junkAvailable(s: t<unknown>): void {
  getAvailable(s)
}

/** Take what can be read without waiting. Throws if the source fails. */
export function getAvailable<A>(s: t<A>): A[] {
  return getAvailableUpTo(Infinity, s)
}

/** As {@link getAvailable}, at most `n` elements. */
export function getAvailableUpTo<A>(n: number, s: t<A>): A[] {
  const taken: A[] = []
  let node = s.node
  while (taken.length < n) {
    if (node === s.source.last) {
      const fed = Lwt.state(s.source.feed())
      if (fed.tag === "Fail") throw fed.error
      if (fed.tag === "Sleep") break
    } else if (node.data === undefined) break
    else {
      consume(s, node)
      taken.push(node.data)
      node = node.next
    }
  }
  return taken
}

/** Take everything up to the newest element that can be read without waiting, and give that; or wait for the next. */
export function lastNew<A>(s: t<A>): Lwt.t<A> {
  let node = s.node
  const first = next(s)
  if (Lwt.isSleeping(first)) return first
  return first.bind((x) => {
    for (;;) {
      if (node === s.source.last) {
        const fed = Lwt.state(s.source.feed())
        if (fed.tag === "Fail") return Lwt.fail(fed.error)
        if (fed.tag === "Sleep") return Lwt.return(x)
      } else if (node.data === undefined) return Lwt.return(x)
      else {
        consume(s, node)
        x = node.data
        node = node.next
      }
    }
  })
}

/** True if the stream has ended, which may have to be waited for. */
export function isEmpty(s: t<unknown>): Lwt.t<boolean> {
  // Looks at the cursor again after waiting: somebody else may have read meanwhile.
  if (s.node === s.source.last) return s.source.feed().bind(() => isEmpty(s))
  return Lwt.return(s.node.data === undefined)
}

/** Call `f` with each element. */
export function iter<A>(f: (x: A) => void, s: t<A>): Lwt.t<void> {
  const each = (x: A): undefined => {
    f(x)
  }
  return walk(s, each, () => {})
}

/** Call `f` with each element, waiting for each. */
export function iterS<A>(f: (x: A) => Lwt.t<void>, s: t<A>): Lwt.t<void> {
  return walk(
    s,
    (x) => f(x).map(() => undefined),
    () => {},
  )
}

/** Call `f` with each element as soon as it comes, then wait for all. */
export function iterP<A>(f: (x: A) => Lwt.t<void>, s: t<A>): Lwt.t<void> {
  const from = (start: Node<A>): Lwt.t<void> => {
    const started: Lwt.t<void>[] = []
    let node = start
    for (; node !== s.source.last && node.data !== undefined; node = node.next) {
      consume(s, node)
      started.push(f(node.data))
    }
    const last = node
    const rest = node === s.source.last ? s.source.feed().bind(() => from(last)) : Lwt.return()
    return started.reduceRight((after, p) => p.bind(() => after), rest)
  }
  return from(s.node)
}

/** As {@link iterP}, but at most `maxConcurrency` (1) at the same time. */
export function iterN<A>(
  f: (x: A) => Lwt.t<void>,
  s: t<A>,
  options: { readonly maxConcurrency?: number } = {},
): Lwt.t<void> {
  const max = options.maxConcurrency ?? 1
  if (max <= 0) throw new Lwt.InvalidArgument(`LwtStream.iterN: maxConcurrency must be > 0, ${max} given`)
  const loop = (running: Lwt.t<void>[]): Lwt.t<void> => {
    const room = running.length < max ? Lwt.return(running) : Lwt.nchooseSplit(running).map(([, pending]) => pending)
    return room.bind((pending) => get(s).bind((x) => (x === undefined ? Lwt.join(pending) : loop([f(x), ...pending]))))
  }
  return loop([])
}

/** `f(x_n, … f(x_1, acc))`. */
export function fold<A, B>(f: (x: A, acc: B) => B, s: t<A>, acc: B): Lwt.t<B> {
  return iter((x) => {
    acc = f(x, acc)
  }, s).map(() => acc)
}

export function foldS<A, B>(f: (x: A, acc: B) => Lwt.t<B>, s: t<A>, acc: B): Lwt.t<B> {
  const each = (x: A): Lwt.t<void> =>
    f(x, acc).map((b) => {
      acc = b
    })
  return iterS(each, s).map(() => acc)
}

/** The first element that `f` wants; everything before it is consumed. */
export function find<A>(f: (x: A) => boolean, s: t<A>): Lwt.t<A | undefined> {
  return findS((x) => Lwt.return(f(x)), s)
}

export function findS<A>(f: (x: A) => Lwt.t<boolean>, s: t<A>): Lwt.t<A | undefined> {
  return findMapS((x) => f(x).map((wanted) => (wanted ? x : undefined)), s)
}

/** The first result of `f` that is not `undefined`. */
export function findMap<A, B>(f: (x: A) => B | undefined, s: t<A>): Lwt.t<B | undefined> {
  return findMapS((x) => Lwt.return(f(x)), s)
}

export function findMapS<A, B>(f: (x: A) => Lwt.t<B | undefined>, s: t<A>): Lwt.t<B | undefined> {
  return walk<A, B | undefined>(
    s,
    (x) => f(x).map((b) => (b === undefined ? undefined : { result: b })),
    () => undefined,
  )
}

/** Run a parser: if it fails, the stream is as it was before. Not for bounded streams. */
export function parse<A, B>(s: t<A>, f: (s: t<A>) => Lwt.t<B>): Lwt.t<B> {
  if (s.source instanceof PushBounded) throw new Lwt.InvalidArgument("LwtStream.parse")
  const node = s.node
  return Lwt.catch(
    () => f(s),
    (error) => {
      s.node = node
      return Lwt.fail(error)
    },
  )
}
