import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Problems } from "../../src/content/problems.ts"
import { readDeck, slugOf } from "../../src/content/read.ts"

const SOURCES: Record<string, string> = { "src/unikernels/www/config.ts": "export const x = 1\n" }

/** Read columns, `slides/01.md` first; problems as `01:line: message`. */
function read(...texts: string[]) {
  const problems = new Problems()
  const files = texts.map((text, i) => ({ name: `slides/0${i + 1}.md`, text }))
  const around = { readSource: (path: string) => SOURCES[path], hasAsset: (path: string) => path === "stack.svg" }
  const deck = readDeck(files, around, problems)
  return { ...deck, problems: problems.found.map((p) => `${p.file.slice(7, 9)}:${p.line}: ${p.message}`) }
}

const slidesOf = (...texts: string[]) => read(...texts).columns.flatMap((c) => c.slides)

const cell = (name: string, text = "const x = 1", words = "") => `\`\`\`ts cell=${name} ${words}\n${text}\n\`\`\`\n`

describe("slides", () => {
  it("have their heading's slug as id, and its text as title", () => {
    const slides = slidesOf(
      "# The `run` loop, on *Unix*!\n---\n## What isn’t <b>naïve</b>?\n---\n<h2 class='x'>In\n HTML</h2>",
    )
    expect(slides.map((s) => [s.id, s.title])).toEqual([
      ["the-run-loop-on-unix", "The run loop, on Unix!"],
      ["what-isnt-naive", "What isn’t naïve?"],
      ["in-html", "In HTML"],
    ])
  })

  it("take attributes, and an id, from their directive", () => {
    const [slide] = slidesOf(
      '<!-- .slide: class="title" data-background="x" id="start" -->\n# A\n\n<!-- .slide: class="wide" -->',
    )
    expect(slide).toMatchObject({ id: "start", attributes: { class: "title wide", "data-background": "x" } })
  })

  it("make a column, called by its front matter or by its first slide", () => {
    expect(read("# A\n---\n# B", "---\ntitle: Second\n---\n# C").columns.map((c) => c.title)).toEqual(["A", "Second"])
  })

  it("need a heading", () => {
    expect(read("# A\n---\n\n\ntext").problems).toEqual([
      "01:5: The slide has no heading. One that is not to be seen can be hidden by a class.",
    ])
  })

  it("need an id of their own", () => {
    expect(read("# A", "text\n\n# B\n\n---\n\n# A").problems).toEqual([
      '02:7: The slide\'s id `a` is that of slides/01.md:1. Give one of them `<!-- .slide: id="…" -->`.',
    ])
  })

  it("know their notes", () => {
    const [slide] = slidesOf("# A\n\nNote: **b**\n\n```ts\n1\n```")
    expect(slide?.notes?.map((b) => b.content.tag)).toEqual(["markdown", "code"])
  })
})

describe("directives", () => {
  it("are about a block, an item or a list", () => {
    const { problems } = read(
      '# A <!-- .element: class="x" -->\n\ntext\n<!-- .element: class="y" -->\n\n* a\n* b <!-- .element: class="fragment" -->\n\n<!-- .fragments -->',
    )
    expect(problems).toEqual([])
  })

  it.each([
    ["# A\n\n<!-- .elment: class=x -->", "01:3: There is no directive `.elment`. Did you mean `element`?"],
    ["# A\n\n* b <!-- .framgents -->", "01:3: There is no directive `.framgents`. Did you mean `fragments`?"],
    ["# A\n\ntext\n\n<!-- .fragments -->", "01:5: `.fragments` is about a list, and there is none right before it."],
    ["<!-- .element: class=x -->\n\n# A", "01:1: There is nothing before `.element` that it could be about."],
    ["# A\n\na <!-- .element: class=x --> b", "01:3: `.element` stands at the end of what it is about."],
    ["# A\n\n<!-- .element -->", '01:3: `.element` wants attributes: `.element: class="…"`.'],
    ["# A\n\n* a\n\n<!-- .fragments: x=y -->", "01:5: `.fragments` takes no attributes."],
    ["# A\n\ntext <!-- .fragments -->", "01:3: `.fragments` stands on a line of its own."],
    ["# A\nNote:\n<!-- .slide: class=x -->", "01:3: `.slide` stands before `Note:`."],
  ])("%j is refused", (text, problem) => {
    expect(read(text).problems).toEqual([problem])
  })
})

describe("cells", () => {
  it("are files, in the order of the Markdown", () => {
    const { cells, files, problems } = read(`# A\n${cell("b.ts", "1")}\n---\n# B\n${cell("a.ts", "2\n\n3")}`)
    expect(problems).toEqual([])
    expect(cells).toEqual([
      { entry: "b.ts", files: ["b.ts"] },
      { entry: "a.ts", files: ["a.ts"] },
    ])
    expect(files.get("a.ts")).toMatchObject({
      name: "a.ts",
      label: "a.ts",
      language: "typescript",
      text: "2\n\n3",
      source: { file: "slides/01.md", line: 8 },
    })
  })

  it("have what is said of them", () => {
    const { cells, problems } = read(
      [
        "# A",
        cell("a.ts"),
        "```output of=a.ts\nval x : number = 1\n  y\n\n```",
        "```ocaml of=a.ts\nlet x = 1\n```",
        "```ts check of=a.ts\ncheck()\n```",
        "```md hint of=a.ts\none\n```",
        "```md hint of=a.ts\ntwo\n```",
        "```ts solution of=a.ts\nconst x = 2\n```",
      ].join("\n"),
    )
    expect(problems).toEqual([])
    expect(cells).toEqual([
      {
        entry: "a.ts",
        files: ["a.ts"],
        output: "val x : number = 1\n  y",
        ocaml: "let x = 1",
        exercise: { check: "check()", hints: ["one", "two"], solution: "const x = 2" },
      },
    ])
  })

  it("are groups of files, shown where the first of them stands", () => {
    const { cells, files, columns, problems } = read(
      [
        "# A",
        cell("config.ts", "", "group=www entry src=src/unikernels/www/config.ts"),
        "text",
        "```html cell=htdocs/index.html group=www\n<p>\n```",
        cell("secret.ts", "1", "group=www hidden"),
        "```output of=www/config.ts\nok\n```",
      ].join("\n"),
    )
    expect(problems).toEqual([])
    expect(cells).toEqual([
      {
        entry: "www/config.ts",
        files: ["www/config.ts", "www/htdocs/index.html", "www/secret.ts"],
        group: "www",
        output: "ok",
      },
    ])
    expect(files.get("www/config.ts")?.text).toBe("export const x = 1")
    expect(files.get("www/htdocs/index.html")).toMatchObject({ label: "htdocs/index.html", language: "html" })
    expect(files.get("www/secret.ts")?.hidden).toBe(true)
    const blocks = columns[0]?.slides[0]?.blocks.map(({ content }) =>
      content.tag === "cell" ? content.entry() : content.tag,
    )
    expect(blocks).toEqual(["markdown", "www/config.ts", "markdown"])
  })

  it("that are hidden alone are files, and no cell", () => {
    const { cells, files, columns } = read(`# A\n${cell("lib.ts", "1", "hidden")}`)
    expect(cells).toEqual([])
    expect(files.get("lib.ts")?.hidden).toBe(true)
    expect(columns[0]?.slides[0]?.blocks).toHaveLength(1)
  })

  it.each([
    [`# A\n${cell("a.ts")}\n---\n# B\n\n${cell("a.ts")}`, ["01:9: There is a cell `a.ts` already, at slides/01.md:2."]],
    ["# A\n```output of=b.ts\n```", ["01:2: `of=b.ts` names no cell."]],
    [
      `# A\n${cell("monad.ts")}\`\`\`output of=monda.ts\n\`\`\``,
      ["01:5: `of=monda.ts` names no cell. Did you mean `monad.ts`?"],
    ],
    [
      `# A\n${cell("a.ts", "", "hidden")}\`\`\`output of=a.ts\n\`\`\``,
      ["01:5: `of=a.ts` names no cell. It is hidden."],
    ],
    [
      `# A\n${cell("a.ts")}\`\`\`output of=a.ts\n\`\`\`\n\`\`\`output of=a.ts\n\`\`\``,
      ["01:7: The cell `a.ts` has its `output` already."],
    ],
    [
      `# A\n${cell("a.ts", "", "group=g")}${cell("b.ts", "", "group=g")}\`\`\`output of=g/a.ts\n\`\`\``,
      ["01:2: No fence of `group=g` is the `entry`, the file that runs."],
    ],
    [
      `# A\n${cell("a.ts", "", "group=g entry")}${cell("b.ts", "", "group=g entry")}`,
      ["01:5: `group=g` has an `entry` already, `a.ts`."],
    ],
    ["# A\n```html cell=a.html\n```", ["01:2: A cell that runs has a name that ends in `.ts`."]],
    ["# A\n```ts cell=a\n```", ["01:2: A cell that runs has a name that ends in `.ts`."]],
    ["# A\n```ts cell=a hidden\n```", ["01:2: A TypeScript file has a name that ends in `.ts`."]],
    [
      "# A\n```md cell=a.md group=g entry wrong\n```",
      [
        "01:2: A cell that runs has a name that ends in `.ts`.",
        "01:2: `wrong` goes with TypeScript: nothing else is checked.",
      ],
    ],
    [
      `# A\n${cell("a.ts", "1", "src=src/unikernels/www/config.ts")}`,
      ["01:2: A fence with `src=` takes its text from there: it has to be empty itself."],
    ],
    [`# A\n${cell("a.ts", "", "src=src/nothing.ts")}`, ["01:2: `src=src/nothing.ts` names no file of the repository."]],
    [`# A\nNote:\n${cell("a.ts")}`, ["01:3: A cell stands on the slide, not in the speaker's notes."]],
    [
      "# A\n\n* b\n  ```ts cell=a.ts\n  ```\n",
      ["01:3: A fence that is more than code to be read begins at the left margin, outside of lists."],
    ],
    ["# A\n```ts cell=a.ts gruop=g\n```", ["01:2: A fence has no attribute `gruop`. Did you mean `group`?"]],
    [
      "# A\n```ouput of=a.ts\n```",
      [
        "01:2: `of=` wants one word before it that says what the block is: `output`, `ocaml`, `check`, `hint` or `solution`. Did you mean `output`?",
      ],
    ],
    ["# A\n```typescrip\n```", ["01:2: There is no language or block `typescrip`. Did you mean `typescript`?"]],
    ["# A\n\n```chart\n{\n  x\n```", [expect.stringMatching(/^01:5: The chart is not JSON/)]],
  ])("%j is refused", (text, problems) => {
    expect(read(text).problems).toEqual(problems)
  })

  it("are reported all at once", () => {
    expect(
      read(`# A\n${cell("a.ts")}${cell("a.ts")}`, "# A\n```output of=x.ts\n```\n", "# B\n```ts\n").problems,
    ).toHaveLength(4)
  })
})

describe("laws", () => {
  const block = fc.constantFrom(
    "text\nmore text",
    "text  \nbroken",
    "* a\n* b\n\n  c\n  * d",
    "1. a\n   ```sh\n   b\n   ```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> quoted\nlazy\n> > twice",
    "<div>\n<p>html</p>\n</div>",
    "<!-- a\n\ncomment -->",
    "## heading",
    "heading\n===",
    "***",
    "[a]: https://example.org 'x'",
    "    indented\n\n    code",
    "```\n\n---\n```",
    "~~~~md\n```\n~~~~",
    "\ttab",
    "&nbsp;",
    "* * *",
    "a\\\nb",
  )
  const gap = fc.constantFrom("\n\n", "\n\n\n", "\n \n", "\n\t\n")

  it("a fence's line is known, whatever stands before it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(block, gap)), fc.boolean(), (before, inNotes) => {
        const text = `# A\n\n${inNotes ? "Note:\n" : ""}${before.flat().join("")}`
        const line = text.split("\n").length
        expect(read(`${text}\`\`\`nonsense\n\`\`\``).problems).toEqual([
          `01:${line}: There is no language or block \`nonsense\`.`,
        ])
      }),
    )
  })

  it("nothing that an author writes makes the reader throw", () => {
    const word = fc.constantFrom(
      "```",
      "~~~",
      "---",
      "\n",
      "\n\n",
      "ts cell=a.ts",
      "output of=a.ts",
      "group=g",
      "entry",
      " ",
      "* ",
      "<!--",
      "-->",
      ".slide:",
      ".element:",
      ".fragments",
      "# A",
      "Note:",
      '"',
      "=",
      "chart",
      "{",
      "<b",
      ">",
      "title: x",
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 }))), (words) => {
        expect(read(words.join("")).problems).toBeInstanceOf(Array)
      }),
      { numRuns: 300 },
    )
  })
})

describe("pictures", () => {
  it("are in public/, by a relative address", () => {
    expect(
      read("# A\n\n![x](stack.svg)\n<img src='a' alt>\n\n<img alt='b' src=\"https://mirage.io/x.png\">").problems,
    ).toEqual([])
    expect(read('# A\n\ntext\n![x](stak.svg) and\n<img src="/stack.svg" alt="">').problems).toEqual([
      "01:4: There is no public/stak.svg.",
      "01:5: `/stack.svg` begins with a slash: addresses are relative.",
    ])
  })
})

describe("slugOf", () => {
  it("keeps letters and digits of any script", () => {
    expect(slugOf("  TCP/IP: 10.0.0.1 — λ & Привет ")).toBe("tcp-ip-10-0-0-1-λ-привет")
  })
})
