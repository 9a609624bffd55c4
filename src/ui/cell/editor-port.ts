// What a cell wants of an editor. Two things fit the port: Monaco (`../editor/editor.ts`), fetched when a cell is first
// wanted, and a plain text area (`plain-editor.ts`) for phones and for when Monaco cannot be had.

import type { Binding, Diagnostic } from "../../toolchain/compiled-module.ts"
import type { ProjectFile } from "../../content/project.ts"

/** A place in a text; lines and columns count from 1. */
export interface Caret {
  readonly line: number
  readonly column: number
}

/** A file of the project as an editor needs it. Its current text is asked for: it changes. */
export interface EditorFile {
  readonly name: string
  readonly label: string
  readonly language: ProjectFile["language"]
}

/**
 * The project behind an editor. Every cell of a deck has an editor of its own and they share the project, so that types
 * flow from one cell's text into another's.
 */
export interface EditorProject {
  /** `deck`, or a notebook's name. */
  readonly name: string
  /** Every file of the project, those of other cells too. */
  readonly files: readonly EditorFile[]
  /** The reader's current text of a file. */
  text(file: string): string
  /** Hear of every change of any file's text, whoever made it. Returns the way to stop hearing. */
  subscribe(heard: (file: string) => void): () => void
}

/** How a cell opens its editor. */
export interface EditorOptions {
  /** The files of this cell, in tab order. */
  readonly files: readonly string[]
  /** The one to show first. */
  readonly show: string
  /** What a screen reader calls the editor; the file's name is added to it. */
  readonly label: string
  /** Ctrl/Cmd+Enter. */
  onRun(): void
  /** Shift+Enter. */
  onRunNext(): void
  /** Escape, when it closed nothing inside the editor. */
  onEscape(): void
}

/** An editor in a cell. It lives in the light DOM element that it was given, which the cell sizes. */
export interface CellEditor {
  show(file: string): void
  text(file: string): string
  /** Replace a file's text: by Reset, by another tab of the browser. Can be undone; does not fire `onChange`. */
  setText(file: string, text: string): void
  focus(at?: Caret): void
  /** Squiggles of ours, those of a run, in place of those that were there. */
  setErrors(file: string, diagnostics: readonly Diagnostic[]): void
  /** The reader typed. */
  onChange(heard: (file: string, text: string) => void): void
  /** The inferred type of a top-level binding of the current text, or undefined if there is no knowing. */
  bindingType(file: string, binding: Binding): Promise<string | undefined>
  /** Type errors of these files' current texts, in the order of the text. Empty if nobody can tell. */
  typeErrors(files: readonly string[]): Promise<readonly Diagnostic[]>
  /** The element has changed its size, or the page its fonts or colours. */
  layout(): void
  dispose(): void
}

/** How `../editor/editor.ts` and `plain-editor.ts` make one. */
export type CreateEditor = (host: HTMLElement, project: EditorProject, options: EditorOptions) => Promise<CellEditor>
