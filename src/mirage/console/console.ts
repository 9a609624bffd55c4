// The console device of MirageOS 2.0: a CONSOLE over whatever a machine prints with.

import * as Lwt from "../lwt/lwt.ts"
import { ok } from "../result.ts"
import type { CONSOLE } from "../signatures/console.ts"
import type { Connected } from "../signatures/device.ts"

/** A connected console. */
export interface t {
  /** `0` for the first, as on Xen. */
  readonly name: string
}

/** A console module: a CONSOLE that can be connected by name. */
export interface S extends CONSOLE<t> {
  connect(name: string): Connected<t>
}

/**
 * Consoles that print with `output`. Text is passed on as it is: escape sequences for colours are the terminal's to
 * understand. Printing never waits, so every promise has its value at once.
 */
export function Make(output: { print(text: string): void }): S {
  return {
    connect: (name) => Lwt.return(ok({ name })),
    disconnect: () => Lwt.return(undefined),
    write: (_, text) => Lwt.return(output.print(text)),
    log: (_, line) => output.print(`${line}\n`),
    logS: (_, line) => Lwt.return(output.print(`${line}\n`)),
  }
}
