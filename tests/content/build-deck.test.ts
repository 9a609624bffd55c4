import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { DeckBuilder } from "../../src/content/build-deck.ts"
import { ContentError } from "../../src/content/problems.ts"

let root: string
let builder: DeckBuilder

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mirage-deck-"))
  write("lib/mirage.ts", "export const answer: number = 42\n")
  write("lib/check.ts", "export const check = (name: string, body: () => void): void => {}\n")
  write("lib/globals.d.ts", "export {}\n")
  write("public/a.svg", "")
  builder = new DeckBuilder(
    {
      root,
      folder: join(root, "slides"),
      assets: join(root, "public"),
      doors: { mirage: join(root, "lib/mirage.ts"), "mirage/check": join(root, "lib/check.ts") },
      ambient: [join(root, "lib/globals.d.ts")],
    },
    "deck",
  )
})
afterEach(() => rmSync(root, { recursive: true }))

const cell = (name: string, text: string, words = "") => `\`\`\`ts cell=${name} ${words}\n${text}\n\`\`\`\n`

async function mistakes(): Promise<string[]> {
  const thrown = await builder.build().then(
    () => undefined,
    (e: unknown) => e,
  )
  expect(thrown).toBeInstanceOf(ContentError)
  return (thrown as ContentError).problems.map((p) => `${p.file}:${p.line}:${p.column}: ${p.message}`)
}

describe("a deck", () => {
  it("has its columns in the order of their names, and its cells compiled, with their types", async () => {
    write("slides/02-b.md", `# B\n${cell("b.ts", 'import { a } from "./a.ts"\nexport const b = a')}`)
    write("slides/10-c.md", "# C")
    write("slides/01-a.md", `# A\n${cell("a.ts", 'import { answer } from "mirage"\nexport const a = [answer]')}`)
    write("slides/README.md", "no slide")
    const deck = await builder.build()
    expect(deck.name).toBe("deck")
    expect(deck.columns.map((c) => c.file)).toEqual(["slides/01-a.md", "slides/02-b.md", "slides/10-c.md"])
    expect(deck.cells.map((c) => c.entry)).toEqual(["a.ts", "b.ts"])
    const { compiled, ...file } = deck.files["b.ts"] ?? {}
    expect(file).toEqual({
      name: "b.ts",
      label: "b.ts",
      language: "typescript",
      text: 'import { a } from "./a.ts"\nexport const b = a',
      types: { b: "number[]" },
      source: { file: "slides/02-b.md", line: 2 },
    })
    expect(compiled).toMatchObject({ name: "b.ts", bindings: [{ name: "b" }], imports: [{ specifier: "./a.ts" }] })
  })

  it("keeps the errors of a cell that is meant to have them", async () => {
    write("slides/01-a.md", `# A\n${cell("a.ts", "const x: string = 1", "wrong")}`)
    const deck = await builder.build()
    expect(deck.files["a.ts"]).toMatchObject({
      compiled: { name: "a.ts" },
      errors: [{ file: "a.ts", line: 1, column: 7, message: "Type 'number' is not assignable to type 'string'." }],
    })
  })

  it("knows the files it took cells from", async () => {
    write("samples/x.ts", "export const x = 1\n")
    write("slides/01-a.md", `# A\n${cell("a.ts", "", "src=samples/x.ts")}`)
    const deck = await builder.build()
    expect(deck.files["a.ts"]?.text).toBe("export const x = 1")
    expect([...builder.sources]).toEqual([join(root, "samples/x.ts")])
  })

  it("is the same whenever it is built", async () => {
    write("slides/01-a.md", `# A\n![x](a.svg)\n${cell("a.ts", "export const a = 1")}`)
    expect(JSON.stringify(await builder.build())).toBe(JSON.stringify(await builder.build()))
  })
})

describe("mistakes in cells", () => {
  it("have the line and column in the Markdown", async () => {
    write("slides/01-a.md", `# A\n\ntext\n\n${cell("a.ts", "const a = 1\nconst b: string = a\nconst c = d")}`)
    expect(await mistakes()).toEqual([
      "slides/01-a.md:7:7: Type 'number' is not assignable to type 'string'.",
      "slides/01-a.md:8:11: Cannot find name 'd'.",
    ])
  })

  it("have the line in the file that has the text", async () => {
    write("samples/x.ts", "\n\nconst x: string = 1\n")
    write("slides/01-a.md", `# A\n${cell("a.ts", "", "src=samples/x.ts")}`)
    expect(await mistakes()).toEqual(["samples/x.ts:3:7: Type 'number' is not assignable to type 'string'."])
  })

  it("are in the syntax", async () => {
    write("slides/01-a.md", `# A\n${cell("a.ts", "const a = (1")}`)
    expect(await mistakes()).toEqual(["slides/01-a.md:3:13: ')' expected."])
  })

  it("are in the syntax of a cell that is meant to be wrong in its types", async () => {
    write("slides/01-a.md", `# A\n${cell("a.ts", "const a = (1", "wrong")}`)
    expect(await mistakes()).toEqual([expect.stringMatching(/^slides\/01-a\.md:3:\d+: /)])
  })

  it("are missing where they are meant to be", async () => {
    write("slides/01-a.md", `# A\n${cell("a.ts", "const a = 1", "wrong")}`)
    expect(await mistakes()).toEqual(["slides/01-a.md:2:1: The cell is said to be `wrong`, and has no type error."])
  })

  it.each([
    ["./option.ts", "There is no cell `option.ts` to import."],
    ["./monda.ts", "There is no cell `monda.ts` to import. Did you mean `monad.ts`?"],
    ["./monad", "`./monad` wants its extension: `./monad.ts`."],
    ["../monad.ts", "There is no cell `../monad.ts` to import. Did you mean `monad.ts`?"],
    ["./g/page.html", "`./g/page.html` cannot be imported: it is not TypeScript."],
    ["lodash", '`lodash` cannot be imported: a cell imports "mirage", "mirage/config" and other cells.'],
    [
      "monad",
      '`monad` cannot be imported: a cell imports "mirage", "mirage/config" and other cells. Did you mean `./monad.ts`?',
    ],
    [
      "mirage/confg",
      '`mirage/confg` cannot be imported: a cell imports "mirage", "mirage/config" and other cells. Did you mean `mirage/config`?',
    ],
    ["node:fs", '`node:fs` cannot be imported: a cell imports "mirage", "mirage/config" and other cells.'],
  ])("are the import of %s", async (specifier, message) => {
    write(
      "slides/01-a.md",
      `# A\n${cell("monad.ts", "export {}")}${cell("c.ts", "1", "group=g entry")}\`\`\`html cell=page.html group=g\n\`\`\`\n${cell("b.ts", `import "${specifier}"`)}`,
    )
    expect(await mistakes()).toEqual([`slides/01-a.md:11:8: ${message}`])
  })

  it("are imports in a circle, said once", async () => {
    write("slides/01-a.md", `# A\n${cell("a.ts", 'import "./b.ts"')}${cell("b.ts", '\nimport "./c.ts"')}`)
    write("slides/02-c.md", `# C\n${cell("c.ts", 'import "./a.ts"')}${cell("d.ts", 'import "./a.ts"')}`)
    expect(await mistakes()).toEqual([
      "slides/02-c.md:3:8: Cells import each other in a circle: `a.ts`, `b.ts`, `c.ts`, `a.ts`.",
    ])
  })

  it("are not imports of types in a circle", async () => {
    const a = 'import type { B } from "./b.ts"\nexport type A = B | 1'
    write("slides/01-a.md", `# A\n${cell("a.ts", a)}${cell("b.ts", 'import "./a.ts"\nexport type B = 2')}`)
    expect((await builder.build()).cells).toHaveLength(2)
  })

  it("come all at once, in the order of files and lines", async () => {
    write("slides/02-b.md", `# B\n${cell("b.ts", "b")}\n---\n# B`)
    write("slides/01-a.md", `# A\n![x](b.svg)\n${cell("a.ts", "a")}`)
    expect(await mistakes()).toEqual([
      "slides/01-a.md:2:1: There is no public/b.svg.",
      "slides/01-a.md:4:1: Cannot find name 'a'.",
      "slides/02-b.md:3:1: Cannot find name 'b'.",
      expect.stringMatching(/^slides\/02-b\.md:7:1: The slide's id `b`/),
    ])
  })

  it("are forgotten when they are mended", async () => {
    write("slides/01-a.md", `# A\n${cell("a.ts", "const a: string = 1")}`)
    await mistakes()
    write("slides/01-a.md", `# A\n${cell("a.ts", "const a: number = 1")}`)
    expect((await builder.build()).files["a.ts"]?.types).toEqual({ a: "number" })
  })
})

describe("an exercise", () => {
  const part = (words: string, text: string) => `\`\`\`${words}\n${text}\n\`\`\`\n`
  const START = cell("a.ts", "export const a: number = 1")

  it("has its check compiled beside its file, which the check imports, and no tab of it", async () => {
    const check = 'import { check } from "mirage/check"\nimport { a } from "./a.ts"\ncheck("is 2", () => a)'
    const solution = "export const a: number = 2"
    write(
      "slides/01-a.md",
      `# A\n${START}${part("ts check of=a.ts", check)}${part("md hint of=a.ts", "`1 + 1`")}${part("ts solution of=a.ts", solution)}`,
    )
    const deck = await builder.build()
    expect(deck.cells).toMatchObject([
      { entry: "a.ts", files: ["a.ts"], exercise: { check, hints: ["`1 + 1`"], solution } },
    ])
    expect(deck.cells[0]?.exercise?.compiledCheck).toMatchObject({
      name: "a.check.ts",
      imports: [{ specifier: "mirage/check" }, { specifier: "./a.ts" }],
    })
    expect(Object.keys(deck.files)).toEqual(["a.ts"])
    expect(deck.columns[0]?.slides[0]?.html).toContain('data-tabs="a.ts" data-exercise="1">')
  })

  it("says where its check or its solution is wrong", async () => {
    write(
      "slides/01-a.md",
      `# A\n${START}${part("ts check of=a.ts", 'import { a } from "./a.ts"\nconst s: string = a')}${part("ts solution of=a.ts", "export const a = (")}`,
    )
    const [check, solution, ...rest] = await mistakes()
    expect(check).toBe("slides/01-a.md:7:7: Type 'number' is not assignable to type 'string'.")
    expect(solution).toMatch(/^slides\/01-a\.md:10:\d+: Expression expected/)
    expect(rest).toEqual([])
  })

  it("leaves its own tools to the check", async () => {
    const wrong = '"mirage/check"'
    write("slides/01-a.md", `# A\n${cell("a.ts", `import { check } from ${wrong}\ncheck("x", () => {})`)}`)
    expect(await mistakes()).toEqual([expect.stringContaining("`mirage/check` cannot be imported")])
  })

  it("is about the file that runs, whose check has a name of its own", async () => {
    write(
      "slides/01-a.md",
      `# A\n${cell("x.ts", "export const x = 1", "group=g entry")}${cell("y.ts", "export const y = 1", "group=g")}${part("md hint of=g/y.ts", "?")}${START}${cell("a.check.ts", "export const c = 1")}${part("ts check of=a.ts", "export {}")}`,
    )
    expect(await mistakes()).toEqual([
      "slides/01-a.md:8:1: An exercise is about the file that runs: write `of=g/x.ts`.",
      "slides/01-a.md:14:1: `a.check.ts` is the name of the check of `a.ts`.",
    ])
  })
})
