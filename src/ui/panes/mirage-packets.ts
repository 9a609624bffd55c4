import {
  css,
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit"
import type { FrameRow } from "../../sandbox/protocol.ts"
import { tokens } from "../cell/mirage-cell.css.ts"
import { hexdump, hexdumpText } from "./hexdump.ts"
import { gap, rowStyles, RowWindow } from "./row-window.ts"
import { FrameList, protocolClass, showTime } from "./rows.ts"

/**
 * The frames that crossed the simulated network: time, from, to, protocol, a line of detail, and the bytes of the frame
 * that is chosen. A table of many thousand rows of which only those in view are in the page.
 *
 * @csspart table - The table.
 * @csspart bytes - The bytes of the chosen frame.
 */
export class MiragePackets extends LitElement {
  static override properties: PropertyDeclarations = { list: { attribute: false } }
  static override styles: CSSResultGroup = [
    tokens,
    rowStyles,
    css`
      :host { display: flex; flex-direction: column; background: var(--surface); color: var(--text); font-family: var(--sans) }
      .rows { flex: 1; min-block-size: 0 }
      .time { inline-size: 6.4em; text-align: end } .who { inline-size: 8.6em } .protocol { inline-size: 5.6em }
      td.time, td.who, td.info { font-family: var(--mono) }
      tbody tr:hover:not([aria-selected="true"]) { background: color-mix(in srgb, var(--text) 7%, transparent) }
      td.protocol { font-weight: 650 }
      tr.arp .protocol { color: light-dark(#6a4b00, #e8c268) } tr.icmp .protocol { color: light-dark(#8a2f86, #f0a3ea) }
      tr.tcp .protocol { color: light-dark(#0550ae, #85bdff) } tr.http .protocol { color: light-dark(#0a5a3c, #8fd6a8) }
      tr.udp .protocol, tr.dns .protocol, tr.dhcp .protocol { color: light-dark(#0b5563, #7fd8e6) }
      .bytes { max-block-size: 50%; overflow: auto; padding: .3em .7em; border-block-start: 1px solid var(--border); background: var(--ground) }
      .bytes header { display: flex; align-items: center; gap: .6em; font-size: .82em }
      .bytes pre { margin: .2em 0 0; font: .8em / 1.45 var(--mono); font-variant-ligatures: none }
      .offset { color: var(--muted) } .text { color: var(--ok) }
      .foot { display: flex; align-items: center; gap: .8em; padding: .15em .6em; font-size: .8em; color: var(--muted); border-block-start: 1px solid var(--border) }
      label { display: inline-flex; align-items: center; gap: .3em; min-block-size: 24px }
      .space { flex: 1 }
      /* A table is the one thing that may scroll sideways on a phone. */
      @media (max-width: 599px) { table { min-inline-size: 48em } }
    `,
  ]

  declare list: FrameList
  #chosen: FrameRow | undefined
  #follow = true
  #frame = 0
  readonly #rows = new RowWindow(this, {
    count: () => this.list.length,
    open: (position) => this.#choose(this.list.at(position)),
    moving: () => {
      this.#follow = false
    },
  })

  constructor() {
    super()
    this.list = new FrameList()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  /** The list has changed: show it with the next picture of the page. */
  refresh(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      if (this.#chosen !== undefined && this.list.positionOf(this.#chosen) === undefined) this.#chosen = undefined
      this.requestUpdate()
    })
  }

  #choose(frame: FrameRow | undefined): void {
    this.#chosen = frame?.index === this.#chosen?.index ? undefined : frame
    // Reading one frame and following the newest do not go together.
    if (this.#chosen !== undefined) this.#follow = false
    this.requestUpdate()
    // The bytes take room from the list: the row stays in it.
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('tr[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }),
    )
  }

  #setFollow(follow: boolean): void {
    this.#follow = follow
    this.requestUpdate()
  }

  protected override updated(): void {
    if (this.#follow) this.#rows.toEnd()
  }

  protected override render(): TemplateResult {
    const list = this.list
    const { from, to, above, below } = this.#rows.shown
    const chosen = this.#chosen
    const reachable = this.#rows.reachable(chosen && list.positionOf(chosen))
    return html`
      <div class="rows" @scroll=${this.#rows.scrolled} @keydown=${this.#rows.key}>
        <table part="table" role="grid" aria-label="Frames on the simulated network" aria-rowcount=${list.length + 1}>
          <thead><tr aria-rowindex="1">
            <th class="time" scope="col">Time (s)</th><th class="who" scope="col">From</th><th class="who" scope="col">To</th>
            <th class="protocol" scope="col">Protocol</th><th scope="col">Info</th>
          </tr></thead>
          <tbody>
            ${gap(above, 5)}
            ${list.slice(from, to).map((frame, i) => this.#tr(frame, from + i, from + i === reachable))}
            ${gap(below, 5)}
          </tbody>
        </table>
      </div>
      ${chosen === undefined ? nothing : this.#bytes(chosen)}
      <div class="foot">
        <span>${list.length.toLocaleString("en")} frames${list.lost === 0 ? "" : `, ${list.lost.toLocaleString("en")} earlier ones not kept`}</span>
        <span class="space"></span>
        <label><input type="checkbox" .checked=${this.#follow}
          @change=${(e: Event) => this.#setFollow((e.target as HTMLInputElement).checked)} />Follow</label>
      </div>`
  }

  #tr(frame: FrameRow, position: number, reachable: boolean): TemplateResult {
    return html`<tr class=${protocolClass(frame.protocol)} data-position=${position} aria-rowindex=${position + 2}
      aria-selected=${frame.index === this.#chosen?.index} tabindex=${reachable ? 0 : -1} @click=${() => this.#choose(frame)}>
      <td class="time">${showTime(frame.time)}</td><td class="who" title=${frame.from}>${frame.from}</td>
      <td class="who" title=${frame.to}>${frame.to}</td><td class="protocol">${frame.protocol}</td>
      <td class="info" title=${frame.info}>${frame.info}</td>
    </tr>`
  }

  #bytes(frame: FrameRow): TemplateResult {
    const copy = () => void navigator.clipboard?.writeText(hexdumpText(frame.bytes)).catch(() => {})
    return html`<section class="bytes" part="bytes" aria-label=${`Bytes of frame ${frame.index}`} tabindex="0">
      <header><b>Frame ${frame.index}</b><span>${frame.bytes.length} bytes</span><span class="space"></span>
        <button @click=${copy}>Copy</button><button aria-label="Close the bytes" @click=${() => this.#choose(frame)}>×</button></header>
      <pre>${hexdump(frame.bytes).map(
        (l) => html`<span class="offset">${l.offset}</span>  ${l.hex}  <span class="text">${l.text}</span>
`,
      )}</pre>
    </section>`
  }
}
