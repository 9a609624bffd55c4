// Exceptions that nobody handles.

import { afterEach, beforeEach } from "vitest"
import * as Lwt from "../../src/mirage/lwt/lwt.ts"

/** What Lwt's hook has been given in the test that is running, in place of failing it. */
export function useLostExceptions(): readonly unknown[] {
  const lost: unknown[] = []
  let hook: Lwt.Hook
  beforeEach(() => {
    lost.length = 0
    hook = Lwt.asyncExceptionHook.get()
    Lwt.asyncExceptionHook.set((e) => lost.push(e))
  })
  afterEach(() => {
    Lwt.asyncExceptionHook.set(hook)
  })
  return lost
}
