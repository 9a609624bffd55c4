// The panel at the bottom of the page: a shell in the WebContainer, and a tab for each of its servers. The page above it
// has that much less room: `--mirage-dock` of the root element, and the event `mirage-dock` of the document.

import xtermStyles from "@xterm/xterm/css/xterm.css?inline"
import {
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
  unsafeCSS,
} from "lit"
import { repeat } from "lit/directives/repeat.js"
import { printed, tokens } from "../cell/mirage-cell.css.ts"
import type { Container, ContainerServer } from "../../sandbox/webcontainer/container.ts"
import type { Kept } from "../kept.ts"
import { tabKey } from "../tabs.ts"
import { dockStyles } from "./dock.css.ts"
import { dockHeight, greatest, heightByKey, LEAST } from "./dock-height.ts"
import { type Preview, previewsOf } from "./previews.ts"
import { shellLine, type ShellPlace, ShellSession, type ShellState } from "./shell-session.ts"
import { TerminalView } from "./terminal-view.ts"

/** What a panel needs of its page. */
export interface DockParts {
  readonly kept: Kept
  /** Put a project's files, as they stand, into the container. Resolves with where a shell is to be started. */
  mount(project: string): Promise<ShellPlace>
}

const HEIGHT_KEY = "mirage-dock-height"
const SHELL = "shell"
/** What is left of the panel when it is folded: the tabs. */
const FOLDED = 46

/**
 * The panel. One for the page.
 *
 * @fires mirage-dock - On the document: the room for the page has changed.
 * @csspart tab - The tab of the shell, or of a server.
 */
export class MirageDock extends LitElement {
  static override properties: PropertyDeclarations = {
    previews: { state: true },
    tab: { state: true },
    folded: { state: true },
    state: { state: true },
    says: { state: true },
    height: { state: true },
  }
  static override styles: CSSResultGroup = [tokens, printed, unsafeCSS(xtermStyles), dockStyles]

  declare private previews: readonly Preview[]
  declare private tab: string
  declare private folded: boolean
  declare private state: ShellState
  declare private says: string
  declare private height: number
  parts: DockParts | undefined
  #container: Container | undefined
  #project = ""
  #session: ShellSession | undefined
  #terminal: TerminalView | undefined
  #unserve: () => void = () => {}
  #told = 0
  /** The height that the reader has given it. */
  #wished: number | undefined

  constructor() {
    super()
    this.previews = []
    this.tab = SHELL
    this.folded = false
    this.state = { tag: "starting" }
    this.says = ""
    this.height = 0
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.setAttribute("role", "region")
    this.setAttribute("aria-label", "WebContainer")
    const kept = Number(this.parts?.kept.get(HEIGHT_KEY))
    this.#wished = kept > 0 ? kept : undefined
    this.height = dockHeight(this.#wished, innerHeight)
    addEventListener("resize", this.#resized)
    // Its keys are its own, not the slide show's under it.
    this.addEventListener("keydown", (event) => event.stopPropagation())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener("resize", this.#resized)
    this.#terminal?.dispose()
    this.#terminal = undefined
    this.#takeRoom(0)
  }

  /** Follow a container: its servers get tabs. */
  follow(container: Container): void {
    if (this.#container === container) return
    this.#unserve()
    this.#container = container
    this.previews = []
    this.#unserve = container.onServers((servers) => this.#servers(servers))
  }

  /** Show the shell, in the project's folder, and take the focus. A shell that lives is shown again. */
  async shell(project: string): Promise<void> {
    // A shell that lives stays where it is.
    if (this.#session?.lives !== true) this.#project = project
    this.#show(SHELL)
    await this.updateComplete
    if (this.#session?.lives !== true || this.#session.container !== this.#container) this.#start()
    this.#terminal?.focus()
  }

  /** Close the panel. Its shell goes on, and is there when the panel is opened again. */
  close(): void {
    this.hidden = true
    this.#takeRoom(0)
  }

  #start(): void {
    const container = this.#container
    const screen = this.renderRoot.querySelector<HTMLElement>(".screen")
    if (container === undefined || screen === null || this.parts === undefined) return
    this.state = { tag: "starting" }
    if (this.#terminal === undefined) {
      this.#terminal = new TerminalView(screen, {
        typed: (text) => this.#session?.type(text),
        resized: (size) => this.#session?.resize(size),
        leave: () => this.#tabElement(SHELL)?.focus(),
      })
    } else this.#terminal.again()
    const terminal = this.#terminal
    const session: ShellSession = new ShellSession(container, this.parts.mount(this.#project), terminal.size, {
      print: (text) => terminal.write(text),
      changed: (state) => {
        if (session !== this.#session) return
        this.state = state
        const line = shellLine(state)
        if (line !== undefined) this.#say(line)
      },
    })
    this.#session = session
  }

  #servers(servers: readonly ContainerServer[]): void {
    const news = previewsOf(this.previews, servers)
    this.previews = news.previews
    for (const text of news.said) this.#say(text)
    if (news.open === undefined) return
    // Whoever types into the shell is not left typing into nothing.
    const typing = this.renderRoot.querySelector(".screen")?.matches(":focus-within") === true
    this.#show(String(news.open))
    if (typing) void this.updateComplete.then(() => this.#tabElement(this.tab)?.focus())
  }

  /** Open the panel at a tab. */
  #show(tab: string): void {
    this.tab = tab
    this.hidden = false
    this.folded = false
    this.#takeRoom(this.height)
  }

  #fold(): void {
    this.folded = !this.folded
    this.#takeRoom(this.folded ? FOLDED : this.height)
  }

  #choose(tab: string | undefined): void {
    if (tab === undefined) return
    if (this.folded) this.#fold()
    this.tab = tab
  }

  #setHeight(height: number, keep: boolean): void {
    this.#wished = height
    this.height = height
    this.#takeRoom(height)
    if (keep) this.parts?.kept.set(HEIGHT_KEY, String(height))
  }

  #takeRoom(pixels: number): void {
    document.documentElement.style.setProperty("--mirage-dock", `${pixels}px`)
    document.dispatchEvent(new CustomEvent("mirage-dock", { detail: pixels }))
  }

  readonly #resized = (): void => {
    const height = dockHeight(this.#wished, innerHeight)
    if (height === this.height || this.hidden) return
    this.height = height
    if (!this.folded) this.#takeRoom(height)
  }

  #drag(event: PointerEvent): void {
    const handle = event.currentTarget as HTMLElement
    handle.setPointerCapture(event.pointerId)
    const begun = { y: event.clientY, height: this.height }
    const moved = (at: PointerEvent) =>
      this.#setHeight(dockHeight(begun.height + begun.y - at.clientY, innerHeight), false)
    const done = () => {
      handle.removeEventListener("pointermove", moved)
      this.#setHeight(this.height, true)
    }
    handle.addEventListener("pointermove", moved)
    handle.addEventListener("lostpointercapture", done, { once: true })
  }

  #handleKey(event: KeyboardEvent): void {
    const height = heightByKey(event.key, this.height, innerHeight)
    if (height === undefined) return
    event.preventDefault()
    this.#setHeight(height, true)
  }

  #tabElement(tab: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[role="tab"][data-tab="${tab}"]`)
  }

  #say(text: string): void {
    // The same words twice are two announcements.
    this.#told += 1
    this.says = this.#told % 2 === 0 ? text : `${text}\u00a0`
  }

  #reload({ port, url }: Preview): void {
    const frame = this.renderRoot.querySelector<HTMLIFrameElement>(`iframe[data-port="${port}"]`)
    // Of another origin: its location cannot be told to reload.
    if (frame !== null) frame.src = url
  }

  protected override render(): TemplateResult {
    const tabs = [
      [SHELL, "Shell", true] as const,
      ...this.previews.map((p) => [String(p.port), `Preview ${p.port}`, p.up] as const),
    ]
    const tab = tabs.some(([name]) => name === this.tab) ? this.tab : SHELL
    return html`
      <div class="handle" role="separator" tabindex="0" aria-orientation="horizontal" aria-label="Height of the panel" ?hidden=${this.folded}
        aria-valuenow=${this.height} aria-valuemin=${LEAST} aria-valuemax=${greatest(innerHeight)}
        @pointerdown=${this.#drag} @keydown=${this.#handleKey}></div>
      <div class="bar">
        <div role="tablist" aria-label="WebContainer" @keydown=${(e: KeyboardEvent) => this.#choose(tabKey(e))}>
          ${tabs.map(
            ([
              name,
              label,
              up,
            ]) => html`<button role="tab" part="tab" class=${up ? "" : "down"} data-tab=${name} id=${`tab-${name}`}
              aria-controls=${`panel-${name}`} aria-selected=${name === tab} tabindex=${name === tab ? 0 : -1}
              @click=${() => this.#choose(name)}>${label}${up ? nothing : html`<span class="unseen"> (stopped)</span>`}</button>`,
          )}
        </div>
        <span class="space"></span>
        ${tab === SHELL && !this.folded ? html`<span class="hint">Ctrl+M leaves the shell</span>` : nothing}
        <button aria-expanded=${!this.folded} @click=${this.#fold}>${this.folded ? "Unfold" : "Fold"}</button>
        <button @click=${this.close}>Close</button>
      </div>
      ${this.#shellPanel(tab)}
      ${repeat(
        this.previews,
        (p) => p.port,
        (p) => this.#previewPanel(p, tab),
      )}
      <div class="unseen" role="status">${this.says}</div>`
  }

  #shellPanel(tab: string): TemplateResult {
    const line = shellLine(this.state)
    const over = this.state.tag === "ended" || this.state.tag === "lost"
    return html`<div class="panel" role="tabpanel" id=${`panel-${SHELL}`} aria-labelledby=${`tab-${SHELL}`} ?hidden=${this.folded || tab !== SHELL}>
      <div class="screen"></div>
      ${
        line === undefined
          ? nothing
          : html`<p class="line">${line}${
              over && this.#container !== undefined
                ? html`<button @click=${() => void this.shell(this.#project)}>New shell</button>`
                : nothing
            }</p>`
      }
    </div>`
  }

  #previewPanel(preview: Preview, tab: string): TemplateResult {
    const { port, url, generation, up } = preview
    const name = String(port)
    return html`<div class="panel" role="tabpanel" id=${`panel-${name}`} aria-labelledby=${`tab-${name}`} ?hidden=${this.folded || tab !== name}>
      <div class="address">
        <code>${url}</code>
        <button ?disabled=${!up} @click=${() => this.#reload(preview)}>Reload</button>
        <a href=${url} target="_blank">Open in a new tab</a>
      </div>
      ${repeat(
        // Another generation is another frame, which is loaded anew.
        [generation],
        (one) => one,
        () => html`<iframe class=${up ? "" : "down"} data-port=${port} src=${url} title=${`The page of the server on port ${port}`}
          allow="cross-origin-isolated" ?inert=${!up}></iframe>`,
      )}
      ${up ? nothing : html`<p class="line">The server on port ${port} has stopped. Its page comes back when it is started again.</p>`}
    </div>`
  }
}

let dock: MirageDock | undefined

/** The page's panel, which is made when it is first asked for; closed. */
export function dockHere(parts: DockParts): MirageDock {
  if (dock === undefined) {
    customElements.define("mirage-dock", MirageDock)
    dock = document.createElement("mirage-dock") as MirageDock
    dock.parts = parts
    dock.hidden = true
  }
  if (!dock.isConnected) document.body.append(dock)
  return dock
}
