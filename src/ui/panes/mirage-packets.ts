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
import { FrameList, protocolClass, showTime, windowOf } from "./rows.ts"

/** Rows are measured once they are there; until then this is about right. */
const GUESSED_ROW = 28

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
    css`
      :host { display: flex; flex-direction: column; background: var(--surface); color: var(--text); font-family: var(--sans) }
      .rows { flex: 1; min-block-size: 0; overflow: auto; overscroll-behavior: contain }
      table { inline-size: 100%; border-collapse: collapse; font-size: .82em; line-height: 1.4; font-variant-numeric: tabular-nums; table-layout: fixed }
      th { position: sticky; inset-block-start: 0; z-index: 1; text-align: start; color: var(--muted); background: var(--bar) }
      th, td { padding: .15em .5em; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
      td { block-size: max(1.8em, 24px); border-block-end: 1px solid color-mix(in srgb, var(--border) 50%, transparent) }
      .time { inline-size: 6.4em; text-align: end } .who { inline-size: 8.6em } .protocol { inline-size: 5.6em }
      td.time, td.who, td.info { font-family: var(--mono) }
      tbody tr { cursor: pointer }
      tbody tr[aria-selected="true"] { background: color-mix(in srgb, var(--accent) 22%, transparent) }
      tbody tr:hover:not([aria-selected="true"]) { background: color-mix(in srgb, var(--text) 7%, transparent) }
      tbody tr:focus-visible { outline-offset: -2px }
      td.protocol { font-weight: 650 }
      tr.arp .protocol { color: light-dark(#6a4b00, #e8c268) } tr.icmp .protocol { color: light-dark(#8a2f86, #f0a3ea) }
      tr.tcp .protocol { color: light-dark(#0550ae, #85bdff) } tr.http .protocol { color: light-dark(#0a5a3c, #8fd6a8) }
      tr.udp .protocol, tr.dns .protocol, tr.dhcp .protocol { color: light-dark(#0b5563, #7fd8e6) }
      tr.gap { cursor: default } tr.gap td { padding: 0; border: 0 }
      .bytes { max-block-size: 50%; overflow: auto; padding: .3em .7em; border-block-start: 1px solid var(--border); background: var(--ground) }
      .bytes header { display: flex; align-items: center; gap: .6em; font-size: .82em }
      .bytes pre { margin: .2em 0 0; font: .8em / 1.45 var(--mono) }
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
  #row = GUESSED_ROW
  #top = 0
  #height = 300
  readonly #size = new ResizeObserver(() => this.#measure())

  constructor() {
    super()
    this.list = new FrameList()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#size.disconnect()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#observe()
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

  #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".rows")
  }

  #observe(): void {
    const scroller = this.#scroller()
    if (scroller !== null) this.#size.observe(scroller)
  }

  #measure(): void {
    const scroller = this.#scroller()
    if (scroller === null || scroller.clientHeight === 0) return
    const row = scroller.querySelector<HTMLElement>("tr[data-position]")?.offsetHeight
    if (row !== undefined && row > 0) this.#row = row
    this.#height = scroller.clientHeight
    this.requestUpdate()
  }

  #scrolled(event: Event): void {
    const scroller = event.target as HTMLElement
    this.#top = scroller.scrollTop
    this.requestUpdate()
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

  #key(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("tr[data-position]")
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return
    const at = Number(row.dataset["position"])
    const page = Math.max(1, Math.floor(this.#height / this.#row) - 2)
    const last = this.list.length - 1
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      event.stopPropagation()
      this.#moveTo(Math.max(0, Math.min(last, to)))
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      event.stopPropagation()
      this.#choose(this.list.at(at))
    }
  }

  #moveTo(position: number): void {
    const scroller = this.#scroller()
    if (scroller === null) return
    this.#follow = false
    const head = scroller.querySelector<HTMLElement>("thead")?.offsetHeight ?? 0
    const top = position * this.#row
    if (top < scroller.scrollTop) scroller.scrollTop = top
    else if (top + this.#row + head > scroller.scrollTop + this.#height) {
      scroller.scrollTop = top + this.#row + head - this.#height
    }
    this.#top = scroller.scrollTop
    this.requestUpdate()
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`tr[data-position="${position}"]`)?.focus({ preventScroll: true })
    })
  }

  protected override firstUpdated(): void {
    this.#observe()
  }

  protected override updated(): void {
    const scroller = this.#scroller()
    if (scroller === null) return
    const row = scroller.querySelector<HTMLElement>("tr[data-position]")?.offsetHeight
    if (row !== undefined && row > 0 && Math.abs(row - this.#row) >= 1) {
      this.#row = row
      this.refresh()
    }
    // The scroll event that comes of it draws the rows.
    if (this.#follow) scroller.scrollTop = scroller.scrollHeight
  }

  protected override render(): TemplateResult {
    const list = this.list
    const { from, to, above, below } = windowOf(this.#top, this.#height, this.#row, list.length)
    const chosen = this.#chosen
    const roving = chosen === undefined ? from : (list.positionOf(chosen) ?? from)
    const reachable = roving >= from && roving < to ? roving : from
    return html`
      <div class="rows" @scroll=${this.#scrolled} @keydown=${this.#key}>
        <table part="table" role="grid" aria-label="Frames on the simulated network" aria-rowcount=${list.length + 1}>
          <thead><tr aria-rowindex="1">
            <th class="time" scope="col">Time (s)</th><th class="who" scope="col">From</th><th class="who" scope="col">To</th>
            <th class="protocol" scope="col">Protocol</th><th scope="col">Info</th>
          </tr></thead>
          <tbody>
            ${gap(above)}
            ${list.slice(from, to).map((frame, i) => this.#tr(frame, from + i, from + i === reachable))}
            ${gap(below)}
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

function gap(height: number): TemplateResult | typeof nothing {
  return height === 0
    ? nothing
    : html`<tr class="gap" aria-hidden="true"><td colspan="5" style="height:${height}px"></td></tr>`
}
