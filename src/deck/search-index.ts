// Search over the deck: titles, what the slides say, the lecturer's notes and all code. A hundred slides need no inverted
// index; they need an order of hits that puts first what one meant.

/** A slide as it is searched. */
export interface Searched {
  /** Its name in the address. */
  readonly id: string
  readonly title: string
  /** The title of its section. */
  readonly section: string
  readonly text: string
  readonly notes: string
  /** The code of its cells, all files of them. */
  readonly code: string
}

/** A slide that was found. */
export interface Hit {
  readonly slide: Searched
  /** Its number, from 1. */
  readonly number: number
  /** Where the words were found, when it was not the title. */
  readonly where: "title" | "text" | "code" | "notes"
  /** What stands around them. */
  readonly excerpt: string
}

const FIELDS = ["title", "text", "code", "notes"] as const
const WEIGHTS = { title: 100, text: 10, code: 6, notes: 3 } as const
const AROUND = 40

/** Slides that have every word of `query` somewhere, best first; by number if it is a number. */
export function search(slides: readonly Searched[], query: string, most = 30): readonly Hit[] {
  const asked = query.trim()
  if (asked === "") return slides.map((slide, i) => hit(slide, i + 1, "title", ""))
  if (/^\d+$/.test(asked)) {
    const number = Number(asked)
    const exact = slides[number - 1]
    // 1 is slide 1, and on the way to slide 12.
    const others = slides
      .map((slide, i) => ({ slide, n: i + 1 }))
      .filter(({ n }) => n !== number && String(n).startsWith(asked))
    const found = [...(exact === undefined ? [] : [{ slide: exact, n: number }]), ...others]
    if (found.length > 0) return found.slice(0, most).map(({ slide, n }) => hit(slide, n, "title", ""))
  }
  const words = fold(asked).split(/\s+/)
  const hits: { score: number; hit: Hit }[] = []
  for (const [i, slide] of slides.entries()) {
    const folded = {
      title: fold(slide.title),
      text: fold(slide.text),
      code: fold(slide.code),
      notes: fold(slide.notes),
    }
    let score = 0
    const fields: (typeof FIELDS)[number][] = []
    const complete = words.every((word) => {
      const scores = FIELDS.map((field) => ({ field, score: WEIGHTS[field] * closeness(folded[field], word) }))
      const top = scores.reduce((a, b) => (b.score > a.score ? b : a))
      score += top.score
      fields.push(top.field)
      return top.score > 0
    })
    if (!complete) continue
    // The phrase as it was typed is worth more than its words apart.
    for (const field of FIELDS) if (folded[field].includes(words.join(" "))) score += WEIGHTS[field]
    const best = FIELDS.find((field) => fields.includes(field)) ?? "notes"
    const excerpt = best === "title" ? "" : around(slide[best], folded[best], words)
    hits.push({ score, hit: hit(slide, i + 1, best, excerpt) })
  }
  return hits
    .sort((a, b) => b.score - a.score || a.hit.number - b.hit.number)
    .slice(0, most)
    .map((h) => h.hit)
}

/** Lower case, and letters without their marks. Each letter stays one, so that places in both texts are the same. */
export function fold(text: string): string {
  return text.replace(/./gsu, (c) => {
    const plain = c.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    return plain.length === c.length ? plain : c.toLowerCase().length === c.length ? c.toLowerCase() : c
  })
}

function hit(slide: Searched, number: number, where: Hit["where"], excerpt: string): Hit {
  return { slide, number, where, excerpt }
}

/** A whole word is closest, then its beginning, then its inside. */
function closeness(text: string, word: string): number {
  let best = 0
  for (let at = text.indexOf(word); at >= 0 && best < 3; at = text.indexOf(word, at + 1)) {
    const begins = !isWord(text[at - 1])
    const ends = !isWord(text[at + word.length])
    best = Math.max(best, begins && ends ? 3 : begins ? 2 : 1)
  }
  return best
}

function isWord(c: string | undefined): boolean {
  return c !== undefined && /[\p{L}\p{N}_]/u.test(c)
}

function around(text: string, folded: string, words: readonly string[]): string {
  const places = words.map((w) => folded.indexOf(w)).filter((at) => at >= 0)
  const at = Math.min(...places)
  const from = Math.max(0, at - AROUND)
  const to = Math.min(text.length, at + 2 * AROUND)
  const cut = text.slice(from, to).replace(/\s+/g, " ").trim()
  return `${from > 0 ? "…" : ""}${cut}${to < text.length ? "…" : ""}`
}
