// The module type KV_RO of MirageOS 2.0 (V1.KV_RO): a read-only store of named byte strings.

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type { DEVICE } from "./device.ts"

/** The store has no such key. */
export interface UnknownKey {
  readonly kind: "unknown-key"
  readonly key: string
}

/** Keys are relative paths with `/`, without a leading one: `index.html`, `css/style.css`. */
export interface KV_RO<T> extends DEVICE<T> {
  /** `length` bytes from `offset`; fewer at the end of the value. */
  read(t: T, key: string, offset: number, length: number): Lwt.t<Result<Uint8Array, UnknownKey>>
  /** The value's length in bytes. */
  size(t: T, key: string): Lwt.t<Result<number, UnknownKey>>
  mem(t: T, key: string): Lwt.t<boolean>
}
