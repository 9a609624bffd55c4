// The module type FLOW of MirageOS 2.0 (V1.FLOW): one end of a reliable byte stream. The tags are OCaml's variants.

import type * as Lwt from "../lwt/lwt.ts"
import type { DeviceError } from "./device.ts"

/** What a read gives. Data is never empty; its buffer belongs to the reader. */
export type Read =
  | { readonly tag: "Ok"; readonly data: Uint8Array }
  | { readonly tag: "Eof" }
  | { readonly tag: "Error"; readonly error: DeviceError }

/** What a write gives. `Eof`: this end has been closed already. */
export type Written =
  | { readonly tag: "Ok" }
  | { readonly tag: "Eof" }
  | { readonly tag: "Error"; readonly error: DeviceError }

/** A stream of bytes in each direction. */
export interface FLOW<F> {
  /** The next data, in order; waits until there is some. */
  read(flow: F): Lwt.t<Read>
  /** Resolves when the data has been accepted for sending (it waits while the send buffer is full). */
  write(flow: F, data: Uint8Array): Lwt.t<Written>
  /** As {@link write} of the concatenation, without copying it together first. */
  writev(flow: F, data: readonly Uint8Array[]): Lwt.t<Written>
  /** Close our direction, in order, after everything written. Reading goes on until the other end closes. */
  close(flow: F): Lwt.t<void>
}
