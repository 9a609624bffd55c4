// Giving others a turn. A promise of `pause` is resolved by the main loop, which calls `wakeupPaused` once a round.

import { LwtPromise, type t } from "./promise.ts"
import { type Cell, FULFILLED, PENDING, runNow, settle, underlying } from "./resolution.ts"

let paused: Cell[] = []
let count = 0
let notify: (count: number) => void = () => {}

/** A promise that the main loop resolves when everything else that can run has had a turn. */
export function pause(): t<void> {
  const p = new LwtPromise<void>(PENDING, undefined, "self")
  paused.push(p)
  count++
  notify(count)
  return p
}

/** Resolve all promises that were made by {@link pause} until now, oldest first. For the main loop. */
export function wakeupPaused(): void {
  count = 0
  if (paused.length === 0) return
  const batch = paused
  paused = []
  for (const p of batch) {
    const cell = underlying(p)
    // One that was cancelled is resolved already.
    if (cell.tag === PENDING) runNow(settle(cell, FULFILLED, undefined))
  }
}

/** How often {@link pause} was called since the last {@link wakeupPaused}. */
export function pausedCount(): number {
  return count
}

/** Call `f` with the new count whenever {@link pause} is called. There is one such function. */
export function registerPauseNotifier(f: (count: number) => void): void {
  notify = f
}

/** Forget all paused promises: they stay pending for ever. */
export function abandonPaused(): void {
  paused = []
  count = 0
}
