// Giving others a turn. A promise of `pause` is resolved by the main loop, which calls `wakeupPaused` once a round.

import { LwtPromise, type t } from "./promise.ts"
import { FULFILLED, isPending, PENDING, Queue, runNow, settle, underlying } from "./resolution.ts"

/** Those that the next round resolves. */
let paused = new Queue()
/** An empty queue for the round after. */
let spare: Queue | undefined
let count = 0
let notify: ((count: number) => void) | undefined

/** A promise that the main loop resolves when everything else that can run has had a turn. */
export function pause(): t<void> {
  const p = new LwtPromise<void>(PENDING, "self")
  paused.push(p)
  count++
  notify?.(count)
  return p
}

/**
 * Resolve all promises that were made by {@link pause} until now, oldest first. For the main loop. If the error of a callback
 * escapes, it is thrown, and those that are left are the first of the next round.
 */
export function wakeupPaused(): void {
  count = 0
  if (paused.isEmpty) return
  const batch = paused
  paused = spare ?? new Queue()
  spare = undefined
  try {
    while (!batch.isEmpty) {
      const cell = underlying(batch.take()!)
      // One that was cancelled is resolved already.
      if (isPending(cell)) runNow(settle(cell, FULFILLED, undefined))
    }
  } finally {
    if (batch.isEmpty) spare = batch
    else putBack(batch)
  }
}

/** `rest` comes before those that were paused meanwhile. */
function putBack(rest: Queue): void {
  count += rest.length
  while (!paused.isEmpty) rest.push(paused.take()!)
  paused = rest
}

/** How often {@link pause} was called since the last {@link wakeupPaused}, and how many that one has left. */
export function pausedCount(): number {
  return count
}

/** Call `f` with the new count whenever {@link pause} is called. There is one such function. */
export function registerPauseNotifier(f: (count: number) => void): void {
  notify = f
}

/** Forget all paused promises: they stay pending for ever. */
export function abandonPaused(): void {
  paused.clear()
  count = 0
}
