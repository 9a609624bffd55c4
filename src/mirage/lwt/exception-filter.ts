// Which exceptions Lwt makes rejections of. Most are a thread's own affair. That the stack has overflowed concerns the whole
// program, and a program may wish to hear of it where it happens.

/** Says whether an exception that a callback throws becomes a rejection; if not, it leaves Lwt through whoever called. */
export type Filter = (error: unknown) => boolean

/** Every exception becomes a rejection. The default, as in Lwt 5; in Lwt 6 it is {@link handleAllExceptRuntime}. */
export const handleAll: Filter = () => true

/**
 * All but the runtime's own, OCaml's `Out_of_memory` and `Stack_overflow`. JavaScript has no exception for the first, and
 * for the second a `RangeError`, or in Firefox an `InternalError`, that only its message tells from others.
 */
export const handleAllExceptRuntime: Filter = (error) =>
  !(error instanceof Error && /^(Maximum call stack size exceeded|too much recursion)/.test(error.message))

let filter: Filter = handleAll

/** Use `f` from now on. */
export function set(f: Filter): void {
  filter = f
}

/** `error`, on its way into a rejection; or it is thrown again, if the filter does not want it there. */
export function handled(error: unknown): unknown {
  if (!filter(error)) throw error
  return error
}
