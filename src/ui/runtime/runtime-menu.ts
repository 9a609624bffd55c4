// The menu of a cell's badge: what runs here and why, what the reader may choose, and what can be done where there is no
// WebContainer. Fetched when a badge is first pressed.
//
// It is a popover, so that neither a slide's scale nor its edge has anything to do with it; Escape and a click elsewhere
// close it, and the focus goes back to where it was. Its role keeps the slide show's keys away.

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
import { openShell } from "../page-container.ts"
import type { RunChoice } from "./choice.ts"
import type { PageRuntime } from "./page-runtime.ts"
import { choicesOf, overruled, remedyOf, stateLine } from "./menu-words.ts"
import type { RuntimeName, Wish } from "./wish.ts"

/** What a menu is about. */
export interface MenuModel {
  readonly page: PageRuntime
  /** The project that the cell belongs to. */
  readonly project: string
  /** What the badge says. */
  choice(): RunChoice
  wish(): Wish
  /** A run waits for the reader's word. */
  readonly asking: boolean
}

/** Room to the window's edge, in pixels. */
const EDGE = 8

/**
 * The menu. One for the page.
 *
 * @csspart choice - A choice.
 */
class MirageRuntimeMenu extends LitElement {
  static override properties: PropertyDeclarations = { model: { attribute: false } }
  static override styles: CSSResultGroup = [
    tokens,
    css`
      :host {
        inline-size: min(27em, calc(100vw - 16px)); max-block-size: calc(100vh - 16px); overflow: auto; margin: 0; padding: .9em 1em;
        border: 1px solid var(--control); border-radius: .5em; background: var(--surface); color: var(--text);
        font: max(16px, calc(15px * var(--slide-scale, 1))) / 1.4 var(--sans); text-align: start;
        box-shadow: 0 6px 24px rgb(0 0 0 / .3); overscroll-behavior: contain;
      }
      h2 { margin: 0; font-size: 1.1em; outline: none }
      p { margin: .45em 0 }
      .choices { display: grid; gap: .35em; margin-block: .7em; padding: 0; list-style: none }
      .choices button {
        display: grid; grid-template-columns: 1.3em 1fr; inline-size: 100%; padding: .4em .6em; text-align: start; line-height: 1.3;
      }
      .choices button[aria-pressed="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent) }
      .choices b { grid-column: 2 } .choices small { grid-column: 2; font-size: .88em; color: var(--muted) }
      .mark { grid-row: 1 / span 2; color: var(--accent); font-weight: 700 }
      .state:empty { display: none }
      .state { padding-block-start: .5em; border-block-start: 1px solid var(--border) }
      .acts { display: flex; flex-wrap: wrap; gap: .5em }
    `,
  ]

  declare model: MenuModel | undefined
  #answer: (answer: RuntimeName | undefined) => void = () => {}
  #unsubscribe: () => void = () => {}
  #anchor: HTMLElement | undefined
  /** The badge is being pressed that the menu is open at, which closes it before the press is heard of. */
  #pressed: HTMLElement | undefined

  constructor() {
    super()
    this.model = undefined
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.popover = "auto"
    this.setAttribute("role", "dialog")
    this.setAttribute("aria-label", "Where programs run")
    this.addEventListener("beforetoggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") this.#closed()
    })
    this.addEventListener("focusout", (event) => {
      // Tab leads out of it: it must not cover what has the focus then.
      const to = event.relatedTarget as Node | null
      if (to !== null && !this.contains(to) && to !== this) this.hidePopover()
    })
    addEventListener("resize", () => this.#place())
    const pressed = (event: PointerEvent) => {
      const isAnchor = this.#anchor !== undefined && event.composedPath().includes(this.#anchor)
      this.#pressed = isAnchor ? this.#anchor : undefined
    }
    addEventListener("pointerdown", pressed, { capture: true })
  }

  /** Open at `anchor`, or close if it is open there. Resolves with what was chosen, or nothing. */
  open(anchor: HTMLElement, model: MenuModel): Promise<RuntimeName | undefined> {
    const again = this.#pressed === anchor
    this.#pressed = undefined
    if (this.matches(":popover-open")) this.hidePopover()
    if (again && !model.asking) return Promise.resolve(undefined)
    this.#anchor = anchor
    this.model = model
    anchor.setAttribute("aria-expanded", "true")
    this.#unsubscribe = model.page.subscribe(() => this.requestUpdate())
    return new Promise((resolve) => {
      this.#answer = resolve
      void this.updateComplete.then(() => {
        this.showPopover({ source: anchor } as never)
        this.#place()
        this.renderRoot.querySelector<HTMLElement>("h2")?.focus()
      })
    })
  }

  #closed(): void {
    this.#anchor?.setAttribute("aria-expanded", "false")
    this.#anchor = undefined
    this.#unsubscribe()
    this.#answer(undefined)
  }

  /** Under the badge, or above it, where there is room for it. */
  #place(): void {
    if (this.#anchor === undefined) return
    const at = this.#anchor.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this
    const left = Math.max(EDGE, Math.min(at.right - width, innerWidth - width - EDGE))
    const below = at.bottom + EDGE / 2
    const top = below + height + EDGE <= innerHeight ? below : Math.max(EDGE, at.top - height - EDGE / 2)
    this.style.inset = `${Math.min(top, Math.max(EDGE, innerHeight - height - EDGE))}px auto auto ${left}px`
  }

  #choose(name: RuntimeName): void {
    const { model } = this
    model?.page.choose(name)
    this.#answer(name)
    if (model?.asking === true) this.hidePopover()
  }

  protected override updated(): void {
    if (this.matches(":popover-open")) this.#place()
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this
    if (model === undefined) return nothing
    const { page, asking } = model
    const wish = model.wish()
    const { state } = page.host
    const choices = choicesOf({ settings: page.settings, wish, asking, isolated: crossOriginIsolated })
    const why = model.choice().why
    const says = stateLine(state)
    const chosen = asking ? undefined : (page.chosen ?? "auto")
    return html`
      <h2 tabindex="-1">${asking ? "A program for a WebContainer" : "Where programs run"}</h2>
      <p>${asking ? "Its author means this program for a WebContainer, which you have not chosen yet." : why}</p>
      ${overruled(wish) === undefined ? nothing : html`<p>${overruled(wish)}</p>`}
      ${
        choices.length === 0
          ? nothing
          : html`<ul class="choices" aria-label="Run the programs of this page">
              ${choices.map(
                ([
                  name,
                  label,
                  more,
                ]) => html`<li><button part="choice" data-runtime=${name} aria-pressed=${asking ? nothing : name === chosen}
                  @click=${() => this.#choose(name)}><span class="mark" aria-hidden="true">${name === chosen ? "✓" : ""}</span
                  ><b>${label}</b><small>${more}</small></button></li>`,
              )}
            </ul>`
      }
      <p class="state" role="status">${why.includes(says) && !asking ? "" : says}</p>
      ${this.#remedies(model)}`
  }

  #remedies(model: MenuModel): TemplateResult | typeof nothing {
    const { page } = model
    switch (remedyOf(page.host.state, page.wanted)) {
      case "again":
        return html`<p class="acts"><button @click=${() => page.host.boot("again")}>Try again</button></p>`
      case "shell":
        return html`<p class="acts"><button @click=${() => {
          this.hidePopover()
          void openShell(model.project)
        }}>Open the shell</button></p>`
      case undefined:
        return nothing
    }
  }
}

let menu: MirageRuntimeMenu | undefined

/** Open the menu at `anchor`. Resolves when something is chosen, with it, or when the menu is closed. */
export function runtimeMenu(anchor: HTMLElement, model: MenuModel): Promise<RuntimeName | undefined> {
  if (menu === undefined) {
    customElements.define("mirage-runtime-menu", MirageRuntimeMenu)
    menu = document.createElement("mirage-runtime-menu") as MirageRuntimeMenu
  }
  if (!menu.isConnected) document.body.append(menu)
  return menu.open(anchor, model)
}
