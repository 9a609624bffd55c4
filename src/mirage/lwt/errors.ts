// The exceptions of Lwt, and the two of OCaml's standard library that it raises. Any value can be thrown and caught
// (`error: unknown` everywhere); these are only the ones that Lwt makes itself.

/** What a cancelled promise is rejected with. Ask with `instanceof`. */
export class Canceled extends Error {
  override readonly name: string = "Canceled"
  constructor() {
    super("the promise was cancelled")
  }
}

/** OCaml's `Failure`, as made by {@link failWith}. */
export class Failure extends Error {
  override readonly name: string = "Failure"
}

/** OCaml's `Invalid_argument`: the caller broke the contract of the function that the message names. */
export class InvalidArgument extends Error {
  override readonly name: string = "InvalidArgument"
}

/** OCaml's `Not_found`: there is no such element. */
export class NotFound extends Error {
  override readonly name: string = "NotFound"
}

/** The one instance that `cancel` uses: making an error costs far more than cancelling a promise. */
export const canceled: Canceled = new Canceled()
