// LwtPqueue: a priority queue that is never changed: adding and removing give a new one. A leftist heap (C. Crane, 1972):
// of two subtrees the left one is never the shallower, so the right spine, along which queues are merged, is short.

import * as Lwt from "./lwt.ts"
import { abstract } from "./show.ts"

/** The order of the elements: negative if `a` comes before `b`, 0 if they are equal, positive otherwise. */
export interface OrderedType<E> {
  compare(a: E, b: E): number
}

/** A queue of elements of type `E`. */
export type t<E> = Queue<E>

class Queue<E> {
  readonly heap: Tree<E>

  constructor(heap: Tree<E>) {
    this.heap = heap
  }
}

type Tree<E> = Heap<E> | undefined

class Heap<E> {
  readonly element: E
  readonly size: number
  /** Length of the right spine. */
  readonly rank: number
  readonly left: Tree<E>
  readonly right: Tree<E>

  constructor(element: E, a: Tree<E>, b: Tree<E>) {
    const swap = (a?.rank ?? 0) < (b?.rank ?? 0)
    this.element = element
    this.left = swap ? b : a
    this.right = swap ? a : b
    this.size = 1 + (a?.size ?? 0) + (b?.size ?? 0)
    this.rank = 1 + (this.right?.rank ?? 0)
  }
}

abstract(Queue)

/** What {@link Make} makes. */
export interface S<E> {
  readonly empty: t<E>
  isEmpty(q: t<E>): boolean
  add(element: E, q: t<E>): t<E>
  /** The elements of both. */
  union(a: t<E>, b: t<E>): t<E>
  /** @throws NotFound if the queue is empty */
  findMin(q: t<E>): E
  lookupMin(q: t<E>): E | undefined
  /** @throws NotFound if the queue is empty */
  removeMin(q: t<E>): t<E>
  size(q: t<E>): number
}

/** Queues of the elements that `Ord` orders. */
export function Make<E>(Ord: OrderedType<E>): S<E> {
  // The recursion is as deep as the right spines are long: the logarithm of the size.
  const merge = (a: Tree<E>, b: Tree<E>): Tree<E> => {
    if (a === undefined) return b
    if (b === undefined) return a
    return Ord.compare(a.element, b.element) <= 0
      ? new Heap(a.element, a.left, merge(a.right, b))
      : new Heap(b.element, b.left, merge(a, b.right))
  }
  const least = (q: t<E>, who: string): Heap<E> => {
    if (q.heap === undefined) throw new Lwt.NotFound(`LwtPqueue.${who}: the queue is empty`)
    return q.heap
  }
  return {
    empty: new Queue<E>(undefined),
    isEmpty: (q) => q.heap === undefined,
    add: (element, q) => new Queue(merge(q.heap, new Heap(element, undefined, undefined))),
    union: (a, b) => new Queue(merge(a.heap, b.heap)),
    findMin: (q) => least(q, "findMin").element,
    lookupMin: (q) => q.heap?.element,
    removeMin(q) {
      const { left, right } = least(q, "removeMin")
      return new Queue(merge(left, right))
    },
    size: (q) => q.heap?.size ?? 0,
  }
}
