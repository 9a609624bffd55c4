// How a window of the deck joins the others: the show and the cells of the page, at either end of mirror.ts.

import type { RevealApi } from "reveal.js"
import type { MirageCell } from "../ui/cell/mirage-cell.ts"
import type { CellAct, Place } from "../ui/mirror-protocol.ts"
import { type Channel, Following, type MirroredCells, type MirroredShow, openChannel, Presenting } from "./mirror.ts"

/** The address of the presenter's window for the deck at `location`, at the slide it shows. */
export function presenterAddress({ pathname, hash }: { readonly pathname: string; readonly hash: string }): string {
  return `${pathname}?presenter${hash}`
}

/** Follow a presenter's window, if one is opened. Does nothing where there is no channel. */
export function followPresenter(show: RevealApi): void {
  const channel = openChannel(location.pathname)
  if (channel === undefined) return
  const following = new Following(channel, mirroredShow(show), cellsOfPage, () => {
    // It runs nothing of its own accord, and wants nothing to run it in.
    document.documentElement.toggleAttribute("data-mirrored", following.led)
    document.dispatchEvent(new CustomEvent("mirage-mirrored"))
  })
  onMove(show, () => following.moved())
  addEventListener("pagehide", () => following.close(), { once: true })
  again(channel)
}

/** Lead the other windows. `undefined` where there is no channel to lead them by. */
export function leadWindows(show: RevealApi, changed: () => void): Presenting | undefined {
  const channel = openChannel(location.pathname)
  if (channel === undefined) return undefined
  const presenting = new Presenting(channel, mirroredShow(show), changed)
  onMove(show, () => presenting.moved())
  document.addEventListener("mirage-act", (event) => {
    const cell = event.target as MirageCell
    presenting.act(cell.project ?? "", cell.file, (event as CustomEvent<CellAct>).detail)
  })
  void tellTexts(presenting)
  addEventListener("pagehide", () => presenting.close(), { once: true })
  again(channel)
  return presenting
}

/** Hear of every move, once, when it is complete: a turn to a slide and to a step of it is two events. */
export function onMove(show: RevealApi, moved: () => void): void {
  let asked = false
  const later = () => {
    if (asked) return
    asked = true
    queueMicrotask(() => {
      asked = false
      moved()
    })
  }
  for (const event of ["slidechanged", "fragmentshown", "fragmenthidden", "paused", "resumed"]) show.on(event, later)
}

// A page that comes back from the browser's cache has said that it left.
function again(_: Channel): void {
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload()
  })
}

async function tellTexts(presenting: Presenting): Promise<void> {
  const { projects } = await import("../ui/page.ts")
  // Without the project nothing can be typed either, and the cells say so.
  const store = await projects.open("deck").catch(() => undefined)
  if (store === undefined) return
  for (const file of Object.keys(store.changed())) presenting.text(store.name, file, store.text(file))
  store.subscribe((file) => presenting.text(store.name, file, store.text(file)))
}

function mirroredShow(show: RevealApi): MirroredShow {
  return {
    place(): Place {
      const slide = show.getCurrentSlide() as HTMLElement | undefined
      return { slide: slide?.id ?? "", step: show.getIndices().f ?? -1, paused: show.isPaused() }
    },
    go({ slide, step, paused }) {
      const there = document.getElementById(slide)
      if (there !== null && show.getSlides().includes(there)) {
        const { h, v } = show.getIndices(there)
        show.slide(h, v, step)
      }
      if (paused !== show.isPaused()) show.togglePause(paused)
    },
  }
}

const cellsOfPage: MirroredCells = {
  text(project, file, text) {
    void import("../ui/page.ts")
      .then(({ projects }) => projects.open(project))
      .then((store) => store.follow(file, text))
      // Without the project the starting text is shown, and a later text tries again.
      .catch(() => {})
  },
  perform(project, file, act) {
    // Cells come to life some time after the page.
    void customElements.whenDefined("mirage-cell").then(() => {
      for (const cell of document.querySelectorAll<MirageCell>("mirage-cell"))
        if (cell.file === file && cell.project === project) cell.mirror(act)
    })
  },
}
