// `npm run pdf [-- out.pdf]`: the built deck as a PDF. Build it first: `npm run build`.

import { writeFile } from "node:fs/promises"
import { launch } from "./browser.ts"
import { builtSite } from "./page.ts"
import { printDeck } from "./print.ts"

const out = process.argv[2] ?? "mirage-tutorial.pdf"
const site = await builtSite()
const browser = await launch()
try {
  const { pdf, pages, slides, cut } = await printDeck(browser, site)
  await writeFile(out, pdf)
  console.log(`${out}: ${pages.length} pages of ${slides.length} slides, ${Math.round(pdf.length / 1024)} kB`)
  for (const slide of cut) console.log(`too long for a page, and cut: ${slide}`)
  if (cut.length > 0) process.exitCode = 1
} finally {
  await browser.close()
  await site.close()
}
