// The library OS as the guest and the editor want it: plain modules to run, and TypeScript to read.

import { readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import ts from "typescript"
import { build, type InlineConfig, parseAst, type Plugin, type Rolldown } from "vite"
import type { LibraryModule } from "../sandbox/protocol.ts"

/** Module name -> file, of the doors below `root`. */
export function doorsOf(root: string): Record<string, string> {
  return {
    mirage: join(root, "src/mirage/mirage.ts"),
    "mirage/config": join(root, "src/mirage/config.ts"),
    "mirage/check": join(root, "src/mirage/check.ts"),
    "mirage/host": join(root, "src/mirage/host.ts"),
  }
}

// Functions and classes keep their names, so that a reader's stack trace can be read.
const MINIFY: Rolldown.MinifyOptions = {
  compress: { keepNames: { function: true, class: true } },
  mangle: { toplevel: false, keepNames: true },
  codegen: true,
}

/** Build quietly, in memory. */
async function bundle(
  input: Record<string, string>,
  output: Rolldown.OutputOptions,
  plugins: readonly Plugin[] = [],
): Promise<readonly Rolldown.OutputChunk[]> {
  const config: InlineConfig = {
    configFile: false,
    logLevel: "silent",
    publicDir: false,
    plugins: [...plugins],
    build: {
      write: false,
      minify: false,
      target: "es2024",
      modulePreload: false,
      rolldownOptions: {
        input,
        // What runs on Node finds its own modules there, and in the package `mirage` the library's.
        external: /^(?:node:|mirage$|mirage\/)/,
        preserveEntrySignatures: "strict",
        // V8 takes what is in a `const` for what it is, and asks a `var` each time. The library OS is a tenth faster.
        output: { ...output, minify: MINIFY, comments: false, topLevelVar: false },
      },
    },
  }
  const built = await build(config)
  const outputs = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[]
  return outputs.flatMap((o) => o.output).filter((o): o is Rolldown.OutputChunk => o.type === "chunk")
}

/**
 * The module `code` with its functions, and its classes, as constants, and the functions before everything else, where they
 * are by right. V8 takes what is in a `const` for what it is; of a function that was declared it asks at every call whether it
 * is still the same, also where it has written it into the caller. The library OS is a tenth faster.
 */
export function withConstantFunctions(code: string): string {
  const imports: string[] = []
  const functions: string[] = []
  const rest: string[] = []
  let end = 0
  for (const node of parseAst(code).body) {
    rest.push(code.slice(end, node.start))
    const text = code.slice(node.start, node.end)
    if ("source" in node && node.source !== null) imports.push(text)
    else if (node.type === "FunctionDeclaration") functions.push(`const ${node.id!.name}=${text};`)
    else if (isClasses(node)) rest.push(`const${text.slice("var".length)}`)
    else rest.push(text)
    end = node.end
  }
  return [...imports, ...functions, ...rest, code.slice(end)].join("")
}

/** True of `var A=class{…}`, which is what the bundler makes of a class. */
function isClasses(node: ReturnType<typeof parseAst>["body"][number]): boolean {
  if (node.type !== "VariableDeclaration" || node.kind !== "var") return false
  return node.declarations.every((declaration) => declaration.init?.type === "ClassExpression")
}

/** The doors and what they share as ES modules, whose imports are the modules' names. Each module stands after those it imports. */
export async function buildLibrary(doors: Readonly<Record<string, string>>): Promise<LibraryModule[]> {
  const chunks = await bundle(doors, {
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "mirage/shared/[name].js",
  })
  const nameOf = (fileName: string) => fileName.replace(/\.js$/, "")
  const modules = new Map<string, LibraryModule>()
  const add = (chunk: Rolldown.OutputChunk) => {
    const name = nameOf(chunk.fileName)
    if (modules.has(name)) return
    for (const fileName of chunk.imports) {
      const imported = chunks.find((c) => c.fileName === fileName)
      if (imported !== undefined) add(imported)
    }
    modules.set(name, { name, code: withModuleNames(chunk, nameOf) })
  }
  for (const chunk of chunks) add(chunk)
  return [...modules.values()]
}

/** The chunk's code; `./shared/lwt.js` in an import is the module's name. */
function withModuleNames(chunk: Rolldown.OutputChunk, nameOf: (fileName: string) => string): string {
  let code = withConstantFunctions(chunk.code)
  const body = parseAst(code).body.map((node) => ("source" in node && node.source !== null ? node.source : undefined))
  const own = body.indexOf(undefined)
  const sources = body.slice(0, own < 0 ? undefined : own).filter((source) => source !== undefined)
  // The guest links without a parser: it looks for imports at the beginning only.
  if (sources.length < body.filter((source) => source !== undefined).length) {
    throw new Error(`${chunk.fileName} has an import after its first statement`)
  }
  // From the end, so that what is replaced moves nothing that is still to come.
  for (const { value, start, end } of sources.toReversed()) {
    const fileName = join(dirname(chunk.fileName), value)
    code = `${code.slice(0, start)}${JSON.stringify(nameOf(fileName))}${code.slice(end)}`
  }
  return code
}

/** A script as one classic text, for a worker made from a Blob; or as one module, for Node. */
export async function buildScript(
  path: string,
  format: "iife" | "es" = "iife",
  plugins: readonly Plugin[] = [],
): Promise<string> {
  const chunks = await bundle({ script: path }, { format, codeSplitting: false }, plugins)
  const [chunk] = chunks
  if (chunk === undefined || chunks.length > 1) throw new Error(`${path} did not become one script`)
  return format === "es" ? withConstantFunctions(chunk.code) : chunk.code
}

/** The text of every TypeScript file that the doors reach, types included, by its path under the doors' folder. */
export function librarySources(doors: Readonly<Record<string, string>>): Record<string, string> {
  const folder = dirname(Object.values(doors)[0] as string)
  const texts = new Map<string, string>()
  const pending = [...Object.values(doors), join(folder, "globals.d.ts")]
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const name = relative(folder, path)
    if (texts.has(name)) continue
    const text = readFileSync(path, "utf8")
    texts.set(name, text)
    for (const { fileName } of ts.preProcessFile(text).importedFiles) pending.push(join(dirname(path), fileName))
  }
  return Object.fromEntries([...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
