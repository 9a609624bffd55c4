// The other cells of a page: where a place in another file leads, and which cell is next.

import type { Position } from "../../toolchain/compiled-module.ts"
import { say } from "./cell-files.ts"
import type { MirageCell } from "./mirage-cell.ts"

/** What `mirage-goto` carries. */
export type GotoDetail = Position & { readonly project: string }

const cells = (): MirageCell[] => [...document.querySelectorAll<MirageCell>("mirage-cell")]

/** Ask to be brought to a place. Who handles it cancels the event: a cell of the page, or the page. */
export function ask(from: MirageCell, at: Position): void {
  const detail: GotoDetail = { ...at, project: from.project ?? "" }
  from.dispatchEvent(new CustomEvent("mirage-goto", { detail, bubbles: true, composed: true, cancelable: true }))
}

/** Go to a place that was asked for in `here`, if it is in a cell of this page: in this one rather than another. */
export function goto(here: MirageCell, event: CustomEvent<GotoDetail>): void {
  const { project, file, line, column } = event.detail
  const cell = [here, ...cells()].find((c) => c.project === project && c.has(file))
  if (cell === undefined || event.defaultPrevented) return
  event.preventDefault()
  cell.goTo(file, { line, column }).catch(say)
}

/** Bring a cell into view; a slide show turns to its slide, and cancels the event. */
export function reveal(cell: MirageCell): void {
  const asked = new CustomEvent("mirage-reveal", { detail: { file: cell.file }, bubbles: true, cancelable: true })
  if (cell.dispatchEvent(asked)) cell.scrollIntoView({ block: "nearest" })
}

/** Go to the cell after this one; the page may cancel that and go elsewhere. */
export function goOn(from: MirageCell): void {
  const asked = new CustomEvent("mirage-next", { detail: { file: from.file }, bubbles: true, cancelable: true })
  if (!from.dispatchEvent(asked)) return
  const all = cells()
  const next = all[all.indexOf(from) + 1]
  if (next === undefined) return
  reveal(next)
  next.focus()
}
