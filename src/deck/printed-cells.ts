// What a cell is on paper: the reader's own text of all its files, and what it printed last.

import { highlighted } from "../ui/cell/highlight.ts"
import type { ProjectStore } from "../ui/project-store.ts"

/** A piece of a cell that does not fit on its slide's sheet: a file of a group, or what is left of a long text. */
export interface Piece {
  readonly caption: string
  readonly body: HTMLElement
}

/** So many lines stand together; the rest goes on, on the sheet after. */
export const LINES_TOGETHER = 30
/** A flood is not for paper. */
const MOST_LINES = 400

/** The text in parts that can stand on a sheet each. */
export function partsOf(text: string): string[] {
  const all = text.trimEnd().split("\n")
  const lines = all.slice(0, MOST_LINES)
  if (all.length > lines.length) lines.push(`… and ${all.length - lines.length} more lines`)
  const parts: string[] = []
  for (let i = 0; i < lines.length; i += LINES_TOGETHER) parts.push(lines.slice(i, i + LINES_TOGETHER).join("\n"))
  return parts
}

/** Make the cell `element` what it is on paper, and give what has to go on behind its slide. */
export function printCell(
  element: HTMLElement,
  store: ProjectStore,
  outputOf: (entry: string, text: string) => string | undefined,
): Piece[] {
  const cell = store.cell(element.getAttribute("file") ?? "")
  if (cell === undefined) return []
  const pieces: Piece[] = []
  for (const file of cell.files.map((name) => store.file(name))) {
    if (file === undefined || file.hidden === true) continue
    const text = store.text(file.name)
    const caption = `${file.label}${store.edited(file.name) ? ", edited" : ""}`
    const [first = "", ...rest] = partsOf(text)
    const code = element.querySelector<HTMLElement>(":scope > .cell-code")
    if (file.name === cell.entry && code !== null) {
      if (store.edited(file.name) || rest.length > 0) code.replaceChildren(highlighted(first, file.language))
      if (store.edited(file.name) || cell.files.length > 1) code.before(named(caption))
    } else pieces.push({ caption, body: codeOf(first, file.language) })
    for (const part of rest) pieces.push({ caption: `${caption}, continued`, body: codeOf(part, file.language) })
  }
  const output = outputOf(cell.entry, store.text(cell.entry))
  if (output !== undefined) pieces.push(...printOutput(element, output))
  // What the slide says that the starting text prints says nothing of another text.
  else if (cell.files.some((file) => store.edited(file))) element.querySelector(":scope > .cell-output")?.remove()
  return pieces
}

/** The output stands under its code if both have room together, and otherwise goes on behind it. */
function printOutput(element: HTMLElement, output: string): Piece[] {
  const place = element.querySelector(":scope > .cell-output") ?? outputBox("")
  const code = element.querySelector(":scope > .cell-code")?.textContent ?? ""
  if (linesOf(code) + linesOf(output) <= LINES_TOGETHER) {
    place.textContent = output
    element.append(place)
    return []
  }
  place.remove()
  return partsOf(output).map((part, i) => ({
    caption: i === 0 ? "what it printed" : "what it printed, continued",
    body: outputBox(part),
  }))
}

const linesOf = (text: string) => text.trimEnd().split("\n").length

function outputBox(text: string): HTMLPreElement {
  const pre = document.createElement("pre")
  pre.className = "cell-output"
  pre.textContent = text
  return pre
}

function codeOf(text: string, language: string): HTMLElement {
  const code = document.createElement("div")
  code.className = "cell-code"
  code.append(highlighted(text, language))
  return code
}

function named(caption: string): HTMLElement {
  const name = document.createElement("p")
  name.className = "printed-name"
  name.textContent = caption
  return name
}

/** A piece as a figure of its own. */
export function figureOf({ caption, body }: Piece): HTMLElement {
  const figure = document.createElement("figure")
  figure.className = "printed-piece"
  const name = document.createElement("figcaption")
  name.textContent = caption
  // A cell's styles are for what is in one.
  const cell = document.createElement("mirage-cell")
  cell.append(body)
  figure.append(name, cell)
  return figure
}
