// Giving others a turn. A promise of `pause` is resolved by the main loop, which calls `wakeupPaused` once a round.

import { pending, type t } from "./promise.ts"
import { Queue } from "./queue.ts"
import { type Cell, FULFILLED, isPending, runNow, settle, underlying } from "./resolution.ts"

/** What is left of the round that is running, if one is, and then what the next one resolves. */
const paused = new Queue()
/** How many are left of the one that is running. In an object, as resolution.ts says. */
const round = { left: 0 }
let notify: ((count: number) => void) | undefined

/** A promise that the main loop resolves when everything else that can run has had a turn. */
export function pause(): t<void> {
  const p = pending<void>("self")
  paused.push(p)
  notify?.(pausedCount())
  return p
}

/**
 * Resolve all promises that were made by {@link pause} until now, oldest first. For the main loop. If the error of a callback
 * escapes, it is thrown, and those that are left are the first of the next round.
 */
export function wakeupPaused(): void {
  if (round.left > 0) return wakeupWithin()
  round.left = paused.length
  try {
    while (round.left > 0) {
      round.left--
      const cell = underlying(paused.take())
      // One that was cancelled is resolved already.
      if (isPending(cell)) runNow(settle(cell, FULFILLED, undefined))
    }
  } finally {
    round.left = 0
  }
}

/** A callback has begun a round, which comes before what is left of the one that the callback is of. */
function wakeupWithin(): void {
  const outer = take(round.left)
  round.left = 0
  try {
    wakeupPaused()
  } finally {
    const next = take(paused.length)
    round.left = outer.length
    putBack(outer)
    putBack(next)
  }
}

/** How often {@link pause} was called since the last {@link wakeupPaused}, and how many that one has left. */
export function pausedCount(): number {
  return paused.length - round.left
}

/** Call `f` with the new count whenever {@link pause} is called. There is one such function. */
export function registerPauseNotifier(f: (count: number) => void): void {
  notify = f
}

/** Forget all paused promises: they stay pending for ever. A round that is running goes on. */
export function abandonPaused(): void {
  const running = take(round.left)
  paused.clear()
  putBack(running)
}

function take(n: number): Cell[] {
  return Array.from({ length: n }, () => paused.take())
}

function putBack(cells: readonly Cell[]): void {
  for (const cell of cells) paused.push(cell)
}
