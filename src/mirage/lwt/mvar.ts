// LwtMvar: a mailbox for one value (M. P. Jones's and Concurrent Haskell's MVar). Who puts into a full one waits, and so
// does who takes from an empty one.

import * as Lwt from "./lwt.ts"
import * as LwtSequence from "./sequence.ts"
import { abstract } from "./show.ts"

class Mvar<A> {
  content: { readonly value: A } | undefined
  readonly writers: LwtSequence.t<{ readonly content: { readonly value: A }; readonly u: Lwt.u<void> }> =
    LwtSequence.create()
  readonly readers: LwtSequence.t<Lwt.u<A>> = LwtSequence.create()

  constructor(content: { readonly value: A } | undefined) {
    this.content = content
  }
}

abstract(Mvar)

/** A mailbox. */
export type t<A> = Mvar<A>

/** A mailbox with `value` in it. */
export function create<A>(value: A): t<A> {
  return new Mvar({ value })
}

/** An empty mailbox. */
export function createEmpty<A>(): t<A> {
  return new Mvar<A>(undefined)
}

/**
 * Put `value` in, or hand it to the reader who has waited longest. While the mailbox is full this waits in line;
 * cancelling takes the value away again.
 */
export function put<A>(m: t<A>, value: A): Lwt.t<void> {
  if (m.content === undefined) {
    const reader = LwtSequence.takeOptL(m.readers)
    if (reader === undefined) m.content = { value }
    else Lwt.wakeupLater(reader, value)
    return Lwt.return()
  }
  const [p, u] = Lwt.task<void>()
  const node = LwtSequence.addR({ content: { value }, u }, m.writers)
  Lwt.onCancel(p, () => LwtSequence.remove(node))
  return p
}

/** Take the value out, or wait in line for one. The first writer in line puts theirs in at once. */
export function take<A>(m: t<A>): Lwt.t<A> {
  if (m.content === undefined) return LwtSequence.addTaskR(m.readers)
  return Lwt.return(takeContent(m, m.content))
}

/** Take the value out if there is one. */
export function takeAvailable<A>(m: t<A>): A | undefined {
  return m.content === undefined ? undefined : takeContent(m, m.content)
}

function takeContent<A>(m: t<A>, content: { readonly value: A }): A {
  const writer = LwtSequence.takeOptL(m.writers)
  m.content = writer?.content
  if (writer !== undefined) Lwt.wakeupLater(writer.u)
  return content.value
}

export function isEmpty<A>(m: t<A>): boolean {
  return m.content === undefined
}
