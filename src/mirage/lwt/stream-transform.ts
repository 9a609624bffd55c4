// Streams from streams. They are lazy, an element is asked for when one is read; only `choose` reads ahead.

import type { Result } from "../result.ts"
import * as Lwt from "./lwt.ts"
import * as LwtSeq from "./seq.ts"
import { from, get, nget, type t } from "./stream-cursor.ts"

/** A stream of what `f` makes of the elements of `s`. */
export function map<A, B>(f: (x: A) => B, s: t<A>): t<B> {
  return from(() => get(s).map((x) => (x === undefined ? undefined : f(x))))
}

export function mapS<A, B>(f: (x: A) => Lwt.t<B>, s: t<A>): t<B> {
  return from(() => get(s).bind((x): Lwt.t<B | undefined> => (x === undefined ? Lwt.return(undefined) : f(x))))
}

/** Those elements of `s` that `f` wants. */
export function filter<A>(f: (x: A) => boolean, s: t<A>): t<A> {
  return filterMap((x) => (f(x) ? x : undefined), s)
}

export function filterS<A>(f: (x: A) => Lwt.t<boolean>, s: t<A>): t<A> {
  return filterMapS((x) => f(x).map((wanted) => (wanted ? x : undefined)), s)
}

/** The results of `f` that are not `undefined`. */
export function filterMap<A, B>(f: (x: A) => B | undefined, s: t<A>): t<B> {
  return filterMapS((x) => Lwt.return(f(x)), s)
}

export function filterMapS<A, B>(f: (x: A) => Lwt.t<B | undefined>, s: t<A>): t<B> {
  const next = (): Lwt.t<B | undefined> =>
    get(s).bind((x) => {
      if (x === undefined) return Lwt.return(undefined)
      return f(x).bind((y) => (y === undefined ? next() : Lwt.return(y)))
    })
  return from(next)
}

/** The elements of the lists that `f` makes. */
export function mapList<A, B>(f: (x: A) => readonly B[], s: t<A>): t<B> {
  return mapListS((x) => Lwt.return(f(x)), s)
}

export function mapListS<A, B>(f: (x: A) => Lwt.t<readonly B[]>, s: t<A>): t<B> {
  let list: readonly B[] = []
  let place = 0
  const next = (): Lwt.t<B | undefined> => {
    if (place < list.length) return Lwt.return(list[place++])
    return get(s).bind((x) => {
      if (x === undefined) return Lwt.return(undefined)
      return f(x).bind((l) => {
        list = l
        place = 0
        return next()
      })
    })
  }
  return from(next)
}

/** The elements of the lists in `s`. */
export function flatten<A>(s: t<readonly A[]>): t<A> {
  return mapList((l) => l, s)
}

/** Pairs, until one of the two ends. */
export function combine<A, B>(s1: t<A>, s2: t<B>): t<[A, B]> {
  return from(() => {
    const first = get(s1)
    const second = get(s2)
    return first.bind((x) =>
      second.map((y): [A, B] | undefined => (x === undefined || y === undefined ? undefined : [x, y])),
    )
  })
}

/** The elements of `s1`, then those of `s2`. */
export function append<A>(s1: t<A>, s2: t<A>): t<A> {
  let current = s1
  const next = (): Lwt.t<A | undefined> =>
    get(current).bind((x) => {
      if (x !== undefined || current === s2) return Lwt.return(x)
      current = s2
      return next()
    })
  return from(next)
}

/** The elements of the first stream, then those of the second, and so on. */
export function concat<A>(streams: t<t<A>>): t<A> {
  let current: t<A> | undefined
  const nextStream = (): Lwt.t<A | undefined> =>
    get(streams).bind((s) => {
      if (s === undefined) return Lwt.return(undefined)
      current = s
      return next()
    })
  const next = (): Lwt.t<A | undefined> => {
    if (current === undefined) return nextStream()
    return get(current).bind((x) => (x === undefined ? nextStream() : Lwt.return(x)))
  }
  return from(next)
}

/** The next element of a stream, and whose it is. */
class Reading<A> {
  readonly stream: t<A>
  readonly element: Lwt.t<{ readonly reading: Reading<A>; readonly x: A | undefined }>

  constructor(stream: t<A>) {
    this.stream = stream
    this.element = get(stream).map((x) => ({ reading: this, x }))
  }
}

/** Elements of all the streams, as they come. */
export function choose<A>(streams: readonly t<A>[]): t<A> {
  let readings = streams.map((stream) => new Reading(stream))
  const next = (): Lwt.t<A | undefined> => {
    if (readings.length === 0) return Lwt.return(undefined)
    return Lwt.choose(readings.map((r) => r.element)).bind(({ reading, x }) => {
      const others = readings.filter((r) => r !== reading)
      if (x !== undefined) {
        // Asking for the next may lead back here: the list changes afterwards.
        readings = [new Reading(reading.stream), ...others]
        return Lwt.return(x)
      }
      readings = others
      return next()
    })
  }
  return from(next)
}

/** Elements as successes, and exceptions of the source as failures between them. */
export function wrapExn<A>(s: t<A>): t<Result<A, unknown>> {
  return from(() =>
    Lwt.tryBind(
      () => get(s),
      (x): Lwt.t<Result<A, unknown> | undefined> => Lwt.return(x === undefined ? undefined : { ok: true, value: x }),
      (error) => Lwt.return<Result<A, unknown>>({ ok: false, error }),
    ),
  )
}

/** Lines of sixteen bytes, as `hexdump -C` prints them. */
export function hexdump(bytes: t<number>): t<string> {
  let offset = 0
  const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, "0")
  return from(() =>
    nget(16, bytes).map((line) => {
      if (line.length === 0) return undefined
      const columns = Array.from({ length: 16 }, (_, i) => (i < line.length ? `${hex(line[i]!, 2)} ` : "   "))
      const text = line.map((byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : "."))
      const start = hex(offset, 8)
      offset += 16
      return `${start}|  ${columns.slice(0, 8).join("")} ${columns.slice(8).join("")} |${text.join("")}|`
    }),
  )
}

/** The elements of a lazy list. */
export function ofLwtSeq<A>(elements: LwtSeq.t<A>): t<A> {
  let rest = elements
  return from(() =>
    rest().map((node) => {
      rest = node === undefined ? LwtSeq.empty : node.tail
      return node?.head
    }),
  )
}
