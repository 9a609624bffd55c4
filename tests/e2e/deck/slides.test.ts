// Every slide in both themes, as a room sees it at 1280 by 720 with all its steps shown: nothing beyond the slide, nothing
// too small to read, nothing for axe to say, nothing on the console. What fails is named: slide, element, reason.

import axe from "axe-core"
import type { Page } from "playwright-core"
import { describe, expect, it } from "vitest"
import { useTutorial } from "../../support/tutorial.ts"

const tutorial = useTutorial()

const slideNames = (page: Page): Promise<string[]> =>
  page.locator(".slides > section > section").evaluateAll((all) => all.map((slide) => slide.id))

/** Turn to a slide with all its steps shown, and wait until everything on it has its place. */
async function turnTo(page: Page, id: string): Promise<void> {
  await page.evaluate(async (name) => {
    location.hash = `#/${name}/99`
    const there = () => document.querySelector(".slides > section.present > section.present")?.id === name
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let i = 0; i < 300 && !there(); i++) await frame()
    if (!there()) throw new Error(`The show does not turn to ${name}.`)
    // Cells are fitted in the frame after the turn.
    await frame()
    await frame()
    // Half-shown words have the contrast of neither.
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
  }, id)
}

/** What is wrong with the slide that is shown, as it is laid out. */
function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const LEAST_TEXT = 24
    const LEAST_CODE = 20
    const slide = document.querySelector<HTMLElement>(".slides > section.present > section.present")
    if (slide === null) return ["is not there"]
    const box = slide.getBoundingClientRect()
    const scale = box.width / slide.offsetWidth
    const bar = document.querySelector(".deck-bar")?.getBoundingClientRect()
    const found = new Set<string>()
    // A drawing with small letters has many of them, and is told of once.
    const small = new Map<Element, [size: number, label: string][]>()
    const call = (e: Element) => {
      const text = (e.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 30)
      return `<${e.localName}${e.classList.length > 0 ? `.${[...e.classList].join(".")}` : ""}>${text === "" ? "" : ` "${text}"`}`
    }
    const unseen = (e: Element) => {
      const { clipPath, visibility, display, opacity } = getComputedStyle(e)
      return clipPath !== "none" || visibility === "hidden" || display === "none" || opacity === "0"
    }
    const isGround = (e: Element) => e.parentElement === slide && getComputedStyle(e).position === "absolute"

    const inside = (e: Element) => {
      const r = e.getBoundingClientRect()
      if (r.width < 1 || r.height < 1) return
      const by = Math.max(box.left - r.left, box.top - r.top, r.right - box.right, r.bottom - box.bottom)
      if (by > 1) found.add(`${call(e)} lies ${Math.round(by)} px beyond the slide`)
      else if (bar !== undefined && r.bottom > bar.top + 1) {
        found.add(`${call(e)} reaches ${Math.round(r.bottom - bar.top)} px under the page's bar`)
      }
    }
    const legible = (e: Element) => {
      const words = [...e.childNodes].some((n) => n.nodeType === 3 && (n.textContent ?? "").trim() !== "")
      if (!words) return
      const code = e.closest("pre, code, mirage-cell, kbd, text.code") !== null
      // The scale is that of the slide, and in a drawing that of the drawing.
      const drawn = e instanceof SVGGraphicsElement ? Math.abs(e.getScreenCTM()?.d ?? 1) : scale
      // A turned label has its height in another place of the matrix.
      const turned = e instanceof SVGGraphicsElement ? Math.abs(e.getScreenCTM()?.b ?? 0) : 0
      const size = (Number.parseFloat(getComputedStyle(e).fontSize) * Math.max(drawn, turned)) / scale
      if (size >= (code ? LEAST_CODE : LEAST_TEXT) - 0.05) return
      const drawing = e.closest("svg")
      if (drawing === null) found.add(`${call(e)} is ${size.toFixed(1)} px high`)
      else small.set(drawing, [...(small.get(drawing) ?? []), [size, call(e)]])
    }
    const look = (e: Element) => {
      if (e.localName === "script" || e.localName === "style" || e.classList.contains("notes") || unseen(e)) return
      if (isGround(e)) return
      if (e instanceof SVGSVGElement && e.parentElement?.closest("svg") === null) {
        const r = e.getBoundingClientRect()
        for (const label of e.querySelectorAll("text")) {
          if (unseen(label)) continue
          const l = label.getBoundingClientRect()
          const by = Math.max(r.left - l.left, r.top - l.top, l.right - r.right, l.bottom - r.bottom)
          if (by > 2) found.add(`${call(label)} is cut off by ${Math.round(by)} px at its drawing's edge`)
        }
      }
      const { overflowX, overflowY } = getComputedStyle(e)
      inside(e)
      legible(e)
      if (e.localName === "figure" && e.scrollHeight > e.clientHeight + 4) {
        found.add(`${call(e)} is ${e.scrollHeight - e.clientHeight} px higher than its place`)
      }
      // What is scrolled away is no longer beyond anything; how large it is still matters.
      const scrolls = overflowX !== "visible" || overflowY !== "visible"
      const within = e instanceof SVGSVGElement ? [...e.querySelectorAll("text, tspan")] : [...e.children]
      for (const child of within) {
        if (scrolls || e instanceof SVGSVGElement) {
          for (const deep of [child, ...child.querySelectorAll("*")]) if (!unseen(deep)) legible(deep)
        } else look(child)
      }
    }
    for (const child of slide.children) look(child)
    for (const labels of small.values()) {
      const [[size, label] = [0, ""]] = labels.toSorted(([a], [b]) => a - b)
      found.add(`${labels.length} labels of a drawing are too small, ${label} ${size.toFixed(1)} px high`)
    }
    return [...found]
  })
}

/** What axe finds on the slide that is shown: WCAG 2.2 AA, contrast among it, and its best practices. */
function axeProblems(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe: here } = globalThis as unknown as { axe: typeof axe }
    const slide = document.querySelector<HTMLElement>(".slides > section.present > section.present")
    if (slide === null) return []
    // axe walks all of the document, hidden or not, for each slide anew: while it does, the others are taken out.
    const others = [
      ...document.querySelectorAll(".slides > section:not(.present), section.present > section:not(.present)"),
    ]
    const places = others.map((other) => {
      const place = document.createComment("")
      other.replaceWith(place)
      return () => place.replaceWith(other)
    })
    const { violations } = await here
      .run(slide, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
        preload: false,
      })
      .finally(() => {
        for (const putBack of places) putBack()
      })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((n) => `axe ${id}: ${n.html.slice(0, 120)} ${n.failureSummary?.split("\n")[1]?.trim() ?? ""}`),
    )
  })
}

describe("every slide", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    it(`fits, can be read, and leaves axe nothing to say, in ${colorScheme}`, { timeout: 240_000 }, async () => {
      const deck = await tutorial.open({ colorScheme, reducedMotion: "reduce" })
      const { page } = deck
      await page.evaluate(() => document.fonts.ready.then(() => undefined))
      await page.evaluate(axe.source)
      const names = await slideNames(page)
      expect(names.length).toBeGreaterThan(90)
      const problems: string[] = []
      for (const name of names) {
        await turnTo(page, name)
        const said = deck.complaints.splice(0)
        // The layout does not depend on the colours.
        const layout = colorScheme === "light" ? await layoutProblems(page) : []
        for (const problem of [...layout, ...(await axeProblems(page)), ...said]) problems.push(`${name}: ${problem}`)
      }
      expect(problems).toEqual([])
    })
  }

  it("fits on a projector of 1024 by 768 too, above the page's bar", { timeout: 120_000 }, async () => {
    const deck = await tutorial.open({ viewport: { width: 1024, height: 768 }, reducedMotion: "reduce" })
    const { page } = deck
    const problems: string[] = []
    for (const name of await slideNames(page)) {
      await turnTo(page, name)
      // Type is as large as the projector allows; that was seen to at the slide's own size.
      for (const problem of await layoutProblems(page))
        if (!problem.endsWith("px high")) problems.push(`${name}: ${problem}`)
    }
    expect(problems).toEqual([])
    expect(deck.complaints).toEqual([])
  })

  it("is measured when it is turned to, and not before", async () => {
    const deck = await tutorial.open({ slide: "using-it" })
    const fitted = (file: string) =>
      deck.cell(file).root.evaluate((cell) => (cell as HTMLElement).style.getPropertyValue("--mirage-cell-code-height"))
    expect(await fitted("uses.ts")).toMatch(/^\d+px$/)
    expect(await fitted("option-monad.ts")).toBe("")
    await deck.slide("the-option-monad")
    expect(await fitted("option-monad.ts")).toMatch(/^\d+px$/)
    expect(deck.complaints).toEqual([])
  })

  it("is as wide as a phone held upright", async () => {
    const deck = await tutorial.open({
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    const problems = await deck.page.evaluate(() => {
      const wide: string[] = []
      for (const slide of document.querySelectorAll(".slides > section > section")) {
        const scrolls = (e: Element | null): boolean =>
          e !== null && e !== slide && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement))
        for (const e of slide.querySelectorAll("*")) {
          if (e.closest("svg, .notes, script") !== null || scrolls(e.parentElement)) continue
          if (getComputedStyle(e).clipPath !== "none") continue
          const { right, left, width } = e.getBoundingClientRect()
          if (width > 0 && (right > innerWidth + 1 || left < -1))
            wide.push(`${slide.id}: <${e.localName}> is ${Math.round(width)} px wide`)
        }
      }
      return { wide, page: document.documentElement.scrollWidth }
    })
    expect(problems).toEqual({ wide: [], page: 390 })
    expect(deck.complaints).toEqual([])
  })
})
