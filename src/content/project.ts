// A deck or a notebook after reading: slides as HTML, cells, and the files they are made of. Types only.

import type { CompiledModule, Diagnostic } from "../toolchain/compiled-module.ts"

/** A file of a project: a tab of a cell. */
export interface ProjectFile {
  /** Its path, as cells import it: `option-monad.ts`, `www/htdocs/index.html`. */
  readonly name: string
  /** What its tab says: the name without the group's folder. */
  readonly label: string
  readonly language: "typescript" | "html" | "css" | "markdown" | "json" | "text" | "ocaml"
  /** The starting text. */
  readonly text: string
  /** Present for TypeScript: made at build time, so that an untouched cell needs no compiler. */
  readonly compiled?: CompiledModule
  /** Top-level binding -> its inferred type, at build time. */
  readonly types?: Readonly<Record<string, string>>
  /** The file is there to be imported or read, and has no tab. */
  readonly hidden?: true
  /** The type errors of a file whose fence says `wrong`: it is meant to have them, and a lesson is about them. */
  readonly errors?: readonly Diagnostic[]
  /** Where it stands in the Markdown, for messages: `slides/07-monads.md`, line from 1. */
  readonly source: { readonly file: string; readonly line: number }
}

/** A live cell: one file, or a group of files as tabs. */
export interface Cell {
  /** The entry's name; unique in a project. The `file` attribute of `<mirage-cell>`. */
  readonly entry: string
  /** All its files in tab order, the entry among them. Those that are `hidden` have no tab. */
  readonly files: readonly string[]
  /** The group's name, if it has one. */
  readonly group?: string
  /** What it prints, from `output of=`. */
  readonly output?: string
  /** `ocaml of=`: the OCaml that the cell is the equivalent of. */
  readonly ocaml?: string
  /** Present if the cell is an exercise. */
  readonly exercise?: Exercise
}

/** An exercise: its text is that of the cell's entry, which the reader is to change until the check passes. */
export interface Exercise {
  /** The text of `check of=`. */
  readonly check?: string
  /** The check as a file beside the entry, which it imports: `heads-tails.check.ts`. */
  readonly compiledCheck?: CompiledModule
  /** One by one: plain text, with `code` between backticks. */
  readonly hints: readonly string[]
  /** Another text of the entry, which passes. */
  readonly solution?: string
}

/** A column of the deck: one Markdown file. */
export interface Column {
  readonly file: string
  /** From the file's front matter; the first slide's title if it has none. */
  readonly title: string
  readonly slides: readonly Slide[]
}

/** One slide as HTML. */
export interface Slide {
  /** The heading's slug, unique in the deck: its name in the URL. */
  readonly id: string
  readonly title: string
  readonly html: string
  /** Speaker notes as HTML. */
  readonly notes?: string
  /** Attributes of the slide's section element. */
  readonly attributes: Readonly<Record<string, string>>
}

/** What the page needs to run the cells of one deck or notebook; fetched when first wanted. */
export interface ProjectData {
  /** `deck`, or a notebook's name: part of the key that edits are kept under. */
  readonly name: string
  readonly files: Readonly<Record<string, ProjectFile>>
  readonly cells: readonly Cell[]
}

/** A whole deck. */
export interface Deck extends ProjectData {
  readonly columns: readonly Column[]
}
