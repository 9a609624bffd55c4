// LwtDirect: threads in direct style. OCaml 5 does it with effect handlers; here a generator is the thread, and `yield* p`
// is `await p`: the thread waits for p, and goes on with its value or its error.
//
//     LwtDirect.spawn(function* () {
//       const name = yield* ask("Your name? ")
//       yield* OS.Time.sleep(1)
//       return `Hello, ${name}`
//     })

import * as Lwt from "./lwt.ts"

/** The body of a thread. It may `yield*` promises, and returns or throws the result. */
export type Body<A> = () => Generator<Lwt.t<unknown>, A, unknown>

/**
 * Start a thread: `body` runs at once, up to the first promise that is pending. The promise of what it returns is rejected
 * if it throws. Cancelling that cancels what the thread waits for.
 */
export function spawn<A>(body: Body<A>): Lwt.t<A> {
  return Lwt.apply(() => {
    const thread = body()
    return advance(thread, () => thread.next())
  }, undefined)
}

/** `yield* LwtDirect.await(p)` is `yield* p`, for those who miss the word. */
function* await_<A>(p: Lwt.t<A>): Generator<Lwt.t<unknown>, A, unknown> {
  return yield* p
}

/** `yield* LwtDirect.yield()`: let others have a turn. */
function* yield_(): Generator<Lwt.t<unknown>, void, unknown> {
  yield* Lwt.pause()
}

export { await_ as await, yield_ as yield }

/** Let the thread go on with `resume`, until it waits for something that is pending, or ends. */
function advance<A>(
  thread: Generator<Lwt.t<unknown>, A, unknown>,
  resume: () => IteratorResult<Lwt.t<unknown>, A>,
): Lwt.t<A> {
  for (;;) {
    const step = resume()
    if (step.done) return Lwt.return(step.value)
    const p = step.value
    const state = Lwt.state(p)
    switch (state.tag) {
      case "Return":
        resume = () => thread.next(state.value)
        break
      case "Fail":
        resume = () => thread.throw(state.error)
        break
      case "Sleep":
        return Lwt.tryBind(
          () => p,
          (value) => advance(thread, () => thread.next(value)),
          (error) => advance(thread, () => thread.throw(error)),
        )
    }
  }
}
