// The presenter's window: the slide with its live cells, and around it what only the lecturer should see. The same page as
// any other, opened with `?presenter`; the windows that the room sees follow it (mirror.ts).

import "./presenter.css"
import type { RevealApi } from "reveal.js"
import type { MirageCell } from "../ui/cell/mirage-cell.ts"
import type { Presenting } from "./mirror.ts"
import { stepsOf, stillOf } from "./still.ts"
import { comparedTo, type Occasion, plan, type Planned, showSeconds, Stopwatch, timingOf } from "./timings.ts"
import { leadWindows, onMove } from "./windows.ts"

const NO_CHANNEL =
  "This browser has no BroadcastChannel: other windows of the deck cannot follow this one. Share this window instead."
const WATCH = "mirage-presenter-watch"

/** Whether the page was opened as the presenter's window. */
export function isForPresenter(search: string): boolean {
  return /[?&]presenter\b/.test(search)
}

/** Build the room around `.reveal`, before reveal.js measures it. */
export function presenterRoom(reveal: HTMLElement, bar: HTMLElement): HTMLElement {
  const room = document.createElement("div")
  room.className = "presenter"
  room.innerHTML = `
    <header aria-label="Time">
      <h1>Presenter's window</h1>
      <span class="presenter-figure"><time data-of="clock"></time><small>now</small></span>
      <span class="presenter-figure"><b data-of="elapsed"></b><small>since the start</small></span>
      <span class="presenter-figure"><b data-of="planned"></b><small>planned for this slide</small></span>
      <span class="presenter-figure"><b data-of="compared"></b><small>of the plan</small></span>
      <span class="presenter-buttons">
        <button type="button" data-do="watch">Start</button>
        <button type="button" data-do="reset">Reset</button>
        <select aria-label="Timings for"><option value="talk">Talk</option><option value="workshop">Workshop</option></select>
      </span>
      <span class="presenter-windows"><span data-of="windows" role="status"></span>
        <button type="button" data-do="open">Open the room's window</button></span>
    </header>
    <div class="presenter-stage reveal-viewport"></div>
    <aside aria-label="For the presenter">
      <section class="presenter-next"><h2 data-of="next"></h2><div class="presenter-still" inert></div></section>
      <section class="presenter-cells"><h2>Cells</h2><ul data-of="cells"></ul></section>
      <section class="presenter-notes" tabindex="0" aria-label="Notes"><h2>Notes</h2><div data-of="notes"></div></section>
    </aside>`
  reveal.replaceWith(room)
  room.querySelector(".presenter-stage")?.append(reveal)
  room.append(bar)
  return room
}

/** The presenter's view of a running show. */
export class Presenter {
  readonly #room: HTMLElement
  readonly #show: RevealApi
  readonly #slides: readonly HTMLElement[]
  readonly #watch: Stopwatch
  readonly #presenting: Presenting | undefined
  #occasion: Occasion
  #plan: readonly Planned[] = []

  constructor(room: HTMLElement, show: RevealApi) {
    this.#room = room
    this.#show = show
    this.#slides = show.getSlides() as HTMLElement[]
    const kept = read()
    this.#watch = Stopwatch.of(kept)
    this.#occasion = kept?.occasion === "workshop" ? "workshop" : "talk"
    this.#timed()
    this.#presenting = leadWindows(show, () => this.#windows())
    onMove(show, () => this.#moved())
    for (const event of ["mirage-status", "mirage-output", "mirage-serving", "keyup"])
      show.getSlidesElement()?.addEventListener(event, () => this.#cells())
    this.#button("watch").addEventListener("click", () => this.#startOrStop())
    this.#button("reset").addEventListener("click", () => this.#reset())
    this.#button("open").addEventListener("click", () => this.#open())
    const occasions = room.querySelector("select") as HTMLSelectElement
    occasions.value = this.#occasion
    occasions.addEventListener("change", () => {
      this.#occasion = occasions.value as Occasion
      this.#timed()
      this.#keep()
      this.#tick()
    })
    setInterval(() => this.#tick(), 500)
    this.#windows()
    this.#shown()
  }

  /** Somebody turned to another slide: a talk that is under way has begun. */
  #moved(): void {
    if (!this.#watch.used && !this.#show.isFirstSlide()) this.#startOrStop()
    this.#shown()
  }

  #shown(): void {
    const slide = this.#show.getCurrentSlide() as HTMLElement
    this.#of("notes").innerHTML = slide.querySelector("aside.notes")?.innerHTML ?? "<p>No notes.</p>"
    this.#room.querySelector(".presenter-notes")?.scrollTo(0, 0)
    this.#next(slide)
    this.#cells()
    this.#tick()
  }

  #next(slide: HTMLElement): void {
    const shown = (this.#show.getIndices().f ?? -1) + 1
    const steps = stepsOf(slide)
    const box = this.#room.querySelector(".presenter-still") as HTMLElement
    const following = this.#slides[this.#slides.indexOf(slide) + 1]
    const next = shown < steps ? slide : following
    this.#of("next").textContent =
      shown < steps ? `Next: step ${shown + 1} of ${steps}` : next === undefined ? "The end" : `Next: ${titleOf(next)}`
    if (next === undefined) return box.replaceChildren()
    // The same nesting as the show's, so that the same rules hold.
    box.innerHTML = `<div class="reveal"><div class="slides" style="width: 1280px; height: 720px"><section class="present"></section></div></div>`
    box.querySelector("section")?.append(stillOf(next, next === slide ? shown + 1 : 0))
  }

  #cells(): void {
    const slide = this.#show.getCurrentSlide() as HTMLElement
    const cells = [...slide.querySelectorAll<MirageCell>("mirage-cell")]
    const section = this.#room.querySelector(".presenter-cells") as HTMLElement
    section.hidden = cells.length === 0
    this.#of("cells").replaceChildren(
      ...cells.map((cell) => {
        const item = document.createElement("li")
        const last = (cell.output ?? "").trimEnd().split("\n").at(-1) ?? ""
        item.append(element("code", cell.getAttribute("file") ?? ""), " ")
        item.append(element("b", cell.getAttribute("status") ?? "idle"))
        if (last !== "") item.append(element("small", last))
        return item
      }),
    )
  }

  #tick(): void {
    const now = Date.now()
    const elapsed = this.#watch.elapsed(now) / 1000
    const at = this.#slides.indexOf(this.#show.getCurrentSlide() as HTMLElement)
    const planned = this.#plan[at]
    const clock = new Date(now).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    put(this.#of("clock"), clock)
    put(this.#of("elapsed"), showSeconds(elapsed))
    const whole = this.#plan.at(-1)?.end ?? 0
    const untimed = planned === undefined || whole === 0
    put(this.#of("planned"), untimed ? "–" : `${showSeconds(planned.begin)} to ${showSeconds(planned.end)}`)
    const compared = untimed || !this.#watch.used ? "–" : comparedTo(planned, elapsed)
    put(this.#of("compared"), compared)
    this.#of("compared").classList.toggle("late", compared.endsWith("behind"))
    put(this.#button("watch"), this.#watch.running ? "Pause" : this.#watch.used ? "Go on" : "Start")
  }

  #windows(): void {
    const count = this.#presenting?.followers ?? 0
    const open = count === 0 ? "No other window follows" : count === 1 ? "1 window follows" : `${count} windows follow`
    this.#of("windows").textContent = this.#presenting === undefined ? NO_CHANNEL : open
    this.#button("open").hidden = this.#presenting === undefined
  }

  #open(): void {
    window.open(`${location.pathname}${location.hash}`, "mirage-room", "popup,width=1280,height=720")
  }

  #startOrStop(): void {
    const now = Date.now()
    if (this.#watch.running) this.#watch.stop(now)
    else this.#watch.start(now)
    this.#keep()
    this.#tick()
  }

  #reset(): void {
    this.#watch.reset()
    this.#keep()
    this.#tick()
  }

  #timed(): void {
    const notes = this.#slides.map((slide) => slide.querySelector("aside.notes")?.textContent ?? "")
    this.#plan = plan(notes.map(timingOf), this.#occasion)
  }

  #keep(): void {
    try {
      sessionStorage.setItem(WATCH, JSON.stringify({ ...this.#watch.kept(), occasion: this.#occasion }))
    } catch {
      // Denied: a reload begins anew.
    }
  }

  #of(name: string): HTMLElement {
    return this.#room.querySelector(`[data-of="${name}"]`) as HTMLElement
  }

  #button(name: string): HTMLElement {
    return this.#room.querySelector(`[data-do="${name}"]`) as HTMLElement
  }
}

function titleOf(slide: HTMLElement): string {
  return slide.querySelector("h1, h2")?.textContent?.trim() ?? slide.id
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

// A text that stays the same is left alone: a screen reader, or somebody's selection, is in it.
function put(into: HTMLElement, text: string): void {
  if (into.textContent !== text) into.textContent = text
}

function read(): { readonly occasion?: string } | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(WATCH) ?? "null") ?? undefined
  } catch {
    return undefined
  }
}
