import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ChartData } from "../../src/content/figures.ts"
import { layOutChart, niceSteps } from "../../src/deck/chart-geometry.ts"

const space = { width: 1000, height: 500, margin: { left: 100, top: 50, right: 0, bottom: 50 } }

const boot: ChartData = {
  kind: "line",
  columns: ["MiB", "Mirage", "Linux PV"],
  rows: [
    [64, 0.037, null],
    [128, 0.045, 0.433],
    [2048, 0.201, 0.6],
  ],
}

describe("steps of an axis", () => {
  it("are those that one would draw by hand", () => {
    expect(niceSteps(0.6)).toEqual([0, 0.2, 0.4, 0.6])
    expect(niceSteps(0.674)).toEqual([0, 0.2, 0.4, 0.6, 0.8])
    expect(niceSteps(7)).toEqual([0, 2, 4, 6, 8])
    expect(niceSteps(100)).toEqual([0, 20, 40, 60, 80, 100])
    expect(niceSteps(0)).toEqual([0, 1])
    expect(niceSteps(Number.MIN_VALUE)).toEqual([0, 1])
  })

  it("begin at zero, are even and few, and just reach over the largest value", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
        const steps = niceSteps(max)
        const step = steps[1] as number
        expect(steps[0]).toBe(0)
        expect(steps.length).toBeGreaterThanOrEqual(3)
        expect(steps.length).toBeLessThanOrEqual(6)
        for (const [i, s] of steps.entries()) expect(s).toBeCloseTo(i * step, 6 - Math.ceil(Math.log10(max)))
        const last = steps.at(-1) as number
        expect(last).toBeGreaterThanOrEqual(max * (1 - 1e-9))
        expect(last - step).toBeLessThan(max)
      }),
    )
  })
})

describe("a line chart", () => {
  const layout = layOutChart(boot, space)

  it("puts zero on the axis and the largest step on top", () => {
    expect(layout.plot).toEqual({ left: 100, top: 50, right: 1000, bottom: 450 })
    expect(layout.yTicks.map((t) => [t.label, t.at])).toEqual([
      ["0", 450],
      ["0.2", 450 - 400 / 3],
      ["0.4", 450 - 800 / 3],
      ["0.6", 50],
    ])
  })

  it("stands its rows at equal distances, whatever their numbers", () => {
    expect(layout.xTicks).toEqual([
      { at: 250, label: "64" },
      { at: 550, label: "128" },
      { at: 850, label: "2048" },
    ])
  })

  it("draws every number where it belongs, and a gap where there is none", () => {
    const [mirage, linux] = layout.series
    expect(mirage?.runs.map((run) => run.length)).toEqual([3])
    expect(linux?.runs.map((run) => run.map((p) => [p.of, p.value, p.x]))).toEqual([
      [
        ["128", 0.433, 550],
        ["2048", 0.6, 850],
      ],
    ])
    expect(linux?.runs[0]?.[1]?.y).toBe(50)
    expect(mirage?.runs[0]?.[0]?.y).toBeCloseTo(450 - (0.037 / 0.6) * 400)
  })

  it("cuts a line in two where a number is missing in its middle", () => {
    const rows = [
      [1, 1],
      [2, null],
      [3, 2],
    ]
    const cut = layOutChart({ kind: "line", columns: ["x", "y"], rows }, space)
    expect(cut.series[0]?.runs.map((run) => run.map((p) => p.value))).toEqual([[1], [2]])
  })
})

it("stands the bars of a row side by side, inside of the row's band and of the plot", () => {
  const number = fc.double({ min: 0, max: 1e6, noNaN: true })
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((names) =>
      fc.array(fc.array(number, { minLength: names, maxLength: names }), { minLength: 1, maxLength: 8 }),
    )
  fc.assert(
    fc.property(table, (numbers) => {
      const names = numbers[0]?.length ?? 0
      const columns = ["", ...Array.from({ length: names }, (_, i) => `series ${i}`)]
      const data: ChartData = { kind: "bar", columns, rows: numbers.map((row, i) => [`row ${i}`, ...row]) }
      const { plot, series, barWidth } = layOutChart(data, space)
      const band = (plot.right - plot.left) / numbers.length
      for (let r = 0; r < numbers.length; r++) {
        const bars = series.map((s) => s.runs[0]?.[r] ?? expect.fail("a bar is missing"))
        for (const [i, { x, y }] of bars.entries()) {
          expect(x - barWidth / 2).toBeGreaterThan(plot.left + band * r - 1e-6)
          expect(x + barWidth / 2).toBeLessThan(plot.left + band * (r + 1) + 1e-6)
          if (i > 0) expect(x - (bars[i - 1]?.x ?? 0)).toBeCloseTo(barWidth)
          expect(y).toBeGreaterThanOrEqual(plot.top - 1e-6)
          expect(y).toBeLessThanOrEqual(plot.bottom)
        }
      }
    }),
  )
})
