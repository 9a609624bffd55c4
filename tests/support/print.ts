// The deck as a PDF, made by the system's Chromium from a build: one page a slide.

import type { Browser } from "playwright-core"
import { newPage } from "./browser.ts"
import type { StaticHost } from "./static-host.ts"

/** What was printed. */
export interface Printed {
  readonly pdf: Uint8Array
  /** The names of the slides, in order: one page each. */
  readonly slides: readonly string[]
  /** The names of the pages: those of the slides that they show, or go on with. */
  readonly pages: readonly string[]
  /** Names of slides of which something lies beyond the page, though they have been made smaller. */
  readonly cut: readonly string[]
}

/** Print the deck of `site`. */
export async function printDeck(browser: Browser, site: StaticHost): Promise<Printed> {
  const page = await newPage(browser, { viewport: { width: 1280, height: 720 }, colorScheme: "light" })
  try {
    await page.goto(`${site.url}?print-pdf`)
    await page.locator("html[data-print=ready]").waitFor({ timeout: 60_000 })
    const sheets = await page.locator(".pdf-page").evaluateAll((all) =>
      all.map((sheet) => {
        const box = sheet.getBoundingClientRect()
        const parts = [...sheet.querySelectorAll(":scope > section :is(h1, h2, p, li, td, pre, svg, img)")]
        return {
          name: sheet.querySelector(":scope > section")?.id ?? "",
          continues: sheet.querySelector<HTMLElement>(":scope > section")?.dataset["continues"],
          cut: parts
            // The words of a picture are there to be heard, and are cut on purpose.
            .filter((part) => part.closest(".picture-words, .chart table") === null)
            .map((part) => part.getBoundingClientRect())
            .some((part) => part.width > 1 && (part.right > box.right + 1 || part.bottom > box.bottom + 1)),
        }
      }),
    )
    const pages = sheets.map((sheet) => sheet.continues ?? sheet.name)
    const slides = sheets.filter((sheet) => sheet.continues === undefined).map((sheet) => sheet.name)
    const cut = pages.filter((_, i) => sheets[i]?.cut)
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true })
    return { pdf, slides, pages, cut }
  } finally {
    await page.context().close()
  }
}
