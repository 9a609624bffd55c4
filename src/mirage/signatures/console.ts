// The module type CONSOLE of MirageOS 2.0 (V1_LWT.CONSOLE).

import type * as Lwt from "../lwt/lwt.ts"
import type { DEVICE } from "./device.ts"

/** A text console. Text is passed on as it is, ANSI colours included. */
export interface CONSOLE<T> extends DEVICE<T> {
  /** Write `text` as it is, with no newline added. */
  write(t: T, text: string): Lwt.t<void>
  /** Write `line` and a newline, without waiting for it to be shown. */
  log(t: T, line: string): void
  /** Write `line` and a newline; resolves when it has been handed on. OCaml's `log_s`. */
  logS(t: T, line: string): Lwt.t<void>
}
