// Results: how a bad packet, and a refusal by the world, are said. OCaml's `result`, as a tagged union.

/** Either a value or the reason there is none. */
export type Result<A, E> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: E }

/** The successful result `value`. */
export function ok<A>(value: A): { readonly ok: true; readonly value: A } {
  return { ok: true, value }
}

/** The failed result, with its reason. */
export function error<E>(reason: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error: reason }
}
