// The deck on paper, or as a PDF: `?print-pdf`. reveal.js makes a page of every slide; here each is made to fit its page,
// whatever its cells hold, and links between slides lead from page to page.

import type { RevealApi } from "reveal.js"

/** Whether the page was opened to be printed: one slide a sheet. */
export function isForPrint(search: string): boolean {
  return /[?&](print-pdf|view=print)\b/.test(search)
}

/** No slide is made smaller than this: what does not fit then is too long for a slide. */
const LEAST_ZOOM = 0.4

/** What is left free at the foot of a page: the slide's number is there. */
const MARGIN = 24

/** Finish the pages of `show` when reveal.js has made them. Says so with `data-print="ready"` of the root element. */
export async function preparePages(show: RevealApi, root: HTMLElement): Promise<void> {
  if (root.querySelector(".pdf-page") === null) await new Promise((resolve) => show.on("pdf-ready", resolve))
  await document.fonts.ready
  for (const link of root.querySelectorAll<HTMLAnchorElement>("a[href^='#/']")) {
    const id = decodeURIComponent(link.hash.slice(2)).split("/")[0] ?? ""
    // A PDF knows the names of elements, and not those of a show.
    if (document.getElementById(id) !== null) link.href = `#${encodeURIComponent(id)}`
  }
  for (const page of root.querySelectorAll<HTMLElement>(".pdf-page")) fitPage(page)
  document.documentElement.dataset["print"] = "ready"
}

// reveal.js insists that a printed slide is a block without padding; inside it, its parts are laid out as on the screen.
function fitPage(page: HTMLElement): void {
  const slide = page.querySelector<HTMLElement>(":scope > section")
  if (slide === null) return
  const sheet = document.createElement("div")
  sheet.className = "sheet"
  sheet.append(...slide.childNodes)
  slide.append(sheet)
  const { width, height } = page.getBoundingClientRect()
  for (let zoom = 1; zoom >= LEAST_ZOOM; zoom -= 0.04) {
    // Smaller letters on a sheet that stays as large as its page.
    sheet.style.zoom = String(zoom)
    sheet.style.width = `${width / zoom}px`
    sheet.style.height = `${height / zoom}px`
    if (fits(sheet)) return
  }
}

function fits(sheet: HTMLElement): boolean {
  const box = sheet.getBoundingClientRect()
  return [...sheet.querySelectorAll(":scope > *, :scope > .columns > *")].every((e) => {
    if (getComputedStyle(e).position === "absolute") return true
    const { right, bottom } = e.getBoundingClientRect()
    // Pictures give way before they are too large for the page; their parts do not.
    const whole =
      e.localName !== "figure" || (e.scrollHeight <= e.clientHeight + 4 && e.scrollWidth <= e.clientWidth + 4)
    return whole && bottom <= box.bottom - MARGIN && right <= box.right + 1
  })
}
