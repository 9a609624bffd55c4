// Slides that were read, as HTML.

import { Parser, Renderer, type Tokens } from "marked"
import { escapeHtml, withAttributes } from "./attributes.ts"
import type { ElementAttributes } from "./directives.ts"
import type { Highlighter } from "./highlight.ts"
import type { CellFile } from "./cells.ts"
import type { Cell, Column, ProjectFile, Slide } from "./project.ts"
import type { Block, ReadDeck, ReadSlide } from "./read.ts"

/** Render a deck that was read without mistakes. `project` is the name by which cells find their files. */
export function renderColumns(deck: ReadDeck, project: string, highlighter: Highlighter): Column[] {
  const renderer = new SlideRenderer(deck, project, highlighter)
  return deck.columns.map(({ file, title, slides }) => ({ file, title, slides: slides.map((s) => renderer.slide(s)) }))
}

class SlideRenderer {
  readonly #deck: ReadDeck
  readonly #project: string
  readonly #highlighter: Highlighter
  readonly #markdown: Renderer

  constructor(deck: ReadDeck, project: string, highlighter: Highlighter) {
    this.#deck = deck
    this.#project = project
    this.#highlighter = highlighter
    this.#markdown = elementRenderer(deck.elements, highlighter)
  }

  slide({ id, title, attributes, blocks, notes }: ReadSlide): Slide {
    const html = this.#blocks(blocks)
    return { id, title, html, ...(notes === undefined ? {} : { notes: this.#blocks(notes) }), attributes }
  }

  #blocks(blocks: readonly Block[]): string {
    return blocks.map((block) => withAttributes(this.#block(block), block.attributes)).join("")
  }

  #block({ content }: Block): string {
    switch (content.tag) {
      case "markdown":
        return Parser.parse([content.token], { renderer: this.#markdown })
      case "code":
        return `${this.#highlighter.html(content.text, content.language)}\n`
      case "html":
        return content.html
      case "cell": {
        const cell = this.#deck.cells.find((c) => c.entry === content.entry())
        return cell === undefined ? "" : this.#cell(cell)
      }
    }
  }

  /** A cell that no script has touched yet: the entry's text, and what it prints. */
  #cell(cell: Cell): string {
    const files = cell.files.map((name) => this.#deck.files.get(name) as ProjectFile)
    const entry = this.#deck.files.get(cell.entry) as CellFile
    const tabs = files.filter((f) => f.hidden !== true).map((f) => f.label)
    const code = this.#highlighter.html(entry.text, entry.language)
    const ocaml = cell.ocaml === undefined ? "" : " data-ocaml"
    const exercise = cell.exercise === undefined ? "" : ` data-exercise="${cell.exercise.hints.length}"`
    const timeline = entry.fence.timeline === true ? " timeline" : ""
    const output = cell.output === undefined ? "" : `<pre class="cell-output">${escapeHtml(cell.output)}</pre>\n`
    return [
      `<mirage-cell project="${this.#project}" file="${entry.name}" data-tabs="${tabs.join(" ")}"${ocaml}${exercise}${timeline}>`,
      `<div class="cell-code" data-file="${entry.name}">${code}</div>`,
      `${output}</mirage-cell>\n`,
    ].join("\n")
  }
}

/** marked's renderer, with the attributes that directives gave and with highlighted code. */
function elementRenderer(elements: ElementAttributes, highlighter: Highlighter): Renderer {
  class ElementRenderer extends Renderer {
    override heading(token: Tokens.Heading): string {
      return withAttributes(super.heading(token), elements.get(token) ?? {})
    }
    override paragraph(token: Tokens.Paragraph): string {
      return withAttributes(super.paragraph(token), elements.get(token) ?? {})
    }
    override listitem(token: Tokens.ListItem): string {
      return withAttributes(super.listitem(token), elements.get(token) ?? {})
    }
    override tablecell(token: Tokens.TableCell): string {
      // Nobody is told of a column by a heading without words.
      return super.tablecell(token.header && token.text === "" ? { ...token, header: false } : token)
    }
    override code(token: Tokens.Code): string {
      return `${highlighter.html(token.text, token.lang ?? "")}\n`
    }
  }
  return new ElementRenderer()
}
