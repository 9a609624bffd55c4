// From compiled modules to modules that Node has loaded. Node imports files, so the JavaScript is put into a folder of its
// own outside of the project; its imports point at each other and at the library OS that the command itself runs on.

import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inSource } from "../sandbox/error-text.ts"
import { Errors } from "../sandbox/guest-errors.ts"
import { linkCell } from "../sandbox/link-cell.ts"
import { moduleFiles } from "../sandbox/module-files.ts"
import type { ProgramError } from "../sandbox/protocol.ts"
import type { CompiledModule, Diagnostic } from "../toolchain/compiled-module.ts"
import { resolveImport } from "../toolchain/graph.ts"
import type { Project } from "./project.ts"

/** The project cannot be built. */
export class BuildError extends Error {
  override readonly name = "BuildError"
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join("\n"))
    this.diagnostics = diagnostics
  }
}

/** See the head of this file. */
export class Linker {
  readonly #project: Project
  readonly #errors = new Errors()
  readonly #folder: string
  readonly #put: (name: string, code: string) => string
  /** The URLs of what has been linked, by name. */
  readonly #urls = new Map<string, string>()

  constructor(project: Project) {
    this.#project = project
    this.#folder = mkdtempSync(join(tmpdir(), "mirage-"))
    this.#put = moduleFiles(this.#folder)
    // Whoever cannot wait for the end of a run ends the process.
    process.once("exit", () => this.dispose())
  }

  /** Load the module `name` with all that it imports. Rejects with {@link BuildError}, or with the module's own error. */
  async import(name: string): Promise<Record<string, unknown>> {
    const modules = this.#project.modules(name)
    if (!modules.ok) throw new BuildError(modules.error)
    for (const module of modules.value) this.#link(module)
    return (await import(this.#urls.get(name)!)) as Record<string, unknown>
  }

  /** What was thrown, at its place in the reader's source. */
  describe(thrown: unknown, kind: "exception" | "unhandled-rejection" | "unikernel"): ProgramError {
    return this.#inSource(this.#errors.describe(thrown, kind))
  }

  /** The same for what {@link import} rejected with because a name is imported that is not there. */
  async missingExport(thrown: unknown): Promise<ProgramError | undefined> {
    const missing = await this.#errors.missingExport(thrown, async (specifier) =>
      resolveImport("", specifier).tag === "library" ? Object.keys(await import(libraryUrl(specifier))) : [],
    )
    return missing && this.#inSource(missing)
  }

  /** Remove what was written. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #inSource(error: ProgramError): ProgramError {
    return inSource(error, (file) => this.#project.module(file))
  }

  #link(module: CompiledModule): void {
    const { name } = module
    if (this.#urls.has(name)) return
    const urlOf = (specifier: string): string => {
      const target = resolveImport(name, specifier)
      const url = target.tag === "file" ? this.#urls.get(target.name) : libraryUrl(specifier)
      if (url === undefined) throw new Error(`${name} imports ${JSON.stringify(specifier)}, which has not been linked`)
      return url
    }
    this.#urls.set(
      name,
      linkCell(module, { errors: this.#errors, urlOf, put: this.#put, host: libraryUrl("mirage/host") }),
    )
  }
}

/** Where the library's module is that the command's own `import "mirage"` means. */
function libraryUrl(specifier: string): string {
  return import.meta.resolve(specifier)
}
