// LwtMain: the main loop as a program sees it, and what can be hung on it. The loop itself is engine.ts.
//
// Hooks belong to the machine that `OS` means, and are gone with it. Exit hooks are called when the program has come to its
// end, or has failed; not if it is stopped, or if an exception in a callback of the host's own kills it.

import type * as Lwt from "../lwt/lwt.ts"
import type { Engine } from "./engine.ts"
import type { HOOKS, Hooks } from "./hooks.ts"
import { engine } from "./os.ts"

export { run } from "./os.ts"
/** `Lwt.pause`, by the name that it had here at first. */
export { pause as yield } from "../lwt/pause.ts"

/** Called before each round of the loop, when it is to go on. What one throws ends the run. */
export const EnterIterHooks: HOOKS<void> = hooksOfMachine((machine) => machine.enterIterHooks)

/** Called after each round of the loop. What one throws ends the run. */
export const LeaveIterHooks: HOOKS<void> = hooksOfMachine((machine) => machine.leaveIterHooks)

/** Called when the program is over, each when the one before has ended. Their failures are ignored. */
export const ExitHooks: HOOKS<Lwt.t<void>> = hooksOfMachine((machine) => machine.exitHooks)

/** Call `f` when the program is over, before all that were to be called then until now. */
export function atExit(f: () => Lwt.t<void>): void {
  ExitHooks.addFirst(f)
}

function hooksOfMachine<R>(of: (machine: Engine) => Hooks<R>): HOOKS<R> {
  return {
    addFirst: (f) => of(engine()).addFirst(f),
    addLast: (f) => of(engine()).addLast(f),
    remove: (h) => of(engine()).remove(h),
    removeAll: () => of(engine()).removeAll(),
  }
}
