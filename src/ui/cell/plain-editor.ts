// A text area that fits the editor's port: on phones, where Monaco is no help, and wherever Monaco cannot be had. It
// knows nothing of types; errors are listed under the text in words.

import type { Diagnostic } from "../../toolchain/compiled-module.ts"
import type { Caret, CellEditor, EditorOptions, EditorProject } from "./editor-port.ts"

let count = 0

class PlainEditor implements CellEditor {
  readonly #host: HTMLElement
  readonly #project: EditorProject
  readonly #options: EditorOptions
  readonly #area = document.createElement("textarea")
  readonly #errors = document.createElement("div")
  readonly #texts = new Map<string, string>()
  readonly #carets = new Map<string, number>()
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>()
  readonly #heard: ((file: string, text: string) => void)[] = []
  readonly #unsubscribe: () => void
  #file: string

  constructor(host: HTMLElement, project: EditorProject, options: EditorOptions) {
    this.#host = host
    this.#project = project
    this.#options = options
    this.#file = options.show
    host.classList.add("mirage-plain-editor")
    const area = this.#area
    area.spellcheck = false
    area.wrap = "off"
    area.setAttribute("autocapitalize", "off")
    area.setAttribute("autocomplete", "off")
    area.setAttribute("autocorrect", "off")
    this.#errors.id = `mirage-plain-errors-${++count}`
    this.#errors.className = "errors"
    area.setAttribute("aria-describedby", this.#errors.id)
    area.addEventListener("input", () => {
      this.#texts.set(this.#file, area.value)
      for (const heard of this.#heard) heard(this.#file, area.value)
    })
    area.addEventListener("keydown", (e) => this.#key(e))
    host.append(area, this.#errors)
    this.#unsubscribe = project.subscribe((file) => this.setText(file, project.text(file)))
    this.#present()
  }

  show(file: string): void {
    if (file === this.#file) return
    this.#carets.set(this.#file, this.#area.selectionStart)
    this.#file = file
    this.#present()
    const caret = this.#carets.get(file) ?? 0
    this.#area.setSelectionRange(caret, caret)
  }

  text(file: string): string {
    return this.#texts.get(file) ?? this.#project.text(file)
  }

  setText(file: string, text: string): void {
    if (text === this.text(file)) return
    this.#texts.set(file, text)
    if (file === this.#file) this.#area.value = text
  }

  focus(at?: Caret): void {
    const area = this.#area
    if (at !== undefined) {
      const offset = offsetOf(area.value, at)
      area.setSelectionRange(offset, offset)
      const lineHeight = Number.parseFloat(getComputedStyle(area).lineHeight)
      if (Number.isFinite(lineHeight)) area.scrollTop = Math.max(0, (at.line - 3) * lineHeight)
    }
    area.focus()
  }

  setErrors(file: string, diagnostics: readonly Diagnostic[]): void {
    this.#diagnostics.set(file, diagnostics)
    if (file === this.#file) this.#presentErrors()
  }

  onChange(heard: (file: string, text: string) => void): void {
    this.#heard.push(heard)
  }

  async bindingType(): Promise<undefined> {
    return undefined
  }

  async typeErrors(): Promise<readonly Diagnostic[]> {
    return []
  }

  layout(): void {
    // A text area lays itself out.
  }

  dispose(): void {
    this.#unsubscribe()
    this.#area.remove()
    this.#errors.remove()
    this.#host.classList.remove("mirage-plain-editor")
  }

  #present(): void {
    this.#area.value = this.text(this.#file)
    this.#area.setAttribute("aria-label", `${this.#options.label}, ${this.#file}`)
    this.#presentErrors()
  }

  #presentErrors(): void {
    const diagnostics = this.#diagnostics.get(this.#file) ?? []
    this.#area.setAttribute("aria-invalid", String(diagnostics.length > 0))
    this.#errors.replaceChildren(
      ...diagnostics.slice(0, 5).map((d) => {
        const line = document.createElement("div")
        line.textContent = `Line ${d.line}: ${d.message}`
        return line
      }),
    )
  }

  #key(event: KeyboardEvent): void {
    // While a word is being composed, Enter belongs to the input method.
    if (event.isComposing) return
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      this.#options.onRun()
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault()
      this.#options.onRunNext()
    } else if (event.key === "Enter") {
      const indent = indentation(this.#area.value, this.#area.selectionStart)
      if (indent === "") return
      // insertText keeps the browser's undo; where it is refused, an ordinary Enter happens.
      if (document.execCommand("insertText", false, `\n${indent}`)) event.preventDefault()
    } else if (event.key === "Escape") {
      event.preventDefault()
      this.#options.onEscape()
    }
  }
}

/** The offset of a caret in a text; a place beyond the text is its nearest place. */
export function offsetOf(text: string, at: Caret): number {
  let start = 0
  for (let line = 1; line < at.line; line++) {
    const newline = text.indexOf("\n", start)
    if (newline < 0) break
    start = newline + 1
  }
  const end = text.indexOf("\n", start)
  return Math.min(start + Math.max(0, at.column - 1), end < 0 ? text.length : end)
}

/** The caret at an offset. */
export function caretOf(text: string, offset: number): Caret {
  const before = text.slice(0, offset)
  const newline = before.lastIndexOf("\n")
  let line = 1
  for (const c of before) if (c === "\n") line += 1
  return { line, column: before.length - newline }
}

/** The blanks that the line of `offset` begins with, as far as they are before it. */
export function indentation(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ""
}

/** Make a plain editor in `host`. */
export async function createPlainEditor(
  host: HTMLElement,
  project: EditorProject,
  options: EditorOptions,
): Promise<CellEditor> {
  return new PlainEditor(host, project, options)
}
