// TypeScript over all cells at once: their errors, where they stand, and the types that a toplevel's lines show.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import type { Diagnostic } from "../toolchain/compiled-module.ts"

/** What a check says of one file. */
export interface CheckedFile {
  /** Top-level binding -> its type, as it goes after `val x : `. */
  readonly types: Readonly<Record<string, string>>
  /** Positions are those of the file's own text. */
  readonly errors: readonly Diagnostic[]
  readonly imports: readonly CellImport[]
}

/** An import of a cell. */
export interface CellImport {
  readonly specifier: string
  readonly line: number
  readonly column: number
  /** The imported file runs before this one: it is neither `import type` nor `import()`. */
  readonly eager: boolean
}

/** Where a library's doors are, for the cells: `mirage` -> a file. */
export type Doors = Readonly<Record<string, string>>

/** How cells are compiled. The editor is given the same, so that it says the same. */
export const CELL_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // A cell without imports or exports is a module too: its names are its own.
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts"],
  types: [],
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  // Types must be imported as types, or Node, which only strips them, would not run the file.
  verbatimModuleSyntax: true,
}

/** The declarations of `console`, for the checker and the editor. */
export function cellGlobals(): string {
  return readFileSync(new URL("cell-globals.d.ts", import.meta.url), "utf8")
}

// "Cannot find module", of an import of names and of one for its effects.
const CANNOT_FIND_MODULE: readonly number[] = [2307, 2882]

/** Checks the cells of a project again and again, and looks again only at what has changed. */
export class CellChecker {
  readonly #root: string
  readonly #folder: string
  readonly #service: ts.LanguageService
  readonly #ambient: readonly string[]
  #files: ReadonlyMap<string, string> = new Map()
  /** Path -> text and version of a cell, or of a file on disk that may change. */
  readonly #versions = new Map<string, { text: string; version: number }>()
  #changes = 0

  /** `root` is the repository; the cells are taken to lie in a folder of it. `ambient` are declaration files of the library. */
  constructor(root: string, doors: Doors, ambient: readonly string[]) {
    this.#root = root
    this.#folder = join(root, ".cells")
    const globals = join(this.#folder, "cell-globals.d.ts")
    this.#ambient = [globals, ...ambient]
    const options: ts.CompilerOptions = {
      ...CELL_OPTIONS,
      paths: Object.fromEntries(Object.entries(doors).map(([name, path]) => [name, [path]])),
    }
    this.#versions.set(globals, { text: cellGlobals(), version: 0 })
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [...this.#ambient, ...[...this.#files.keys()].map((name) => this.#path(name))],
      getScriptVersion: (path) => String(this.#versions.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const text = this.#read(path)
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: (o) => ts.getDefaultLibFilePath(o),
      fileExists: (path) => this.#isCell(path) || ts.sys.fileExists(path),
      readFile: (path) => this.#read(path),
      directoryExists: (path) =>
        path === this.#folder || path.startsWith(`${this.#folder}/`) || ts.sys.directoryExists(path),
      getProjectVersion: () => String(this.#changes),
    })
  }

  /** Check the TypeScript files of a project, name -> text. */
  check(files: ReadonlyMap<string, string>): Map<string, CheckedFile> {
    this.#files = files
    for (const [name, text] of files) this.#update(this.#path(name), text)
    for (const path of this.#versions.keys()) if (!this.#isCell(path)) this.#update(path, ts.sys.readFile(path))
    this.#changes++
    return new Map([...files.keys()].map((name) => [name, this.#checkFile(name)]))
  }

  #checkFile(name: string): CheckedFile {
    const path = this.#path(name)
    const program = this.#service.getProgram() as ts.Program
    const source = program.getSourceFile(path) as ts.SourceFile
    const imports = importsOf(source)
    const syntax = this.#service.getSyntacticDiagnostics(path)
    // With its syntax broken, a file's types are not worth a word.
    const found = syntax.length > 0 ? syntax : this.#service.getSemanticDiagnostics(path)
    const errors = found
      // What cannot be imported is said by the reader, who knows the cells' names.
      .filter((d) => d.category === ts.DiagnosticCategory.Error && !CANNOT_FIND_MODULE.includes(d.code))
      .map((d) => this.#plain(diagnosticOf(name, source, d), "message"))
    const types = typesOf(program.getTypeChecker(), source)
    for (const binding of Object.keys(types)) this.#plain(types, binding)
    return { types, errors, imports }
  }

  // A module without a name is `import("/home/…/src/mirage/lwt/lwt")` to TypeScript; nobody wants to know where we live.
  #plain<K extends string, T extends Record<K, string>>(of: T, key: K): T {
    const text = of[key].replaceAll(`"${this.#folder}/`, '"./').replaceAll(`"${this.#root}/`, '"')
    return Object.assign(of, { [key]: text })
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }

  #isCell(path: string): boolean {
    return path.startsWith(`${this.#folder}/`) && this.#versions.has(path) && this.#current(path)
  }

  #current(path: string): boolean {
    const name = path.slice(this.#folder.length + 1)
    return name === "cell-globals.d.ts" || this.#files.has(name)
  }

  #read(path: string): string | undefined {
    if (path.startsWith(`${this.#folder}/`)) return this.#isCell(path) ? this.#versions.get(path)?.text : undefined
    const text = ts.sys.readFile(path)
    if (text !== undefined && !path.includes("/node_modules/")) this.#update(path, text)
    return text
  }

  #update(path: string, text: string | undefined): void {
    const known = this.#versions.get(path)
    if (text === undefined) this.#versions.delete(path)
    else if (known?.text !== text) this.#versions.set(path, { text, version: (known?.version ?? 0) + 1 })
  }
}

function diagnosticOf(name: string, source: ts.SourceFile, d: ts.Diagnostic): Diagnostic {
  const start = source.getLineAndCharacterOfPosition(d.start ?? 0)
  const end = source.getLineAndCharacterOfPosition((d.start ?? 0) + (d.length ?? 0))
  return {
    file: name,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    message: ts.flattenDiagnosticMessageText(d.messageText, "\n"),
  }
}

/** The imports and re-exports of a file; dynamic ones too, if they name a file. */
function importsOf(source: ts.SourceFile): CellImport[] {
  const found: CellImport[] = []
  const add = (specifier: ts.Node | undefined, eager: boolean) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    const at = source.getLineAndCharacterOfPosition(specifier.getStart(source))
    found.push({ specifier: specifier.text, line: at.line + 1, column: at.character + 1, eager })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, !importsTypesOnly(node.importClause))
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, !node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = clause.namedBindings
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((e) => e.isTypeOnly)
  )
}

// Names are shown as the file itself would write them, `Option.t<number>`, and nothing is cut short.
const TYPE_FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope

/** The type of each top-level binding, in the order of the text. */
function typesOf(checker: ts.TypeChecker, source: ts.SourceFile): Record<string, string> {
  const types: Record<string, string> = {}
  const add = (name: ts.Node): void => {
    if (!ts.isIdentifier(name)) {
      if (ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)) {
        for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name)
      }
      return
    }
    // A class's name is a type as well; its value is `typeof C`.
    const symbol = checker.getSymbolAtLocation(name)
    const type =
      symbol === undefined ? checker.getTypeAtLocation(name) : checker.getTypeOfSymbolAtLocation(symbol, name)
    // `const x = 1` has the type `1` in TypeScript; a toplevel says `number`, which is what the lesson is about.
    const shown =
      type.isLiteral() || type.flags & ts.TypeFlags.BooleanLiteral ? checker.getBaseTypeOfLiteralType(type) : type
    types[name.text] = checker.typeToString(shown, source, TYPE_FORMAT)
  }
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) for (const d of statement.declarationList.declarations) add(d.name)
    else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (statement.name !== undefined) add(statement.name)
    }
  }
  return types
}
