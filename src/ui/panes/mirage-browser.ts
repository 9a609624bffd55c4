import {
  css,
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit"
import type { Fetched } from "../../sandbox/protocol.ts"
import { tokens } from "../cell/mirage-cell.css.ts"
import { addressOf } from "./inline-resources.ts"
import { pageOf } from "./page-of.ts"

/** What a browser is connected to; a cell's `RunControl` is one. */
export interface WebSession {
  fetch(url: string): Promise<Fetched>
}

/**
 * A browser on the learner's machine: it gets pages over the simulated network and shows them in a frame that can
 * neither run nor load anything.
 *
 * @csspart page - The frame with the page.
 */
export class MirageBrowser extends LitElement {
  static override properties: PropertyDeclarations = {
    session: { attribute: false },
    address: { state: true },
    page: { state: true },
    says: { state: true },
    failed: { state: true },
    busy: { state: true },
  }
  static override styles: CSSResultGroup = [
    tokens,
    css`
      :host { display: flex; flex-direction: column; background: var(--surface); color: var(--text); font-family: var(--sans) }
      form { display: flex; gap: .4em; padding: .3em .5em; background: var(--bar); border-block-end: 1px solid var(--border); font-size: .85em }
      input { flex: 1; min-inline-size: 0; min-block-size: max(2em, 24px); padding: 0 .5em; border: 1px solid var(--control); border-radius: .35em; background: var(--surface); font-family: var(--mono) }
      .icon { inline-size: 2.2em; padding: 0 }
      .says { padding: .15em .7em; font-size: .85em; color: var(--muted); border-block-end: 1px solid var(--border) }
      .failed { color: var(--error) }
      iframe { flex: 1; inline-size: 100%; min-block-size: 0; border: 0; background: #fff; color-scheme: light }
      .nothing { flex: 1; display: grid; place-content: center; padding: 1em; text-align: center; color: var(--muted) }
      @media (max-width: 599px) { input { font-size: max(16px, 1em) } }
    `,
  ]

  declare session: WebSession | undefined
  /** Hears of every address before it is asked. */
  going: ((url: string) => void) | undefined
  declare private address: string
  declare private page: string | undefined
  declare private says: string
  declare private failed: boolean
  declare private busy: boolean
  readonly #back: string[] = []
  #shown: string | undefined
  /** Counts requests: only the last one's answer is shown. */
  #number = 0

  constructor() {
    super()
    this.session = undefined
    this.address = "http://10.0.0.2/"
    this.page = undefined
    this.says = ""
    this.failed = false
    this.busy = false
  }

  /** Show this address unless a page is shown already. */
  open(url: string): void {
    if (this.#shown === undefined) this.go(url)
  }

  /** Get and show a page. */
  go(url: string): void {
    if (this.#shown !== undefined && this.#shown !== url) this.#back.push(this.#shown)
    void this.#load(url)
  }

  async #load(url: string): Promise<void> {
    const number = ++this.#number
    const session = this.session
    this.address = url
    const input = this.renderRoot.querySelector("input")
    if (input !== null) input.value = url
    if (session === undefined) return
    this.going?.(url)
    this.busy = true
    this.failed = false
    this.says = `Asking ${new URL(url).host}…`
    let page: string | undefined
    let says: string
    let failed = false
    try {
      const answer = await session.fetch(url)
      if (answer.ok) {
        page = await pageOf(answer, url, (u) => session.fetch(u))
        failed = answer.status >= 400
        says = `${answer.status} ${answer.reason}, ${answer.body.length.toLocaleString("en")} bytes`
      } else {
        failed = true
        says = answer.message
      }
    } catch (e) {
      failed = true
      says = e instanceof Error ? e.message : String(e)
    }
    if (number !== this.#number) return
    this.#shown = url
    this.page = page
    this.says = says
    this.failed = failed
    this.busy = false
  }

  #submit(event: Event): void {
    event.preventDefault()
    const typed = this.renderRoot.querySelector("input")?.value ?? ""
    const url = addressOf(typed)
    if (url !== undefined) this.go(url)
    else {
      this.failed = true
      this.says = `${typed} is not on the simulated network: there it is http:// and an address, such as http://10.0.0.2/.`
    }
  }

  /** Make the links of a page lead through this browser. Scripts of ours, not of the page: it has none. */
  #wire(event: Event): void {
    const page = (event.target as HTMLIFrameElement).contentDocument
    page?.addEventListener("click", (e) => this.#click(e))
    page?.addEventListener("auxclick", (e) => this.#click(e))
    page?.addEventListener("submit", (e) => e.preventDefault())
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element | null
    const href = target?.closest?.("a[href], area[href]")?.getAttribute("href")
    if (href === null || href === undefined || href.startsWith("#")) return
    event.preventDefault()
    const url = addressOf(href)
    if (url !== undefined) this.go(url)
    else {
      this.failed = true
      this.says = `${href} is not on the simulated network.`
    }
  }

  #goBack(): void {
    const url = this.#back.pop()
    if (url !== undefined) void this.#load(url)
  }

  protected override render(): TemplateResult {
    return html`
      <form @submit=${this.#submit} @keydown=${(e: Event) => e.stopPropagation()}>
        <button type="button" class="icon" aria-label="Back" ?disabled=${this.#back.length === 0} @click=${this.#goBack}>←</button>
        <button type="button" class="icon" aria-label="Reload" @click=${() => void this.#load(this.#shown ?? this.address)}>⟳</button>
        <input aria-label="Address" .value=${this.address} autocomplete="off" autocapitalize="off" spellcheck="false" inputmode="url" enterkeyhint="go" />
        <button>Go</button>
      </form>
      <div class=${this.failed ? "says failed" : "says"} role="status">${this.says}</div>
      ${
        this.page === undefined
          ? html`<div class="nothing">${this.says === "" ? "Enter an address on the simulated network." : nothing}</div>`
          : html`<iframe part="page" title="The page at ${this.address}" sandbox="allow-same-origin" .srcdoc=${this.page} @load=${this.#wire}></iframe>`
      }`
  }
}
