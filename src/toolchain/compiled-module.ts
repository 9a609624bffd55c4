// What the compiler makes of one file of a project. Types only: the page, the guest and the build all read it.

/** A place in a file's text as its author sees it. Lines and columns count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** An import in the generated JavaScript: the text between `start` and `end` (UTF-16 offsets) is the quoted specifier's inside. */
export interface ModuleImport {
  readonly specifier: string
  readonly start: number
  readonly end: number
  /** Where the specifier stands in the source. */
  readonly at: Position
  /** The names that are asked for, and the offset of each in the code: an engine that misses one does not say where. */
  readonly names?: readonly { readonly name: string; readonly start: number }[]
}

/** A top-level binding of a module, whose value is reported when it has been evaluated. */
export interface Binding {
  readonly name: string
  /** Where the name stands in the source: an editor asks for its type there. */
  readonly at: Position
  /** Offset in `code` just after the statement that gives it its value: the linker puts the report there. */
  readonly after: number
}

/** One TypeScript file as JavaScript. Line numbers are those of the source; columns are found through `mappings`. */
export interface CompiledModule {
  readonly name: string
  readonly code: string
  readonly imports: readonly ModuleImport[]
  /**
   * Imports that are not in `code` because nothing of them is used as a value, as TypeScript does it: nothing is loaded
   * for them, but a name misspelt there is still worth a message.
   */
  readonly unused?: readonly Pick<ModuleImport, "specifier" | "at">[]
  readonly bindings: readonly Binding[]
  /** What stands after each `yield*`, as offsets in `code`: the linker has it looked at before the engine does. */
  readonly delegates?: readonly { readonly start: number; readonly end: number }[]
  /** Source map version 3 `mappings`, from `code` to the source. */
  readonly mappings: string
}

/** What is wrong with a file, and where. `message` is a sentence with what to do. */
export interface Diagnostic extends Position {
  readonly message: string
  /** Where the mistake ends, if known; the column is exclusive. */
  readonly endLine?: number
  readonly endColumn?: number
}
