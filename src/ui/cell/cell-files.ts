// The files of a cell: which have tabs, which tab is shown, and the reader's text of each. The project behind them is
// fetched when something is wanted that the page does not hold: another tab, a run, an edit of an earlier visit.

import { html, nothing, type TemplateResult } from "lit"
import type { ProjectFile } from "../../content/project.ts"
import type { Projects, ProjectStore } from "../project-store.ts"
import { toast } from "../toast.ts"
import type { CodeArea } from "./code-area.ts"

const OCAML = "#ocaml"

/** The attributes of the cell that say which files are its own. */
export interface FilesOf extends HTMLElement {
  readonly file: string
  readonly project: string | null
}

/** One cell's files. */
export class CellFiles {
  readonly #cell: FilesOf
  readonly #projects: Projects
  readonly #code: () => CodeArea
  readonly #changed: () => void
  #store: ProjectStore | undefined
  #opening: Promise<ProjectStore> | undefined
  #unsubscribe: () => void = () => {}
  #tab = ""
  /** The author's new text is shown in place of the reader's. */
  #preview = false

  constructor(cell: FilesOf, projects: Projects, code: () => CodeArea, changed: () => void) {
    this.#cell = cell
    this.#projects = projects
    this.#code = code
    this.#changed = changed
  }

  /** The project, if it is here. */
  get store(): ProjectStore | undefined {
    return this.#store
  }

  /** The key of the tab that is shown. */
  get tab(): string {
    return this.#tab
  }

  /** The cell is on the page: fetch the project only if the reader has edited these files before. */
  begin(): void {
    if (this.#tab === "") this.#tab = this.#cell.file
    if (!this.#code().made) {
      // There is nothing to be read before it is fetched.
      this.open().catch(say)
      return
    }
    this.#projects
      .hasEdits(this.#cell.project ?? "", this.names())
      .then((has) => (has ? this.open() : undefined))
      // Who needs the project will be told.
      .catch(() => {})
  }

  /** The project. Rejects with words for the reader, and may then be asked for again. */
  open(): Promise<ProjectStore> {
    this.#opening ??= this.#projects.open(this.#cell.project ?? "").then(
      (store) => {
        this.#store = store
        this.#unsubscribe = store.subscribe((file) => this.#textChanged(file))
        this.#show()
        this.#changed()
        return store
      },
      (e: unknown) => {
        this.#opening = undefined
        throw e
      },
    )
    return this.#opening
  }

  /** Let go of the project. */
  end(): void {
    this.#unsubscribe()
    this.#store = undefined
    this.#opening = undefined
  }

  /** Files that have tabs. Before the project is there, as many as the page tells. */
  names(): readonly string[] {
    const store = this.#store
    const { file } = this.#cell
    if (store === undefined) {
      const labels = this.#cell.dataset["tabs"]?.split(" ") ?? []
      return labels.length > 1 ? labels.map((label) => this.#folder() + label) : [file]
    }
    const files = (store.cell(file)?.files ?? [file]).map((f) => store.file(f))
    return files.filter((f): f is ProjectFile => f !== undefined && f.hidden !== true).map((f) => f.name)
  }

  /** What a file is called on its tab. */
  label(file: string): string {
    const folder = this.#folder()
    return this.#store?.file(file)?.label ?? (file.startsWith(folder) ? file.slice(folder.length) : file)
  }

  tabs(): { key: string; label: string }[] {
    const tabs = this.names().map((file) => ({ key: file, label: this.label(file) }))
    const ocaml = this.#store === undefined ? this.#cell.hasAttribute("data-ocaml") : this.#ocaml() !== undefined
    return ocaml ? [...tabs, { key: OCAML, label: "OCaml" }] : tabs
  }

  /** Whether any of the cell's files differs from the author's text. */
  get edited(): boolean {
    const store = this.#store
    return store !== undefined && this.names().some((f) => store.edited(f))
  }

  /** Whether the cell has to do with the library OS, where simulated time passes. */
  get usesLibrary(): boolean {
    const store = this.#store
    const texts = store === undefined ? [this.#code().madeText()] : this.names().map((f) => store.text(f))
    return texts.some((text) => /from\s+["']mirage/.test(text))
  }

  select(tab: string): void {
    this.#tab = tab
    this.#preview = false
    this.#changed()
    // A tab other than the entry needs the project's data: its text is not on the page.
    if (this.#store === undefined && tab !== this.#cell.file) this.open().catch(say)
    else this.#show()
  }

  /** A place in `file` is about to be shown in the editor. */
  focus(file: string): void {
    this.#tab = file
    this.#preview = false
    this.#changed()
  }

  /** The author's text again, in every tab. The reader is offered the way back. */
  async reset(): Promise<void> {
    const store = await this.open()
    const undo = store.reset(store.cell(this.#cell.file)?.files ?? [this.#cell.file])
    toast(`${this.label(this.#cell.file)} is as it was at first.`, { label: "Undo", run: undo })
  }

  /** When the author has changed a text that the reader has edited: what to do about it. */
  told(): TemplateResult | typeof nothing {
    const store = this.#store
    const file = store === undefined ? undefined : this.names().find((f) => store.stale(f))
    if (store === undefined || file === undefined) return nothing
    const after = (act: () => void) => () => {
      this.#tab = file
      act()
      this.#show()
      this.#changed()
    }
    const see = after(() => {
      this.#preview = !this.#preview
    })
    const take = after(() => {
      this.#preview = false
      toast("The new starting text is in the cell.", { label: "Undo", run: store.reset([file]) })
    })
    const keep = after(() => {
      this.#preview = false
      store.keep(file)
    })
    return html`<div class="told">
      <span>The starting text of ${this.label(file)} has changed since you edited it. Yours is kept.</span>
      <button @click=${see}>${this.#preview ? "See mine" : "See the new one"}</button>
      <button @click=${take}>Take the new one</button>
      <button @click=${keep}>Keep mine</button>
    </div>`
  }

  #textChanged(file: string): void {
    if (!this.names().includes(file)) return
    this.#code().changed()
    // Editors follow by themselves; text has to be shown again.
    if (this.#code().editor === undefined && file === this.#tab) this.#show()
    this.#changed()
  }

  #show(): void {
    const store = this.#store
    const code = this.#code()
    const language = store?.file(this.#tab)?.language ?? "text"
    if (this.#tab === OCAML) {
      const ocaml = this.#ocaml()
      if (ocaml !== undefined) code.preview("OCaml, to compare", ocaml, "ocaml")
    } else if (this.#preview) {
      code.preview("The new starting text", store?.starting(this.#tab) ?? "", language)
    } else {
      const made = code.made && this.#tab === this.#cell.file && store?.edited(this.#tab) !== true
      code.show(this.#tab, made ? undefined : store?.text(this.#tab), language)
    }
  }

  #ocaml(): string | undefined {
    return this.#store?.cell(this.#cell.file)?.ocaml
  }

  /** The folder of a group's files. */
  #folder(): string {
    return this.#cell.file.slice(0, this.#cell.file.lastIndexOf("/") + 1)
  }
}

/** Tell the reader of a failure that nothing else shows. */
export function say(e: unknown): void {
  toast(e instanceof Error ? e.message : String(e))
}
