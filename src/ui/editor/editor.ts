// A cell's editor: Monaco, with our types, inside a slide that may be scaled. Imported when a reader first wants to type.

import type { Binding, Diagnostic } from "../../toolchain/compiled-module.ts"
import type { Caret, CellEditor, CreateEditor, EditorOptions, EditorProject } from "../cell/editor-port.ts"
import { CounterScaled } from "./counter-scale.ts"
import { monaco } from "./monaco.ts"
import { type ProjectModels, projectModels } from "./project-models.ts"
import { showSource } from "./source-viewer.ts"
import { bindingType, typeErrors } from "./type-service.ts"
import "./editor.css"

/** The owner of our markers: those of a run, beside TypeScript's own. */
const RUN_MARKERS = "mirage-run"

// When Escape has something of the editor's own to close, it does that and stays.
const NOTHING_TO_CLOSE = [
  "editorTextFocus",
  "!suggestWidgetVisible",
  "!parameterHintsVisible",
  "!renameInputVisible",
  "!findWidgetVisible",
  "!markersNavigationVisible",
  "!referenceSearchVisible",
  "!inReferenceSearchEditor",
  "!inSnippetMode",
  "!editorHasSelection",
  "!editorHasMultipleSelections",
].join(" && ")

/** Where a "go to definition" that leads to another file of the project wants to go. Cells listen for `mirage-goto`. */
export interface GotoDetail extends Caret {
  readonly project: string
  readonly file: string
}

class MonacoCellEditor implements CellEditor {
  readonly #host: HTMLElement
  readonly #project: EditorProject
  readonly #models: ProjectModels
  readonly #scaled: CounterScaled
  readonly #editor: monaco.editor.IStandaloneCodeEditor
  readonly #views = new Map<string, monaco.editor.ICodeEditorViewState | null>()
  readonly #options: EditorOptions
  readonly #stopListening: (() => void)[] = []
  #file: string

  constructor(host: HTMLElement, project: EditorProject, models: ProjectModels, options: EditorOptions) {
    this.#host = host
    this.#project = project
    this.#models = models
    this.#options = options
    this.#file = options.show
    host.classList.add("mirage-editor")
    this.#scaled = new CounterScaled(host, (scale) => this.#fit(scale))
    this.#editor = monaco.editor.create(this.#scaled.element, {
      model: models.model(options.show),
      ariaLabel: this.#label(),
      automaticLayout: false,
      // The text looks as it did before the editor came.
      bracketPairColorization: { enabled: false },
      guides: { indentation: false },
      contextmenu: true,
      fixedOverflowWidgets: false,
      folding: false,
      fontFamily: getComputedStyle(host).fontFamily,
      fontLigatures: false,
      glyphMargin: false,
      hover: { delay: 250 },
      lineDecorationsWidth: 8,
      lineNumbersMinChars: 3,
      minimap: { enabled: false },
      overviewRulerLanes: 0,
      padding: { top: 8, bottom: 8 },
      quickSuggestions: { other: true, comments: false, strings: false },
      renderLineHighlight: "none",
      scrollBeyondLastLine: false,
      // The page scrolls on when the editor's text has no more to give.
      scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
      stickyScroll: { enabled: false },
      tabSize: 2,
      wordBasedSuggestions: "off",
    })
    openers.set(this.#editor, this)
    this.#scaled.update()
    this.#addKeys()
  }

  show(file: string): void {
    if (file === this.#file) return
    this.#views.set(this.#file, this.#editor.saveViewState())
    this.#file = file
    this.#editor.setModel(this.#models.model(file))
    this.#editor.restoreViewState(this.#views.get(file) ?? null)
    this.#editor.updateOptions({ ariaLabel: this.#label() })
  }

  text(file: string): string {
    return this.#models.model(file).getValue()
  }

  setText(file: string, text: string): void {
    this.#models.replace(file, text)
  }

  focus(at?: Caret): void {
    if (at !== undefined) {
      const position = { lineNumber: at.line, column: at.column }
      this.#editor.setPosition(position)
      this.#editor.revealPositionInCenterIfOutsideViewport(position)
    }
    this.#editor.focus()
  }

  setErrors(file: string, diagnostics: readonly Diagnostic[]): void {
    const model = this.#models.model(file)
    const markers = diagnostics.map((d) => ({
      severity: monaco.MarkerSeverity.Error,
      message: d.message,
      startLineNumber: d.line,
      startColumn: d.column,
      ...end(d, model),
    }))
    monaco.editor.setModelMarkers(model, RUN_MARKERS, markers)
  }

  onChange(heard: (file: string, text: string) => void): void {
    const own = new Set(this.#options.files)
    this.#stopListening.push(this.#models.onTyped((file, text) => own.has(file) && heard(file, text)))
  }

  bindingType(file: string, binding: Binding): Promise<string | undefined> {
    return bindingType(binding, this.#models.model(file))
  }

  async typeErrors(files: readonly string[]): Promise<readonly Diagnostic[]> {
    const typed = files.filter((file) => this.#models.model(file).getLanguageId() === "typescript")
    return (await Promise.all(typed.map((file) => typeErrors(file, this.#models.model(file))))).flat()
  }

  layout(): void {
    this.#scaled.update()
    this.#editor.layout()
  }

  dispose(): void {
    for (const stop of this.#stopListening) stop()
    openers.delete(this.#editor)
    this.#editor.dispose()
    this.#scaled.dispose()
    this.#host.classList.remove("mirage-editor")
  }

  /** Go where a definition is, if it is in this project: true when somebody has gone there. */
  goTo(uri: monaco.Uri, at: monaco.IPosition): boolean {
    const file = this.#models.fileOf(uri)
    if (file === undefined) return false
    const detail: GotoDetail = { project: this.#project.name, file, line: at.lineNumber, column: at.column }
    const asked = new CustomEvent("mirage-goto", { detail, bubbles: true, composed: true, cancelable: true })
    return !this.#host.dispatchEvent(asked)
  }

  #fit(scale: number): void {
    const size = Number.parseFloat(getComputedStyle(this.#host).fontSize) * scale
    this.#editor?.updateOptions({ fontSize: size, lineHeight: Math.round(size * 1.5) })
    this.#editor?.layout()
  }

  #label(): string {
    return `${this.#options.label}, ${this.#file}. Escape leaves the editor, Control M lets Tab move on.`
  }

  #addKeys(): void {
    const { KeyCode, KeyMod } = monaco
    const add = (id: string, label: string, keybinding: number, run: () => void, keybindingContext?: string) =>
      this.#editor.addAction({
        id,
        label,
        keybindings: [keybinding],
        run,
        ...(keybindingContext && { keybindingContext }),
      })
    add("mirage.run", "Run the cell", KeyMod.CtrlCmd | KeyCode.Enter, () => this.#options.onRun())
    add("mirage.run-next", "Run the cell and go on", KeyMod.Shift | KeyCode.Enter, () => this.#options.onRunNext())
    add("mirage.leave", "Leave the editor", KeyCode.Escape, () => this.#options.onEscape(), NOTHING_TO_CLOSE)
  }
}

/** Where a squiggle ends: as said, or with the word it begins in. */
function end(d: Diagnostic, model: monaco.editor.ITextModel): { endLineNumber: number; endColumn: number } {
  if (d.endLine !== undefined && d.endColumn !== undefined) return { endLineNumber: d.endLine, endColumn: d.endColumn }
  const line = Math.min(d.line, model.getLineCount())
  const word = model.getWordAtPosition({ lineNumber: line, column: d.column })
  return { endLineNumber: line, endColumn: word?.endColumn ?? model.getLineMaxColumn(line) }
}

const openers = new Map<monaco.editor.ICodeEditor, MonacoCellEditor>()

// F12 into another file: a file of the project is its cell's business; a file of the library OS opens in a dialog.
monaco.editor.registerEditorOpener({
  openCodeEditor(source, resource, at) {
    const position =
      at === undefined
        ? undefined
        : "lineNumber" in at
          ? at
          : { lineNumber: at.startLineNumber, column: at.startColumn }
    if (openers.get(source)?.goTo(resource, position ?? { lineNumber: 1, column: 1 }) === true) return true
    showSource(resource, position)
    return true
  },
})

/** Make an editor that fills `host`. Rejects if Monaco, or the library's sources, could not be fetched. */
export const createMonacoEditor: CreateEditor = async (host, project, options) => {
  return new MonacoCellEditor(host, project, await projectModels(project), options)
}
