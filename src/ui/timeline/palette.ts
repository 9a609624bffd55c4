// The colours of a picture, as they are now: a canvas knows neither variables nor schemes.

import type { Palette } from "./canvas-pen.ts"
import type { Ink } from "./picture.ts"

/** Where each colour of a picture comes from. */
const INKS: Readonly<Record<Ink, string>> = {
  text: "var(--text)",
  muted: "var(--muted)",
  grid: "color-mix(in srgb, var(--border) 60%, transparent)",
  wait: "var(--control)",
  fulfilled: "var(--ok)",
  rejected: "var(--error)",
  cancelled: "var(--note)",
  accent: "var(--accent)",
  chosen: "color-mix(in srgb, var(--accent) 18%, transparent)",
  ground: "var(--surface)",
}
/** With the reader's own colours there are few, and shapes and words do the rest. */
const FORCED: Readonly<Record<Ink, string>> = {
  text: "CanvasText",
  muted: "CanvasText",
  grid: "GrayText",
  wait: "GrayText",
  fulfilled: "CanvasText",
  rejected: "CanvasText",
  cancelled: "CanvasText",
  accent: "Highlight",
  chosen: "Canvas",
  ground: "Canvas",
}

/** What the colours come to at `probe`, an element that nobody sees. */
export function paletteAt(probe: HTMLElement): Palette {
  const inks = matchMedia("(forced-colors: active)").matches ? FORCED : INKS
  const resolve = (color: string): string => {
    probe.style.color = color
    return getComputedStyle(probe).color
  }
  return Object.fromEntries(Object.entries(inks).map(([ink, color]) => [ink, resolve(color)])) as Record<Ink, string>
}

/** Call `changed` when they may have changed. Returns how to stop. */
export function watchPalette(changed: () => void): () => void {
  const media = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query))
  for (const one of media) one.addEventListener("change", changed)
  const theme = new MutationObserver(changed)
  theme.observe(document.documentElement, { attributes: true })
  return () => {
    for (const one of media) one.removeEventListener("change", changed)
    theme.disconnect()
  }
}
