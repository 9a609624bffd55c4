import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit"
import type { CSSResultGroup } from "lit"
import type { Fetched, Pace, Serving } from "../../sandbox/protocol.ts"
import type { CellAct } from "../mirror-protocol.ts"
import type { FrameList } from "../panes/rows.ts"
import { exerciseStyles } from "../exercise/exercise.css.ts"
import { ExercisePanel } from "../exercise/exercise-panel.ts"
import { later, pageRuntime, programBuilder, progress, projects, runner, warmBuilder } from "../page.ts"
import type { Position } from "../../toolchain/compiled-module.ts"
import type { ProjectStore } from "../project-store.ts"
import { tabKey } from "../tabs.ts"
import { toast } from "../toast.ts"
import { OutputView } from "../text/output-view.ts"
import { MirroredRun, perform, type Stage } from "./acts.ts"
import { CellFiles, say } from "./cell-files.ts"
import { CellOutput } from "./cell-output.ts"
import { CellRuntime } from "./cell-runtime.ts"
import { CodeArea } from "./code-area.ts"
import type { Caret } from "./editor-port.ts"
import { LearnersMachine } from "./learners-machine.ts"
import { printed, styles, tokens } from "./mirage-cell.css.ts"
import { ask, type GotoDetail, goOn, goto, reveal } from "./neighbours.ts"
import { placeNow, type TextsThen } from "./places-then.ts"
import { above, below, expected, type ResultActions, servingLine, words } from "./results.ts"
import { type CellStatus, RunControl } from "./run-control.ts"
import { adHocProject } from "./single-file.ts"
import { type PaceName, paceOf, toolbar } from "./toolbar.ts"
import { TypedRun } from "./typed-run.ts"
import { showElapsed, showRunning, statusText } from "./words.ts"

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
 * @attr data-exercise - How many hints the exercise has; absent if the cell is none. Written by the build.
 * @attr timeline - Runs tell what becomes of their promises, and the first one shows it.
 * @attr panes - Under the output there is something that wants room: a terminal and frames, a timeline; set by the cell.
 * @attr status - `idle`, `compiling`, `running`, `done`, `failed` or `stopped`; set by the cell.
 *
 * @fires mirage-run - A run begins. `detail.file`.
 * @fires mirage-output - Text was printed. `detail.text`, escape sequences and all.
 * @fires mirage-status - `detail.status` is the new status.
 * @fires mirage-serving - A unikernel is up; `detail.machine`. The panes are there.
 * @fires mirage-panes - What is under the output wants more room than before, or less.
 * @fires mirage-act - Something happened in the cell; `detail` is a `CellAct`, for `mirror` of the same cell elsewhere.
 * @fires mirage-check - The checks of an exercise were run; `detail` is `{passed, results, trouble}`.
 * @fires mirage-next - Shift+Enter: go to the next cell. Cancel it to do so yourself.
 * @fires mirage-reveal - The cell is about to take the focus: bring it into view. Cancel it to do so yourself.
 * @fires mirage-goto - A place in a file of another cell was chosen; `detail` is `{project, file, line, column}`. Handled
 *   here when that cell is on the page.
 *
 * @csspart cell - The box. @csspart bar - The toolbar. @csspart code - Around the code. @csspart output - The output.
 * @csspart exercise - Check, hints and solution. @csspart pane - The terminal, the browser, the frames.
 * @cssprop --mirage-cell-font-size=1.125rem  @cssprop --mirage-code-size=1em
 * @cssprop --mirage-cell-code-height - Where the code begins to scroll.
 * @cssprop --mirage-cell-editor-height - How high an editor is; as high as its text if not given.
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
    timeline: { type: Boolean },
  }
  static override styles: CSSResultGroup = [tokens, printed, styles, exerciseStyles]

  declare src: string | null
  declare project: string | null
  declare file: string
  declare runtime: string | null
  declare status: CellStatus
  declare timeline: boolean

  readonly #control: RunControl
  readonly #out: CellOutput
  readonly #code: CodeArea
  readonly #machine: LearnersMachine
  readonly #files: CellFiles
  readonly #exercise: ExercisePanel
  readonly #typed: TypedRun
  readonly #runtime: CellRuntime
  readonly #stage: Stage
  /** In place of a run of its own: what another window has said of its run. */
  #mirrored: MirroredRun | undefined
  /** What the last run is of. */
  #texts: TextsThen = {}
  /** What the terminal and the browser are connected to. */
  readonly #session = {
    shell: (...a: Parameters<RunControl["shell"]>): Promise<string> => this.#control.shell(...a),
    fetch: async (url: string): Promise<Fetched> => {
      const answer = await this.#control.fetch(url)
      this.#did({ tag: "fetched", url, answer })
      return answer
    },
  }
  /** A text set from outside before the project is there. */
  #given: string | undefined
  #expected: string | undefined
  #says = ""
  #loadingEditor = false
  #codeFocused = false
  #stuck = false
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
    this.timeline = false
    const changed = () => this.requestUpdate()
    this.#files = new CellFiles(this, projects, () => this.#code, changed)
    this.#out = new CellOutput({
      changed,
      announce: (text) => this.#announce(text),
      label: (file) => this.#files.label(file),
    })
    this.#machine = new LearnersMachine({
      changed,
      session: () => this.#mirrored ?? this.#session,
      did: (act) => this.#did(act),
      go: (at) => this.#goTo(at),
      run: () => void this.run(),
      label: (file) => (file === this.file && this.#files.names().length === 1 ? "" : this.#files.label(file)),
      timeline: () => this.timeline,
    })
    this.#control = new RunControl({
      status: (status) => this.#act({ tag: "status", status }),
      started: (program) => {
        this.#runtime.settled()
        this.#typed.starts(program)
      },
      refused: (diagnostics) => this.#act({ tag: "refused", diagnostics }),
      value: (name, text) => this.#typed.value(name, text),
      output: (chunks) => this.#act({ tag: "output", chunks }),
      error: (error) => this.#act({ tag: "error", error }),
      serving: (machine) => this.#act({ tag: "serving", machine }),
      frames: (frames, dropped) => this.#act({ tag: "frames", frames, dropped }),
      threads: (batch) => this.#act({ tag: "threads", batch }),
      stuck: (stuck) => this.#act({ tag: "stuck", stuck }),
    })
    this.#code = new CodeArea(this, {
      project: () => this.#files.open(),
      files: () => this.#files.names(),
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
    this.#stage = {
      out: this.#out,
      code: this.#code,
      machine: this.#machine,
      files: this.#files,
      begin: () => {
        this.#typed.begin()
        this.#stuck = false
      },
      texts: (texts) => {
        this.#texts = texts
      },
      ran: (choice) => {
        this.#runtime.ran = choice
        changed()
      },
      status: (status) => this.#setStatus(status),
      serving: (machine) => this.#serving(machine),
      stuck: (stuck) => {
        this.#stuck = stuck
        changed()
      },
      printed: (text) => void this.#fire("mirage-output", { text }),
    }
    this.#typed = new TypedRun({
      out: this.#out,
      code: this.#code,
      file: () => this.file,
      open: () => this.#files.open(),
      builder: programBuilder,
      traces: () => this.#machine.traces,
      act: (act) => this.#act(act),
    })
    this.#runtime = new CellRuntime(
      {
        attribute: () => this.runtime,
        project: () => this.project ?? "",
        changed,
        ran: (choice) => this.#act({ tag: "ran", choice }),
        announce: (text) => this.#announce(text),
        stop: () => void this.stop(),
        badge: () => this.renderRoot.querySelector<HTMLElement>("button.runtime"),
      },
      pageRuntime,
      runner,
    )
    this.#exercise = new ExercisePanel(
      {
        element: this,
        project: () => this.project ?? "",
        file: () => this.file,
        open: () => this.#files.open(),
        label: (file) => this.#files.label(file),
        changed,
        announce: (text) => this.#announce(text),
        go: (at, then) => this.#goTo(at, then),
        say,
        checked: ({ results, trouble }, passed) => this.#fire("mirage-check", { passed, results, trouble }),
        taken: (undo) => toast("The solution is in the cell.", { label: "Undo", run: undo }),
      },
      progress,
      { sandbox: () => runner.embedded(), program: async () => (await programBuilder()).program, later },
    )
    this.addEventListener("keydown", (e) => this.#key(e))
    const warm = () => {
      this.#runtime.warm()
      warmBuilder()
    }
    this.addEventListener("pointerenter", warm, { once: true })
    this.addEventListener("focusin", warm, { once: true })
    this.addEventListener("mirage-goto", (e) => goto(this, e as CustomEvent<GotoDetail>))
  }

  /** The current text of the file that runs. */
  get value(): string {
    return this.#given ?? this.#files.store?.text(this.file) ?? this.#code.madeText()
  }

  set value(text: string) {
    this.#given = text
    const give = (store: ProjectStore) => {
      if (this.#given === undefined) return
      store.setText(this.file, this.#given)
      this.#given = undefined
    }
    void this.#files.open().then(give, say)
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
    this.#runtime.begin()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // A slide show may move a cell; only one that stays away is given up.
    queueMicrotask(() => {
      if (this.isConnected) return
      void this.#control.stop()
      this.#files.end()
      this.#exercise.end()
      this.#runtime.end()
      this.#code.dispose()
      this.#out.announcer.clear()
      clearInterval(this.#ticking)
    })
  }

  /** Run the cell, in place of a run that is going on. Settles when the run has ended or its unikernel serves. */
  async run(): Promise<void> {
    this.#fire("mirage-run", { file: this.file })
    this.#mirrored = undefined
    this.#act({ tag: "begin" })
    const sandbox = () => runner.sandbox(this.#runtime.request())
    await this.#control.run({ build: () => this.#typed.build(), sandbox }, () => paceOf(this.#pace))
    await this.#typed.known()
    this.#out.view?.flush()
    await this.updateComplete
  }

  /** End the run, endless loop or not. */
  async stop(): Promise<void> {
    if (this.#mirrored !== undefined && this.#active()) {
      // The other window's run goes on; this one looks no longer.
      this.#mirrored = undefined
      this.#setStatus("stopped")
    }
    await this.#control.stop()
  }

  /** Show what the same cell does in another window, instead of running. `detail` of that cell's `mirage-act`s. */
  mirror(act: CellAct): void {
    if (act.tag === "begin") {
      if (this.#mirrored === undefined) void this.#control.stop()
      this.#mirrored = new MirroredRun()
    }
    // Whoever has started a run here sees that one, until there is a new one over there.
    if (this.#mirrored === undefined && act.tag !== "tab") return
    const ends = act.tag === "status" && act.status !== "compiling" && act.status !== "running"
    if (ends) this.#mirrored?.ended()
    perform(act, this.#stage, this.#mirrored ?? new MirroredRun())
  }

  /** The author's text again, in every tab. The reader is offered the way back. */
  async reset(): Promise<void> {
    await this.#files.reset()
  }

  /** Run the checks of an exercise on the current text. Resolves with whether all of them have passed. */
  async check(): Promise<boolean> {
    return this.#exercise.there && (await this.#exercise.check())
  }

  /** Type a command on the learner's machine, 10.0.0.1. Resolves with what it printed. */
  async shell(line: string): Promise<string> {
    return this.#machine.type(line)
  }

  /** Bring the cell into view and put the caret in a file of it. */
  async goTo(file: string, at?: Caret): Promise<void> {
    reveal(this)
    this.#files.focus(file)
    await this.#code.edit(file, at)
  }

  /** Show one of the cell's files, and take the focus. */
  showFile(file: string): void {
    if (this.has(file) && file !== this.#files.tab) this.#files.select(file)
    // A cell that has only just come to life has no place for its code before it has been rendered.
    void this.updateComplete.then(() => this.focus())
  }

  /** Take the focus, for Shift+Enter of the cell before. */
  override focus(): void {
    this.#code.focus()
  }

  /** Fetch the project, before it is wanted. What fails here is told when it is. */
  async prepare(): Promise<void> {
    await this.#files.open().catch(() => {})
  }

  /** Whether a file is one of the cell's tabs. */
  has(file: string): boolean {
    return this.#files.names().includes(file)
  }

  #adopt(): void {
    if (this.file === "") {
      const named = this.querySelector<HTMLElement>(".cell-code")?.dataset["file"]
      this.file = named ?? this.src?.split(/[?#]/)[0]?.split("/").pop() ?? "cell.ts"
    }
    this.#code.adopt(this.file)
    this.#expected ??= this.querySelector(":scope > pre.cell-output")?.textContent ?? undefined
    if (this.project === null) this.project = adHocProject(this, projects)
    this.#files.begin()
    this.#exercise.begin()
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
      this.#runtime.settled()
      this.#machine.ended(status)
      this.#out.end()
      this.#out.announcer.flush(statusText(status, showElapsed(this.#elapsed), false))
    }
    this.status = status
    // Now and not with the next render: whoever hears the event may look at the attribute.
    this.setAttribute("status", status)
    this.#fire("mirage-status", { status })
  }

  /** Something happens in this cell: show it, and let other windows know. */
  #act(act: CellAct): void {
    perform(act, this.#stage)
    this.#did(act)
  }

  #did(act: CellAct): void {
    if (this.#mirrored === undefined) this.#fire("mirage-act", act)
  }

  #serving(machine: Serving): void {
    this.#announce(`${machine.name} is up at ${machine.address}`)
    this.#machine.serving(machine)
    // For the page: there are panes now, and they stay. Set before anybody hears of it.
    this.toggleAttribute("panes", true)
    this.#fire("mirage-serving", { machine })
  }

  #active(): boolean {
    return this.status === "compiling" || this.status === "running"
  }

  #runNext(): void {
    void this.run()
    goOn(this)
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

  /** Go to a place that a run has told of, wherever that is by now; `then` are the texts of that run. */
  #goTo(at: Position, then: TextsThen = this.#texts): void {
    const go = (store: ProjectStore): void => {
      const { at: now, kept } = placeNow(at, then, store)
      ask(this, now)
      if (!kept)
        toast(`Line ${at.line} of ${this.#files.label(at.file)} was changed or deleted since that run: it was here.`)
    }
    void this.#files.open().then(go).catch(say)
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
    if (this.hasAttribute("panes") !== this.#machine.wantsRoom) {
      this.toggleAttribute("panes", this.#machine.wantsRoom)
      this.#fire("mirage-panes", {})
    }
    // An error is what the reader looks for: it is shown though the output is longer than its place.
    const errors = this.#out.errors.length
    if (errors > this.#errorsShown) {
      const scroller = this.renderRoot.querySelector(".output")
      scroller?.scrollTo({ top: scroller.scrollHeight })
    }
    this.#errorsShown = errors
    if (this.#stuck || this.status === "stopped") this.#out.view?.toEnd()
  }

  protected override render(): TemplateResult {
    const tabs = this.#files.tabs()
    const shown = this.#out.ran || this.#expected !== undefined
    const { machines } = this.#mirrored ?? this.#control
    const serving = machines.length > 0
    const actions: ResultActions = {
      go: (at) => this.#goTo(at),
      label: (file) => this.#files.label(file),
      tool: (which) => this.#machine.show(which),
    }
    return html`
      <div class="cell" part="cell" role="group" aria-label=${`Live code, ${this.#files.label(this.file)}`}>
        ${toolbar({
          tabs,
          tab: this.#files.tab,
          select: (tab) => {
            this.#files.select(tab)
            this.#did({ tag: "tab", tab })
          },
          key: tabKey,
          edited: this.#files.edited,
          hint: this.#loadingEditor
            ? "Loading the editor…"
            : this.#runtime.waiting
              ? "Waiting for the WebContainer"
              : this.#codeFocused
                ? "Enter to edit"
                : "",
          status: this.status,
          elapsed: this.#active() ? showRunning(this.#elapsed) : showElapsed(this.#elapsed),
          serving,
          stuck: this.#stuck,
          runtime: this.#runtime.choice,
          openRuntime: () => void this.#runtime.menu(),
          timed: this.#files.usesLibrary,
          pace: this.#pace,
          setPace: (name) => this.#setPace(name),
          run: () => void this.run(),
          stop: () => void this.stop(),
          reset: () => void this.reset().catch(say),
        })}
        ${this.#files.told()}
        <div class=${shown || this.#exercise.there ? "code" : "code last"} part="code" role=${tabs.length > 1 ? "tabpanel" : nothing} id="code"
          aria-labelledby=${tabs.length > 1 ? "file-tab-selected" : nothing}><slot></slot></div>
        ${this.#machine.render(this.#output(actions), shown)}${this.#exercise.render()}
        <div class="unseen" role="status">${this.#says}</div>
      </div>`
  }

  #output(actions: ResultActions): TemplateResult {
    const out = this.#out
    const nothingYet = !out.ran && this.#expected !== undefined
    return html`<div class="output" part="output" role="log" aria-live="off" aria-label="Output" tabindex="0">
      ${nothingYet ? expected(this.#expected ?? "") : nothing}
      <div class=${out.dimmed ? "dimmed" : ""}>${above(out, actions)}<div class="printed"></div></div>
      ${below(out, actions)}${words(out, this.status, this.#stuck, showElapsed(this.#elapsed))}</div>
      ${servingLine((this.#mirrored ?? this.#control).machines, actions)}`
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
