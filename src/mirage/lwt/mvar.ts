// LwtMvar: a mailbox for one value (M. P. Jones's and Concurrent Haskell's MVar). Who puts into a full one waits, and so
// does who takes from an empty one.

import { Line } from "./line.ts"
import * as Lwt from "./lwt.ts"
import { abstract } from "./show.ts"

/** The content of an empty mailbox. A value may be `undefined`. */
const nothing: unique symbol = Symbol("nothing")

class Mvar<in out A> {
  content: A | typeof nothing
  /** They have brought what they want to put in. */
  readonly writers: Line<void, A> = new Line<void, A>()
  readonly readers: Line<A> = new Line<A>()

  constructor(content: A | typeof nothing) {
    this.content = content
  }
}

abstract(Mvar)

/** A mailbox. */
export type t<A> = Mvar<A>

/** A mailbox with `value` in it. */
export function create<A>(value: A): t<A> {
  return new Mvar<A>(value)
}

/** An empty mailbox. */
export function createEmpty<A>(): t<A> {
  return new Mvar<A>(nothing)
}

/**
 * Put `value` in, or hand it to the reader who has waited longest. While the mailbox is full this waits in line;
 * cancelling takes the value away again.
 */
export function put<A>(m: t<A>, value: A): Lwt.t<void> {
  if (m.content !== nothing) return m.writers.join(value)
  if (m.readers.isEmpty) m.content = value
  else m.readers.serve(value)
  return Lwt.returnUnit
}

/** Take the value out, or wait in line for one. The first writer in line puts theirs in at once. */
export function take<A>(m: t<A>): Lwt.t<A> {
  return m.content === nothing ? m.readers.join(undefined) : Lwt.return(takeContent(m, m.content))
}

/** Take the value out if there is one. */
export function takeAvailable<A>(m: t<A>): A | undefined {
  return m.content === nothing ? undefined : takeContent(m, m.content)
}

function takeContent<A>(m: t<A>, content: A): A {
  if (m.writers.isEmpty) m.content = nothing
  else {
    m.content = m.writers.luggage
    m.writers.serve()
  }
  return content
}

export function isEmpty<A>(m: t<A>): boolean {
  return m.content === nothing
}
