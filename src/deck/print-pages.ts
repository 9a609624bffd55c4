// The deck on paper, or as a PDF: `?print-pdf`. reveal.js makes a page of every slide; here each is made to fit its page,
// whatever its cells hold, and links between slides lead from page to page. What of a cell has no place there, its other
// files and the rest of a long text, goes on, on pages behind it.

import type { RevealApi } from "reveal.js"
import { keptForPrint } from "./print.ts"
import { figureOf, type Piece, printCell } from "./printed-cells.ts"

/** No slide is made smaller than this: what does not fit then is too long for a slide. */
const LEAST_ZOOM = 0.4

/** What goes on behind a slide has as many pages as it likes, and can be read. */
const LEAST_CONTINUED_ZOOM = 0.6

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
  const pieces = await printCells(root)
  for (const page of root.querySelectorAll<HTMLElement>(".pdf-page")) {
    const sheet = sheetOf(page)
    if (sheet === undefined) continue
    fitSheet(page, sheet, LEAST_ZOOM)
    const slide = page.querySelector<HTMLElement>(":scope > section")
    if (slide !== null) goOn(page, slide, pieces.get(slide.id) ?? [])
  }
  document.documentElement.dataset["print"] = "ready"
}

/** Fill in the reader's texts and outputs. Gives what does not fit, by the slide's name. */
async function printCells(root: HTMLElement): Promise<ReadonlyMap<string, Piece[]>> {
  const rest = new Map<string, Piece[]>()
  try {
    const { projects } = await import("../ui/page.ts")
    const store = await projects.open("deck")
    const outputOf = keptForPrint(() => localStorage)
    for (const cell of root.querySelectorAll<HTMLElement>("mirage-cell")) {
      const slide = cell.closest("section")?.id ?? ""
      rest.set(slide, [...(rest.get(slide) ?? []), ...printCell(cell, store, outputOf)])
    }
  } catch (e) {
    // Without the network there may be no more than what is in the page: the starting texts.
    console.warn(`printed without the reader's texts: ${String(e)}`)
  }
  return rest
}

// reveal.js insists that a printed slide is a block without padding; inside it, its parts are laid out as on the screen.
function sheetOf(page: HTMLElement): HTMLElement | undefined {
  const slide = page.querySelector<HTMLElement>(":scope > section")
  if (slide === null) return undefined
  const sheet = document.createElement("div")
  sheet.className = "sheet"
  sheet.append(...slide.childNodes)
  slide.append(sheet)
  return sheet
}

/** Smaller letters, until everything is on the sheet, which stays as large as its page. Whether that was enough. */
function fitSheet(page: HTMLElement, sheet: HTMLElement, least: number): boolean {
  const { width, height } = page.getBoundingClientRect()
  for (let zoom = 1; zoom >= least; zoom -= 0.04) {
    sheet.style.zoom = String(zoom)
    sheet.style.width = `${width / zoom}px`
    sheet.style.height = `${height / zoom}px`
    if (fits(sheet)) return true
  }
  return false
}

/** Pages behind `page`, as many as the pieces need. */
function goOn(page: HTMLElement, slide: HTMLElement, pieces: readonly Piece[]): void {
  let last = page
  let sheet: HTMLElement | undefined
  for (const figure of pieces.map(figureOf)) {
    sheet?.append(figure)
    if (sheet !== undefined && fitSheet(last, sheet, LEAST_CONTINUED_ZOOM)) continue
    figure.remove()
    // Without it, the sheet is as it was before, which may have been smaller.
    if (sheet !== undefined) fitSheet(last, sheet, LEAST_ZOOM)
    const next = pageAfter(last, slide)
    next.sheet.append(figure)
    fitSheet(next.page, next.sheet, LEAST_ZOOM)
    last = next.page
    sheet = next.sheet
  }
}

function pageAfter(page: HTMLElement, slide: HTMLElement): { page: HTMLElement; sheet: HTMLElement } {
  const next = page.cloneNode(false) as HTMLElement
  const section = slide.cloneNode(false) as HTMLElement
  section.removeAttribute("id")
  section.dataset["continues"] = slide.id
  const sheet = document.createElement("div")
  sheet.className = "sheet"
  const heading = document.createElement("h2")
  heading.textContent = `${slide.querySelector("h1, h2")?.textContent ?? ""}, continued`
  sheet.append(heading)
  section.append(sheet)
  next.append(section)
  for (const part of page.querySelectorAll(":scope > :not(section)")) next.append(part.cloneNode(true))
  page.after(next)
  return { page: next, sheet }
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
