// The theme's promises: enough contrast in light, in dark and when more of it is asked for; type that can be read from the
// last row; the same colours of code as the editor.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { contrastDarkPalette, contrastLightPalette, darkPalette, lightPalette } from "../../src/ui/editor/themes.ts"
import { contrast } from "../support/contrast.ts"

const css = (name: string) => readFileSync(join(import.meta.dirname, "../../src/deck", name), "utf8")
const [root = "", more = ""] = css("theme.css").split("@media (prefers-contrast: more)")

type Colours = ReadonlyMap<string, readonly [light: string, dark: string]>

function colours(text: string): Colours {
  const pairs = text.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)
  return new Map([...pairs].map(([, name, light, dark]) => [name as string, [light as string, dark as string]]))
}

const usual = colours(root)
const strong: Colours = new Map([...usual, ...colours(more)])
const modes = ["light", "dark"] as const

const colour = (from: Colours, name: string, mode: (typeof modes)[number]) => {
  const pair = from.get(name)
  if (pair === undefined) throw new Error(`theme.css defines no --${name} in both modes`)
  return pair[modes.indexOf(mode)] as string
}

describe.each([
  ["as usual", usual, 4.5],
  ["with more contrast", strong, 7],
] as const)("%s", (_, from, wanted) => {
  it.each(modes)("text can be read, %s", (mode) => {
    const words = ["text", "muted", "heading", "link", "strong", "green", "yellow", "blue", "red"]
    for (const ground of ["ground", "raised"])
      for (const word of words) {
        const ratio = contrast(colour(from, word, mode), colour(from, ground, mode))
        expect(ratio, `--${word} on --${ground}`).toBeGreaterThanOrEqual(wanted)
      }
    for (const kind of ["text", "comment", "keyword", "string", "number", "type"]) {
      // Highlighted code has its own ground; printed output has the slide's.
      const ratio = contrast(colour(from, `code-${kind}`, mode), colour(from, "code-ground", mode))
      expect(ratio, `--code-${kind}`).toBeGreaterThanOrEqual(wanted)
    }
  })

  // WCAG 2.2, 1.4.11: what is needed to see a control, or to read a graph.
  it.each(modes)("controls, the focus and the lines of charts can be seen, %s", (mode) => {
    for (const name of ["control", "focus", "series-1", "series-2", "series-3"]) {
      const ratio = contrast(colour(from, name, mode), colour(from, "ground", mode))
      expect(ratio, `--${name}`).toBeGreaterThanOrEqual(3)
    }
  })
})

it("has the same colours for whoever asks the page for high contrast as for whoever asks the system", () => {
  const chosen = more.slice(more.indexOf('data-theme="contrast"'), more.indexOf("@media"))
  const asked = more.slice(0, more.indexOf('data-theme="contrast"'))
  expect(colours(chosen).size).toBeGreaterThan(15)
  expect(colours(chosen)).toEqual(colours(asked))
})

it("gives code the colours that the editor gives it", () => {
  for (const kind of ["ground", "text", "comment", "keyword", "string", "number", "type"] as const) {
    expect(usual.get(`code-${kind}`), kind).toEqual([lightPalette[kind], darkPalette[kind]])
    expect(strong.get(`code-${kind}`), kind).toEqual([contrastLightPalette[kind], contrastDarkPalette[kind]])
  }
  for (const [mark, token] of [
    ["error", "red"],
    ["warning", "yellow"],
    ["info", "blue"],
    ["frame", "control"],
  ] as const) {
    expect(usual.get(token), mark).toEqual([lightPalette[mark], darkPalette[mark]])
    expect(strong.get(token), mark).toEqual([contrastLightPalette[mark], contrastDarkPalette[mark]])
  }
})

it("is large enough for the last row", () => {
  const size = (name: string) => Number(new RegExp(`--${name}:\\s*(\\d+)px`).exec(root)?.[1])
  expect(size("text-size")).toBeGreaterThanOrEqual(30)
  expect(size("table-size")).toBeGreaterThanOrEqual(30)
  expect(size("code-size")).toBeGreaterThanOrEqual(20)
  expect(size("small-size")).toBeGreaterThanOrEqual(24)
})

it("knows a small window by the same condition in the script and in the styles", () => {
  const condition = /const SMALL = matchMedia\(\s*"(.*)"/.exec(css("main.ts"))?.[1]
  expect(condition).toBeDefined()
  const queries = [
    ...`${css("theme.css")}${css("page.css")}${css("slides.css")}`.matchAll(/@media ([^{]*max-width[^{]*?) \{/g),
  ].flatMap(([, q]) => ((q as string).includes("700px") ? [q] : []))
  expect(queries.length).toBeGreaterThan(3)
  for (const query of queries) expect([condition, `not (${condition})`]).toContain(query)
})
