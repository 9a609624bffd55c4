// TypeScript to JavaScript for one file of a project: sucrase erases the types, acorn reads what is left.
//
// Both keep line numbers, and sucrase's map is exact to the token, so an error's position survives the whole way. The
// types are not checked here; that is the editor's business. What cannot be run by erasing types (enums, say) is refused,
// because a cell must be the same program in a worker, under Node and in a WebContainer.

import {
  type ExportSpecifier,
  type ImportDefaultSpecifier,
  type ImportNamespaceSpecifier,
  type ImportSpecifier,
  type Node,
  type Pattern,
  type Program,
  parse,
  type Statement,
} from "acorn"
import { transform } from "sucrase"
import { error, ok, type Result } from "../mirage/result.ts"
import type { Binding, CompiledModule, Diagnostic, ModuleImport } from "./compiled-module.ts"
import { notErasable } from "./erasable.ts"
import { bodyOfArrow, unpaired } from "./misread.ts"
import { originalPosition } from "./original-position.ts"
import { syntaxDiagnostic } from "./syntax-error.ts"
import { importSource, walk } from "./syntax-tree.ts"

/** Compile the file `name`. The first mistake that keeps it from running is the error. */
export function compile(name: string, text: string): Result<CompiledModule, Diagnostic> {
  const refused = notErasable(name, text)
  if (refused !== undefined) return error(refused)
  let js: Erased
  try {
    js = erase(name, text, false)
  } catch (e) {
    return error(misread(name, text, e))
  }
  let program: Program
  try {
    program = read(js.code)
  } catch (e) {
    return error(syntaxDiagnostic(name, text, e, { name, mappings: js.mappings }))
  }
  const place = (node: Node): ModuleImport["at"] => {
    const { line, column } = node.loc!.start
    return originalPosition({ name, mappings: js.mappings }, line, column + 1)
  }
  const found = findImports(program, place)
  if (!found.ok) return found
  const imports = found.value
  return ok({
    name,
    code: js.code,
    imports,
    ...unusedImports(name, text, imports),
    bindings: program.body.flatMap((statement) => bindingsOf(statement, place)),
    ...delegatesIn(program),
    mappings: js.mappings,
  })
}

/** What stands after each `yield*`. */
function delegatesIn(program: Program): Pick<CompiledModule, "delegates"> {
  const delegates: { start: number; end: number }[] = []
  walk(program, (node) => {
    const { delegate, argument } = node as Node & { delegate?: boolean; argument?: Node }
    if (delegate === true && argument !== undefined) delegates.push({ start: argument.start, end: argument.end })
  })
  return delegates.length > 0 ? { delegates } : {}
}

/** What is wrong with `text`, of which sucrase has said `thrown`. */
function misread(name: string, text: string, thrown: unknown): Diagnostic {
  const bracket = unpaired(text)
  if (bracket === undefined) return withinArrows(name, text, thrown)
  const { line, column, sign, message } = bracket
  return { file: name, line, column, endLine: line, endColumn: column + sign.length, message }
}

function withinArrows(name: string, text: string, thrown: unknown): Diagnostic {
  const said = syntaxDiagnostic(name, text, thrown)
  const body = bodyOfArrow(text, said.line, said.column)
  if (body === undefined) return said
  try {
    erase(name, body.text, false)
    return said
  } catch (e) {
    const inside = withinArrows(name, body.text, e)
    const { line, column } = body.after
    const isAfter = inside.line > line || (inside.line === line && inside.column >= column)
    return isAfter ? syntaxDiagnostic(name, text, { message: "Unexpected token", loc: body.after }) : inside
  }
}

interface Erased {
  readonly code: string
  readonly mappings: string
}

function erase(name: string, text: string, keepUnusedImports: boolean): Erased {
  const { code, sourceMap } = transform(text, {
    transforms: ["typescript"],
    disableESTransforms: true,
    preserveDynamicImport: true,
    keepUnusedImports,
    filePath: name,
    sourceMapOptions: { compiledFilename: name },
  })
  return { code, mappings: sourceMap!.mappings }
}

function read(code: string): Program {
  return parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true })
}

/** Every import of a fixed name, in the order of the text; the import of a computed name is refused. */
function findImports(program: Program, place: (node: Node) => ModuleImport["at"]): Result<ModuleImport[], Diagnostic> {
  const imports: ModuleImport[] = []
  let refused: Diagnostic | undefined
  walk(program, (node) => {
    const source = importSource(node)
    if (source === undefined) return
    if (source.type === "Literal" && "value" in source && typeof source.value === "string") {
      // The quotes stay where they are: whoever links replaces only what is between them.
      imports.push({
        specifier: source.value,
        start: source.start + 1,
        end: source.end - 1,
        at: place(source),
        ...importedNames(node),
      })
    } else {
      refused ??= {
        ...place(source),
        message:
          'A dynamic import has to name its file in quotes, import("./file.ts"), so that it can be found before the program runs.',
      }
    }
  })
  return refused === undefined ? ok(imports) : error(refused)
}

function importedNames(node: Node): Pick<ModuleImport, "names"> {
  const { specifiers = [] } = node as Node & { specifiers?: readonly NamedSpecifier[] }
  const names = specifiers.flatMap((one) => {
    if (one.type === "ImportDefaultSpecifier") return [{ name: "default", start: one.start }]
    const asked = one.type === "ImportSpecifier" ? one.imported : one.type === "ExportSpecifier" ? one.local : undefined
    return asked === undefined
      ? []
      : [{ name: asked.type === "Identifier" ? asked.name : String(asked.value), start: asked.start }]
  })
  return names.length > 0 ? { names } : {}
}

type NamedSpecifier = ImportSpecifier | ImportDefaultSpecifier | ImportNamespaceSpecifier | ExportSpecifier

/** The imports that sucrase left out because only types, or nothing, of them is used. */
function unusedImports(name: string, text: string, used: readonly ModuleImport[]): Pick<CompiledModule, "unused"> {
  if (!/\bimport\b/.test(text)) return {}
  const kept = new Set(used.map((one) => one.specifier))
  try {
    const all = erase(name, text, true)
    const unused = read(all.code).body.flatMap((statement) => {
      if (statement.type !== "ImportDeclaration" || kept.has(String(statement.source.value))) return []
      const { line, column } = statement.source.loc!.start
      return [
        {
          specifier: String(statement.source.value),
          at: originalPosition({ name, mappings: all.mappings }, line, column + 1),
        },
      ]
    })
    return unused.length > 0 ? { unused } : {}
  } catch {
    // With imports kept, a name may clash that does not when they are elided; there is nothing to say about them then.
    return {}
  }
}

/** The names that a top-level statement binds, in the order of the text. */
function bindingsOf(statement: Program["body"][number], place: (node: Node) => Binding["at"]): Binding[] {
  const declaration =
    (statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration") &&
    statement.declaration != null
      ? statement.declaration
      : (statement as Statement)
  const names: { readonly name: string; readonly node: Node }[] = []
  if (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") {
    if (declaration.id !== null) names.push({ name: declaration.id.name, node: declaration.id })
  } else if (declaration.type === "VariableDeclaration") {
    for (const { id } of declaration.declarations) patternNames(id, names)
  }
  return names
    .filter(({ name }) => name !== "_")
    .map(({ name, node }) => ({ name, at: place(node), after: statement.end }))
}

function patternNames(pattern: Pattern, into: { readonly name: string; readonly node: Node }[]): void {
  switch (pattern.type) {
    case "Identifier":
      into.push({ name: pattern.name, node: pattern })
      return
    case "ObjectPattern":
      for (const property of pattern.properties)
        patternNames(property.type === "RestElement" ? property.argument : property.value, into)
      return
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) patternNames(element, into)
      return
    case "RestElement":
      patternNames(pattern.argument, into)
      return
    case "AssignmentPattern":
      patternNames(pattern.left, into)
      return
    case "MemberExpression":
      return // only in assignments, which declare nothing
  }
}
