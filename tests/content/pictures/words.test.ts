// The text twin says what the drawing shows: everything, once, and in the step in which it is shown.

import { describe, expect, it } from "vitest"
import { isThere, nameOf } from "../../../src/content/pictures/scene.ts"
import { twin } from "../../../src/content/pictures/words.ts"
import { GALLERY, VIEWS } from "./gallery.ts"

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' }
const plain = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "\n")
    .replaceAll(/&(\w+);/g, (_, name: string) => entities[name] ?? "?")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")

describe.each(GALLERY.map(({ info, scene }) => [info, scene] as const))("%s", (_, scene) => {
  const html = twin(scene)
  const said = plain(html)

  it("names every box, and says what is to be said of it", () => {
    for (const item of scene.items) {
      if (item.kind !== "box" || item.partOf !== undefined) continue
      const sentence = item.says === undefined ? `${nameOf(item)}.` : `${nameOf(item)}: ${item.says}`
      expect(nameOf(item)).not.toBe("")
      expect(said).toContain(sentence)
    }
  })

  it("tells of every arrow, in a sentence", () => {
    for (const item of scene.items) {
      if (item.kind !== "edge") continue
      expect(said).toContain(item.says)
      expect(item.says).toMatch(/^[A-Z].*\.$/)
    }
  })

  it("mentions the boxes that are part of another by that", () => {
    const ids = new Set(scene.items.flatMap((i) => (i.kind === "box" && i.partOf === undefined ? [i.id] : [])))
    for (const item of scene.items) {
      if (item.kind === "box" && item.partOf !== undefined) expect(ids).toContain(item.partOf)
    }
  })

  it("says nothing twice in one list", () => {
    for (const [, list = ""] of html.matchAll(/<ul>((?:(?!<ul>)[^])*?)<\/ul>/g)) {
      const sentences = plain(list)
      expect(sentences).toEqual([...new Set(sentences)])
    }
    const arrows = scene.items.flatMap((i) => (i.kind === "edge" && i.until === undefined ? [i.says] : []))
    expect(arrows).toEqual([...new Set(arrows)])
  })

  it("has a fragment for every step but the first, in order", () => {
    const found = [...html.matchAll(/<li class="fragment step-(\d+)" data-fragment-index="(\d+)">/g)]
    const wanted = scene.steps.slice(1).map((_, i) => [String(i + 1), String(i + 1)])
    expect(found.map(([, a, b]) => [a, b])).toEqual(wanted)
  })

  it("says a thing in the step that brings it", () => {
    const steps = html.split(/(?=<li class="fragment)/)
    for (const item of scene.items) {
      if (item.kind !== "edge" || (item.from ?? 0) === 0) continue
      const first = scene.items.find((other) => other.kind === "edge" && other.says === item.says)
      expect(plain(steps[first?.from ?? 0] ?? "")).toContain(item.says)
    }
  })

  it("has a title and the point of it", () => {
    expect(scene.title).toMatch(/^[A-Z]/)
    expect(scene.description).toMatch(/\.$/)
    expect(said).toContain(scene.description)
  })
})

it("leaves nothing in a view that is not there at its step", () => {
  for (const [name, scene] of VIEWS) for (const item of scene.items) expect(isThere(item, 0), name).toBe(true)
})
