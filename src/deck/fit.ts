// A slide has only so much room, and a cell on it shares what the rest leaves between its code and what it printed.

/** What a cell wants, in the slide's pixels. */
export interface CellWishes {
  /** What is left of the slide for the whole cell. */
  readonly room: number
  /** The toolbar and the borders, which take what they take. */
  readonly frame: number
  /** The code, all of it. */
  readonly code: number
  /** What is printed, all of it; 0 if there is nothing to be seen yet. */
  readonly output: number
}

/** What a cell gets. */
export interface CellShares {
  readonly code: number
  readonly output: number
}

/** No part is made smaller than this for the other's sake: a few lines. */
const LEAST = 96

/** Share the room. When there is not enough, what is printed yields first, but keeps two fifths of it. */
export function shareRoom({ room, frame, code, output }: CellWishes): CellShares {
  const inside = Math.max(room - frame, 2 * LEAST)
  if (code + output <= inside) return { code, output: inside - code }
  const forOutput = Math.min(output, Math.max(LEAST, inside * 0.4, inside - code))
  return { code: inside - forOutput, output: forOutput }
}

/** Lines and paddings of a cell's code and output, as src/ui/cell/cell.css has them at the theme's sizes. */
const BAR = 45
const BORDERS = 4
/** Under a unikernel: the tabs of its panes, and the line that says where it is. */
const PANES = 40 + 48
/** How much of its text a cell shows while its unikernel is to be looked at. */
const LINES_BESIDE_PANES = 5
const CODE_LINE = 30
const CODE_PADDING = 16 + 12
const OUTPUT_LINE = 29
const OUTPUT_PADDING = 17

/** Give the cells of `slide` the room there is. Harmless to repeat. */
export function fitCells(slide: HTMLElement): void {
  const cells = slide.querySelectorAll<HTMLElement>(":scope > mirage-cell")
  const [cell] = cells
  if (cell === undefined) return
  const style = getComputedStyle(slide)
  const px = (value: string) => Number.parseFloat(value) || 0
  // What lies above the slide, as the title's picture does, takes no room.
  const others = [...slide.children].filter(
    (e): e is HTMLElement => e instanceof HTMLElement && e.localName !== "mirage-cell" && e.offsetHeight > 0,
  )
  const gaps = px(style.rowGap) * (others.length + cells.length - 1)
  const taken = others.reduce((sum, e) => sum + e.offsetHeight + px(getComputedStyle(e).marginBlockEnd), 0)
  const inner = slide.clientHeight - px(style.paddingTop) - px(style.paddingBottom)
  for (const cell of cells) fitCell(cell, (inner - taken - gaps) / cells.length)
}

function fitCell(cell: HTMLElement, room: number): void {
  const status = cell.getAttribute("status") ?? "idle"
  const { output = "" } = cell as { output?: string }
  const expected = cell.querySelector(".cell-output")?.textContent ?? ""
  const running = status === "compiling" || status === "running"
  // What it is going to print is what it says that it prints: nothing moves when it is run.
  const printed = Math.max(lines(expected), lines(output), status === "idle" && expected === "" ? 0 : 2)
  const machines = (cell.dataset["tabs"] ?? "").includes(" ")
  // A booted unikernel has a terminal, a browser and its frames to show, and they are what one wants to see then.
  const panes = machines && running
  const wished = panes ? room : printed === 0 ? 0 : printed * OUTPUT_LINE + OUTPUT_PADDING
  const text = Math.max(3, shownLines(cell))
  const shares = shareRoom({
    room,
    frame: BAR + BORDERS + (panes ? PANES : 0),
    code: (panes ? Math.min(text, LINES_BESIDE_PANES) : text) * CODE_LINE + CODE_PADDING,
    output: wished,
  })
  const give = (name: string, height: number) =>
    cell.style.setProperty(`--mirage-cell-${name}-height`, `${Math.floor(height)}px`)
  give("code", shares.code)
  give("output", shares.output)
  give("pane", shares.output)
}

/** The lines of the tab that is shown: of the editor, or of the text in its place. */
function shownLines(cell: HTMLElement): number {
  const editor = cell.querySelector<HTMLElement>(".cell-editor:not([hidden])")
  if (editor !== null) return Number(editor.style.getPropertyValue("--mirage-lines"))
  return lines(cell.querySelector(".cell-code:not([hidden])")?.textContent ?? "")
}

/** Take back what {@link fitCells} gave: in the scroll a cell is as high as it likes. */
export function unfitCells(root: ParentNode): void {
  for (const cell of root.querySelectorAll<HTMLElement>("mirage-cell")) {
    for (const name of ["code", "output", "pane"]) cell.style.removeProperty(`--mirage-cell-${name}-height`)
  }
}

function lines(text: string): number {
  const trimmed = text.trimEnd()
  return trimmed === "" ? 0 : trimmed.split("\n").length
}
