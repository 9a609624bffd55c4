// Markdown to slides and cells.
//
// A deck is a folder of Markdown files, `NN-name.md`: each is a column, in the order of their names. What a file may hold
// beyond ordinary Markdown and HTML:
//
//   ---                         first line of a file only: front matter, `key: value` lines up to the next `---`.
//   title: Monads               The one key is `title`, the column's; without it the first slide's heading is taken.
//   ---
//
//   ---                         anywhere else, alone on its line and outside of fences: the next slide begins. (A rule
//                               inside a slide is `***`.)
//   # Heading                   every slide has one; its slug is the slide's id, which must be unique in the deck.
//   <!-- .slide: id="x" class="y" data-z="…" -->      attributes of the slide; `id` overrides the slug
//   <!-- .element: class="fragment" -->               attributes of the block before it; at the end of a list item, a
//                                                     paragraph or a heading, of that
//   <!-- .fragments -->                               the list before it is built up, an item at a time
//   Note:                       at the start of a line: the rest of the slide is for the speaker.
//   ![Alternative](diagrams/x.svg)                    addresses are relative to the page; the file is in public/
//
// Fences. The first word is the language, and the words after it say what the block is. A value with spaces is quoted.
//
//   ```ts                                 code to be read
//   ```ts cell=option-monad.ts            a live cell: a file of that name in the deck's project
//   ```ts cell=config.ts group=www entry  a tab of the cell `www`. Its file is `www/config.ts`, which is also what `of=` and
//   ```html cell=htdocs/index.html group=www          imports call it. Tabs are in the order of the fences, and exactly one
//                                         is the `entry`, the file that runs. The cell stands where its first fence stands.
//   ```ts cell=lib.ts hidden              the file exists, and is not shown
//   ```ts cell=coin.ts timeline           when it first runs, the cell shows what becomes of its promises
//   ```ts cell=puzzle.ts wrong            the cell is meant to have a type error; it is a mistake if it has none
//   ```ts cell=config.ts group=www src=src/unikernels/www/config.ts    the text is that of a file; the fence is empty
//   ```output of=option-monad.ts          what the cell prints: value lines `val x : number = 1`, then what was printed
//   ```ocaml of=option-monad.ts           the OCaml that the cell is the equivalent of: its last tab
//   ```ocaml                              OCaml to be read. Any OCaml may be `wrong`: the tests require that it is refused
//   ```ocaml-output                       what the OCaml block before it prints, values and all
//   ```ts check of=x.ts                   makes an exercise of the cell: a file beside `x.ts` that imports it, and
//                                         "mirage/check" (src/mirage/check.ts). The cell's own text must fail it
//   ```ts solution of=x.ts                a text for `x.ts` that passes
//   ```md hint of=x.ts                    plain text with `code`, shown on request; any number, one after the other
//   ```chart                              JSON, a table to be plotted: see figures.ts
//   ```table-data caption="…"             CSV, the first line its headings: a table
//   ```picture stack target=unix          a diagram or drawing, built up by fragments: pictures/index.ts lists them all
//
// A mistake in any of this stops the build, with every mistake's file and line (problems.ts).

import { Lexer, type Token, type Tokens } from "marked"
import { type Attributes, mergeAttributes } from "./attributes.ts"
import { CellCollector, type CellFile, type ExerciseScript, type Place } from "./cells.ts"
import { type ElementAttributes, giveAttributes, parseDirective, takeInlineDirectives } from "./directives.ts"
import { type Fence, parseFence } from "./fence.ts"
import { chartFigure, dataTable } from "./figures.ts"
import { HIGHLIGHTED_LANGUAGES } from "./highlight.ts"
import { pictureFigure } from "./pictures/index.ts"
import { didYouMean, type Problems } from "./problems.ts"
import type { Cell } from "./project.ts"
import { type Passage, type SlideText, splitSlides } from "./slides.ts"

/** A Markdown file. `name` is what messages call it: `slides/08-monads.md`. */
export interface MarkdownFile {
  readonly name: string
  readonly text: string
}

/** A part of a slide that is rendered as a whole. */
export interface Block {
  /** Attributes that a directive gave it. */
  attributes: Attributes
  readonly content:
    | { readonly tag: "markdown"; readonly token: Token }
    | { readonly tag: "code"; readonly language: string; readonly text: string }
    | { readonly tag: "html"; readonly html: string }
    /** By its entry's name. */
    | { readonly tag: "cell"; readonly entry: () => string | undefined }
}

/** A slide, read and not yet rendered. */
export interface ReadSlide {
  readonly id: string
  readonly title: string
  readonly attributes: Attributes
  readonly blocks: readonly Block[]
  readonly notes?: readonly Block[]
}

/** A column, read and not yet rendered. */
export interface ReadColumn {
  readonly file: string
  readonly title: string
  readonly slides: readonly ReadSlide[]
}

/** A deck, read; its cells are neither checked nor compiled yet. */
export interface ReadDeck {
  readonly columns: readonly ReadColumn[]
  readonly files: ReadonlyMap<string, CellFile>
  readonly cells: readonly Cell[]
  /** The checks and solutions of exercises. */
  readonly scripts: readonly ExerciseScript[]
  /** Attributes of Markdown's elements inside of blocks. */
  readonly elements: ElementAttributes
}

/** What the reader asks of the world around the Markdown. */
export interface Surroundings {
  /** A file of the repository, for `src=`. */
  readSource(path: string): string | undefined
  /** Whether the page has such a picture beside it. */
  hasAsset(path: string): boolean
}

/** Read the columns of a deck. Mistakes go to `problems`; what is returned then is as much as could be read. */
export function readDeck(files: readonly MarkdownFile[], around: Surroundings, problems: Problems): ReadDeck {
  const reader = new Reader(around, problems)
  const columns = files.map((file) => reader.column(file))
  return reader.finish(columns)
}

const FENCE_NAMES = [...HIGHLIGHTED_LANGUAGES, "chart", "table-data", "picture"]

class Reader {
  readonly #problems: Problems
  readonly #around: Surroundings
  readonly #collector: CellCollector
  readonly #elements: ElementAttributes = new WeakMap()
  /** Slide id -> where it was given. */
  readonly #ids = new Map<string, Place>()
  /** How many pictures there are so far: their ids. */
  #pictures = 0
  /** Key of a cell that is shown -> its entry; filled in when all fences have been read. */
  readonly #entries = new Map<string, string>()

  constructor(around: Surroundings, problems: Problems) {
    this.#problems = problems
    this.#around = around
    this.#collector = new CellCollector(problems, (path) => around.readSource(path))
  }

  column({ name, text }: MarkdownFile): ReadColumn {
    const column = splitSlides(name, text, this.#problems)
    const slides = column.slides.map((slide) => this.#slide(name, slide))
    return { file: name, title: column.title ?? slides[0]?.title ?? "", slides }
  }

  finish(columns: readonly ReadColumn[]): ReadDeck {
    const { files, cells, scripts } = this.#collector.finish()
    for (const file of files.values()) {
      const cell = cells.find((c) => c.files.includes(file.name))
      if (cell !== undefined) this.#entries.set(CellCollector.shownAs(file.fence), cell.entry)
    }
    return { columns, files, cells, scripts, elements: this.#elements }
  }

  #slide(file: string, slide: SlideText): ReadSlide {
    const { blocks, attributes } = this.#blocks(file, slide, false)
    const title = headingOf(blocks)
    const at = { file, line: firstLine(slide) }
    if (title === undefined) {
      this.#problems.add(
        at.file,
        at.line,
        "The slide has no heading. One that is not to be seen can be hidden by a class.",
      )
    }
    const { id = slugOf(title ?? ""), ...rest } = attributes
    const other = this.#ids.get(id)
    if (title !== undefined && other !== undefined) {
      const help = 'Give one of them `<!-- .slide: id="…" -->`.'
      this.#problems.add(at.file, at.line, `The slide's id \`${id}\` is that of ${other.file}:${other.line}. ${help}`)
    } else this.#ids.set(id, at)
    const notes = slide.notes === undefined ? undefined : this.#blocks(file, slide.notes, true).blocks
    return { id, title: title ?? "", attributes: rest, blocks, ...(notes === undefined ? {} : { notes }) }
  }

  #blocks(file: string, passage: Passage, inNotes: boolean): { blocks: Block[]; attributes: Attributes } {
    const blocks: Block[] = []
    let slideAttributes: Attributes = {}
    let line = passage.line
    for (const token of new Lexer({ gfm: true }).lex(passage.text)) {
      const at: Place = { file, line: line + leadingLines(token.raw) }
      const fail = (message: string) => this.#problems.add(at.file, at.line, message)
      line += newlines(token.raw)
      if (token.type === "space" || token.type === "def") continue
      if (token.type === "html") {
        const directive = parseDirective(token.raw, fail)
        if (directive?.name === "slide") {
          if (inNotes) fail("`.slide` stands before `Note:`.")
          slideAttributes = mergeAttributes(slideAttributes, directive.attributes)
          continue
        }
        if (directive !== undefined) {
          this.#applyToBlock(directive.name, directive.attributes, blocks.at(-1), fail)
          continue
        }
      }
      if (token.type === "code" && token["codeBlockStyle"] !== "indented") {
        const content = this.#fence(token as Tokens.Code, at, inNotes)
        if (content !== undefined) blocks.push({ attributes: {}, content })
        continue
      }
      this.#refuseNestedCells(token, fail)
      this.#checkPictures(token.raw, { file, line: line - newlines(token.raw) })
      takeInlineDirectives(token, this.#elements, fail)
      blocks.push({ attributes: {}, content: { tag: "markdown", token } })
    }
    return { blocks, attributes: slideAttributes }
  }

  #applyToBlock(
    name: "element" | "fragments",
    attributes: Attributes,
    block: Block | undefined,
    fail: (m: string) => void,
  ) {
    if (block === undefined) return fail(`There is nothing before \`.${name}\` that it could be about.`)
    if (name === "element") {
      block.attributes = mergeAttributes(block.attributes, attributes)
      return undefined
    }
    const token = block.content.tag === "markdown" ? block.content.token : undefined
    if (token?.type !== "list") return fail("`.fragments` is about a list, and there is none right before it.")
    for (const item of (token as Tokens.List).items) giveAttributes(item, { class: "fragment" }, this.#elements)
    return undefined
  }

  /** What a fence shows where it stands; `undefined` if nothing. */
  #fence(token: Tokens.Code, at: Place, inNotes: boolean): Block["content"] | undefined {
    const fail = (message: string, line: number = 0) => this.#problems.add(at.file, at.line + line, message)
    const fence: Fence = parseFence(token.lang ?? "", fail)
    if (inNotes && (fence.kind === "file" || "of" in fence)) {
      fail("A cell stands on the slide, not in the speaker's notes.")
      return undefined
    }
    switch (fence.kind) {
      case "code":
        if (fence.language !== "" && !HIGHLIGHTED_LANGUAGES.includes(fence.language)) {
          fail(`There is no language or block \`${fence.language}\`.${didYouMean(fence.language, FENCE_NAMES)}`)
        }
        return { tag: "code", language: fence.language, text: token.text }
      case "chart":
        return { tag: "html", html: chartFigure(token.text, fence.caption, fail) }
      case "table-data":
        return { tag: "html", html: dataTable(token.text, fence.caption, fail) }
      case "picture":
        this.#pictures++
        return {
          tag: "html",
          html: pictureFigure({ ...fence, body: token.text }, `picture-${this.#pictures}`, fail),
        }
      case "file": {
        const shown = this.#collector.addFile(fence, token.text, at)
        const key = CellCollector.shownAs(fence)
        return shown ? { tag: "cell", entry: () => this.#entries.get(key) } : undefined
      }
      default:
        this.#collector.addPart(fence, token.text, at)
        return undefined
    }
  }

  #checkPictures(raw: string, at: Place): void {
    for (const m of raw.matchAll(
      /!\[[^\]]*\]\(([^)\s]+)|<(?:img|source|object|iframe)\b[^>]*?\s(?:src|data)="([^"]*)"/g,
    )) {
      const address = (m[1] ?? m[2]) as string
      const line = at.line + newlines(raw.slice(0, m.index))
      if (/^[a-z]+:/.test(address)) continue
      // The built page may lie under any path of a site.
      if (address.startsWith("/"))
        this.#problems.add(at.file, line, `\`${address}\` begins with a slash: addresses are relative.`)
      else if (!this.#around.hasAsset(address.replace(/[?#].*$/, ""))) {
        this.#problems.add(at.file, line, `There is no public/${address}.`)
      }
    }
  }

  // Inside a list or a quotation the lines of a fence are indented, and a message could not say where they are.
  #refuseNestedCells(token: Token, fail: (message: string) => void): void {
    for (const child of childrenOf(token)) {
      if (child.type === "code" && child["codeBlockStyle"] !== "indented") {
        const { kind } = parseFence((child as Tokens.Code).lang ?? "", fail)
        if (kind !== "code")
          fail("A fence that is more than code to be read begins at the left margin, outside of lists.")
      }
      this.#refuseNestedCells(child, fail)
    }
  }
}

function childrenOf(token: Token): Token[] {
  const { tokens, items } = token as { tokens?: Token[]; items?: Token[] }
  return [...(tokens ?? []), ...(items ?? [])]
}

const newlines = (text: string) => text.split("\n").length - 1
const leadingLines = (text: string) => newlines(/^\s*/.exec(text)?.[0] ?? "")
const firstLine = (passage: Passage) => passage.line + leadingLines(passage.text)

/** The text of the first heading, without its marks: Markdown's, or one written as HTML. */
function headingOf(blocks: readonly Block[]): string | undefined {
  for (const { content } of blocks) {
    if (content.tag !== "markdown") continue
    const { token } = content
    if (token.type === "heading") return plainText((token as Tokens.Heading).tokens)
    const html = token.type === "html" ? /<h([1-6])\b[^>]*>([^]*?)<\/h\1>/.exec(token.raw) : null
    if (html !== null)
      return (html[2] as string)
        .replaceAll(/<[^>]*>/g, "")
        .replaceAll(/\s+/g, " ")
        .trim()
  }
  return undefined
}

function plainText(tokens: readonly Token[]): string {
  const text = (token: Token): string => {
    const children = childrenOf(token)
    if (children.length > 0) return plainText(children)
    return token.type === "html" ? "" : ((token as { text?: string }).text ?? "")
  }
  return tokens.map(text).join("").trim()
}

/** `The run loop, on Unix!` is `the-run-loop-on-unix`. */
export function slugOf(title: string): string {
  // Accents and apostrophes go, and do not part a word.
  const plain = title
    .normalize("NFKD")
    .replaceAll(/[\p{M}'’]/gu, "")
    .toLowerCase()
  const words = plain.match(/[\p{L}\p{N}]+/gu)
  return words?.join("-") ?? ""
}
