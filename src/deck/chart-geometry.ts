// Where everything in a chart goes: numbers in, numbers out. chart.ts draws what is worked out here.

import type { ChartData } from "../content/figures.ts"

/** A mark on an axis. */
export interface Tick {
  readonly at: number
  readonly label: string
}

/** A point of a series; `value` is what it stands for. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly value: number
  /** The row's heading. */
  readonly of: string
}

/** A line of a line chart, cut where a number is missing; or the bars of one colour. */
export interface Series {
  readonly name: string
  readonly runs: readonly (readonly Point[])[]
}

/** A chart, laid out in `width` by `height`. */
export interface ChartLayout {
  readonly width: number
  readonly height: number
  /** The area inside the axes. */
  readonly plot: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  readonly series: readonly Series[]
  /** A bar's width; 0 in a line chart. */
  readonly barWidth: number
}

/** How large, and how much room the labels need. */
export interface ChartSpace {
  readonly width: number
  readonly height: number
  readonly margin: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
}

/**
 * Lay a chart out. The y axis begins at zero, so that lengths can be compared. The rows stand at equal distances along
 * the x axis, as in the original's charts, whose memory sizes double from one to the next.
 */
export function layOutChart(data: ChartData, space: ChartSpace): ChartLayout {
  const { width, height, margin } = space
  const plot = { left: margin.left, top: margin.top, right: width - margin.right, bottom: height - margin.bottom }
  const values = data.rows.flatMap((row) => row.slice(1)).filter((cell): cell is number => typeof cell === "number")
  const steps = niceSteps(Math.max(0, ...values))
  const top = steps.at(-1) ?? 1
  const y = (value: number) => plot.bottom - (value / top) * (plot.bottom - plot.top)

  const count = data.rows.length
  const bars = data.kind === "bar"
  const band = (plot.right - plot.left) / count
  // Bars stand in the middle of their bands. Points do too, which keeps the first one off the axis.
  const x = (row: number) => plot.left + band * (row + 0.5)
  const names = data.columns.slice(1)
  const barWidth = bars ? (band * 0.7) / names.length : 0
  const series = names.map((name, s) => {
    const aside = bars ? (s - (names.length - 1) / 2) * barWidth : 0
    const runs: Point[][] = [[]]
    for (const [r, row] of data.rows.entries()) {
      const value = row[s + 1]
      if (typeof value === "number") runs.at(-1)?.push({ x: x(r) + aside, y: y(value), value, of: String(row[0]) })
      else if (runs.at(-1)?.length !== 0) runs.push([])
    }
    return { name, runs: runs.filter((run) => run.length > 0) }
  })

  return {
    width,
    height,
    plot,
    xTicks: data.rows.map((row, r) => ({ at: x(r), label: String(row[0] ?? "") })),
    yTicks: steps.map((step) => ({ at: y(step), label: showNumber(step) })),
    series,
    barWidth,
  }
}

/** Below this a double has too few digits to be divided into steps: nothing that is drawn is so small. */
const NOTHING = 1e-300

/** Zero and three to six round numbers above it, the last one at or above `max`. */
export function niceSteps(max: number): number[] {
  if (!(max > NOTHING)) return [0, 1]
  const size = 10 ** Math.floor(Math.log10(max))
  // The first of these steps that needs no more than five of its kind.
  const step = [0.2, 0.25, 0.5, 1, 2, 2.5].map((s) => s * size).find((s) => Math.ceil(max / s - 1e-9) <= 5) ?? size * 5
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}

function showNumber(n: number): string {
  return Number(n.toPrecision(6)).toString()
}
