// The projects of a page and the reader's current text of their files. A cell imports another cell as the reader has
// left it, so all cells of a deck share one store. The data of a project is large: it is fetched when first wanted.

import type { Cell, ProjectData, ProjectFile } from "../content/project.ts"
import type { EditorFile, EditorProject } from "./cell/editor-port.ts"
import { Edits, type EditsHost } from "./edits.ts"

/** What a store tells the reader, at a moment of its own choosing. */
export interface Notices {
  /** Edits cannot be kept. */
  denied(project: string, reason: string): void
  /** Another tab wrote `theirs` into a file that this one changed too. `take` puts it here. */
  conflict(file: string, take: () => void): void
}

/** One project, with the reader's edits. */
export class ProjectStore implements EditorProject {
  readonly data: ProjectData
  readonly files: readonly EditorFile[]
  readonly #edits: Edits
  readonly #texts = new Map<string, string>()
  readonly #stale = new Set<string>()
  readonly #heard = new Set<(file: string) => void>()

  constructor(data: ProjectData, edits: Edits) {
    this.data = data
    this.files = Object.values(data.files)
    this.#edits = edits
    for (const file of Object.values(data.files)) {
      const kept = edits.get(file.name, file.text)
      if (kept === undefined) continue
      this.#texts.set(file.name, kept.text)
      if (kept.stale) this.#stale.add(file.name)
    }
  }

  get name(): string {
    return this.data.name
  }

  cell(entry: string): Cell | undefined {
    return this.data.cells.find((c) => c.entry === entry)
  }

  file(name: string): ProjectFile | undefined {
    return this.data.files[name]
  }

  text(file: string): string {
    return this.#texts.get(file) ?? this.starting(file)
  }

  /** The author's text. */
  starting(file: string): string {
    return this.data.files[file]?.text ?? ""
  }

  edited(file: string): boolean {
    return this.#texts.has(file)
  }

  /** The reader's text is kept from an earlier starting text, and they have not yet said what to do. */
  stale(file: string): boolean {
    return this.#stale.has(file)
  }

  /** Every text that differs from the author's, by file: what `program` compiles in place of the starting text. */
  changed(): Record<string, string> {
    return Object.fromEntries(this.#texts)
  }

  setText(file: string, text: string): void {
    if (this.data.files[file] === undefined || text === this.text(file)) return
    this.#edits.set(file, this.starting(file), text)
    this.#take(file, text)
  }

  /** The author's text again. Returns the way back. */
  reset(files: readonly string[]): () => void {
    const before = files
      .filter((f) => this.edited(f))
      .map((f) => ({ file: f, text: this.text(f), stale: this.stale(f) }))
    for (const { file } of before) {
      this.#stale.delete(file)
      this.setText(file, this.starting(file))
    }
    return () => {
      for (const { file, text, stale } of before) {
        this.setText(file, text)
        if (stale) this.#stale.add(file)
        this.#tell(file)
      }
    }
  }

  /** The reader keeps theirs, knowing that the starting text has changed. */
  keep(file: string): void {
    this.#stale.delete(file)
    this.#edits.acknowledge(file, this.starting(file))
    this.#tell(file)
  }

  subscribe(heard: (file: string) => void): () => void {
    this.#heard.add(heard)
    return () => this.#heard.delete(heard)
  }

  /** Another tab of this browser has changed a file: follow it. */
  follow(file: string, text: string | undefined): void {
    if (this.data.files[file] !== undefined) this.#take(file, text ?? this.starting(file))
  }

  #take(file: string, text: string): void {
    if (text === this.starting(file)) {
      this.#texts.delete(file)
      this.#stale.delete(file)
    } else this.#texts.set(file, text)
    this.#tell(file)
  }

  #tell(file: string): void {
    for (const heard of this.#heard) heard(file)
  }
}

interface Entry {
  readonly load: () => Promise<ProjectData>
  edits?: Edits
  store?: ProjectStore
  opening?: Promise<ProjectStore>
}

/** The projects that a page knows, by name. */
export class Projects {
  readonly #entries = new Map<string, Entry>()
  readonly #notices: Notices
  readonly #host: Pick<EditsHost, "now" | "later" | "journal">

  constructor(notices: Notices, host: Pick<EditsHost, "now" | "later" | "journal">) {
    this.#notices = notices
    this.#host = host
  }

  /** Make a project known. It is loaded when a cell of it is first wanted. */
  register(name: string, load: () => Promise<ProjectData>): void {
    if (!this.#entries.has(name)) this.#entries.set(name, { load })
  }

  /** Whether the reader has edits of these files; does not load the project. */
  async hasEdits(name: string, files: readonly string[]): Promise<boolean> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return false
    const edits = this.#edits(name, entry)
    await edits.load()
    return edits.has(files)
  }

  /** The project. Rejects with what to do when it is unknown or cannot be fetched; may then be asked for again. */
  open(name: string): Promise<ProjectStore> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return Promise.reject(new Error(`There is no project named "${name}" on this page.`))
    if (entry.opening === undefined) {
      const opening = this.#open(name, entry)
      entry.opening = opening
      opening.catch(() => delete entry.opening)
    }
    return entry.opening
  }

  /** Write all edits that are not yet written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#entries.values()].flatMap((e) => (e.edits === undefined ? [] : [e.edits.flush()])))
  }

  async #open(name: string, entry: Entry): Promise<ProjectStore> {
    const edits = this.#edits(name, entry)
    const [data] = await Promise.all([
      entry.load().catch((e: unknown) => {
        const why = e instanceof Error ? e.message : String(e)
        throw new Error(
          `The code of this page's cells could not be fetched (${why}). Check the connection and try again.`,
        )
      }),
      edits.load(),
    ])
    entry.store = new ProjectStore(data, edits)
    return entry.store
  }

  #edits(name: string, entry: Entry): Edits {
    const host: EditsHost = {
      now: () => this.#host.now(),
      later: (run, ms) => this.#host.later(run, ms),
      journal: () => this.#host.journal(),
      denied: (reason) => this.#notices.denied(name, reason),
      foreign: (file, text) => entry.store?.follow(file, text),
      conflict: (file, theirs) => this.#notices.conflict(file, () => entry.store?.setText(file, theirs)),
    }
    entry.edits ??= new Edits(name, host)
    return entry.edits
  }
}
