// `console` for cells: what it prints is the output of the run.

import type { Outbox } from "./outbox.ts"
import { showArguments } from "./show-value.ts"

/** Make the methods of `globals.console` that print do so into `outbox`. */
export function installConsole(globals: Record<string, unknown>, outbox: Pick<Outbox, "full" | "print">): void {
  const printer =
    (stream: "out" | "err") =>
    (...values: unknown[]): void => {
      // A flood that nobody will see need not be formatted.
      if (!outbox.full) outbox.print(stream, `${showArguments(values)}\n`)
    }
  const out = printer("out")
  const err = printer("err")
  const methods = {
    log: out,
    info: out,
    debug: out,
    dir: (value: unknown) => out(value),
    table: (value: unknown) => out(value),
    group: out,
    groupCollapsed: out,
    warn: err,
    error: err,
    trace: err,
    assert: (condition?: unknown, ...values: unknown[]) => {
      if (!condition) err(...(values.length === 0 ? ["Assertion failed"] : ["Assertion failed:", ...values]))
    },
  }
  globals["console"] = Object.assign(Object.create((globals["console"] as object | undefined) ?? null), methods)
}
