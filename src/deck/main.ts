// The deck's page. The slides are in its HTML already; here they become a show, or stay a page to scroll where the
// window is too small for slides. The cells come to life after the first slide has been painted.

import "../ui/cell/cell.css"
import "./theme.css"
import type { RevealApi } from "reveal.js"
import { Bar } from "./bar.ts"
import { drawCharts } from "./chart.ts"
import { Choices } from "./choices.ts"
import { unfitCells } from "./fit.ts"
import { Help } from "./help.ts"
import { isForSlides } from "./keyboard.ts"
import { isForPrint, isForSpeaker, startShow } from "./show.ts"

/** Windows too small for a slide: phones either way up, and anything at a large zoom. The styles have the same condition. */
const SMALL = matchMedia("(max-width: 700px) or ((max-height: 480px) and (pointer: coarse)) or (scripting: none)")

const root = document.querySelector<HTMLElement>(".reveal")
if (root === null) throw new Error("The page has no element of class `reveal` for the slides.")

const choices = new Choices(() => localStorage)
const help = new Help(choices)
const bar = new Bar(choices, help)
const print = isForPrint(location.search)
const speaker = isForSpeaker(location.search)
document.documentElement.classList.toggle("deck-speaker", speaker)
if (!print && !speaker) document.body.append(bar.element)
drawCharts(root)

// Before reveal.js, which knows the key by its place on an American keyboard.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "F1" && event.key !== "?") return
    if (!isForSlides(event, choices)) return
    event.preventDefault()
    help.open()
  },
  { capture: true },
)

let show: RevealApi | undefined

/** Make of the page what fits into the window. */
async function fit(): Promise<void> {
  const wanted = print || speaker || !SMALL.matches
  if (wanted && show === undefined) {
    show = await startShow(root as HTMLElement, choices)
    document.documentElement.classList.add("deck-show")
    bar.follow(show)
  } else if (!wanted && show !== undefined) {
    bar.follow(undefined)
    show.destroy()
    show = undefined
    unfitCells(document)
    document.documentElement.classList.remove("deck-show")
  }
  if (!wanted) {
    // The page's own style hides all slides but the first until somebody says that it is ready.
    root?.classList.add("ready")
    root?.setAttribute("role", "main")
    scrollToSlide()
  }
}

/** In the scroll, follow an address of the show: `#/flip-a-coin`. */
function scrollToSlide(): void {
  const id = decodeURIComponent(location.hash.replace(/^#\/?/, ""))
  if (id !== "") document.getElementById(id.split("/")[0] ?? "")?.scrollIntoView()
}

await fit()
SMALL.addEventListener("change", () => void fit())
addEventListener("hashchange", () => {
  if (show !== undefined) return
  // The bar's way home. A reload keeps its place, which is why this is not done then.
  if (location.hash === "#/") scrollTo(0, 0)
  scrollToSlide()
})

// On paper a cell is its text; everywhere else it is alive, once the reader has something to look at.
if (!print)
  requestAnimationFrame(() => setTimeout(() => void import("../ui/elements.ts").then((ui) => ui.defineElements()), 0))
