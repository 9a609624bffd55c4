import { describe, expect, it } from "vitest"
import { Problems } from "../../src/content/problems.ts"
import { splitSlides } from "../../src/content/slides.ts"

const split = (text: string) => {
  const problems = new Problems()
  const column = splitSlides("slides/01-x.md", text, problems)
  return { ...column, problems: problems.found.map((p) => `${p.line}: ${p.message}`) }
}

describe("splitSlides", () => {
  it("cuts at `---` lines, and knows the line of each slide", () => {
    const { slides } = split("# A\n\ntext\n\n---\n\n# B\n---\n# C")
    expect(slides.map((s) => [s.line, s.text.trim()])).toEqual([
      [1, "# A\n\ntext"],
      [6, "# B"],
      [9, "# C"],
    ])
  })

  it("leaves `---` inside a fence alone", () => {
    const { slides } = split("# A\n```yaml\n---\na: 1\n---\n```\n~~~\n```\n---\n~~~\n---\n# B")
    expect(slides.map((s) => s.line)).toEqual([1, 12])
  })

  it("does not take inline code of three backticks for a fence", () => {
    expect(split("# A\n``` not `a` fence ```\n---\n# B").slides).toHaveLength(2)
  })

  it("wants a longer fence closed by one as long", () => {
    expect(split("# A\n````md\n```ts\n```\n---\n````\n---\n# B").slides.map((s) => s.line)).toEqual([1, 8])
  })

  it("makes no slide of blank lines", () => {
    expect(split("\n---\n# A\n---\n\n---\n").slides.map((s) => s.line)).toEqual([3])
    expect(split("# A\n---\n\n\n---\n# B\n---\n").slides).toHaveLength(2)
  })

  it("reads Windows line ends", () => {
    expect(split("# A\r\n---\r\n# B\r\n").slides.map((s) => s.text.trim())).toEqual(["# A", "# B"])
  })

  it("takes everything after `Note:` for the speaker", () => {
    const [a, b] = split("# A\ntext\nNote: first\nsecond\n---\n# B\nNotebook: no").slides
    expect(a).toEqual({ line: 1, text: "# A\ntext", notes: { line: 3, text: "first\nsecond" } })
    expect(b?.notes).toBeUndefined()
  })

  it("does not take a `Note:` in a fence for the speaker's", () => {
    expect(split("# A\n```\nNote: code\n```").slides[0]?.notes).toBeUndefined()
  })

  describe("front matter", () => {
    it("has the column's title", () => {
      expect(split("---\ntitle: The monads\n---\n# A")).toMatchObject({ title: "The monads", slides: [{ line: 4 }] })
      expect(split('---\n\ntitle: "a: b"\n---\n# A').title).toBe("a: b")
    })

    it("refuses what it does not know, and says where", () => {
      expect(split("---\ntitel: x\nnonsense\n---\n# A").problems).toEqual([
        "2: The front matter has no key `titel`. Did you mean `title`?",
        "3: The front matter has a line that is not `key: value`.",
      ])
    })

    it("must end", () => {
      expect(split("---\ntitle: x\n# A").problems).toEqual([
        "1: The front matter that begins here has no `---` line to end it.",
      ])
    })
  })

  it("says where a fence begins that never ends", () => {
    expect(split("# A\n\n~~~~ts\nlet x\n~~~\n---\n# B").problems).toEqual([
      "3: The fence that begins here never ends: close it with a line of `~~~~`.",
    ])
  })
})
