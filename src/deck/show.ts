// The slides as a show: reveal.js over the sections that the page has come with.

import Reveal, { type RevealApi, type RevealConfig } from "reveal.js"
import { fitCells } from "./fit.ts"
import { isForSlides, type KeyboardChoice } from "./keyboard.ts"
import { isForPresenter } from "./presenter.ts"
import { isForPrint } from "./print.ts"
import { presenterAddress } from "./windows.ts"

/** The size that slides are written for. Everything is scaled from it. */
export const SLIDE_SIZE = { width: 1280, height: 720 } as const

/** Start the show on `root`, `.reveal`. Resolves when the slide of the address is shown. */
export async function startShow(root: HTMLElement, choice: KeyboardChoice): Promise<RevealApi> {
  const print = isForPrint(location.search)
  const calm = matchMedia("(prefers-reduced-motion: reduce)")
  const show = new Reveal(root, {
    ...SLIDE_SIZE,
    margin: 0,
    minScale: 0.1,
    maxScale: 6,
    center: false,
    display: "flex",
    hash: true,
    // Every slide is an entry of the browser's history, as every page of a book has a number.
    history: true,
    controls: false,
    progress: true,
    slideNumber: print ? "c/t" : false,
    help: false,
    // Search is ours, and knows slides by number too.
    jumpToSlide: false,
    // The presenter's window has the show in a part of it.
    embedded: isForPresenter(location.search),
    // A fragment that is not yet shown has no place on paper.
    fragments: !print,
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    viewDistance: 2,
    mobileViewDistance: 1,
    previewLinks: false,
    hideInactiveCursor: false,
    // Coming back from another window, the reader goes on typing where they were.
    focusBodyOnPageVisibilityChange: false,
    // The scroll of small windows is ours: cells would be scaled in reveal.js's.
    scrollActivationWidth: 0,
    keyboardCondition: (event: KeyboardEvent) => isForSlides(event, choice),
    ...motion(calm.matches),
  })
  // The handlers of `resize` must be there before the first layout.
  show.on("resize", (event) => announceScale(Number((event as Event & { scale?: number }).scale)))
  await show.initialize()
  announceScale(show.getScale())

  // reveal.js says `role="application"`, which would switch a screen reader's own keys off for all of the text.
  root.setAttribute("role", "main")
  calm.addEventListener("change", () => show.configure(motion(calm.matches)))
  nameSlides(show)
  nameThePage(show)
  if (print) {
    // On paper a cell is as long as its text, and nobody turns to another slide.
    void import("./print-pages.ts").then(({ preparePages }) => preparePages(show, root))
    return show
  }
  // A finger that scrolls code sideways does not turn the slide.
  for (const scrolled of root.querySelectorAll("mirage-cell, pre, table"))
    scrolled.toggleAttribute("data-prevent-swipe", true)
  fitCurrent(show)
  // Lines are as high as their font, and a cell's toolbar as it likes once it is alive.
  void document.fonts.ready.then(() => fitCurrent(show))
  void customElements.whenDefined("mirage-cell").then(() => requestAnimationFrame(() => fitCurrent(show)))
  show.on("slidechanged", () => {
    fitCurrent(show)
    nameThePage(show)
    focusHeading(show)
  })
  // A run begins or ends, another tab is chosen: the shares change.
  for (const change of ["mirage-status", "mirage-serving", "mirage-panes", "click", "keyup"])
    root.addEventListener(change, (event) => fitAround(event))
  // The panel at the bottom of the page has taken room, or given it back.
  document.addEventListener("mirage-dock", () => show.layout())
  // A cell that is to have the focus, after Shift+Enter or F12, may be on another slide.
  root.addEventListener("mirage-reveal", (event) => {
    const slide = (event.target as HTMLElement).closest<HTMLElement>("section")
    if (slide === null) return
    event.preventDefault()
    const { h, v } = show.getIndices(slide)
    show.slide(h, v)
  })
  show.addKeyBinding({ keyCode: 83, key: "S", description: "Presenter's window" }, openPresenter)
  return show
}

function motion(reduced: boolean): RevealConfig {
  return reduced
    ? { transition: "none", backgroundTransition: "none", autoAnimate: false }
    : { transition: "fade", transitionSpeed: "fast", backgroundTransition: "none", autoAnimate: false }
}

/** Editors inside the scaled slides undo the scale, and have to know it. */
function announceScale(scale: number): void {
  document.documentElement.style.setProperty("--slide-scale", String(scale))
  document.dispatchEvent(new CustomEvent("mirage-scale", { detail: scale }))
}

function nameSlides(show: RevealApi): void {
  const slides = show.getSlides() as HTMLElement[]
  for (const [i, slide] of slides.entries()) {
    slide.setAttribute("role", "group")
    slide.setAttribute("aria-roledescription", "slide")
    slide.setAttribute("aria-label", `${i + 1} of ${slides.length}`)
    slide.querySelector<HTMLElement>("h1, h2")?.setAttribute("data-number", String(i + 1))
  }
}

const title = document.title

// In the browser's history every slide is an entry, and wants a name.
function nameThePage(show: RevealApi): void {
  const heading = headingOf(show)?.textContent
  document.title = heading === undefined || show.isFirstSlide() ? title : `${heading} · ${title}`
}

function headingOf(show: RevealApi): HTMLElement | undefined {
  return (show.getCurrentSlide() as HTMLElement | undefined)?.querySelector<HTMLElement>("h1, h2") ?? undefined
}

// A screen reader goes on reading from where the focus is, and so does Tab. Whoever turns slides with a button of the
// page's bar wants to press it again.
function focusHeading(show: RevealApi): void {
  if (document.activeElement?.closest(".deck-bar") != null || show.isOverview()) return
  const heading = headingOf(show)
  if (heading === undefined) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

function fitAround(event: Event): void {
  const target = event.target as Element
  // Typing never moves a slide. What has been typed gets its room when it is run.
  if (target.closest?.(".cell-editor") != null) return
  const slide = target.closest?.("mirage-cell")?.closest<HTMLElement>("section")
  // What the cell does about the event is done by the next frame.
  if (slide != null) requestAnimationFrame(() => fitCells(slide))
}

// To measure is to lay out, and nobody sees the other slides: each is fitted when it is turned to.
function fitCurrent(show: RevealApi): void {
  const slide = show.getCurrentSlide() as HTMLElement | undefined
  if (slide !== undefined) fitCells(slide)
}

/** Open the presenter's window at this slide; this one then follows it. */
export function openPresenter(): void {
  if (!isForPresenter(location.search))
    window.open(presenterAddress(location), "mirage-presenter", "popup,width=1440,height=900")
}
