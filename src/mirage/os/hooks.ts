// Functions that somebody wants to have called at a certain point of the main loop: the module type `Hooks` of Lwt_main.

import * as LwtSequence from "../lwt/sequence.ts"

/** A function that was added, for taking it away again. */
export type hook<R> = LwtSequence.node<() => R>

/** Functions, in the order in which they are called. */
export interface HOOKS<R> {
  /** To be called before all that are there. */
  addFirst(f: () => R): hook<R>
  /** To be called after all that are there. */
  addLast(f: () => R): hook<R>
  /** Nothing happens if it was removed. */
  remove(h: hook<R>): void
  removeAll(): void
}

/** The implementation of {@link HOOKS}. */
export class Hooks<R> implements HOOKS<R> {
  readonly #hooks: LwtSequence.t<() => R> = LwtSequence.create()

  addFirst(f: () => R): hook<R> {
    return LwtSequence.addL(f, this.#hooks)
  }

  addLast(f: () => R): hook<R> {
    return LwtSequence.addR(f, this.#hooks)
  }

  remove(h: hook<R>): void {
    LwtSequence.remove(h)
  }

  removeAll(): void {
    LwtSequence.clear(this.#hooks)
  }

  /** Call all of them. They may remove themselves, and others. */
  call(): void {
    LwtSequence.iterL((f) => f(), this.#hooks)
  }

  /** The first, which is there no longer. */
  take(): (() => R) | undefined {
    return LwtSequence.takeOptL(this.#hooks)
  }
}
