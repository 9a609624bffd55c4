// The code of a cell: in the light DOM, where the page's styles reach it. It is highlighted text until the reader wants
// to type; then an editor takes its place, Monaco where a keyboard and a wide screen are, a text area otherwise.

import type { Diagnostic } from "../../toolchain/compiled-module.ts"
import type { ProjectStore } from "../project-store.ts"
import { toast } from "../toast.ts"
import type { Caret, CellEditor, EditorOptions } from "./editor-port.ts"
import { highlighted } from "./highlight.ts"
import { caretOf, createPlainEditor } from "./plain-editor.ts"

/** Monaco is given this long; then the reader types into a text area rather than wait. */
const MONACO_MS = 10_000

/** Editors that know types, by project: any of them can answer for all its files. */
const typists = new Map<string, CellEditor>()

/** What the area tells its cell. */
export interface CodeHost extends Pick<EditorOptions, "onRun" | "onRunNext" | "onEscape"> {
  /** The reader wants to type: the area needs the project. */
  project(): Promise<ProjectStore>
  /** The files of the cell that have tabs. */
  files(): readonly string[]
  /** The editor is being fetched, or has come. */
  loading(loading: boolean): void
  /** The code has got the focus or lost it. */
  focused(focused: boolean): void
  /** The reader typed into `file`. */
  typed(file: string): void
}

/** The light DOM of one cell's code. */
export class CodeArea {
  readonly #cell: HTMLElement
  readonly #host: CodeHost
  /** What the build made: the entry's text. */
  #made: HTMLElement | undefined
  /** What is shown in its place: another file, an edited text, OCaml. */
  readonly #shown = document.createElement("div")
  #editorHost: HTMLElement | undefined
  #editor: CellEditor | undefined
  #opening: Promise<CellEditor> | undefined
  #file = ""
  #errors = new Map<string, readonly Diagnostic[]>()

  constructor(cell: HTMLElement, host: CodeHost) {
    this.#cell = cell
    this.#host = host
    this.#shown.className = "cell-code"
    this.#shown.hidden = true
  }

  get editor(): CellEditor | undefined {
    return this.#editor
  }

  /** An editor that knows the types of this project, if one has come. */
  typist(project: string): CellEditor | undefined {
    return typists.get(project)
  }

  /** Take the light DOM as the build made it. */
  adopt(file: string): void {
    const made = this.#cell.querySelector<HTMLElement>(":scope > .cell-code:not([data-shown])")
    if (this.#file !== "") return
    this.#file = file
    this.#shown.dataset["shown"] = ""
    this.#prepare(this.#shown)
    if (made === null) {
      this.#cell.append(this.#shown)
      return
    }
    this.#made = made
    made.after(this.#shown)
    this.#prepare(made)
    this.#label(made, file)
  }

  /** Whether the page holds the entry's text. */
  get made(): boolean {
    return this.#made !== undefined
  }

  /** The text that the build made, before the project is there. */
  madeText(): string {
    return this.#made?.textContent?.replace(/^\n+|\n+$/g, "") ?? ""
  }

  /** Show a file as text: as built if nobody has changed it. `text` undefined means as built. */
  show(file: string, text: string | undefined, language: string): void {
    this.#file = file
    if (this.#editor !== undefined) {
      this.#editor.show(file)
      this.#fit()
      this.#toggle(this.#editorHost)
      return
    }
    if (text === undefined) this.#toggle(this.#made)
    else {
      this.#shown.replaceChildren(highlighted(text, language))
      this.#label(this.#shown, file)
      this.#toggle(this.#shown)
    }
  }

  /** Show a text that is not to be edited, in place of everything: OCaml, or the author's new starting text. */
  preview(label: string, text: string, language: string): void {
    this.#shown.replaceChildren(highlighted(text, language))
    this.#shown.setAttribute("aria-label", label)
    this.#shown.dataset["readOnly"] = ""
    this.#toggle(this.#shown)
  }

  /** The text of `file` has changed elsewhere. Editors hear of it by themselves. */
  changed(): void {
    this.#fit()
  }

  setErrors(byFile: ReadonlyMap<string, readonly Diagnostic[]>): void {
    const before = this.#errors
    this.#errors = new Map(byFile)
    for (const file of new Set([...before.keys(), ...byFile.keys()])) {
      if (this.#host.files().includes(file)) this.#editor?.setErrors(file, byFile.get(file) ?? [])
    }
  }

  clearErrors(file: string): void {
    if (this.#errors.delete(file)) this.#editor?.setErrors(file, [])
  }

  /** Put the caret there, opening the editor if need be. */
  async edit(file: string, at?: Caret): Promise<void> {
    const editor = await this.#open(file)
    this.#file = file
    editor.show(file)
    this.#toggle(this.#editorHost)
    this.#fit()
    editor.focus(at)
  }

  /** Fetch the editor, so that it is there when it is wanted. */
  prefetch(): void {
    if (!wantsPlain()) import("../editor/editor.ts").catch(() => {})
  }

  /** Focus the code, as text or in the editor. */
  focus(): void {
    if (this.#editor !== undefined) this.#editor.focus()
    else (this.#shown.hidden ? this.#made : this.#shown)?.focus()
  }

  layout(): void {
    this.#editor?.layout()
  }

  dispose(): void {
    if (this.#editor === undefined) return
    for (const [project, typist] of typists) if (typist === this.#editor) typists.delete(project)
    this.#editor.dispose()
    this.#editor = undefined
    this.#opening = undefined
    this.#editorHost?.remove()
    this.#editorHost = undefined
    this.#toggle(this.#made)
  }

  #open(file: string): Promise<CellEditor> {
    if (this.#opening === undefined) {
      this.#host.loading(true)
      this.#opening = this.#create(file).finally(() => this.#host.loading(false))
      this.#opening.catch(() => {
        this.#opening = undefined
      })
    }
    return this.#opening
  }

  async #create(file: string): Promise<CellEditor> {
    const store = await this.#host.project()
    const host = document.createElement("div")
    host.className = "cell-editor"
    this.#cell.append(host)
    this.#editorHost = host
    // Sized before the editor comes into it, and not seen before it has.
    host.hidden = false
    host.style.visibility = "hidden"
    host.style.position = "absolute"
    this.#file = file
    this.#fit(store.text(file))
    const options: EditorOptions = {
      files: this.#host.files(),
      show: file,
      label: "Code",
      onRun: this.#host.onRun,
      onRunNext: this.#host.onRunNext,
      onEscape: this.#host.onEscape,
    }
    const editor = await createEditor(host, store, options)
    host.style.visibility = ""
    host.style.position = ""
    editor.onChange((changed, text) => {
      this.clearErrors(changed)
      store.setText(changed, text)
      this.#fit()
      this.#host.typed(changed)
    })
    this.#editor = editor
    for (const [name, errors] of this.#errors) if (options.files.includes(name)) editor.setErrors(name, errors)
    if (!host.classList.contains("mirage-plain-editor")) typists.set(store.name, editor)
    this.#toggle(host)
    editor.layout()
    return editor
  }

  /** As high as the text, up to what the page allows: cell.css makes the height of the lines. */
  #fit(text = this.#editor?.text(this.#file)): void {
    if (text === undefined || this.#editorHost === undefined) return
    const lines = text.split("\n").length
    this.#editorHost.style.setProperty("--mirage-lines", String(Math.max(3, lines)))
  }

  #toggle(visible: HTMLElement | undefined): void {
    const held = [this.#made, this.#shown].some((box) => box !== undefined && box.contains(document.activeElement))
    for (const box of [this.#made, this.#shown, this.#editorHost]) if (box !== undefined) box.hidden = box !== visible
    if (visible !== this.#shown || visible === undefined) delete this.#shown.dataset["readOnly"]
    if (held && visible !== this.#editorHost) visible?.focus()
    if (visible === this.#editorHost) this.#editor?.layout()
  }

  #label(box: HTMLElement, file: string): void {
    delete box.dataset["readOnly"]
    box.setAttribute("aria-label", `${file}. Press Enter to edit.`)
  }

  /** Make a box of code something that can be reached and opened by keyboard and pointer. */
  #prepare(box: HTMLElement): void {
    box.tabIndex = 0
    box.setAttribute("role", "textbox")
    box.setAttribute("aria-multiline", "true")
    box.setAttribute("aria-readonly", "true")
    for (const pre of box.querySelectorAll("pre")) pre.removeAttribute("tabindex")
    box.addEventListener("focus", () => {
      this.#host.focused(box.dataset["readOnly"] === undefined)
      this.prefetch()
    })
    box.addEventListener("blur", () => this.#host.focused(false))
    box.addEventListener("pointerdown", () => this.prefetch())
    box.addEventListener("click", (e) => this.#click(box, e))
    box.addEventListener("keydown", (e) => this.#key(box, e))
  }

  #click(box: HTMLElement, event: MouseEvent): void {
    if (box.dataset["readOnly"] !== undefined || event.defaultPrevented) return
    const selection = document.getSelection()
    // The reader is selecting, to copy: leave them.
    if (selection !== null && !selection.isCollapsed && box.contains(selection.anchorNode)) return
    void this.edit(this.#file, caretAt(box, event)).catch(cannotEdit)
  }

  #key(box: HTMLElement, event: KeyboardEvent): void {
    if (box.dataset["readOnly"] !== undefined || event.isComposing || event.target !== box) return
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey
    if (!plain || (event.key !== "Enter" && event.key !== "F2")) return
    event.preventDefault()
    event.stopPropagation()
    void this.edit(this.#file, { line: 1, column: 1 }).catch(cannotEdit)
  }
}

function cannotEdit(e: unknown): void {
  toast(e instanceof Error ? e.message : String(e))
}

/** Monaco wants a keyboard and room. */
function wantsPlain(): boolean {
  return matchMedia("(hover: none) and (pointer: coarse), (max-width: 599px)").matches
}

async function createEditor(host: HTMLElement, store: ProjectStore, options: EditorOptions): Promise<CellEditor> {
  if (wantsPlain()) return createPlainEditor(host, store, options)
  let late = false
  const monaco = import("../editor/editor.ts").then(async ({ createMonacoEditor }) => {
    // Too late for this cell; it is there for the next.
    if (late) throw new Error("too late")
    return createMonacoEditor(host, store, options)
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it takes too long to fetch")), MONACO_MS)
  })
  try {
    return await Promise.race([monaco, patience])
  } catch (e) {
    late = true
    // One that comes all the same must not stay in this cell.
    monaco.then((editor) => editor.dispose()).catch(() => {})
    toast(`A plain editor is used here: the full one could not be had (${e instanceof Error ? e.message : String(e)}).`)
    host.replaceChildren()
    return createPlainEditor(host, store, options)
  } finally {
    clearTimeout(timer)
  }
}

/** The caret at the place of a click on highlighted text. */
function caretAt(box: HTMLElement, event: MouseEvent): Caret | undefined {
  const legacy = document as Document & { caretRangeFromPoint?(x: number, y: number): Range | null }
  const position =
    "caretPositionFromPoint" in document ? document.caretPositionFromPoint(event.clientX, event.clientY) : null
  const old = position === null ? (legacy.caretRangeFromPoint?.(event.clientX, event.clientY) ?? null) : null
  const node = position?.offsetNode ?? old?.startContainer
  const offset = position?.offset ?? old?.startOffset
  const code = box.querySelector("code") ?? box
  if (node === undefined || offset === undefined || !code.contains(node)) return undefined
  const range = document.createRange()
  range.setStart(code, 0)
  range.setEnd(node, offset)
  return caretOf(code.textContent ?? "", range.toString().length)
}
