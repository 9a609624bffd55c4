// The module type DEVICE of MirageOS (V1.DEVICE of 2.0, Mirage_device of 3.x), and what every other module type needs.

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"

/** An OCaml module is a value here, and its abstract `type t` is the type parameter `T` of the module type. */
export interface DEVICE<T> {
  /** Release what `connect` took. A device may not be used afterwards. */
  disconnect(t: T): Lwt.t<void>
}

/** Why a device refused: a word for programs and a sentence for people. */
export interface DeviceError {
  readonly kind: string
  readonly message: string
}

/** What every `connect` gives: a device, or the reason there is none. */
export type Connected<T> = Lwt.t<Result<T, DeviceError>>
