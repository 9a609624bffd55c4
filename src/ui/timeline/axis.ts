// The horizontal axis: what part of a run is seen, and where in the picture a moment of it is. Moments are in simulated
// milliseconds, or, for programs in which no time passes, in the order in which things happened.

import type { Moment } from "./threads.ts"

/** What the axis counts. */
export type Scale = "time" | "order"

/** The part that is seen, from `from` to `to`, of a whole that begins at 0. */
export interface View {
  readonly from: number
  readonly to: number
}

/** What cannot be divided further, and is said in full by a tick: a nanosecond, or a step. */
const UNIT: Readonly<Record<Scale, number>> = { time: 1e-6, order: 1 }

/** How closely one can look: there is more than one tick in view still. */
const LEAST: Readonly<Record<Scale, number>> = { time: 4 * UNIT.time, order: 2 * UNIT.order }

/** Where on the axis `moment` is. */
export function at(moment: Moment, scale: Scale): number {
  return scale === "time" ? moment.time : moment.step
}

/** What the words of a row that ends last need after it, in points; but not more than a part of the picture. */
const WORDS = 74
const MOST_OF_IT = 0.35

/** All of a run that has got as far as `end`, in a picture `width` wide, with room for the words of the last row. */
export function whole(end: number, width: number): View {
  return { from: 0, to: end > 0 ? end / (1 - Math.min(MOST_OF_IT, WORDS / Math.max(1, width))) : 1 }
}

/** The point of a picture `width` wide at which `value` is. */
export function xOf(view: View, value: number, width: number): number {
  return ((value - view.from) / (view.to - view.from)) * width
}

/** What is at the point `x`. */
export function valueAt(view: View, x: number, width: number): number {
  return view.from + (x / width) * (view.to - view.from)
}

/** See `factor` times as much, or less of it, and leave `value` where it is; never more than `all`. */
export function zoom(view: View, value: number, factor: number, all: View, scale: Scale): View {
  const size = Math.min(all.to - all.from, Math.max(LEAST[scale], (view.to - view.from) * factor))
  const share = (value - view.from) / (view.to - view.from)
  return within({ from: value - share * size, to: value + (1 - share) * size }, all)
}

/** Move by `amount`, as far as there is something. */
export function pan(view: View, amount: number, all: View): View {
  return within({ from: view.from + amount, to: view.to + amount }, all)
}

function within(view: View, all: View): View {
  const size = view.to - view.from
  if (size >= all.to - all.from) return all
  const from = Math.min(Math.max(view.from, all.from), all.to - size)
  return { from, to: from + size }
}

/** Bring `value` into view with some room beside it, moving no more than is needed. */
export function reveal(view: View, value: number, all: View): View {
  const room = (view.to - view.from) * 0.05
  if (value < view.from + room) return pan(view, value - view.from - room, all)
  if (value > view.to - room) return pan(view, value - view.to + room, all)
  return view
}

/** Round values in view, no closer than `least` points to each other. */
export function ticks(view: View, width: number, least: number, scale: Scale): readonly number[] {
  const rough = ((view.to - view.from) * least) / Math.max(1, width)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10)
  const even = Math.max(UNIT[scale], step)
  const values: number[] = []
  // Counted, and not added up, which would gather mistakes.
  for (let n = Math.ceil(view.from / even); n * even <= view.to; n++) values.push(n * even)
  return values
}

/** A moment's time in words: seconds to the millisecond, and closer if it has to be. */
export function showTime(ms: number): string {
  const seconds = ms / 1000
  const digits = Number.isInteger(ms) ? 3 : 6
  return `${seconds.toFixed(digits)} s`
}

/** A tick's label: no more digits than it needs. */
export function showTick(value: number, scale: Scale): string {
  return scale === "time" ? `${Number((value / 1000).toFixed(9))} s` : String(value)
}
