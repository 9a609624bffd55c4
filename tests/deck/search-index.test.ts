import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fold, search, type Searched } from "../../src/deck/search-index.ts"

const slide = (id: string, parts: Partial<Searched> = {}): Searched => ({
  id,
  title: id,
  section: "",
  text: "",
  notes: "",
  code: "",
  ...parts,
})

const slides = [
  slide("Welcome", { notes: "Wait for the monads until everybody sits." }),
  slide("Monads", { text: "A box, and bind." }),
  slide("Lwt", { text: "Promises are monads too.", code: "const t = Lwt.bind(p, f)" }),
  slide("Café", { text: "Naïve boxes." }),
  ...Array.from({ length: 16 }, (_, i) => slide(`More ${i}`)),
]
const ids = (query: string) => search(slides, query).map((h) => h.slide.id)

describe("search", () => {
  it("puts titles before texts, texts before notes", () => {
    expect(ids("monads")).toEqual(["Monads", "Lwt", "Welcome"])
  })

  it("wants every word, wherever it is", () => {
    expect(ids("monads bind")).toEqual(["Monads", "Lwt"])
    expect(ids("monads nowhere")).toEqual([])
  })

  it("finds code as it is written, and beginnings of words", () => {
    expect(ids("Lwt.bind(")).toEqual(["Lwt"])
    expect(ids("prom")).toEqual(["Lwt"])
  })

  it("does not care for case and marks", () => {
    expect(ids("cafe")).toEqual(["Café"])
    expect(ids("NAIVE")).toEqual(["Café"])
  })

  it("says where the words are", () => {
    const [, second, third] = search(slides, "monads")
    expect(second).toMatchObject({ number: 3, where: "text", excerpt: "Promises are monads too." })
    expect(third).toMatchObject({ number: 1, where: "notes" })
    expect(third?.excerpt).toContain("monads")
  })

  it("knows slides by number: the number first, then those that it begins", () => {
    expect(search(slides, "2").map((h) => h.number)).toEqual([2, 20])
    expect(search(slides, " 1 ").map((h) => h.number)).toEqual([1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  })

  it("takes a number that no slide has as a word", () => {
    expect(search([...slides, slide("Ports", { text: "Port 8080." })], "8080").map((h) => h.slide.id)).toEqual([
      "Ports",
    ])
  })

  it("of nothing is everything, in order", () => {
    expect(ids("  ")).toEqual(slides.map((s) => s.id))
  })
})

describe("laws", () => {
  it("folding keeps every letter's place", { timeout: 30_000 }, () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => fold(text).length === text.length))
  })

  it("a slide is found by any piece of its own title", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), fc.nat(8), (title, from) => {
        const query = title.slice(Math.min(from, title.length - 1))
        expect(search([...slides, slide(title)], query, 100).map((h) => h.slide.id)).toContain(title)
      }),
    )
  })
})
