import {
  css,
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit"
import type { CompiledModule, Position } from "../../toolchain/compiled-module.ts"
import { tokens } from "../cell/mirage-cell.css.ts"
import { pan, reveal, type Scale, showTime, valueAt, type View, whole, xOf, zoom } from "./axis.ts"
import { CanvasPen } from "./canvas-pen.ts"
import { Names } from "./names.ts"
import { paletteAt, watchPalette } from "./palette.ts"
import { AXIS, draw, onTriangle, ROW, rowAt, type Scene } from "./picture.ts"
import "./thread-table.ts"
import { ThreadIndex } from "./thread-index.ts"
import { type Thread, Threads } from "./threads.ts"
import { Words } from "./words.ts"

/** How wide the names are in a picture of this width. */
const namesWidth = (width: number): number => Math.round(Math.min(260, Math.max(96, width * 0.32)))
/** Sizes of the picture are for type of this size, in pixels. */
const TYPE = 13
/** A press that moves further is a drag. */
const DRAG = 4
const HELP =
  "Up and Down choose a promise, Left and Right move the cursor from event to event, Enter shows the line, Space folds, plus and minus zoom, 0 shows everything. The table has the same as text."

/**
 * The promises of a run: a row for each, from when it was made to how it was resolved, arrows for who woke whom, and a
 * cursor in simulated time; or the same as a table. Drawn on a canvas, of which only the rows in view are looked at.
 *
 * @fires timeline-go - A promise was chosen: `detail` is the place in the source where it is made.
 *
 * @csspart bar - The buttons. @csspart chart - The picture. @csspart table - The table.
 */
export class MirageTimeline extends LitElement {
  static override properties: PropertyDeclarations = {
    threads: { attribute: false },
    modules: { attribute: false },
    label: { attribute: false },
  }
  static override styles: CSSResultGroup = [
    tokens,
    css`
      :host { display: flex; flex-direction: column; background: var(--surface); color: var(--text); font-family: var(--sans) }
      .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .3em .4em; padding: .15em .5em; font-size: .8em; border-block-end: 1px solid var(--border) }
      .bar button[aria-pressed="true"] { color: var(--on-accent); background: var(--accent); border-color: var(--accent) }
      .says { flex: 1 1 16em; min-inline-size: 0; min-block-size: 1.5em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
      .count { color: var(--muted) }
      .chart, mirage-thread-table { flex: 1; min-block-size: 0 }
      .chart { overflow: hidden auto; overscroll-behavior: contain }
      .chart:focus-visible { outline-offset: -2px }
      canvas { display: block; position: sticky; inset-block-start: 0; inline-size: 100%; touch-action: pan-y; cursor: pointer }
      .probe { position: absolute; visibility: hidden }
      .none { margin: 0; padding: .4em .8em; color: var(--muted) }
      @media (forced-colors: active) { .bar button[aria-pressed="true"] { border: 2px solid Highlight } }
    `,
  ]

  declare threads: Threads
  /** The program's modules, which know the names. */
  declare modules: readonly CompiledModule[]
  /** How the cell calls a file; nothing, for the one that everybody means. */
  declare label: (file: string) => string
  #table = false
  #scaleChosen: Scale | undefined
  #view: View | undefined
  #cursor: number | undefined
  /** The promise that is chosen, whichever row it is in; as long as there is none, the first row is. */
  #chosen: number | undefined
  #frame = 0
  #press: { x: number; y: number; view: View; dragged: boolean } | undefined
  #hovers: number | undefined
  #words: Words | undefined
  #index: ThreadIndex | undefined
  #unwatch: () => void = () => {}
  readonly #size = new ResizeObserver(() => this.#redraw())

  constructor() {
    super()
    this.threads = new Threads()
    this.modules = []
    this.label = () => ""
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#unwatch = watchPalette(() => this.#redraw())
    this.#size.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unwatch()
    this.#size.disconnect()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  /** The threads have changed: show it with the next picture of the page. */
  refresh(): void {
    this.#redraw()
  }

  /** A run begins: everything is looked at anew. */
  reset(): void {
    this.#view = undefined
    this.#cursor = undefined
    this.#chosen = undefined
    this.#scaleChosen = undefined
    this.#words = undefined
    this.#index = undefined
    this.#redraw()
  }

  /** The axis: time, unless none passes. */
  get #scale(): Scale {
    return this.#scaleChosen ?? (this.threads.lastTime > 0 ? "time" : "order")
  }

  get #whole(): View {
    const width = (this.#chart()?.clientWidth ?? 0) / this.#unit
    return whole(this.#scale === "time" ? this.threads.lastTime : this.threads.steps, width - namesWidth(width))
  }

  /** Made for the program of the run. */
  get #said(): Words {
    this.#words ??= new Words(new Names(this.modules), this.threads, (file) => this.label(file))
    return this.#words
  }

  /** The row that the choice is in, its own or that of the one that is folded over it. */
  get #selected(): number {
    return this.#chosen === undefined ? 0 : (this.#known.rows.rowOf[this.#chosen] ?? 0)
  }

  /** Made for the threads of the run; a new run begins with everything as it is at first. */
  get #known(): ThreadIndex {
    this.#index ??= new ThreadIndex(this.threads)
    return this.#index
  }

  #redraw(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.requestUpdate()
    })
  }

  /** How large the picture is, as the cell's type: a slide's is larger than a page's. */
  get #unit(): number {
    return Math.min(1.25, Math.max(1, (Number.parseFloat(getComputedStyle(this).fontSize) * 0.78) / TYPE))
  }

  #chart(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".chart")
  }

  #threadInRow(row: number): Thread | undefined {
    const { tree, rows } = this.#known
    const place = rows.places[row]
    return place === undefined ? undefined : this.threads.list[tree.order[place]!]
  }

  #scene(width: number, height: number): Scene {
    const { tree, rows } = this.#known
    const { threads } = this
    return {
      width,
      height,
      names: namesWidth(width),
      top: (this.#chart()?.scrollTop ?? 0) / this.#unit,
      threads: threads.list,
      tree,
      rows,
      folded: (id) => this.#known.folded(id),
      woken: (id) => this.#known.woken(id),
      words: this.#said,
      view: this.#view ?? this.#whole,
      scale: this.#scale,
      last: { time: threads.lastTime, step: threads.steps },
      cursor: this.#cursor,
      selected: this.#selected,
      focused: this.#chart()?.matches(":focus") === true,
    }
  }

  #draw(): void {
    const chart = this.#chart()
    const canvas = this.renderRoot.querySelector("canvas")
    if (chart === null || canvas === null || chart.clientHeight === 0) return
    const [width, height] = [chart.clientWidth, chart.clientHeight]
    // A slide show scales the page: as many points as the screen has.
    const sharp = devicePixelRatio * (chart.getBoundingClientRect().width / chart.offsetWidth || 1)
    const [across, down] = [Math.round(width * sharp), Math.round(height * sharp)]
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across
      canvas.height = down
      canvas.style.blockSize = `${height}px`
    }
    const context = canvas.getContext("2d")
    if (context === null) return
    const unit = this.#unit
    context.setTransform(sharp * unit, 0, 0, sharp * unit, 0, 0)
    const family = getComputedStyle(chart).fontFamily
    draw(
      this.#scene(width / unit, height / unit),
      new CanvasPen(context, paletteAt(this.renderRoot.querySelector<HTMLElement>(".probe")!), `${TYPE}px ${family}`),
    )
  }

  #setView(view: View): void {
    const all = this.#whole
    // All of it stays all of it, however far the run goes on, and however the page is turned.
    this.#view = view.from === all.from && view.to === all.to ? undefined : view
    this.#redraw()
  }

  #zoom(factor: number, value?: number): void {
    const view = this.#view ?? this.#whole
    const around = value ?? this.#cursor ?? (view.from + view.to) / 2
    this.#setView(zoom(view, around, factor, this.#whole, this.#scale))
  }

  #go(row: number): void {
    const thread = this.#threadInRow(row)
    if (thread !== undefined) this.#goTo(thread)
  }

  #goTo(thread: Thread): void {
    const detail: Position = this.#said.name(thread).at
    this.dispatchEvent(new CustomEvent("timeline-go", { detail, bubbles: true, composed: true }))
  }

  #fold(row: number): void {
    const thread = this.#threadInRow(row)
    if (thread === undefined) return
    this.#known.toggle(thread.id)
    this.#redraw()
  }

  #foldAll(): void {
    this.#known.foldAll(!this.#known.anyFolded)
    this.#bringIntoView()
  }

  #select(row: number): void {
    const count = this.#known.rows.places.length
    this.#chosen = this.#threadInRow(Math.max(0, Math.min(count - 1, row)))?.id
    this.#hovers = undefined
    this.#bringIntoView()
  }

  /** Scroll to the row of the choice, no more than is needed. */
  #bringIntoView(): void {
    const chart = this.#chart()
    if (chart !== null) {
      const top = this.#selected * ROW * this.#unit
      const below = (ROW + AXIS) * this.#unit
      if (top < chart.scrollTop) chart.scrollTop = top
      else if (top + below > chart.scrollTop + chart.clientHeight) chart.scrollTop = top + below - chart.clientHeight
    }
    this.#redraw()
  }

  #moveCursor(forwards: boolean): void {
    const from = this.#cursor ?? -1
    const moments = this.#known.moments(this.#scale)
    const to = forwards ? moments.find((m) => m > from) : moments.findLast((m) => m < from)
    if (to === undefined) return
    this.#cursor = to
    this.#setView(reveal(this.#view ?? this.#whole, to, this.#whole))
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const chart = event.currentTarget as HTMLElement
    const page = Math.max(1, Math.floor((chart.clientHeight / this.#unit - AXIS) / ROW) - 1)
    const view = this.#view ?? this.#whole
    const tenth = (view.to - view.from) / 10
    const sideways = (forwards: boolean) =>
      event.shiftKey ? this.#setView(pan(view, forwards ? tenth : -tenth, this.#whole)) : this.#moveCursor(forwards)
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#select(this.#selected + 1),
      ArrowUp: () => this.#select(this.#selected - 1),
      PageDown: () => this.#select(this.#selected + page),
      PageUp: () => this.#select(this.#selected - page),
      Home: () => this.#select(0),
      End: () => this.#select(Infinity),
      ArrowRight: () => sideways(true),
      ArrowLeft: () => sideways(false),
      "+": () => this.#zoom(1 / 1.5),
      "=": () => this.#zoom(1 / 1.5),
      "-": () => this.#zoom(1.5),
      "0": () => this.#setView(this.#whole),
      Enter: () => this.#go(this.#selected),
      " ": () => this.#fold(this.#selected),
    }
    const action = actions[event.key]
    // Shift+Enter runs the cell, as everywhere in it.
    if (action === undefined || (event.shiftKey && event.key === "Enter")) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }

  /** A place in the canvas, in its own points: a slide show scales it. */
  #point(event: MouseEvent): { x: number; y: number; width: number } {
    const canvas = this.renderRoot.querySelector("canvas")!
    const box = canvas.getBoundingClientRect()
    const scale = (box.width / canvas.offsetWidth || 1) * this.#unit
    return { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale, width: box.width / scale }
  }

  #wheel(event: WheelEvent): void {
    // Rows scroll as anything does. Time is zoomed by whoever has come to it, or says so.
    const { x, width } = this.#point(event)
    const scene = this.#scene(width, 0)
    const here = event.ctrlKey || (scene.focused && x > scene.names)
    if (!here && !event.shiftKey && event.deltaX === 0) return
    event.preventDefault()
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
    const size = scene.view.to - scene.view.from
    if (across !== 0) this.#setView(pan(scene.view, (across / (width - scene.names)) * size, this.#whole))
    else this.#zoom(1.0015 ** event.deltaY, valueAt(scene.view, x - scene.names, width - scene.names))
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return
    const { x, y } = this.#point(event)
    this.#press = { x, y, view: this.#view ?? this.#whole, dragged: false }
  }

  #move(event: PointerEvent): void {
    const { x, y, width } = this.#point(event)
    const press = this.#press
    const scene = this.#scene(width, 0)
    if (press !== undefined && event.buttons === 1 && press.x > scene.names) {
      if (!press.dragged && Math.abs(x - press.x) < DRAG) return
      if (!press.dragged) (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
      press.dragged = true
      const size = press.view.to - press.view.from
      this.#setView(pan(press.view, ((press.x - x) / (width - scene.names)) * size, this.#whole))
      return
    }
    const row = rowAt(scene, y)
    if (row === this.#hovers) return
    this.#hovers = row
    this.#redraw()
  }

  #up(event: PointerEvent): void {
    const press = this.#press
    this.#press = undefined
    if (press === undefined || press.dragged) return
    const { x, y, width } = this.#point(event)
    const scene = this.#scene(width, 0)
    const row = rowAt(scene, y)
    if (x > scene.names) this.#cursor = this.#nearest(scene, x - scene.names, width - scene.names)
    if (row === undefined) return this.#redraw()
    this.#select(row)
    if (onTriangle(scene, row, x)) this.#fold(row)
    else this.#go(row)
  }

  /** The moment at `x`: that of an event, if there is one near. */
  #nearest({ view }: Scene, x: number, width: number): number {
    const value = valueAt(view, x, width)
    let best = value
    let distance = 6
    for (const moment of this.#known.moments(this.#scale)) {
      const away = Math.abs(xOf(view, moment, width) - x)
      if (away < distance) [best, distance] = [moment, away]
    }
    return Math.max(0, best)
  }

  /** What is said below: of the row that the pointer or the choice is on, and of the cursor. */
  #says(): string {
    const thread = this.#threadInRow(this.#hovers ?? this.#selected)
    if (thread === undefined) return ""
    const cursor = this.#cursor
    const when =
      cursor === undefined ? "" : `Cursor: ${this.#scale === "time" ? showTime(cursor) : `event ${cursor}`}. `
    return `${when}${this.#said.sentence(thread)}`
  }

  protected override updated(): void {
    this.#draw()
  }

  protected override render(): TemplateResult {
    const { length } = this.threads.list
    if (length === 0) return html`<p class="none">No promise of this program had to wait.</p>`
    const show = (table: boolean) => {
      this.#table = table
      this.requestUpdate()
    }
    const scale = (chosen: Scale) => {
      this.#scaleChosen = chosen
      this.#view = undefined
      this.#cursor = undefined
      this.requestUpdate()
    }
    const says = this.#table ? "" : this.#says()
    const toggle = (label: string, pressed: boolean, act: () => void) =>
      html`<button aria-pressed=${pressed} @click=${act}>${label}</button>`
    return html`
      <div class="bar" part="bar" role="group" aria-label="Timeline">
        ${toggle("Chart", !this.#table, () => show(false))}${toggle("Table", this.#table, () => show(true))}
        ${
          this.#table
            ? nothing
            : html`${toggle("By order", this.#scale === "order", () => scale(this.#scale === "order" ? "time" : "order"))}
              <button @click=${() => this.#foldAll()}>${this.#known.anyFolded ? "Unfold" : "Fold"}</button>
              <button aria-label="Zoom in" @click=${() => this.#zoom(1 / 1.5)}>+</button>
              <button aria-label="Zoom out" @click=${() => this.#zoom(1.5)}>−</button>`
        }
        <span class="says" id="says" role="status" title=${says}>${says}</span>
        <span class="count">${length.toLocaleString("en")} ${length === 1 ? "promise" : "promises"}${
          this.threads.cut ? "; later ones are not kept" : ""
        }</span>
      </div>
      ${this.#table ? this.#tableOf() : this.#chartOf()}`
  }

  #tableOf(): TemplateResult {
    const { tree } = this.#known
    const open = (thread: Thread) => {
      this.#chosen = thread.id
      this.#redraw()
      this.#goTo(thread)
    }
    const selected = this.#chosen === undefined ? -1 : tree.place[this.#chosen]
    return html`<mirage-thread-table part="table" .threads=${this.threads.list} .order=${tree.order} .words=${this.#said}
      .open=${open} .selected=${selected}></mirage-thread-table>`
  }

  #chartOf(): TemplateResult {
    const { rows } = this.#known
    return html`<div class="chart" part="chart" role="application" tabindex="0" aria-roledescription="timeline"
        aria-label=${`Timeline of ${this.threads.list.length} promises`} aria-describedby="help says"
        @keydown=${this.#key} @scroll=${this.#redraw} @focus=${this.#redraw} @blur=${this.#redraw}>
        <div style="block-size:${(AXIS + rows.places.length * ROW) * this.#unit}px">
          <canvas @wheel=${{ handleEvent: (e: WheelEvent) => this.#wheel(e), passive: false }} @pointerdown=${this.#down}
            @pointermove=${this.#move} @pointerup=${this.#up}></canvas>
        </div>
      </div>
      <span class="probe" aria-hidden="true"></span>
      <span class="unseen" id="help">${HELP}</span>`
  }
}

if (customElements.get("mirage-timeline") === undefined) customElements.define("mirage-timeline", MirageTimeline)

declare global {
  interface HTMLElementTagNameMap {
    "mirage-timeline": MirageTimeline
  }
}
