// The deck's page. The slides are in its HTML already; here they become a show, or stay a page to scroll where the
// window is too small for slides. The cells come to life after the first slide has been painted.

import "../ui/cell/cell.css"
import "./deck.css"
import type { RevealApi } from "reveal.js"
import type { MirageCell } from "../ui/cell/mirage-cell.ts"
import { Bar } from "./bar.ts"
import { drawCharts } from "./chart.ts"
import { Choices } from "./choices.ts"
import { unfitCells } from "./fit.ts"
import { asksForHelp, Help } from "./help.ts"
import { isForSlides, type KeyPress } from "./keyboard.ts"
import { cellOfFile, hashOf, targetOf } from "./addresses.ts"
import { isForPresenter, Presenter, presenterRoom } from "./presenter.ts"
import { isForPrint, RunsForPaper } from "./print.ts"
import { Search } from "./search.ts"
import { openPresenter, startShow } from "./show.ts"
import { reachWide } from "./wide.ts"
import { followPresenter } from "./windows.ts"

/** Keys that ask for search, by what they write. */
const SEARCH_KEYS = ["/", "g", "G"]

/** Windows too small for a slide: phones either way up, and anything at a large zoom. The styles have the same condition. */
const SMALL = matchMedia("(max-width: 700px) or ((max-height: 480px) and (pointer: coarse)) or (scripting: none)")

const root = slidesOfPage()

function slidesOfPage(): HTMLElement {
  const found = document.querySelector<HTMLElement>(".reveal")
  if (found === null) throw new Error("The page has no element of class `reveal` for the slides.")
  return found
}

const choices = new Choices(() => localStorage)
const help = new Help(choices)
const search = new Search({
  slides: () => [...root.querySelectorAll<HTMLElement>(".slides > section > section")],
  code: codeOfCells,
  go: (id) => {
    location.hash = hashOf(id)
  },
})
const runs = new RunsForPaper(root)
const bar = new Bar(choices, help, {
  search: () => search.open(),
  copyLink: () => void copyLink(),
  presenter: openPresenter,
  print: () => runs.keep(() => localStorage),
  shell: () => void import("../ui/page-container.ts").then(({ openShell }) => openShell("deck")),
})
const print = isForPrint(location.search)
const presenting = !print && isForPresenter(location.search)
document.documentElement.classList.toggle("deck-presenter", presenting)
const room = presenting ? presenterRoom(root, bar.element) : undefined
if (!print && !presenting) document.body.append(bar.element)
drawCharts(root)

// Before reveal.js, which knows keys by their places on an American keyboard.
document.addEventListener("keydown", (event) => pageKey(event), { capture: true })

function pageKey(event: KeyboardEvent): void {
  const command =
    (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k"
  const wantsSearch = command || SEARCH_KEYS.includes(event.key)
  if (!wantsSearch && !asksForHelp(event.key)) return
  // Whether the focus is somewhere that wants the key for itself is asked as if it were pressed alone.
  if (!isForSlides(command ? alone(event) : event, command ? { letters: true } : choices)) return
  event.preventDefault()
  if (wantsSearch) search.open()
  else help.open()
}

function alone(event: KeyboardEvent): KeyPress {
  const { key, isComposing, defaultPrevented } = event
  const composedPath = () => event.composedPath()
  return { key, isComposing, defaultPrevented, altKey: false, ctrlKey: false, metaKey: false, composedPath }
}

/** The code of every file, for search: by the entry of its cell. */
async function codeOfCells(): Promise<ReadonlyMap<string, string>> {
  const { projects } = await import("../ui/page.ts")
  const store = await projects.open("deck")
  return new Map(
    store.data.cells.map((cell) => [
      cell.entry,
      [...cell.files.map((file) => store.text(file)), cell.ocaml ?? ""].join("\n"),
    ]),
  )
}

/** Copy the address of what is shown, to the step. */
async function copyLink(): Promise<void> {
  const { toast } = await import("../ui/toast.ts")
  const slide = show?.getCurrentSlide() as HTMLElement | undefined
  const url = new URL(location.href)
  url.search = ""
  url.hash = slide === undefined ? nearestSlide() : hashOf(slide.id, show?.getIndices().f)
  try {
    await navigator.clipboard.writeText(url.href)
    toast("The link to this slide is copied.")
  } catch {
    // Without TLS there is no clipboard.
    toast(url.href)
  }
}

/** In the scroll: the slide at the top of the window. */
function nearestSlide(): string {
  const slides = [...(root?.querySelectorAll<HTMLElement>(".slides > section > section") ?? [])]
  const slide = slides.find((s) => s.getBoundingClientRect().bottom > innerHeight / 3)
  return slide === undefined ? "" : hashOf(slide.id)
}

let show: RevealApi | undefined

/** Make of the page what fits into the window. */
async function fit(): Promise<void> {
  const wanted = print || presenting || !SMALL.matches
  if (wanted && show === undefined) {
    // reveal.js does not know a file's address, and would forget it.
    const { hash } = location
    show = await startShow(root, choices)
    document.documentElement.classList.add("deck-show")
    bar.follow(show)
    follow(hash)
    if (room !== undefined) new Presenter(room, show)
    else if (!print) followPresenter(show)
  } else if (!wanted && show !== undefined) {
    bar.follow(undefined)
    show.destroy()
    show = undefined
    unfitCells(document)
    document.documentElement.classList.remove("deck-show")
  }
  if (!wanted) {
    // The page's own style hides all slides but the first until somebody says that it is ready.
    root.classList.add("ready")
    root.setAttribute("role", "main")
    follow(location.hash)
  }
  reachWide(root, !wanted)
}

/** Go where an address leads, as far as reveal.js does not: to a cell, and in the scroll to everything. */
function follow(hash: string): void {
  const target = targetOf(hash)
  if (target === undefined) return
  if (target.tag === "slide") {
    if (show === undefined) document.getElementById(target.id)?.scrollIntoView()
    return
  }
  const cell = cellOfFile(root, target.file)
  const slide = cell?.closest<HTMLElement>("section")
  if (cell === undefined || slide === null || slide === undefined) return
  if (show !== undefined) {
    const { h, v } = show.getIndices(slide)
    show.slide(h, v)
  } else cell.scrollIntoView()
  // On paper no cell comes to life, and none has to.
  void customElements.whenDefined("mirage-cell").then(() => (cell as MirageCell).showFile(target.file))
}

await fit()
SMALL.addEventListener("change", () => void fit())
addEventListener("hashchange", ({ newURL }) => {
  // The bar's way home. A reload keeps its place, which is why this is not done then.
  if (show === undefined && location.hash === "#/") scrollTo(0, 0)
  // Not `location.hash`: reveal.js, which does not know files, has put its own there by now.
  follow(new URL(newURL).hash)
})

async function comeAlive(): Promise<void> {
  const [{ defineElements }, { onShell }] = await Promise.all([
    import("../ui/elements.ts"),
    import("../ui/page-container.ts"),
  ])
  defineElements()
  onShell((there) => bar.offerShell(there))
}

// On paper a cell is its text; everywhere else it is alive, once the reader has something to look at.
if (!print) requestAnimationFrame(() => setTimeout(() => void comeAlive(), 0))
