import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { attributesOf, escapeHtml, mergeAttributes, withAttributes } from "../../src/content/attributes.ts"

describe("attributesOf", () => {
  it("reads values with and without quotes, and flags", () => {
    expect(attributesOf(' class="a b" data-z=1 x=\'"\' hidden ')).toEqual({
      class: "a b",
      "data-z": "1",
      x: '"',
      hidden: "",
    })
  })
})

describe("mergeAttributes", () => {
  it("unites classes and replaces the rest", () => {
    expect(mergeAttributes({ class: "a", id: "x" }, { class: "b", id: "y" })).toEqual({ class: "a b", id: "y" })
    expect(mergeAttributes({}, { id: "y" })).toEqual({ id: "y" })
  })
})

describe("withAttributes", () => {
  it("adds to the first element only", () => {
    expect(withAttributes("<p>a</p><p>b</p>", { class: "x" })).toBe('<p class="x">a</p><p>b</p>')
    expect(withAttributes('<img alt="a &amp; &quot;b&quot;" src=x>', { class: "y" })).toBe(
      '<img alt="a &amp; &quot;b&quot;" src="x" class="y">',
    )
    expect(withAttributes('<ul class="a">', { class: "b" })).toBe('<ul class="a b">')
    expect(withAttributes('<br class="a" />', { id: "b" })).toBe('<br class="a" id="b" />')
  })

  it("keeps any value as it was", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, added) => {
        const html = withAttributes(`<p title="${escapeHtml(before)}" lang="en">`, { "data-x": added })
        const expected = before === "" ? "title" : `title="${escapeHtml(before)}"`
        const data = added === "" ? "data-x" : `data-x="${escapeHtml(added)}"`
        expect(html).toBe(`<p ${expected} lang="en" ${data}>`)
      }),
    )
  })
})
