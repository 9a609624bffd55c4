// The deck on paper, or as a PDF: `?print-pdf`. reveal.js makes a page of every slide; here each is made to fit its page,
// whatever its cells hold, and links between slides lead from page to page.

import type { RevealApi } from "reveal.js"

/** Whether the page was opened to be printed: one slide a sheet. */
export function isForPrint(search: string): boolean {
  return /[?&](print-pdf|view=print)\b/.test(search)
}

/** No slide is made smaller than this: what does not fit then is too long for a slide. */
const LEAST_ZOOM = 0.4

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

function fitPage(page: HTMLElement): void {
  const slide = page.querySelector<HTMLElement>(":scope > section")
  if (slide === null) return
  const { width } = page.getBoundingClientRect()
  for (let zoom = 1; zoom >= LEAST_ZOOM; zoom -= 0.04) {
    // Narrower letters on a slide that stays as wide as its page.
    slide.style.zoom = String(zoom)
    slide.style.width = `${width / zoom}px`
    if (fits(slide, page)) return
  }
}

function fits(slide: HTMLElement, page: HTMLElement): boolean {
  const end = page.getBoundingClientRect().bottom
  const margin = Number.parseFloat(getComputedStyle(slide).borderBlockEndWidth) || 0
  return [...slide.children].every(
    (e) => getComputedStyle(e).position === "absolute" || e.getBoundingClientRect().bottom <= end - margin + 1,
  )
}
