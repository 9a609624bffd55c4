import { css, type CSSResult, html, LitElement, type PropertyDeclarations, type TemplateResult } from "lit"
import { repeat } from "lit/directives/repeat.js"

/** A short message in the corner of the page, with at most one thing to do about it. */
export interface Toast {
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface Shown extends Toast {
  readonly id: number
}

const STAY_MS = 10_000

/**
 * The page's short messages: "Reset. [Undo]". They go after ten seconds, but not while the pointer or the focus is on them.
 *
 * @csspart toast - One message.
 */
export class MirageToasts extends LitElement {
  static override properties: PropertyDeclarations = { toasts: { state: true } }
  static override styles: CSSResult = css`
    :host {
      position: fixed; inset: auto 1rem calc(1rem + var(--mirage-dock, 0px)) 1rem; z-index: 1000; display: grid; justify-items: end; gap: .5rem;
      pointer-events: none; font: 1rem/1.4 var(--mirage-font, system-ui, sans-serif); text-align: left;
    }
    .toast {
      pointer-events: auto; display: flex; align-items: center; gap: .75rem; max-width: 34rem; padding: .5rem .5rem .5rem 1rem;
      color: var(--mirage-toast-text, light-dark(#fff, #111)); background: var(--mirage-toast, light-dark(#23272e, #e9ecf0));
      border-radius: .5rem; box-shadow: 0 4px 16px rgb(0 0 0 / .3);
    }
    button {
      min-width: 2rem; min-height: 2rem; padding: 0 .6rem; font: inherit; font-weight: 600; color: inherit; cursor: pointer;
      background: none; border: 1px solid currentColor; border-radius: .35rem;
    }
    button.dismiss { border-color: transparent }
    button:focus-visible { outline: 3px solid currentColor; outline-offset: 2px }
  `
  declare private toasts: readonly Shown[]
  #next = 0
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()

  constructor() {
    super()
    this.toasts = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // Set on the host, which is in the page before the first message is, or it would not be announced.
    this.setAttribute("role", "status")
    this.setAttribute("aria-live", "polite")
  }

  show(toast: Toast): void {
    const same = this.toasts.find((t) => t.text === toast.text)
    if (same !== undefined) this.#drop(same.id)
    const id = this.#next++
    this.toasts = [...this.toasts.slice(-2), { ...toast, id }]
    this.#start(id)
  }

  #start(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.set(
      id,
      setTimeout(() => this.#drop(id), STAY_MS),
    )
  }

  #hold(id: number): void {
    clearTimeout(this.#timers.get(id))
  }

  #drop(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.toasts = this.toasts.filter((t) => t.id !== id)
  }

  protected override render(): TemplateResult {
    return html`${repeat(
      this.toasts,
      (t) => t.id,
      (t) => html`
        <div class="toast" part="toast"
          @pointerenter=${() => this.#hold(t.id)} @pointerleave=${() => this.#start(t.id)}
          @focusin=${() => this.#hold(t.id)} @focusout=${() => this.#start(t.id)}>
          <span>${t.text}</span>
          ${
            t.action === undefined
              ? ""
              : html`<button @click=${() => {
                  this.#drop(t.id)
                  t.action?.run()
                }}>${t.action.label}</button>`
          }
          <button class="dismiss" aria-label="Dismiss" @click=${() => this.#drop(t.id)}>×</button>
        </div>`,
    )}`
  }
}

/** Make the page's place for messages, so that it is there before the first of them. */
export function toastsHere(): MirageToasts {
  if (customElements.get("mirage-toasts") === undefined) customElements.define("mirage-toasts", MirageToasts)
  const there = document.querySelector<MirageToasts>("mirage-toasts")
  if (there !== null) return there
  const made = document.createElement("mirage-toasts") as MirageToasts
  document.body.append(made)
  return made
}

/** Say something at the corner of the page. */
export function toast(text: string, action?: Toast["action"]): void {
  toastsHere().show({ text, ...(action && { action }) })
}
