// A project's files as Monaco's models, one a file, shared by all the editors of a page: what is typed in one cell is
// what the next cell's types are made from.

import type { EditorFile, EditorProject } from "../cell/editor-port.ts"
import { LIBRARY_ROOT, monaco, typescript } from "./monaco.ts"
import { typeScriptWorker } from "./type-service.ts"

/** Sources that the cells' types come from, fetched with the first editor. */
let library: Promise<void> | undefined

/** Tell TypeScript the library OS: its own sources, so that F12 arrives in the file that is running. */
async function loadLibrary(): Promise<void> {
  const { default: sources } = await import("virtual:mirage-sources")
  const libs = Object.entries(sources).map(([name, content]) => ({ filePath: LIBRARY_ROOT + name, content }))
  typescript.typescriptDefaults.setExtraLibs(libs)
}

const projects = new Map<string, Promise<ProjectModels>>()

/** The models of `project`, made on the first call for its name. */
export function projectModels(project: EditorProject): Promise<ProjectModels> {
  const known = projects.get(project.name)
  if (known !== undefined) return known
  const made = ProjectModels.make(project)
  // A failure (a chunk that could not be fetched) is not for ever: the next editor tries again.
  made.catch(() => projects.delete(project.name))
  projects.set(project.name, made)
  return made
}

/** How long after the last change other cells' errors are looked at again. */
const REVALIDATE_MS = 800

export class ProjectModels {
  readonly #project: EditorProject
  readonly #models = new Map<string, monaco.editor.ITextModel>()
  readonly #typed = new Set<(file: string, text: string) => void>()
  #replacing = false
  #revalidation = 0
  #generation = 0

  static async make(project: EditorProject): Promise<ProjectModels> {
    library ??= loadLibrary()
    library.catch(() => {
      library = undefined
    })
    await library
    const models = new ProjectModels(project)
    // The worker is told of every file now; it hears of their changes by itself.
    void typeScriptWorker([...models.#models.values()].map((m) => m.uri)).catch(() => undefined)
    return models
  }

  private constructor(project: EditorProject) {
    this.#project = project
    for (const file of project.files) this.#models.set(file.name, this.#create(file))
    project.subscribe((file) => this.replace(file, project.text(file)))
  }

  /** The model of a file. Throws `RangeError` for a file that the project does not have. */
  model(file: string): monaco.editor.ITextModel {
    const model = this.#models.get(file)
    if (model === undefined) throw new RangeError(`the project ${this.#project.name} has no file ${file}`)
    return model
  }

  /** The file that a model is of. */
  fileOf(uri: monaco.Uri): string | undefined {
    for (const [file, model] of this.#models) if (model.uri.toString() === uri.toString()) return file
    return undefined
  }

  /** Replace a file's text as one step that can be undone; nobody hears of it. */
  replace(file: string, text: string): void {
    const model = this.#models.get(file)
    if (model === undefined || model.getValue() === text) return
    this.#replacing = true
    try {
      model.pushStackElement()
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
      model.pushStackElement()
    } finally {
      this.#replacing = false
    }
  }

  /** Hear of what the reader types, in any file. Returns the way to stop. */
  onTyped(heard: (file: string, text: string) => void): () => void {
    this.#typed.add(heard)
    return () => this.#typed.delete(heard)
  }

  #create(file: EditorFile): monaco.editor.ITextModel {
    const uri = monaco.Uri.parse(`file:///${this.#project.name}/${file.name}`)
    const model = monaco.editor.createModel(this.#project.text(file.name), monacoLanguage(file.language), uri)
    model.updateOptions({ tabSize: 2, insertSpaces: true })
    model.onDidChangeContent(() => {
      this.#revalidateOthers()
      if (this.#replacing) return
      const text = model.getValue()
      for (const heard of this.#typed) heard(file.name, text)
    })
    return model
  }

  // Monaco checks a file again when that file changes. One cell's change may also break, or mend, another cell.
  #revalidateOthers(): void {
    clearTimeout(this.#revalidation)
    if (monaco.editor.getEditors().length < 2) return
    this.#revalidation = window.setTimeout(() => {
      const generation = `// ${++this.#generation}`
      typescript.typescriptDefaults.addExtraLib(generation, `${LIBRARY_ROOT}.generation.d.ts`)
    }, REVALIDATE_MS)
  }
}

function monacoLanguage(language: EditorFile["language"]): string {
  switch (language) {
    case "typescript":
    case "html":
    case "css":
    case "markdown":
      return language
    case "json":
    case "text":
    case "ocaml":
      return "plaintext"
  }
}
