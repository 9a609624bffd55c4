import { css, type CSSResultGroup, html, LitElement, type PropertyDeclarations, type TemplateResult } from "lit"
import { tokens } from "../cell/mirage-cell.css.ts"
import { gap, rowStyles, RowWindow } from "../panes/row-window.ts"
import { showTime } from "./axis.ts"
import type { Thread } from "./threads.ts"
import type { Words } from "./words.ts"

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
    rowStyles,
    css`
      :host { display: block; color: var(--text); font-family: var(--sans) }
      .rows { block-size: 100% }
      td.name { font-family: var(--mono) } tr.given td.name { font-weight: 700 }
      tr.rejected .how { color: var(--error) } tr.cancelled .how { color: var(--note) } tr.fulfilled .how { color: var(--ok) }
      .when { inline-size: 6.5em } .line { inline-size: 6.5em }
      @media (max-width: 599px) { table { min-inline-size: 44em } }
    `,
  ]

  declare threads: readonly Thread[]
  /** Ids in the order of the rows. */
  declare order: Int32Array
  declare words: Words
  /** A row was chosen. */
  declare open: (thread: Thread) => void
  /** The row of the one that was; -1 for none. */
  declare selected: number
  readonly #rows = new RowWindow(this, {
    count: () => this.order.length,
    open: (position) => this.open(this.#thread(position)),
  })

  #thread(position: number): Thread {
    return this.threads[this.order[position]!]!
  }

  #key(event: KeyboardEvent): void {
    // Shift+Enter runs the cell, as everywhere in it.
    if (!event.shiftKey) this.#rows.key(event)
  }

  protected override render(): TemplateResult {
    const { from, to, above, below } = this.#rows.shown
    const reachable = this.#rows.reachable(this.selected)
    return html`<div class="rows" @scroll=${this.#rows.scrolled} @keydown=${this.#key}>
      <table role="grid" aria-label="Promises" aria-rowcount=${this.order.length + 1}>
        <thead><tr aria-rowindex="1">
          <th scope="col">Name</th><th class="when" scope="col">Made</th><th class="when" scope="col">Resolved</th>
          <th scope="col">How</th><th scope="col">Woken by</th><th class="line" scope="col">Line</th>
        </tr></thead>
        <tbody>
          ${gap(above, 6)}
          ${Array.from({ length: to - from }, (_, i) => this.#tr(from + i, reachable))}
          ${gap(below, 6)}
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
      @click=${() => this.open(thread)}>
      <td class="name">${words.called(thread)}</td><td class="when">${showTime(thread.made.time)}</td>
      <td class="when">${words.resolved(thread)}</td><td class="how">${words.how(thread)}</td>
      <td>${words.wokenBy(thread)}</td><td class="line">${words.line(name.at)}</td>
    </tr>`
  }
}

if (customElements.get("mirage-thread-table") === undefined) {
  customElements.define("mirage-thread-table", MirageThreadTable)
}
