// Everything a page needs to have live cells: import this file, and link cell/cell.css.

import { MirageCell } from "./cell/mirage-cell.ts"
import { warmWhenIdle } from "./page.ts"
import { startWhenIdle } from "./page-container.ts"
import { toastsHere } from "./toast.ts"

/**
 * Define `<mirage-cell>`. When the page is idle, fetch what the first Run needs, and the projects, which know tabs that the
 * page does not hold. Harmless to call again.
 */
export function defineElements(): void {
  if (customElements.get("mirage-cell") !== undefined) return
  toastsHere()
  customElements.define("mirage-cell", MirageCell)
  warmWhenIdle(() => {
    startWhenIdle()
    for (const cell of document.querySelectorAll("mirage-cell")) void cell.prepare()
  })
}
