// Where the elements of a stream come from. A source knows the last node of the list and how to feed it; it never knows
// the first, so that what nobody can read any more is collected.

import * as Lwt from "./lwt.ts"

/** Pushing to a stream that was closed. */
export class Closed extends Error {
  override readonly name: string = "LwtStream.Closed"
}

/** Pushing to a bounded stream while another push waits. */
export class Full extends Error {
  override readonly name: string = "LwtStream.Full"
}

/** Reading from a stream that has ended. */
export class Empty extends Error {
  override readonly name: string = "LwtStream.Empty"
}

/** An element with its successor, or the empty place at the end, whose `next` is itself. */
export class Node<A> {
  next: Node<A> = this
  /** `undefined` in the last node, and in the one that ends the stream. */
  data: A | undefined = undefined
}

/** Feeds one list, which all clones of a stream share. */
export abstract class Source<A> {
  /** The empty node at the end. */
  last: Node<A> = new Node<A>()
  readonly closed: Lwt.t<void>
  readonly #close: Lwt.u<void>

  constructor() {
    ;[this.closed, this.#close] = Lwt.wait<void>()
  }

  /** Resolves when something may have been added at the end of the list. */
  abstract feed(): Lwt.t<void>

  /** A reader has taken an element. */
  taken(): void {}

  /** True if nothing will be added any more. */
  get isClosed(): boolean {
    return !Lwt.isSleeping(this.closed)
  }

  protected enqueue(data: A | undefined): void {
    const node = this.last
    this.last = new Node<A>()
    node.data = data
    node.next = this.last
  }

  protected close(): void {
    Lwt.wakeup(this.#close)
  }
}

/** A function that is asked for one element after another. Never asked again before it has answered. */
export class From<A> extends Source<A> {
  readonly #f: () => Lwt.t<A | undefined>
  #answer: Lwt.t<void> = Lwt.return()

  constructor(f: () => Lwt.t<A | undefined>) {
    super()
    this.#f = f
  }

  override feed(): Lwt.t<void> {
    if (!Lwt.isSleeping(this.#answer)) {
      this.#answer = this.#f().bind((x) => {
        this.enqueue(x)
        if (x === undefined) this.close()
        return Lwt.return()
      })
    }
    // A reader who is cancelled must not take the element from the others.
    return Lwt.protected(this.#answer)
  }
}

/** A function that always has the next element at hand. */
export class FromDirect<A> extends Source<A> {
  readonly #f: () => A | undefined

  constructor(f: () => A | undefined) {
    super()
    this.#f = f
  }

  override feed(): Lwt.t<void> {
    const x = this.#f()
    this.enqueue(x)
    if (x === undefined) this.close()
    return Lwt.return()
  }
}

/** Readers of a list that somebody else fills. */
abstract class Pushed<A> extends Source<A> {
  /** What the readers wait for who have come to the end, if there are any. */
  #signal: [Lwt.t<void>, Lwt.u<void>] | undefined

  override feed(): Lwt.t<void> {
    this.#signal ??= Lwt.wait<void>()
    return Lwt.protected(this.#signal[0])
  }

  protected wakeReaders(): void {
    const signal = this.#signal
    if (signal === undefined) return
    this.#signal = undefined
    Lwt.wakeupLater(signal[1])
  }
}

/** Elements are pushed, as many as come. */
export class Push<A> extends Pushed<A> {
  /** Kept reachable for as long as the stream is. */
  reference: unknown

  push(x: A | undefined): void {
    if (this.isClosed) throw new Closed()
    this.enqueue(x)
    this.wakeReaders()
    if (x === undefined) this.close()
  }
}

/** Elements are pushed, and who pushes waits while `size` of them are unread. */
export class PushBounded<A> extends Pushed<A> {
  size: number
  /** Elements that can be read. */
  count = 0
  /** The one that waits for room. */
  #pending: A | undefined
  #room: [Lwt.t<void>, Lwt.u<void>] = Lwt.task<void>()
  #ended = false
  /** Kept reachable for as long as the stream is. */
  reference: unknown

  constructor(size: number) {
    super()
    this.size = size
  }

  get blocked(): boolean {
    return this.#pending !== undefined
  }

  get ended(): boolean {
    return this.#ended
  }

  push(x: A): Lwt.t<void> {
    if (this.#ended) return Lwt.fail(new Closed())
    if (this.blocked) return Lwt.fail(new Full())
    if (this.count < this.size) {
      this.enqueue(x)
      this.count++
      this.wakeReaders()
      return Lwt.return()
    }
    this.#pending = x
    // Deep in a chain of callbacks the thunk is called later, when there may be room, and the room is another one.
    const [room] = this.#room
    return Lwt.catch(
      () => room,
      (error) => {
        if (error instanceof Lwt.Canceled) {
          this.#pending = undefined
          this.#room = Lwt.task<void>()
        }
        return Lwt.fail(error)
      },
    )
  }

  resize(size: number): void {
    if (size < 0) throw new Lwt.InvalidArgument("LwtStream.boundedPush.resize")
    this.size = size
    if (this.count < size && this.blocked) {
      this.count++
      this.#letIn()
    }
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.enqueue(undefined)
    if (this.blocked) {
      this.#pending = undefined
      Lwt.wakeupLaterExn(this.#room[1], new Closed())
    }
    this.wakeReaders()
    this.close()
  }

  override taken(): void {
    if (this.blocked) this.#letIn()
    else this.count--
  }

  /** There is room for the one that waits. */
  #letIn(): void {
    this.enqueue(this.#pending)
    this.#pending = undefined
    const waiting = this.#room[1]
    this.#room = Lwt.task<void>()
    Lwt.wakeupLater(waiting)
  }
}
