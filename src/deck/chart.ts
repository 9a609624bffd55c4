// Plots for the `<figure data-chart>`s that the slides hold. The figure's table stays: it is the text twin of the plot,
// for screen readers and for print without scripts, and is hidden from the eye only once there is a plot to look at.

import type { ChartData } from "../content/figures.ts"
import { type ChartLayout, layOutChart, type Point } from "./chart-geometry.ts"

const SVG = "http://www.w3.org/2000/svg"
const SPACE = { width: 1100, height: 440, margin: { left: 110, top: 56, right: 16, bottom: 84 } }
const MARK_SIZE = 8

/** Draw every chart under `root` that has not been drawn. */
export function drawCharts(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>("figure[data-chart]:not([data-drawn])")) {
    const json = figure.querySelector("script[type='application/json']")?.textContent
    if (json === undefined || json === null) continue
    const data = JSON.parse(json) as ChartData
    figure.prepend(drawChart(data))
    figure.dataset["drawn"] = ""
  }
}

function drawChart(data: ChartData): SVGSVGElement {
  const layout = layOutChart(data, SPACE)
  const unit = data.unit === undefined ? "" : ` ${data.unit}`
  // The table says the same in words, so the drawing is none of a screen reader's business.
  const svg = element("svg", { viewBox: `0 0 ${layout.width} ${layout.height}`, "aria-hidden": "true", class: "plot" })
  svg.append(grid(layout, data, unit))
  for (const [i, series] of layout.series.entries()) {
    const group = element("g", { class: `series series-${i + 1}` })
    for (const run of series.runs) {
      if (data.kind === "line") group.append(element("polyline", { points: run.map((p) => `${p.x},${p.y}`).join(" ") }))
      for (const point of run) {
        const drawn = data.kind === "line" ? mark(point, i) : bar(point, layout)
        drawn.append(text("title", {}, `${series.name}, ${point.of}: ${point.value}${unit}`))
        group.append(drawn)
      }
    }
    svg.append(group)
  }
  svg.append(legend(layout, data))
  return svg
}

function grid({ plot, xTicks, yTicks }: ChartLayout, data: ChartData, unit: string): SVGElement {
  const group = element("g", { class: "grid" })
  for (const { at, label } of yTicks) {
    group.append(element("line", { x1: plot.left, x2: plot.right, y1: at, y2: at }))
    group.append(
      text(
        "text",
        { x: plot.left - 12, y: at, "text-anchor": "end", "dominant-baseline": "central" },
        `${label}${unit}`,
      ),
    )
  }
  for (const { at, label } of xTicks) {
    group.append(text("text", { x: at, y: plot.bottom + 30, "text-anchor": "middle" }, label))
  }
  const middle = (plot.left + plot.right) / 2
  if (data.x !== undefined) {
    group.append(text("text", { x: middle, y: plot.bottom + 70, "text-anchor": "middle", class: "axis" }, data.x))
  }
  if (data.y !== undefined) {
    const y = (plot.top + plot.bottom) / 2
    const turned = `translate(26 ${y}) rotate(-90)`
    group.append(text("text", { transform: turned, "text-anchor": "middle", class: "axis" }, data.y))
  }
  return group
}

// Series differ in shape as well as in colour: not everybody sees the colours, and no projector shows them as they are.
function mark({ x, y }: Point, series: number): SVGElement {
  const r = MARK_SIZE
  switch (series % 3) {
    case 0:
      return element("circle", { cx: x, cy: y, r })
    case 1:
      return element("path", {
        d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`,
        class: "open",
      })
    default:
      return element("path", { d: `M${x} ${y - r}L${x + r} ${y + r}H${x - r}Z` })
  }
}

function bar({ x, y }: Point, { plot, barWidth }: ChartLayout): SVGElement {
  return element("rect", { x: x - barWidth / 2, y, width: barWidth, height: Math.max(1, plot.bottom - y) })
}

function legend({ plot, series }: ChartLayout, data: ChartData): SVGElement {
  const group = element("g", { class: "legend" })
  let x = plot.left
  for (const [i, { name }] of series.entries()) {
    const entry = element("g", { class: `series series-${i + 1}` })
    const y = 22
    if (data.kind === "line") {
      entry.append(element("polyline", { points: `${x},${y} ${x + 52},${y}` }))
      entry.append(mark({ x: x + 26, y, value: 0, of: "" }, i))
    } else entry.append(element("rect", { x: x + 14, y: y - 12, width: 24, height: 24 }))
    group.append(entry, text("text", { x: x + 66, y, "dominant-baseline": "central" }, name))
    // Measuring text needs a layout; half an em a letter is enough for a legend.
    x += 66 + name.length * 14 + 48
  }
  return group
}

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}

function text(
  name: "text" | "title",
  attributes: Readonly<Record<string, string | number>>,
  content: string,
): SVGElement {
  const made = element(name, attributes)
  made.textContent = content
  return made
}
