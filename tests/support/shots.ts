// `npm run shots [-- word…]`: a picture of every slide, in both themes and all sizes, into tests/.output/shots, for people to
// look at. A size or a theme among the words leaves out the others; with further words, only slides whose names have one of
// them: `npm run shots -- phone dark irmin`. Build first: `npm run build`.

import { mkdir, rm } from "node:fs/promises"
import type { Browser, Page } from "playwright-core"
import { launch, newPage } from "./browser.ts"
import { builtSite } from "./page.ts"

const OUTPUT = new URL("../.output/shots/", import.meta.url).pathname
const SIZES = [
  { name: "1280x720", width: 1280, height: 720 },
  { name: "1920x1080", width: 1920, height: 1080 },
  { name: "1024x768", width: 1024, height: 768 },
  { name: "phone", width: 390, height: 844 },
] as const
const THEMES = ["light", "dark"] as const
const given = process.argv.slice(2)
const sizes = chosen(SIZES, (size) => size.name)
const themes = chosen(THEMES, (theme) => theme)
const words = given.filter((word) => !THEMES.some((t) => t === word) && !SIZES.some((s) => s.name === word))

function chosen<T>(all: readonly T[], name: (one: T) => string): readonly T[] {
  const some = all.filter((one) => given.includes(name(one)))
  return some.length === 0 ? all : some
}

/** Wait until what is on the slide has found its place. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )
}

async function shoot(browser: Browser, url: string, size: (typeof SIZES)[number], theme: "light" | "dark") {
  const folder = `${OUTPUT}${size.name}-${theme}`
  await mkdir(folder, { recursive: true })
  const page = await newPage(browser, {
    viewport: { width: size.width, height: size.height },
    colorScheme: theme,
    reducedMotion: "reduce",
  })
  await page.goto(url)
  await page.locator(".reveal.ready").waitFor()
  await page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
  // A picture is of the slide, and not of the bar that lies over its foot while one scrolls.
  if (size.name === "phone") await page.addStyleTag({ content: ".deck-bar { display: none !important }" })
  const slides = await page.locator(".slides > section > section").evaluateAll((all) => all.map((slide) => slide.id))
  for (const [i, id] of slides.entries()) {
    if (words.length > 0 && !words.some((word) => id.includes(word))) continue
    const path = `${folder}/${String(i + 1).padStart(3, "0")}-${id}.png`
    if (size.name === "phone") {
      await settled(page)
      await page.locator(`[id="${id}"]`).screenshot({ path })
    } else {
      // All its steps are shown: a step is no picture of the slide.
      await page.evaluate((hash) => {
        location.hash = hash
      }, `#/${id}/99`)
      await page.locator(`section.present > [id="${id}"].present`).waitFor()
      await settled(page)
      await page.screenshot({ path })
    }
  }
  await page.context().close()
  return slides.length
}

await rm(OUTPUT, { recursive: true, force: true })
const site = await builtSite()
const browser = await launch()
try {
  for (const size of sizes)
    for (const theme of themes) {
      const count = await shoot(browser, site.url, size, theme)
      console.log(`${size.name} ${theme}: of ${count} slides, in tests/.output/shots/${size.name}-${theme}`)
    }
} finally {
  await browser.close()
  await site.close()
}
