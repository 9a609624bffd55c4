// Everything a page needs to have live cells: import this file, and link cell/cell.css.

import { MirageCell } from "./cell/mirage-cell.ts"
import { warmWhenIdle } from "./page.ts"
import { toastsHere } from "./toast.ts"

/** Define `<mirage-cell>`, and be ready for the first Run when the page is idle. Harmless to call again. */
export function defineElements(): void {
  if (customElements.get("mirage-cell") !== undefined) return
  toastsHere()
  customElements.define("mirage-cell", MirageCell)
  warmWhenIdle()
}
