// A table of many thousand rows of which only those in view are in the page: which they are, and how a key moves through them.

import { css, type CSSResult, html, type LitElement, nothing, type ReactiveController, type TemplateResult } from "lit"
import { type Window, windowOf } from "./rows.ts"

/** Rows are measured once they are there; until then this is about right. */
const GUESSED_ROW = 28

/** How such a table looks. Its columns, and where `.rows` gets its height from, are its own. */
export const rowStyles: CSSResult = css`
  .rows { overflow: auto; overscroll-behavior: contain }
  table { inline-size: 100%; border-collapse: collapse; font-size: .82em; line-height: 1.4; font-variant-numeric: tabular-nums; table-layout: fixed }
  th { position: sticky; inset-block-start: 0; z-index: 1; text-align: start; color: var(--muted); background: var(--bar) }
  th, td { padding: .15em .5em; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
  td { block-size: max(1.8em, 24px); border-block-end: 1px solid color-mix(in srgb, var(--border) 50%, transparent) }
  tbody tr[data-position] { cursor: pointer }
  tbody tr[aria-selected="true"] { background: color-mix(in srgb, var(--accent) 22%, transparent) }
  tbody tr:focus-visible { outline-offset: -2px }
  tr.gap td { padding: 0; border: 0 }
`

/** What the window is asked to do by keys. */
export interface RowActions {
  /** How many rows there are. */
  count(): number
  /** Enter, or the space bar. */
  open(position: number): void
  /** A key is about to move to another row. */
  moving?(): void
}

/**
 * The window of an element that renders, in its shadow root, a `.rows` that scrolls with `scrolled`, and in it a table whose
 * rows have their `data-position`, between two gaps.
 */
export class RowWindow implements ReactiveController {
  readonly #host: LitElement
  readonly #actions: RowActions
  readonly #size = new ResizeObserver(() => this.#resized())
  #isObserving = false
  #frame = 0
  #top = 0
  #height = 300
  #row = GUESSED_ROW

  constructor(host: LitElement, actions: RowActions) {
    this.#host = host
    this.#actions = actions
    host.addController(this)
  }

  hostConnected(): void {
    this.#observe()
  }

  hostDisconnected(): void {
    this.#size.disconnect()
    this.#isObserving = false
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  hostUpdated(): void {
    this.#observe()
    // With the next picture, and not at once: two rows that differ by a pixel could take turns for ever.
    if (!this.#measureRow() || this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#host.requestUpdate()
    })
  }

  /** The rows to render. */
  get shown(): Window {
    return windowOf(this.#top, this.#height, this.#row, this.#actions.count())
  }

  /** The one row that can be tabbed to: `position` if it is shown. */
  reachable(position: number | undefined): number {
    const { from, to } = this.shown
    return position !== undefined && position >= from && position < to ? position : from
  }

  /** For the `scroll` event of `.rows`. */
  readonly scrolled = (): void => {
    this.#top = this.#scroller()?.scrollTop ?? 0
    this.#host.requestUpdate()
  }

  /** For the `keydown` event of `.rows`: keys move from row to row, or open one. With Ctrl, Alt or Meta they are not ours. */
  readonly key = (event: KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("tr[data-position]")
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return
    const position = Number(row.dataset["position"])
    const page = Math.max(1, Math.floor(this.#height / this.#row) - 2)
    const last = this.#actions.count() - 1
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: position + 1,
      ArrowUp: position - 1,
      PageDown: position + page,
      PageUp: position - page,
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to === undefined && event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    event.stopPropagation()
    if (to === undefined) this.#actions.open(position)
    else void this.#moveTo(Math.max(0, Math.min(last, to)))
  }

  /** Scroll to the last row. The scroll event that comes of it draws the rows. */
  toEnd(): void {
    const scroller = this.#scroller()
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight
  }

  async #moveTo(position: number): Promise<void> {
    const scroller = this.#scroller()
    if (scroller === null) return
    this.#actions.moving?.()
    const head = scroller.querySelector<HTMLElement>("thead")?.offsetHeight ?? 0
    const top = position * this.#row
    if (top < scroller.scrollTop) scroller.scrollTop = top
    else if (top + this.#row + head > scroller.scrollTop + this.#height) {
      scroller.scrollTop = top + this.#row + head - this.#height
    }
    this.scrolled()
    await this.#host.updateComplete
    scroller.querySelector<HTMLElement>(`tr[data-position="${position}"]`)?.focus({ preventScroll: true })
  }

  #scroller(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>(".rows")
  }

  #observe(): void {
    const scroller = this.#scroller()
    if (scroller === null || this.#isObserving) return
    this.#size.observe(scroller)
    this.#isObserving = true
  }

  #resized(): void {
    const height = this.#scroller()?.clientHeight ?? 0
    // Out of sight it has none.
    if (height === 0) return
    this.#height = height
    this.#measureRow()
    this.#host.requestUpdate()
  }

  /** Whether rows have turned out to be of another height. */
  #measureRow(): boolean {
    const row = this.#scroller()?.querySelector<HTMLElement>("tr[data-position]")?.offsetHeight ?? 0
    if (row === 0 || row === this.#row) return false
    this.#row = row
    return true
  }
}

/** What stands for the rows above, or below; of as many columns as the table has. */
export function gap(height: number, columns: number): TemplateResult | typeof nothing {
  return height === 0
    ? nothing
    : html`<tr class="gap" aria-hidden="true"><td colspan=${columns} style="height:${height}px"></td></tr>`
}
