import { css, type CSSResultGroup, html, LitElement, type PropertyDeclarations, type TemplateResult } from "lit"
import { printed, tokens } from "../cell/mirage-cell.css.ts"
import type { OutputChunk } from "../../sandbox/protocol.ts"
import { stripAnsi } from "../text/ansi.ts"
import { Announcer } from "../text/announcer.ts"
import { OutputView } from "../text/output-view.ts"
import { History } from "./history.ts"

/** What a terminal is connected to; a cell's `RunControl` is one. */
export interface ShellSession {
  shell(line: string, onText?: (text: string) => void, signal?: AbortSignal): Promise<string>
}

const PROMPT = "10.0.0.1 $ "
const SUGGESTIONS = ["ping 10.0.0.2", "curl -i http://10.0.0.2/", "help"]

/**
 * A terminal on the learner's machine. Arrows go through what was typed, Ctrl+C interrupts, Ctrl+L clears.
 *
 * @csspart screen - What was typed and printed.
 */
export class MirageTerminal extends LitElement {
  static override properties: PropertyDeclarations = { session: { attribute: false }, busy: { state: true } }
  static override styles: CSSResultGroup = [
    tokens,
    printed,
    css`
      :host { display: flex; flex-direction: column; background: var(--ground); color: var(--text); font-family: var(--mono) }
      .screen { flex: 1; min-block-size: 0; overflow: auto; padding: .4em .7em; font-size: .9em; line-height: 1.4; overscroll-behavior: contain }
      form { display: flex; align-items: center; gap: .4em; padding: .3em .7em; border-block-start: 1px solid var(--border); font-size: .9em }
      label { white-space: nowrap; color: var(--ok); font-weight: 600 }
      input { flex: 1; min-inline-size: 0; min-block-size: max(2em, 24px); padding: 0 .3em; border: 0; background: transparent; font-family: var(--mono) }
      .chips { display: flex; flex-wrap: wrap; gap: .4em; padding: 0 .7em .4em; font-size: .8em }
      .chips button { border-radius: 1em; font-family: var(--mono) }
      .typed { font-weight: 600 }
      @media (max-width: 599px) { input { font-size: max(16px, 1em) } }
    `,
  ]

  declare session: ShellSession | undefined
  /** Hears of everything that is shown, but for notes. */
  printed: ((chunks: readonly OutputChunk[]) => void) | undefined
  declare private busy: boolean
  readonly #history = new History()
  readonly #announcer = new Announcer(
    (text) => this.#announce(text),
    (run, ms) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  )
  #view: OutputView | undefined
  #interrupt: AbortController | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor() {
    super()
    this.session = undefined
    this.busy = false
  }

  /** Type a line and enter it, after the commands that are still running. Resolves with what it printed. */
  type(line: string): Promise<string> {
    const done = this.#queue.then(() => this.#enter(line))
    this.#queue = done.catch(() => {})
    return done
  }

  focusInput(): void {
    void this.updateComplete.then(() => this.#input()?.focus())
  }

  /** Show what another terminal shows. */
  print(chunks: readonly OutputChunk[]): void {
    this.#view?.append(chunks)
  }

  /** The terminal can be seen now. */
  shown(): void {
    this.#view?.toEnd()
  }

  /** A unikernel has come up. */
  up(): void {
    this.#note("The unikernel is up.\n")
  }

  /** The run is over. */
  down(): void {
    this.#interrupt?.abort()
    this.#note("The simulated network is down: press Run to start it again.\n")
  }

  async #enter(line: string): Promise<string> {
    await this.updateComplete
    const session = this.session
    this.#history.add(line)
    this.#say([{ stream: "out", text: `\x1b[32m${PROMPT}\x1b[0m\x1b[1m${stripAnsi(line)}\x1b[0m\n` }])
    if (line.trim() === "" || session === undefined) return ""
    if (line.trim() === "clear") {
      this.#view?.clear()
      return ""
    }
    const interrupt = new AbortController()
    this.#interrupt = interrupt
    this.busy = true
    let last = "\n"
    try {
      return await session.shell(
        line,
        (text) => {
          if (text !== "") last = text
          this.#say([{ stream: "out", text }])
          this.#announcer.heard(stripAnsi(text))
        },
        interrupt.signal,
      )
    } catch (e) {
      const message = e instanceof Error ? e.message : String(e)
      last = "\n"
      this.#say([{ stream: "err", text: `${message}\n` }])
      this.#announcer.heard(message)
      throw e
    } finally {
      // The next prompt begins its own line, and no command's colour reaches beyond it.
      this.#say([{ stream: "out", text: last.endsWith("\n") ? "\x1b[0m" : "\x1b[0m\n" }])
      this.#interrupt = undefined
      this.busy = false
      this.#announcer.flush()
    }
  }

  #say(chunks: readonly OutputChunk[]): void {
    this.#view?.append(chunks)
    this.printed?.(chunks)
  }

  #note(text: string): void {
    this.#view?.append([{ stream: "note", text }])
  }

  #announce(text: string): void {
    const says = this.renderRoot.querySelector(".unseen")
    if (says !== null) says.textContent = says.textContent === text ? `${text}\u00a0` : text
  }

  #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input")
  }

  #submit(event: Event): void {
    event.preventDefault()
    const input = this.#input()
    if (input === null) return
    const line = input.value
    input.value = ""
    this.type(line).catch(() => {})
  }

  #key(event: KeyboardEvent): void {
    // A terminal's keys are its own, not the slide show's under it.
    event.stopPropagation()
    const input = event.target as HTMLInputElement
    if (event.isComposing) return
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const line = event.key === "ArrowUp" ? this.#history.previous(input.value) : this.#history.next()
      event.preventDefault()
      if (line === undefined) return
      input.value = line
      input.setSelectionRange(line.length, line.length)
    } else if (event.ctrlKey && event.key === "c" && input.selectionStart === input.selectionEnd) {
      // With a selection it copies, here and in the text above.
      if (getSelection()?.isCollapsed === false) return
      event.preventDefault()
      if (this.#interrupt === undefined) input.value = ""
      else this.#interrupt.abort()
    } else if (event.ctrlKey && event.key === "l") {
      event.preventDefault()
      this.#view?.clear()
    }
  }

  protected override firstUpdated(): void {
    const screen = this.renderRoot.querySelector<HTMLElement>(".screen")
    const lines = this.renderRoot.querySelector<HTMLElement>(".lines")
    if (screen !== null && lines !== null) this.#view = new OutputView(lines, screen)
  }

  protected override render(): TemplateResult {
    return html`
      <div class="screen" part="screen" role="log" aria-live="off" aria-label="Terminal" tabindex="0"><div class="lines"></div></div>
      <form @submit=${this.#submit}>
        <label for="line">${PROMPT}</label>
        <input id="line" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="send"
          aria-label="Command for 10.0.0.1" @keydown=${this.#key} />
        ${
          this.busy
            ? html`<button type="button" title="Interrupt (Ctrl+C)" @click=${() => this.#interrupt?.abort()}>Interrupt</button>`
            : html`<button>Enter</button>`
        }
      </form>
      <div class="chips" aria-label="Suggestions" role="group">
        ${SUGGESTIONS.map((line) => html`<button @click=${() => this.type(line).catch(() => {})}>${line}</button>`)}
      </div>
      <div class="unseen" role="status"></div>`
  }
}
