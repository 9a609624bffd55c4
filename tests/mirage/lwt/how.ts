// A promise's state in a word.

import * as Lwt from "../../../src/mirage/lwt/lwt.ts"

/** `S`, the value, or the name of the error. */
export function how(p: Lwt.t<unknown>): unknown {
  const s = Lwt.state(p)
  return s.tag === "Sleep" ? "S" : s.tag === "Return" ? s.value : (s.error as Error).name
}
