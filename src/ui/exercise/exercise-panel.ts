// The part of a cell that makes an exercise of it: Check, hints one by one, the solution and how mine differs from it, and
// how far the reader is. What a check says is for the reader alone: it is an assessment by oneself.

import { html, nothing, type TemplateResult } from "lit"
import type { Position } from "../../toolchain/compiled-module.ts"
import { tokens } from "../cell/highlight.ts"
import type { TextsThen } from "../cell/places-then.ts"
import type { ProjectStore } from "../project-store.ts"
import { type CheckReport, type CheckSurroundings, exerciseOf, isPassed, runChecks } from "./check-run.ts"
import { resultItem, summary, told, verdict } from "./report.ts"
import { type DiffRow, differs, diffRows } from "./line-diff.ts"
import { type Progress, type Standing, stageText } from "./progress.ts"

/** What the panel asks of its cell. */
export interface ExerciseHost {
  readonly element: HTMLElement
  readonly project: () => string
  /** The file that runs, which the exercise is about. */
  readonly file: () => string
  readonly open: () => Promise<ProjectStore>
  readonly label: (file: string) => string
  readonly changed: () => void
  readonly announce: (text: string) => void
  /** Go to a place in a file, as it was in the texts of `then`. */
  readonly go: (at: Position, then: TextsThen) => void
  /** Tell of something that went wrong. */
  readonly say: (e: unknown) => void
  readonly checked: (report: CheckReport, passed: boolean) => void
  /** The solution was put into the cell; `undo` takes it back. */
  readonly taken: (undo: () => void) => void
}

type Shown = "nothing" | "question" | "solution" | "difference"

/** The exercise of one cell. */
export class ExercisePanel {
  readonly #host: ExerciseHost
  readonly #progress: Progress
  readonly #surroundings: CheckSurroundings
  #store: ProjectStore | undefined
  #report: CheckReport | undefined
  /** The texts that the report is of. */
  #checked: TextsThen = {}
  #checking: AbortController | undefined
  #shown: Shown = "nothing"
  #unsubscribe: () => void = () => {}

  constructor(host: ExerciseHost, progress: Progress, surroundings: CheckSurroundings) {
    this.#host = host
    this.#progress = progress
    this.#surroundings = surroundings
  }

  /** Whether the cell is an exercise. The page says so before the project is there. */
  get there(): boolean {
    return this.#hints > 0 || this.#host.element.hasAttribute("data-exercise")
  }

  get #hints(): number {
    return Number(this.#host.element.dataset["exercise"] ?? 0)
  }

  get #standing(): Standing {
    return this.#progress.of(this.#host.project(), this.#host.file())
  }

  /** The cell is on the page. */
  begin(): void {
    if (!this.there) return
    this.#unsubscribe()
    this.#unsubscribe = this.#progress.subscribe(() => void this.#advanced())
    void this.#progress.load().then(() => this.#advanced())
  }

  /** Here, in another tab, or on an earlier visit. Hints that are open are shown, and their text is the project's. */
  async #advanced(): Promise<void> {
    if (this.#standing.hints > 0 && this.#store === undefined) await this.#open().catch(() => {})
    this.#host.changed()
  }

  /** The cell has gone. */
  end(): void {
    this.#checking?.abort()
    this.#unsubscribe()
  }

  /** Run the checks on the reader's text, or stop them. Resolves with whether they have passed. */
  async check(): Promise<boolean> {
    this.#checking?.abort()
    const checking = new AbortController()
    this.#checking = checking
    this.#report = undefined
    this.#host.changed()
    try {
      const store = await this.#open()
      const texts = store.changed()
      const report = await runChecks(this.#surroundings, store.data, texts, this.#host.file(), checking.signal)
      if (this.#checking !== checking) return false
      this.#checking = undefined
      this.#report = report
      this.#checked = texts
      const passed = isPassed(report)
      this.#advance({ stage: passed ? "passed" : "tried" })
      this.#host.announce(summary(report))
      this.#host.checked(report, passed)
      return passed
    } catch (e) {
      this.#host.say(e)
      return false
    } finally {
      if (this.#checking === checking) this.#checking = undefined
      this.#host.changed()
    }
  }

  /** The panel, if the cell is an exercise. */
  render(): TemplateResult | typeof nothing {
    if (!this.there) return nothing
    const { stage, hints } = this.#standing
    const more = hints < this.#hints
    return html`<div class="exercise" part="exercise" role="group" aria-label="Exercise">
      <div class="ex-bar">
        <span class="ex-stage ${stage}"><span aria-hidden="true">${STAGE_SIGNS[stage]}</span> Exercise: ${stageText(stage)}</span>
        <span class="space"></span>
        ${
          this.#hints > 0
            ? html`<button class="hint-button" aria-disabled=${!more} @click=${() => more && void this.#hint().catch(this.#host.say)}
              >${more ? `Hint ${hints + 1} of ${this.#hints}` : "No more hints"}</button>`
            : nothing
        }
        <button class="solution-button" aria-expanded=${this.#shown !== "nothing"}
          @click=${() => void this.#toggleSolution().catch(this.#host.say)}>Solution</button>
        <button class="check" @click=${() => (this.#checking === undefined ? void this.check() : this.#checking.abort())}
          >${this.#checking === undefined ? "Check" : "Stop checking"}</button>
      </div>
      ${this.#reportLines()}${this.#hintList(hints)}${this.#solution()}
    </div>`
  }

  #advance(to: Partial<Standing>): void {
    this.#progress.advance(this.#host.project(), this.#host.file(), to)
  }

  async #open(): Promise<ProjectStore> {
    this.#store = await this.#host.open()
    return this.#store
  }

  async #hint(): Promise<void> {
    await this.#open()
    this.#advance({ stage: "tried", hints: this.#standing.hints + 1 })
    const hint = this.#texts()[this.#standing.hints - 1] ?? ""
    this.#host.announce(`Hint ${this.#standing.hints}: ${hint}`)
  }

  #texts(): readonly string[] {
    const store = this.#store
    return store === undefined ? [] : (exerciseOf(store.data, this.#host.file())?.hints ?? [])
  }

  #hintList(count: number): TemplateResult | typeof nothing {
    const texts = this.#texts().slice(0, count)
    if (texts.length === 0) return nothing
    return html`<ol class="ex-hints" aria-label="Hints">${texts.map((text) => html`<li>${withCode(text)}</li>`)}</ol>`
  }

  async #toggleSolution(): Promise<void> {
    if (this.#shown !== "nothing") this.#show("nothing")
    else {
      await this.#open()
      if (this.#standing.stage === "passed" || this.#standing.solution) this.#reveal("solution")
      else this.#show("question")
    }
  }

  #show(what: Shown): void {
    this.#shown = what
    this.#host.changed()
  }

  #reveal(what: "solution" | "difference"): void {
    this.#advance({ stage: "tried", solution: true })
    this.#show(what)
  }

  /** The question goes, and its buttons with it: the keyboard goes back to the one that has asked. */
  #answer(act: () => void): void {
    this.#host.element.shadowRoot?.querySelector<HTMLElement>(".solution-button")?.focus()
    act()
  }

  #solution(): TemplateResult | typeof nothing {
    const store = this.#store
    const text = store === undefined ? undefined : exerciseOf(store.data, this.#host.file())?.solution
    if (this.#shown === "nothing" || store === undefined) return nothing
    if (text === undefined) return html`<p class="ex-note">This exercise has no solution: there are many ways.</p>`
    if (this.#shown === "question") {
      return html`<div class="told ex-question" role="group" aria-label="Solution">
        <span>Your program has not passed the check yet. See the solution all the same?</span>
        <button @click=${() => this.#answer(() => this.#reveal("solution"))}>Show the solution</button>
        <button @click=${() => this.#answer(() => this.#show("nothing"))}>Not yet</button>
      </div>`
    }
    const mine = store.text(this.#host.file())
    return html`<div class="ex-solution">
      <div class="ex-bar">
        <button aria-pressed=${this.#shown === "solution"} @click=${() => this.#show("solution")}>Solution alone</button>
        <button aria-pressed=${this.#shown === "difference"} @click=${() => this.#show("difference")}>Compared with mine</button>
        <span class="space"></span>
        <button aria-disabled=${mine === text} @click=${() => mine === text || this.#take(store, text)}
          >Put the solution into the cell</button>
      </div>
      ${this.#shown === "solution" ? code(text) : difference(diffRows(mine, text))}
    </div>`
  }

  #take(store: ProjectStore, text: string): void {
    const file = this.#host.file()
    const before = store.text(file)
    store.setText(file, text)
    this.#host.taken(() => store.setText(file, before))
    this.#host.changed()
  }

  #reportLines(): TemplateResult | typeof nothing {
    if (this.#checking !== undefined) return html`<p class="ex-note">Checking…</p>`
    const report = this.#report
    if (report === undefined) return nothing
    const { results, trouble } = report
    const at = trouble?.at
    const file = this.#host.file()
    const outdated = this.#store?.text(file) !== (this.#checked[file] ?? this.#store?.starting(file))
    return html`<ul class="ex-results" aria-label="Results of the check">
      ${results.map(resultItem)}
      ${
        trouble === undefined
          ? nothing
          : html`<li class="failed"><b>✗ Not checked to the end:</b> ${told(trouble.message, "what went wrong")}
            ${
              // A place in the check itself has no cell to go to.
              at === undefined || this.#store?.file(at.file) === undefined
                ? nothing
                : html`<button class="at" @click=${() => this.#host.go(at, this.#checked)}>${this.#host.label(at.file)}:${at.line}</button>`
            }</li>`
      }
    </ul>
    <p class="ex-note">${verdict(report)}${outdated ? " The text has changed since." : ""}</p>`
  }
}

const STAGE_SIGNS = { new: "○", tried: "◐", passed: "●" } as const

/** Text with `code` between backticks. */
function withCode(text: string): (string | TemplateResult)[] {
  return text.split("`").map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`))
}

function code(text: string): TemplateResult {
  const parts = tokens(text.trimEnd(), "typescript")
  return html`<pre class="ex-code" tabindex="0" aria-label="The solution"><code>${parts.map(({ text: word, kind }) =>
    kind === undefined ? word : html`<span class=${kind}>${word}</span>`,
  )}</code></pre>`
}

function difference(rows: readonly DiffRow[]): TemplateResult {
  if (!differs(rows)) return html`<p class="ex-note">Yours is the solution, line by line.</p>`
  return html`<p class="ex-note">Lines with − are yours only, lines with + the solution's only.</p>
    <pre class="ex-code ex-diff" tabindex="0" aria-label="Differences between your text and the solution">${rows.map(
      ({ sign, text }) =>
        html`<span class=${sign === "+" ? "added" : sign === "-" ? "removed" : "same"}>${sign === "-" ? "−" : sign} ${text}</span>`,
    )}</pre>`
}
