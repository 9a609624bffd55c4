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

/** How much of its text a cell shows while its unikernel's panes are to be looked at: a few lines. */
const CODE_BESIDE_PANES = 180
/** Lines that output is given when nobody has said how many there will be. */
const SOME_LINES = 2

/** Give the cells of `slide` the room there is. Harmless to repeat. */
export function fitCells(slide: HTMLElement): void {
  const cells = slide.querySelectorAll<HTMLElement>(":scope > mirage-cell")
  if (cells.length === 0) return
  const style = getComputedStyle(slide)
  // What lies above the slide, as the title's picture does, takes no room.
  const others = [...slide.children].filter(
    (e): e is HTMLElement =>
      e instanceof HTMLElement &&
      e.localName !== "mirage-cell" &&
      e.offsetHeight > 0 &&
      getComputedStyle(e).position !== "absolute",
  )
  const gaps = px(style.rowGap) * (others.length + cells.length - 1)
  const taken = others.reduce((sum, e) => sum + e.offsetHeight + px(getComputedStyle(e).marginBlockEnd), 0)
  const inner = slide.clientHeight - px(style.paddingTop) - px(style.paddingBottom)
  for (const cell of cells) fitCell(cell, (inner - taken - gaps) / cells.length)
}

function fitCell(cell: HTMLElement, room: number): void {
  const give = (name: string, height: number) =>
    cell.style.setProperty(`--mirage-cell-${name}-height`, `${Math.floor(height)}px`)
  const shown = shownCode(cell)
  const below = shownBelow(cell)
  // Toolbar, tabs, borders, the line that says where a unikernel is: what they take can be seen, and need not be known.
  const frame = cell.offsetHeight - (shown?.offsetHeight ?? 0) - (below?.offsetHeight ?? 0)
  // An editor is as high as its lines if it may be, and there is no other way to ask it. Nothing is painted between.
  if (shown?.classList.contains("cell-editor") === true) {
    cell.style.removeProperty("--mirage-cell-editor-height")
    give("code", 99_999)
  }
  const code = shown === null ? 0 : wholeHeight(shown)
  const panes = cell.hasAttribute("panes")
  const shares = shareRoom({
    room,
    frame,
    code: panes ? Math.min(code, CODE_BESIDE_PANES) : code,
    // A booted unikernel has a terminal, a browser and its frames to show, and they are what one wants to see then.
    output: panes ? room : wishedOutput(cell, below),
  })
  give("code", shares.code)
  // An editor is as high as the text that it takes the place of, and stays so: typing never moves a slide.
  give("editor", shares.code)
  give("output", shares.output)
  give("pane", shares.output)
}

/** The tab that is shown: an editor, or the text in its place. */
function shownCode(cell: HTMLElement): HTMLElement | null {
  return cell.querySelector<HTMLElement>(":scope > :is(.cell-editor, .cell-code):not([hidden])")
}

/** What is under the code: the output, or a pane; before the cell is alive, what it is going to print. */
function shownBelow(cell: HTMLElement): HTMLElement | null {
  if (cell.shadowRoot === null) return cell.querySelector<HTMLElement>(":scope > .cell-output")
  const shown = cell.shadowRoot.querySelectorAll<HTMLElement>("[part~=pane], [part~=output]")
  return [...shown].find((e) => e.offsetHeight > 0) ?? null
}

/** The height of everything that is printed, or going to be: nothing moves when the cell is run. */
function wishedOutput(cell: HTMLElement, shown: HTMLElement | null): number {
  if (shown === null) return 0
  const style = getComputedStyle(shown)
  const expected = lines(cell.querySelector(":scope > .cell-output")?.textContent ?? "")
  const least = Math.max(expected, cell.getAttribute("status") === "idle" ? 0 : SOME_LINES)
  return Math.max(wholeHeight(shown), least * px(style.lineHeight) + px(style.paddingTop) + px(style.paddingBottom))
}

/** With all that is scrolled away, and the bar of scrolling sideways. */
function wholeHeight(e: HTMLElement): number {
  return e.scrollHeight + e.offsetHeight - e.clientHeight
}

function px(value: string): number {
  return Number.parseFloat(value) || 0
}

/** Take back what {@link fitCells} gave: in the scroll a cell is as high as it likes. */
export function unfitCells(root: ParentNode): void {
  for (const cell of root.querySelectorAll<HTMLElement>("mirage-cell")) {
    for (const name of ["code", "editor", "output", "pane"]) cell.style.removeProperty(`--mirage-cell-${name}-height`)
  }
}

function lines(text: string): number {
  const trimmed = text.trimEnd()
  return trimmed === "" ? 0 : trimmed.split("\n").length
}
