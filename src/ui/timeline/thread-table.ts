import {
  css,
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit"
import { tokens } from "../cell/mirage-cell.css.ts"
import { windowOf } from "../panes/rows.ts"
import { showTime } from "./axis.ts"
import type { Thread } from "./threads.ts"
import type { Words } from "./words.ts"

/** Rows are measured once they are there; until then this is about right. */
const GUESSED_ROW = 28

/** The timeline's twin in text: a row for each promise, of which only those in view are in the page. */
export class MirageThreadTable extends LitElement {
  static override properties: PropertyDeclarations = {
    threads: { attribute: false },
    order: { attribute: false },
    words: { attribute: false },
    open: { attribute: false },
    selected: { attribute: false },
  }
  static override styles: CSSResultGroup = [
    tokens,
    css`
      :host { display: block; color: var(--text); font-family: var(--sans) }
      .rows { block-size: 100%; overflow: auto; overscroll-behavior: contain }
      table { inline-size: 100%; border-collapse: collapse; font-size: .82em; line-height: 1.4; font-variant-numeric: tabular-nums; table-layout: fixed }
      th { position: sticky; inset-block-start: 0; z-index: 1; text-align: start; color: var(--muted); background: var(--bar) }
      th, td { padding: .15em .5em; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
      td { block-size: max(1.8em, 24px); border-block-end: 1px solid color-mix(in srgb, var(--border) 50%, transparent) }
      td.name { font-family: var(--mono) } tr.given td.name { font-weight: 700 }
      tbody tr[data-position] { cursor: pointer }
      tbody tr[aria-selected="true"] { background: color-mix(in srgb, var(--accent) 22%, transparent) }
      tbody tr:focus-visible { outline-offset: -2px }
      tr.rejected .how { color: var(--error) } tr.cancelled .how { color: var(--note) } tr.fulfilled .how { color: var(--ok) }
      tr.gap td { padding: 0; border: 0 }
      .when { inline-size: 6.5em } .line { inline-size: 6.5em }
      @media (max-width: 599px) { table { min-inline-size: 44em } }
    `,
  ]

  declare threads: readonly Thread[]
  /** Ids in the order of the rows. */
  declare order: Int32Array
  declare words: Words
  /** A row was chosen. */
  declare open: (thread: Thread, position: number) => void
  /** The row that was. */
  declare selected: number
  #top = 0
  #height = 300
  #row = GUESSED_ROW
  readonly #size = new ResizeObserver(() => this.requestUpdate())

  override connectedCallback(): void {
    super.connectedCallback()
    this.#size.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#size.disconnect()
  }

  protected override updated(): void {
    const scroller = this.#scroller()
    const row = scroller.querySelector<HTMLElement>("tr[data-position]")?.offsetHeight ?? 0
    const height = scroller.clientHeight
    if ((row === 0 || row === this.#row) && height === this.#height) return
    if (row > 0) this.#row = row
    this.#height = height
    this.requestUpdate()
  }

  #scroller(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".rows")!
  }

  #scrolled(): void {
    this.#top = this.#scroller().scrollTop
    this.requestUpdate()
  }

  #thread(position: number): Thread {
    return this.threads[this.order[position]!]!
  }

  #key(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("tr[data-position]")
    // Ctrl+Enter and Shift+Enter run the cell, as everywhere in it.
    if (row === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const position = Number(row.dataset["position"])
    const page = Math.max(1, Math.floor(this.#height / this.#row) - 2)
    const last = this.order.length - 1
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
    if (to === undefined) this.open(this.#thread(position), position)
    else void this.#moveTo(Math.max(0, Math.min(last, to)))
  }

  async #moveTo(position: number): Promise<void> {
    const scroller = this.#scroller()
    const head = scroller.querySelector<HTMLElement>("thead")?.offsetHeight ?? 0
    const top = position * this.#row
    if (top < scroller.scrollTop) scroller.scrollTop = top
    else if (top + this.#row + head > scroller.scrollTop + this.#height) {
      scroller.scrollTop = top + this.#row + head - this.#height
    }
    this.#top = scroller.scrollTop
    this.requestUpdate()
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`tr[data-position="${position}"]`)?.focus({ preventScroll: true })
  }

  protected override render(): TemplateResult {
    const count = this.order.length
    const { from, to, above, below } = windowOf(this.#top, this.#height, this.#row, count)
    const reachable = this.selected >= from && this.selected < to ? this.selected : from
    return html`<div class="rows" @scroll=${this.#scrolled} @keydown=${this.#key}>
      <table role="grid" aria-label="Promises" aria-rowcount=${count + 1}>
        <thead><tr aria-rowindex="1">
          <th scope="col">Name</th><th class="when" scope="col">Made</th><th class="when" scope="col">Resolved</th>
          <th scope="col">How</th><th scope="col">Woken by</th><th class="line" scope="col">Line</th>
        </tr></thead>
        <tbody>
          ${gap(above)}
          ${Array.from({ length: to - from }, (_, i) => this.#tr(from + i, reachable))}
          ${gap(below)}
        </tbody>
      </table>
    </div>`
  }

  #tr(position: number, reachable: number): TemplateResult {
    const { words } = this
    const thread = this.#thread(position)
    const name = words.name(thread)
    return html`<tr class=${`${thread.end?.how ?? "waiting"}${name.given ? " given" : ""}`} data-position=${position}
      aria-rowindex=${position + 2} tabindex=${position === reachable ? 0 : -1} aria-selected=${position === this.selected}
      @click=${() => this.open(thread, position)}>
      <td class="name">${name.text}</td><td class="when">${showTime(thread.made.time)}</td>
      <td class="when">${words.resolved(thread)}</td><td class="how">${words.how(thread)}</td>
      <td>${words.wokenBy(thread)}</td><td class="line">${words.line(name.at)}</td>
    </tr>`
  }
}

function gap(height: number): TemplateResult | typeof nothing {
  return height === 0
    ? nothing
    : html`<tr class="gap" aria-hidden="true"><td colspan="6" style="height:${height}px"></td></tr>`
}

if (customElements.get("mirage-thread-table") === undefined) {
  customElements.define("mirage-thread-table", MirageThreadTable)
}
