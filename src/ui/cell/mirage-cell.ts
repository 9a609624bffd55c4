import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit"
import type { CSSResultGroup } from "lit"
import type { Cell, ProjectFile } from "../../content/project.ts"
import type { Pace, Program } from "../../sandbox/protocol.ts"
import type { Diagnostic, Position } from "../../toolchain/compiled-module.ts"
import type { FrameList } from "../panes/rows.ts"
import { programBuilder, projects, runner, warm } from "../page.ts"
import type { ProjectStore } from "../project-store.ts"
import { askedRuntime, runtimeFor } from "../runner.ts"
import { tabKey } from "../tabs.ts"
import { OutputView } from "../text/output-view.ts"
import { toast } from "../toast.ts"
import { CellOutput } from "./cell-output.ts"
import { CodeArea } from "./code-area.ts"
import type { Caret } from "./editor-port.ts"
import { LearnersMachine } from "./learners-machine.ts"
import { printed, styles, tokens } from "./mirage-cell.css.ts"
import { above, below, expected, type ResultActions, servingLine } from "./results.ts"
import { type CellStatus, RunControl } from "./run-control.ts"
import { adHocProject } from "./single-file.ts"
import { type PaceName, paceOf, toolbar } from "./toolbar.ts"
import { TypesOfValues } from "./types-of-values.ts"
import { showElapsed, showRunning, statusText } from "./words.ts"

/** How long a run waits for TypeScript's word before it starts; what comes later is shown above the output all the same. */
const TYPE_CHECK_MS = 250
/** How long `run()` waits for types that the editor is asked for. */
const TYPES_MS = 3000
const OCAML = "#ocaml"

/**
 * A live cell: a program of one or more files, the buttons that run it, and what it printed. When it boots a unikernel,
 * the learner's machine beside it: a terminal, a browser, and the frames between them.
 *
 * The code is in the light DOM: highlighted text, and an editor in its place once the reader wants to type.
 *
 * @slot - The code: `<div class="cell-code" data-file="…">` around a highlighted `<pre>`, and `<pre class="cell-output">`
 *   with what it prints.
 *
 * @attr src - Address of a TypeScript file, for a cell that belongs to no project of the page.
 * @attr project - Name of the project that the file belongs to; `Projects.register` makes it known.
 * @attr file - The file that runs.
 * @attr runtime - `auto`, `worker` or `webcontainer`.
 * @attr status - `idle`, `compiling`, `running`, `done`, `failed` or `stopped`; set by the cell.
 *
 * @fires mirage-run - A run begins. `detail.file`.
 * @fires mirage-output - Text was printed. `detail.text`, escape sequences and all.
 * @fires mirage-status - `detail.status` is the new status.
 * @fires mirage-next - Shift+Enter: go to the next cell. Cancel it to do so yourself.
 * @fires mirage-reveal - The cell is about to take the focus: bring it into view. Cancel it to do so yourself.
 * @fires mirage-goto - A place in a file of another cell was chosen; `detail` is `{project, file, line, column}`. Handled
 *   here when that cell is on the page.
 *
 * @csspart cell - The box. @csspart bar - The toolbar. @csspart code - Around the code. @csspart output - The output.
 * @cssprop --mirage-cell-font-size=1.125rem  @cssprop --mirage-code-size=1em
 * @cssprop --mirage-cell-code-height - Where the code begins to scroll.
 * @cssprop --mirage-cell-output-height=14em - Where the output begins to scroll.
 * @cssprop --mirage-cell-pane-height - Height of terminal, browser and frames.
 */
export class MirageCell extends LitElement {
  static override properties: PropertyDeclarations = {
    src: { type: String },
    project: { type: String },
    file: { type: String },
    runtime: { type: String },
    status: { type: String, reflect: true },
  }
  static override styles: CSSResultGroup = [tokens, printed, styles]

  declare src: string | null
  declare project: string | null
  declare file: string
  declare runtime: string | null
  declare status: CellStatus

  readonly #control: RunControl
  readonly #out: CellOutput
  readonly #code: CodeArea
  readonly #machine: LearnersMachine
  #store: ProjectStore | undefined
  #opening: Promise<ProjectStore> | undefined
  #unsubscribe: () => void = () => {}
  #types: TypesOfValues | undefined
  #checking: Promise<void> = Promise.resolve()
  #tab = ""
  #expected: string | undefined
  #says = ""
  #loadingEditor = false
  #codeFocused = false
  #stuck = false
  #preview = false
  #pace: PaceName = "1"
  #started = 0
  #elapsed = 0
  #errorsShown = 0
  #ticking: ReturnType<typeof setInterval> | undefined

  constructor() {
    super()
    this.src = null
    this.project = null
    this.file = ""
    this.runtime = null
    this.status = "idle"
    const changed = () => this.requestUpdate()
    this.#out = new CellOutput({
      changed,
      announce: (text) => this.#announce(text),
      label: (file) => this.#label(file),
    })
    this.#machine = new LearnersMachine({ changed, control: () => this.#control })
    this.#control = new RunControl({
      status: (status) => this.#setStatus(status),
      started: (program) => this.#programStarts(program),
      refused: (diagnostics) => {
        this.#out.refused(diagnostics)
        this.#code.setErrors(this.#out.squiggles)
      },
      value: (name, text) => this.#value(name, text),
      output: (chunks) => {
        this.#out.output(chunks)
        this.#fire("mirage-output", { text: chunks.map((c) => c.text).join("") })
      },
      error: (error) => {
        this.#out.error(error)
        this.#code.setErrors(this.#out.squiggles)
      },
      serving: (machine) => {
        this.#announce(`${machine.name} is up at ${machine.address}`)
        this.#machine.serving(machine)
      },
      frames: (frames, dropped) => this.#machine.add(frames, dropped),
      stuck: (stuck) => {
        this.#stuck = stuck
        changed()
      },
    })
    this.#code = new CodeArea(this, {
      project: () => this.#open(),
      files: () => this.#files(),
      onRun: () => void this.run(),
      onRunNext: () => this.#runNext(),
      onEscape: () => this.#runButton()?.focus(),
      loading: (loading) => {
        this.#loadingEditor = loading
        changed()
      },
      focused: (focused) => {
        this.#codeFocused = focused
        changed()
      },
      typed: changed,
    })
    this.addEventListener("keydown", (e) => this.#key(e))
    this.addEventListener("pointerenter", warm, { once: true })
    this.addEventListener("focusin", warm, { once: true })
    this.addEventListener("mirage-goto", (e) => this.#goto(e as CustomEvent<Position & { project: string }>))
  }

  /** The current text of the file that runs. */
  get value(): string {
    return this.#store?.text(this.file) ?? this.#code.madeText()
  }

  set value(text: string) {
    void this.#open().then(
      (store) => store.setText(this.file, text),
      (e: unknown) => toast(String(e)),
    )
  }

  /** What the last run printed so far, as plain text: value lines, printed text, errors. */
  get output(): string {
    return this.#out.text
  }

  /** What has crossed the simulated network in the last run. */
  get frames(): FrameList {
    return this.#machine.frames
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#adopt()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // A slide show may move a cell; only one that stays away is given up.
    queueMicrotask(() => {
      if (this.isConnected) return
      void this.#control.stop()
      this.#unsubscribe()
      this.#store = undefined
      this.#opening = undefined
      this.#code.dispose()
      this.#out.announcer.clear()
      clearInterval(this.#ticking)
    })
  }

  /** Run the cell, in place of a run that is going on. Settles when the run has ended or its unikernel serves. */
  async run(): Promise<void> {
    this.#fire("mirage-run", { file: this.file })
    this.#out.begin()
    this.#code.setErrors(new Map())
    this.#machine.clear()
    this.#checking = Promise.resolve()
    this.#types = undefined
    this.#stuck = false
    await this.#control.run({ build: () => this.#build(), sandbox: () => runner.sandbox() }, () => paceOf(this.#pace))
    const known = Promise.all([this.#checking, this.#typesKnown()])
    await Promise.race([known, new Promise((resolve) => setTimeout(resolve, TYPES_MS))])
    this.#out.view?.flush()
    await this.updateComplete
  }

  /** End the run, endless loop or not. */
  async stop(): Promise<void> {
    await this.#control.stop()
  }

  /** The author's text again, in every tab. The reader is offered the way back. */
  async reset(): Promise<void> {
    const store = await this.#open()
    const undo = store.reset(this.#cell(store)?.files ?? [this.file])
    toast(`${this.#label(this.file)} is as it was at first.`, { label: "Undo", run: undo })
  }

  /** Type a command on the learner's machine, 10.0.0.1. Resolves with what it printed. */
  async shell(line: string): Promise<string> {
    return this.#machine.type(line)
  }

  /** Bring the cell into view and put the caret in a file of it. */
  async goTo(file: string, at?: Caret): Promise<void> {
    this.#bringIntoView()
    this.#tab = file
    this.#preview = false
    this.requestUpdate()
    await this.#code.edit(file, at)
  }

  /** Take the focus, for Shift+Enter of the cell before. */
  override focus(): void {
    this.#code.focus()
  }

  /** Whether a file is one of the cell's tabs. */
  has(file: string): boolean {
    return this.#files().includes(file)
  }

  #adopt(): void {
    if (this.file === "") this.file = this.querySelector<HTMLElement>(".cell-code")?.dataset["file"] ?? "cell.ts"
    this.#code.adopt(this.file)
    this.#expected ??= this.querySelector(":scope > pre.cell-output")?.textContent ?? undefined
    if (this.#tab === "") this.#tab = this.file
    if (this.project === null) this.project = adHocProject(this, projects)
    // Nothing is fetched for a cell that nobody has touched, here or before.
    projects
      .hasEdits(this.project, this.#files())
      .then((has) => (has ? this.#open() : undefined))
      .catch(() => {})
  }

  #open(): Promise<ProjectStore> {
    this.#opening ??= projects.open(this.project ?? "").then(
      (store) => {
        this.#store = store
        this.#unsubscribe = store.subscribe((file) => this.#textChanged(file))
        this.#showTab()
        this.requestUpdate()
        return store
      },
      (e: unknown) => {
        this.#opening = undefined
        throw e
      },
    )
    return this.#opening
  }

  async #build(): Promise<Awaited<ReturnType<Awaited<ReturnType<typeof programBuilder>>["program"]>>> {
    const [store, { program }] = await Promise.all([this.#open(), programBuilder()])
    const built = await program(store.data, store.changed(), this.file)
    if (built.ok) {
      const files = built.value.modules.map((m) => m.name)
      this.#checking = this.#typeCheck(store, files)
      // An untouched program is what the build checked: nothing to wait for.
      if (files.some((f) => store.edited(f))) {
        await Promise.race([this.#checking, new Promise((resolve) => setTimeout(resolve, TYPE_CHECK_MS))])
      }
    }
    return built
  }

  async #typeCheck(store: ProjectStore, files: readonly string[]): Promise<void> {
    const out = this.#out
    const begun = out.run
    const typist = this.#code.typist(store.name)
    let found: readonly Diagnostic[]
    if (!files.some((f) => store.edited(f))) found = files.flatMap((f) => store.file(f)?.errors ?? [])
    else found = typist === undefined ? [] : await typist.typeErrors(files).catch(() => [])
    if (out.run === begun) out.typed(found)
  }

  #programStarts(program: Program): void {
    const entry = program.modules.find((m) => m.name === program.entry)
    this.#out.bindings(entry?.bindings.map((b) => b.name) ?? [])
    const store = this.#store
    if (store !== undefined) this.#types = new TypesOfValues(store, program, this.#code.typist(store.name))
  }

  #value(name: string, text: string): void {
    const type = this.#types?.of(name)
    this.#out.value({ name, text, ...(type !== undefined && { type }) })
    const begun = this.#out.run
    this.#types?.ask(name, (answer) => {
      if (this.#out.run === begun) this.#out.type(name, answer)
    })
  }

  async #typesKnown(): Promise<void> {
    await this.#types?.settled()
  }

  #setStatus(status: CellStatus): void {
    const now = performance.now()
    if (status === "compiling") this.#started = now
    this.#elapsed = now - this.#started
    clearInterval(this.#ticking)
    if (status === "compiling" || status === "running") {
      this.#ticking = setInterval(() => {
        this.#elapsed = performance.now() - this.#started
        this.requestUpdate()
      }, 100)
    } else {
      this.#stuck = false
      this.#machine.ended(status)
      this.#out.end()
      this.#out.announcer.flush(statusText(status, showElapsed(this.#elapsed), false))
    }
    this.status = status
    // Now and not with the next render: whoever hears the event may look at the attribute.
    this.setAttribute("status", status)
    this.#fire("mirage-status", { status })
  }

  #active(): boolean {
    return this.status === "compiling" || this.status === "running"
  }

  #textChanged(file: string): void {
    if (!this.#files().includes(file)) return
    this.#code.changed()
    if (this.#code.editor === undefined && file === this.#tab) this.#showTab()
    this.requestUpdate()
  }

  #select(tab: string): void {
    this.#tab = tab
    this.#preview = false
    this.requestUpdate()
    // A tab other than the entry needs the project's data: its text is not on the page.
    if (this.#store === undefined && tab !== this.file) {
      this.#open().catch((e: unknown) => toast(e instanceof Error ? e.message : String(e)))
    } else this.#showTab()
  }

  #showTab(): void {
    const store = this.#store
    if (this.#tab === OCAML) {
      const ocaml = store === undefined ? undefined : this.#cell(store)?.ocaml
      if (ocaml !== undefined) this.#code.preview("OCaml, to compare", ocaml, "ocaml")
    } else if (this.#preview) {
      this.#code.preview("The new starting text", store?.starting(this.#tab) ?? "", "typescript")
    } else {
      const made = this.#tab === this.file && store?.edited(this.#tab) !== true
      this.#code.show(this.#tab, made ? undefined : store?.text(this.#tab), store?.file(this.#tab)?.language ?? "text")
    }
  }

  #cell(store: ProjectStore): Cell | undefined {
    return store.cell(this.file)
  }

  /** Files that have tabs. Before the project is there, as many as can be known. */
  #files(): readonly string[] {
    const store = this.#store
    if (store === undefined) {
      const folder = this.file.slice(0, this.file.lastIndexOf("/") + 1)
      const labels = this.dataset["tabs"]?.split(" ") ?? []
      return labels.length > 1 ? labels.map((label) => folder + label) : [this.file]
    }
    const files = (this.#cell(store)?.files ?? [this.file]).map((f) => store.file(f))
    return files.filter((f): f is ProjectFile => f !== undefined && f.hidden !== true).map((f) => f.name)
  }

  #label(file: string): string {
    const folder = this.file.slice(0, this.file.lastIndexOf("/") + 1)
    return this.#store?.file(file)?.label ?? (file.startsWith(folder) ? file.slice(folder.length) : file)
  }

  #tabs(): { key: string; label: string }[] {
    const tabs = this.#files().map((file) => ({ key: file, label: this.#label(file) }))
    const ocaml = this.#store === undefined ? this.hasAttribute("data-ocaml") : this.#cell(this.#store)?.ocaml
    return ocaml === undefined || ocaml === false ? tabs : [...tabs, { key: OCAML, label: "OCaml" }]
  }

  #go(at: Position): void {
    const detail = { ...at, project: this.project ?? "" }
    this.dispatchEvent(new CustomEvent("mirage-goto", { detail, bubbles: true, composed: true, cancelable: true }))
  }

  #goto(event: CustomEvent<Position & { project: string }>): void {
    const { project, file, line, column } = event.detail
    const cells = [this as MirageCell, ...document.querySelectorAll<MirageCell>("mirage-cell")]
    const cell = cells.find((c) => c instanceof MirageCell && c.project === project && c.has(file))
    if (cell === undefined || event.defaultPrevented) return
    event.preventDefault()
    cell.goTo(file, { line, column }).catch((e: unknown) => toast(String(e)))
  }

  #runNext(): void {
    void this.run()
    if (!this.#fire("mirage-next", { file: this.file })) return
    const cells = [...document.querySelectorAll<MirageCell>("mirage-cell")]
    const next = cells[cells.indexOf(this) + 1]
    if (next === undefined) return
    next.#bringIntoView()
    next.focus()
  }

  #bringIntoView(): void {
    if (this.#fire("mirage-reveal", { file: this.file })) this.scrollIntoView({ block: "nearest" })
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.key !== "Enter") return
    // Not in the terminal and the address bar, and Shift+Enter presses a button as Enter does.
    const inner = event.composedPath()[0]
    if (inner instanceof HTMLInputElement) return
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      event.stopPropagation()
      void this.run()
    } else if (event.shiftKey && !(inner instanceof HTMLButtonElement)) {
      event.preventDefault()
      event.stopPropagation()
      this.#runNext()
    }
  }

  #runButton(): HTMLButtonElement | null {
    return this.renderRoot.querySelector<HTMLButtonElement>("button.run")
  }

  #announce(text: string): void {
    // The same words twice are two announcements.
    this.#says = text === this.#says ? `${text}\u00a0` : text
    this.requestUpdate()
  }

  #fire(type: string, detail: unknown): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }))
  }

  protected override firstUpdated(): void {
    const target = this.renderRoot.querySelector<HTMLElement>(".printed")
    const scroller = this.renderRoot.querySelector<HTMLElement>(".output")
    if (target !== null && scroller !== null) this.#out.view = new OutputView(target, scroller)
  }

  protected override updated(): void {
    this.#machine.rendered(this.renderRoot)
    // An error is what the reader looks for: it is shown though the output is longer than its place.
    const errors = this.#out.errors.length
    if (errors > this.#errorsShown) {
      const scroller = this.renderRoot.querySelector(".output")
      scroller?.scrollTo({ top: scroller.scrollHeight })
    }
    this.#errorsShown = errors
  }

  protected override render(): TemplateResult {
    const store = this.#store
    const files = this.#files()
    const stale = store === undefined ? undefined : files.find((f) => store.stale(f))
    const shown = this.#out.ran || this.#expected !== undefined
    const serving = this.#control.machines.length > 0
    const page = document.documentElement.dataset["mirageRuntime"]
    const actions: ResultActions = {
      go: (at) => this.#go(at),
      label: (file) => this.#label(file),
      tool: (which) => this.#machine.show(which),
    }
    return html`
      <div class="cell" part="cell" role="group" aria-label=${`Live code, ${this.#label(this.file)}`}>
        ${toolbar({
          tabs: this.#tabs(),
          tab: this.#tab,
          select: (tab) => this.#select(tab),
          key: tabKey,
          edited: store !== undefined && files.some((f) => store.edited(f)),
          hint: this.#loadingEditor ? "Loading the editor…" : this.#codeFocused ? "Enter to edit" : "",
          status: this.status,
          elapsed: this.#active() ? showRunning(this.#elapsed) : showElapsed(this.#elapsed),
          serving,
          stuck: this.#stuck,
          runtime: runtimeFor(askedRuntime(location.search, this.runtime, page)),
          timed: this.#usesTime(),
          pace: this.#pace,
          setPace: (name) => this.#setPace(name),
          run: () => void this.run(),
          stop: () => void this.stop(),
          reset: () => void this.reset().catch((e: unknown) => toast(String(e))),
        })}
        ${stale === undefined || store === undefined ? nothing : this.#stale(store, stale)}
        <div class=${shown ? "code" : "code last"} part="code" role=${this.#tabs().length > 1 ? "tabpanel" : nothing} id="code"
          aria-labelledby=${this.#tabs().length > 1 ? "file-tab-selected" : nothing}><slot></slot></div>
        ${this.#machine.render(this.#output(actions), shown)}
        <div class="unseen" role="status">${this.#says}</div>
      </div>`
  }

  #output(actions: ResultActions): TemplateResult {
    const out = this.#out
    const nothingYet = !out.ran && this.#expected !== undefined
    return html`<div class="output" part="output" role="log" aria-live="off" aria-label="Output" tabindex="0">
      ${nothingYet ? expected(this.#expected ?? "") : nothing}
      <div class=${out.dimmed ? "dimmed" : ""}>${above(out, actions)}<div class="printed"></div></div>
      ${below(out, actions)}</div>
      <div class="tail">${servingLine(this.#control.machines, actions)}${this.#words(out)}</div>`
  }

  #words(out: CellOutput): TemplateResult | typeof nothing {
    if (this.#stuck) {
      return html`<div class="says">No sign of life for two seconds: an endless loop? Stop ends it at once.</div>`
    }
    if (this.status === "stopped") return html`<div class="says">Stopped after ${showElapsed(this.#elapsed)}.</div>`
    if (this.status === "done" && out.empty) return html`<div class="says">It ran, and printed nothing.</div>`
    return nothing
  }

  #stale(store: ProjectStore, file: string): TemplateResult {
    const see = () => {
      this.#preview = !this.#preview
      this.#tab = file
      this.#showTab()
      this.requestUpdate()
    }
    const take = () => {
      this.#preview = false
      const undo = store.reset([file])
      this.#showTab()
      toast("The new starting text is in the cell.", { label: "Undo", run: undo })
    }
    const keep = () => {
      this.#preview = false
      store.keep(file)
      this.#showTab()
    }
    return html`<div class="told">
      <span>The starting text of ${this.#label(file)} has changed since you edited it. Yours is kept.</span>
      <button @click=${see}>${this.#preview ? "See mine" : "See the new one"}</button>
      <button @click=${take}>Take the new one</button>
      <button @click=${keep}>Keep mine</button>
    </div>`
  }

  #usesTime(): boolean {
    const store = this.#store
    const texts = store === undefined ? [this.#code.madeText()] : this.#files().map((f) => store.text(f))
    return texts.some((text) => /from\s+["']mirage/.test(text))
  }

  #setPace(name: PaceName): void {
    this.#pace = name
    const pace: Pace = paceOf(name)
    this.#control.setPace(pace)
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mirage-cell": MirageCell
  }
}
