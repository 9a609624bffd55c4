// To JavaScript's own promises and back. These are resolved by the host's event loop, which knows nothing of Lwt; whoever
// runs the main loop asks here whether one is still awaited, and is told when it has come.

import { onAny } from "./sequential.ts"
import { type t, wait, wakeup, wakeupExn } from "./promise.ts"

let awaited = 0
let notify: () => void = () => {}

/** A promise of Lwt that is resolved when `promise` is. It cannot be cancelled. */
export function ofPromise<A>(promise: PromiseLike<A>): t<A> {
  const [p, u] = wait<A>()
  awaited++
  const arrived = (resolve: () => void): void => {
    awaited--
    try {
      resolve()
    } finally {
      notify()
    }
  }
  promise.then(
    (value) => arrived(() => wakeup(u, value)),
    (error: unknown) => arrived(() => wakeupExn(u, error)),
  )
  return p
}

/** A promise of JavaScript that is resolved when `p` is. Does not run the main loop: that is `OS.run`. */
export function toPromise<A>(p: t<A>): Promise<A> {
  return new Promise((resolve, reject) => onAny(p, resolve, reject))
}

/** How many promises of {@link ofPromise} are still to come. */
export function awaitedPromises(): number {
  return awaited
}

/** Call `f` whenever a promise of {@link ofPromise} has been resolved. There is one such function. */
export function registerArrivalNotifier(f: () => void): void {
  notify = f
}
