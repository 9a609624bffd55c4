// Each idea is its OCaml beside its TypeScript.

import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { Problems } from "../../src/content/problems.ts"
import { splitSlides } from "../../src/content/slides.ts"

const slides = join(import.meta.dirname, "../../slides")
const problems = new Problems()
const all = readdirSync(slides)
  .filter((name) => /^\d+-.*\.md$/.test(name))
  .flatMap((name) => splitSlides(name, readFileSync(join(slides, name), "utf8"), problems).slides)
  .map(({ text }) => ({
    heading: /^#+ (.*)$/m.exec(text)?.[1] ?? "",
    ocaml: /^```ocaml\b(?!-output)/m.test(text),
    typescript: /^```ts\b/m.test(text),
    runs: /^```ts cell=/m.test(text),
  }))

/** Slides with a program of one of the two languages alone, and why. */
const ALONE: Readonly<Record<string, string>> = {
  "What OCaml says": "OCaml's error about the program of the slide before, whose cell has TypeScript's",
}

it("a slide with one has the other", () => {
  const alone = all.filter((slide) => slide.ocaml !== slide.typescript).map((slide) => slide.heading)
  expect(alone.filter((heading) => !(heading in ALONE))).toEqual([])
  expect(Object.keys(ALONE).filter((heading) => !alone.includes(heading))).toEqual([])
})

it("most of the TypeScript runs", () => {
  const both = all.filter((slide) => slide.ocaml && slide.typescript)
  expect(both.length).toBeGreaterThan(70)
  expect(both.filter((slide) => slide.runs).length).toBeGreaterThan(0.8 * both.length)
})
