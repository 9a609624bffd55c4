// How a promise stands, in a word or less.

import * as Lwt from "../../../src/mirage/lwt/lwt.ts"

/** `S`, the value, or the name of the error. */
export function how(p: Lwt.t<unknown>): unknown {
  const s = Lwt.state(p)
  return s.tag === "Sleep" ? "S" : s.tag === "Return" ? s.value : (s.error as Error).name
}

/** The error of a rejected promise. */
export function errorOf(p: Lwt.t<unknown>): unknown {
  const state = Lwt.state(p)
  return state.tag === "Fail" ? state.error : state.tag
}

/** The value of a promise when everybody has had a turn. */
export function settle<A>(p: Lwt.t<A>): A | undefined {
  while (Lwt.pausedCount() > 0) Lwt.wakeupPaused()
  return Lwt.poll(p)
}
