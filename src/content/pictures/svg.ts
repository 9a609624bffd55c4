// A scene as SVG. Colours and type come from pictures.css by class. Steps are done by custom properties: pictures.css makes
// `--on-2` 1 when the second fragment has been shown and 0 before, and an item's opacity and place are sums of such.

import { escapeHtml } from "../attributes.ts"
import { HEAD, headPath, linePath, rectPath } from "./arrow.ts"
import type { Art, Box, Edge, Item, Label, Scene, Timed } from "./scene.ts"
import { LEADING, type Line, textHeight } from "./text.ts"

const RADIUS = { cell: 0, round: 12, pill: 999, area: 18 }

const n = (x: number) => String(Math.round(x * 10) / 10)

/** The drawing of `scene`. Names in it begin with `id`, which is to be the only one of its kind in the page. */
export function drawing(scene: Scene, id: string): string {
  const { width, height, title, description } = scene
  return [
    `<svg viewBox="0 0 ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    // The drawing's words are in the twin, in order, and reveal.js, which reads slides out, is not to say them twice.
    `<desc id="${id}-desc" aria-hidden="true">${escapeHtml(description)}</desc>`,
    `<g id="${id}-all" class="drawn" aria-hidden="true">`,
    ...scene.items.map(item),
    "</g>",
    "</svg>",
  ].join("\n")
}

function item(it: Item): string {
  switch (it.kind) {
    case "box":
      return box(it)
    case "edge":
      return edge(it)
    case "label":
      return label(it)
    case "art":
      return art(it)
  }
}

function box(b: Box): string {
  const shape = b.shape ?? "round"
  const rect = `<path d="${rectPath(b, RADIUS[shape])}"/>`
  const start = shape === "area" || b.align === "start"
  const top = shape === "area" ? b.y + 12 : b.y + (b.height - textHeight(b.lines)) / 2
  const x = start ? b.x + 16 : b.x + b.width / 2
  return `<g class="box ${shape} ${b.tone}"${timing(b)}>${rect}${text(b.lines, x, top, start ? "start" : "middle")}</g>`
}

function edge(e: Edge): string {
  const bare = e.style === "bare"
  const strong = e.strong === undefined ? "" : `--strong:${presence(e.strong) ?? "1"}`
  const line = `<path class="line" d="${linePath(e.points, bare ? 0 : HEAD - 3)}"/>`
  const head = bare ? "" : `<path class="head" d="${headPath(e.points)}"/>`
  const name = e.label === undefined ? "" : label(e.label)
  return `<g class="edge${e.style === "dashed" ? " dashed" : ""}"${timing(e, strong)}>${line}${head}${name}</g>`
}

function label(l: Label): string {
  const height = textHeight(l.lines)
  const first = (l.lines[0]?.size ?? 0) * LEADING
  const tone = l.tone ?? "text"
  if (l.turned === true) {
    const lines = text(l.lines, 0, -height / 2, l.anchor)
    return `<g class="label ${tone}"${timing(l)}><g transform="translate(${n(l.x)} ${n(l.y)}) rotate(-90)">${lines}</g></g>`
  }
  return `<g class="label ${tone}"${timing(l)}>${text(l.lines, l.x, l.y - first / 2, l.anchor)}</g>`
}

function art(a: Art): string {
  const paths = a.paths.map(({ d, look }) => `<path class="${look}" d="${d}"/>`).join("")
  return `<g class="art"${timing(a)}>${paths}</g>`
}

/** Lines under one another from `top` on. */
function text(lines: readonly Line[], x: number, top: number, anchor: "start" | "middle" | "end"): string {
  let y = top
  return lines
    .map((line) => {
      // The baseline, for which four fifths of the way down looks centred with both fonts.
      const baseline = y + line.size * (LEADING / 2 + 0.33)
      y += line.size * LEADING
      const style = line.style === undefined ? "" : ` class="${line.style}"`
      return `<text x="${n(x)}" y="${n(baseline)}" font-size="${line.size}" text-anchor="${anchor}"${style}>${escapeHtml(line.text)}</text>`
    })
    .join("")
}

/** When something is there, as a number from 0 to 1 that CSS can work out; `undefined` for always. */
function presence({ from = 0, until }: { readonly from?: number; readonly until?: number }): string | undefined {
  if (until === undefined) return from === 0 ? undefined : `var(--on-${from})`
  return from === 0 ? `calc(1 - var(--on-${until}))` : `calc(var(--on-${from}) - var(--on-${until}))`
}

function timing(timed: Timed, more: string = ""): string {
  const opacity = presence(timed)
  const moves = timed.moves ?? []
  const way = (of: "dx" | "dy") => {
    const sums = moves.filter((m) => (m[of] ?? 0) !== 0).map((m) => sumOf(m.at, m[of] ?? 0))
    return sums.length === 0 ? "0px" : `calc(${sums.join(" + ")})`
  }
  const style = [
    ...(opacity === undefined ? [] : [`opacity:${opacity}`]),
    ...(moves.length === 0 ? [] : [`translate:${way("dx")} ${way("dy")}`]),
    ...(more === "" ? [] : [more]),
  ].join(";")
  const { lean } = timed
  const turn = lean === undefined ? "" : ` transform="rotate(${n(lean.degrees)} ${n(lean.x)} ${n(lean.y)})"`
  return `${turn}${style === "" ? "" : ` style="${style}"`}`
}

const sumOf = (at: number, by: number) => (at === 0 ? `${n(by)}px` : `var(--on-${at}) * ${n(by)}px`)
