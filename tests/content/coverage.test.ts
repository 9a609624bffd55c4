// COVERAGE.md leads from every slide of the original to ours, and every slide of ours can be given in the time that its
// notes say.

import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { Problems } from "../../src/content/problems.ts"
import { type ReadSlide, readDeck } from "../../src/content/read.ts"

const root = join(import.meta.dirname, "../..")
const markdown = readdirSync(join(root, "slides"))
  .filter((name) => /^\d+-.*\.md$/.test(name))
  .toSorted()
  .map((name) => ({ name: `slides/${name}`, text: readFileSync(join(root, "slides", name), "utf8") }))
const columns = readDeck(
  markdown,
  { readSource: (path) => readFileSync(join(root, path), "utf8"), hasAsset: () => true },
  new Problems(),
).columns
const slides = columns.flatMap((column) => column.slides)
const ids = new Set(slides.map((slide) => slide.id))

/** How many slides each column of the original has. */
const ORIGINAL: Readonly<Record<string, number>> = {
  a: 1,
  b: 2,
  c: 7,
  d: 7,
  e: 6,
  f: 1,
  g: 1,
  h: 11,
  i: 15,
  j: 5,
  k: 5,
  l: 10,
}

describe("COVERAGE.md", () => {
  const text = readFileSync(join(root, "slides/COVERAGE.md"), "utf8")
  const rows = [...text.matchAll(/^\| (\d+) \| ([a-z]\d+) \| (.+?) \| (.*) \|$/gm)].map(
    ([, number, place, topic, here = ""]) => ({
      number: Number(number),
      place,
      topic,
      here: [...here.matchAll(/`([^`]+)`/g)].map((m) => m[1] as string),
    }),
  )

  it("has every slide of the original once, in order", () => {
    const places = Object.entries(ORIGINAL).flatMap(([column, n]) =>
      Array.from({ length: n }, (_, i) => `${column}${i + 1}`),
    )
    expect(places).toHaveLength(71)
    expect(rows.map((row) => row.place)).toEqual(places)
    expect(rows.map((row) => row.number)).toEqual(places.map((_, i) => i + 1))
  })

  it("leads somewhere from each", () => {
    expect(rows.filter((row) => row.here.length === 0)).toEqual([])
    const [, later = ""] = text.split("## Later material")
    const named = [
      ...rows.flatMap((row) => row.here),
      ...[...(later.split("\n## ")[0] ?? "").matchAll(/`([\w-]+)`/g)].map((m) => m[1] as string),
    ]
    expect(named.filter((id) => !ids.has(id))).toEqual([])
  })

  it("speaks of corrections to slides that there are", () => {
    const [, corrections = ""] = text.split("## What was corrected")
    const places = [...corrections.matchAll(/^\| ([a-l]\d+) \|/gm)].map((m) => m[1])
    expect(places.length).toBeGreaterThan(10)
    expect(places.filter((place) => !rows.some((row) => row.place === place))).toEqual([])
  })
})

describe("the speaker's notes", () => {
  /** The first line of the notes, and the rest of them. */
  const notes = (slide: ReadSlide): { first: string; rest: string } => {
    const texts = (slide.notes ?? []).map(({ content }) => (content.tag === "markdown" ? content.token.raw.trim() : ""))
    return { first: texts[0] ?? "", rest: texts.slice(1).join("\n\n") }
  }
  const TIMES = /^Talk (skip|[\d.]+ min) · Workshop (skip|[\d.]+ min)$/
  const minutes = (time: string | undefined) => (time === undefined || time === "skip" ? 0 : Number.parseFloat(time))

  it.each(slides.map((slide) => [slide.id, slide] as const))(
    "of %s say how long it takes, and what to say",
    (_, slide) => {
      const { first, rest } = notes(slide)
      expect(first).toMatch(TIMES)
      expect(rest).toContain("**Say:**")
      expect(rest).toContain("**Show:**")
      expect(rest).toContain("**Goes wrong:**")
    },
  )

  const total = (part: 1 | 2) => slides.reduce((sum, slide) => sum + minutes(TIMES.exec(notes(slide).first)?.[part]), 0)

  it("make a talk of 45 minutes", () => {
    expect(total(1)).toBeLessThanOrEqual(45)
    expect(total(1)).toBeGreaterThan(38)
  })

  it("make a workshop of three hours", () => {
    expect(total(2)).toBeLessThanOrEqual(180)
    expect(total(2)).toBeGreaterThan(160)
  })
})
