// Waiting lines: of those who want a mutex, or something from a mailbox. First come, first served; whoever is cancelled
// leaves. As LwtSequence's addTaskR, but a place in the line is one object: the node, and the callback by
// which a cancelled promise takes itself out.

import { pending, type t } from "./promise.ts"
import {
  addCallback,
  PlainCallback,
  type Cell,
  FULFILLED,
  isPending,
  runSoon,
  settle,
  underlying,
} from "./resolution.ts"

/** Somebody in a line. All in one line form a ring; one who has left is alone. */
class Place extends PlainCallback {
  declare readonly line: { remove(place: Place): void }
  declare readonly cell: Cell
  declare left: Place
  declare right: Place
  /** Who stands here may have brought something. */
  declare readonly luggage: unknown

  constructor(line: Place["line"], cell: Cell, luggage: unknown) {
    super()
    this.line = line
    this.cell = cell
    this.left = this
    this.right = this
    this.luggage = luggage
  }

  override run(): undefined {
    return undefined
  }

  cancelled(): void {
    this.line.remove(this)
  }
}

/** A line of promises for values of type `A`, whose owners may have brought something of type `L`. */
export class Line<A, L = undefined> {
  #first: Place | undefined

  get isEmpty(): boolean {
    return this.#first === undefined
  }

  /** What the first in line has brought. The line must not be empty. */
  get luggage(): L {
    return this.#first!.luggage as L
  }

  /** Stand at the end. Cancelling the promise leaves the line. */
  join(luggage: L): t<A> {
    const p = pending<A>("self")
    const place = new Place(this, p, luggage)
    addCallback(p, place)
    const first = this.#first
    if (first === undefined) this.#first = place
    else {
      place.left = first.left
      place.right = first
      first.left.right = place
      first.left = place
    }
    return p
  }

  /**
   * The first in line gets `value`, as by wakeupLater, and goes. The line must not be empty.
   *
   * When several promises are cancelled at once, all are rejected before any callback runs, and one of these callbacks may
   * come to serve another of them before that has left the line. As in OCaml it goes, and the value is lost with it.
   */
  serve(value: A): void {
    const place = this.#first!
    this.remove(place)
    const cell = underlying(place.cell)
    if (isPending(cell)) runSoon(settle(cell, FULFILLED, value))
  }

  /** @internal For a place whose promise was cancelled. Nothing happens if it was served meanwhile. */
  remove(place: Place): void {
    if (this.#first === place) this.#first = place.right === place ? undefined : place.right
    place.left.right = place.right
    place.right.left = place.left
    place.left = place
    place.right = place
  }
}
