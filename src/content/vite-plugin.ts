// The content of the site, for Vite: slides rendered into the page, and the modules of virtual.d.ts.
//
// While an author works, a changed slide reloads the page, which comes back to the slide in its address. A mistake shows in
// Vite's overlay with its file and line, and the page behind it stays as it was.

import { basename, join, relative, sep } from "node:path"
import type { ErrorPayload, Plugin, ResolvedConfig } from "vite"
import { DeckBuilder, notebooksOf, tutorialDeck, tutorialNotebook } from "./build-deck.ts"
import { buildLibrary, buildScript, doorsOf, librarySources } from "./library.ts"
import { buildPackage } from "./package.ts"
import { deckSections, notebookContents, notebookSections } from "./page.ts"
import { CODE_STYLE, NO_SCRIPT_STYLE, PAGE_STYLE } from "./page-style.ts"
import { ContentError } from "./problems.ts"
import type { LibraryModule } from "../sandbox/protocol.ts"
import type { Deck, ProjectData } from "./project.ts"
import { cellGlobals } from "./types.ts"

const PREFIX = "virtual:mirage-"
const NOTEBOOK = "notebook/"

/** Where the page wants its slides. */
const SLIDES = "<!-- slides -->"
/** Where `notebooks/lwt.html` wants the sections of `notebooks/lwt.md`, and the list of them. */
const SECTIONS = "<!-- sections -->"
const CONTENTS = "<!-- contents -->"

/** A deck or a notebook, made once, until something that went into it changes. */
class Project {
  readonly builder: DeckBuilder
  #deck: Promise<Deck> | undefined

  constructor(builder: DeckBuilder) {
    this.builder = builder
  }

  now(): Promise<Deck> {
    return (this.#deck ??= this.builder.build())
  }

  forget(): void {
    this.#deck = undefined
  }
}

export function mirageContent(): Plugin {
  let root = process.cwd()
  let deck: Project
  /** By their names. */
  let notebooks: ReadonlyMap<string, Project> = new Map()
  // Made once, until something that went into it changes.
  let made: { library?: Promise<LibraryModule[]>; guest?: Promise<string>; package?: Promise<string> } = {}
  const projects = () => [deck, ...notebooks.values()]
  const libraryNow = () => (made.library ??= buildLibrary(doorsOf(root)))

  return {
    name: "mirage-content",

    configResolved(config: ResolvedConfig) {
      root = config.root
      deck = new Project(new DeckBuilder(tutorialDeck(root), "deck"))
      notebooks = new Map(
        notebooksOf(root).map((name) => [name, new Project(new DeckBuilder(tutorialNotebook(root, name), name))]),
      )
    },

    async buildStart() {
      // The mistakes of a deck end the build before anything else is done.
      if (this.environment.config.command !== "build") return
      for (const project of projects()) await project.now().catch((e: unknown) => this.error(located(e, root)))
    },

    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),

    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined
      const name = id.slice(PREFIX.length + 1)
      const notebook = name.startsWith(NOTEBOOK) ? notebooks.get(name.slice(NOTEBOOK.length)) : undefined
      if (notebook !== undefined) return deckModule(await notebook.now())
      switch (name) {
        case "deck":
          return deckModule(await deck.now())
        case "notebooks":
          return notebooksModule([...notebooks.keys()])
        case "guest":
          return (made.guest ??= guestModule(root, libraryNow()))
        case "package":
          return (made.package ??= packageModule(root, libraryNow()))
        case "sources":
          return sourcesModule(root)
        default:
          return undefined
      }
    },

    transformIndexHtml: {
      // After Vite's own work: the slides' addresses are relative already, and are to stay so.
      order: "post",
      async handler(html, { filename }) {
        const orLocated = (e: unknown): never => {
          throw located(e, root)
        }
        if (html.includes(SECTIONS)) {
          const notebook = notebooks.get(basename(filename, ".html"))
          if (notebook === undefined) throw new Error(`${filename} wants the sections of a notebook that is not there.`)
          const { columns } = await notebook.now().catch(orLocated)
          return {
            html: html
              .replace(CONTENTS, () => notebookContents(columns))
              .replace(SECTIONS, () => notebookSections(columns)),
            tags: [{ tag: "style", children: CODE_STYLE, injectTo: "head" }],
          }
        }
        if (!html.includes(SLIDES)) return html
        const { columns } = await deck.now().catch(orLocated)
        // A function, since the slides may well hold a `$&`.
        const page = html.replace(SLIDES, () => deckSections(columns))
        return {
          html: page,
          tags: [
            { tag: "style", children: PAGE_STYLE, injectTo: "head" },
            { tag: "noscript", children: [{ tag: "style", children: NO_SCRIPT_STYLE }], injectTo: "head" },
          ],
        }
      },
    },

    async hotUpdate({ file }) {
      if (this.environment.name !== "client") return undefined
      const sources = new Set(projects().flatMap((project) => [...project.builder.sources]))
      const touched = touches(relative(root, file).split(sep).join("/"), sources.has(file))
      if (touched === undefined) return undefined
      if (touched === "library") made = {}
      for (const project of projects()) project.forget()
      try {
        for (const project of projects()) await project.now()
      } catch (e) {
        for (const project of projects()) project.forget()
        this.environment.hot.send({ type: "error", err: overlay(located(e, root)) })
        return []
      }
      for (const name of ["deck", "guest", "package", "sources", ...[...notebooks.keys()].map((n) => NOTEBOOK + n)]) {
        const module = this.environment.moduleGraph.getModuleById(`\0${PREFIX}${name}`)
        if (module !== undefined) this.environment.moduleGraph.invalidateModule(module)
      }
      this.environment.hot.send({ type: "full-reload" })
      return []
    },
  }
}

/** What a change of `path` is about: the slides alone, or the library OS and what carries it as well. */
function touches(path: string, isSource: boolean): "slides" | "library" | undefined {
  if (/^src\/(mirage|sandbox|toolchain|cli)\//.test(path)) return "library"
  return /^(slides|notebooks|public)\//.test(path) || isSource ? "slides" : undefined
}

// JSON.parse of a string is quicker for a browser than the same data as an expression.
function deckModule({ name, files, cells }: Deck): string {
  const project: ProjectData = { name, files, cells }
  return `export const project = JSON.parse(${JSON.stringify(JSON.stringify(project))})\nexport default project\n`
}

function notebooksModule(names: readonly string[]): string {
  const entries = names.map((name) => `${JSON.stringify(name)}: () => import("${PREFIX}${NOTEBOOK}${name}")`)
  return `export const notebooks = { ${entries.join(", ")} }\n`
}

async function guestModule(root: string, building: Promise<readonly LibraryModule[]>): Promise<string> {
  const [script, library] = await Promise.all([buildScript(join(root, "src/sandbox/guest-worker.ts")), building])
  return `export const guest = ${JSON.stringify(script)}\nexport const library = ${JSON.stringify(library)}\nexport default { guest, library }\n`
}

async function packageModule(root: string, building: Promise<readonly LibraryModule[]>): Promise<string> {
  const files = await buildPackage(root, await building)
  return `export const files = ${JSON.stringify(files)}\nexport default { files }\n`
}

function sourcesModule(root: string): string {
  const sources = { ...librarySources(doorsOf(root)), "cell-globals.d.ts": cellGlobals() }
  return `export const sources = ${JSON.stringify(sources)}\nexport default sources\n`
}

/** An error of the content with its first place where Vite looks for one. */
function located(e: unknown, root: string): Error & { loc?: { file: string; line: number; column: number } } {
  const error = e instanceof Error ? e : new Error(String(e))
  if (!(error instanceof ContentError)) return error
  const [first] = error.problems
  // Our own stack would only lead away from the slide.
  error.stack = ""
  return first === undefined
    ? error
    : Object.assign(error, { loc: { file: join(root, first.file), line: first.line, column: first.column } })
}

function overlay(error: ReturnType<typeof located>): ErrorPayload["err"] {
  return {
    message: error.message,
    stack: error.stack ?? "",
    plugin: "mirage-content",
    ...(error.loc ? { loc: error.loc } : {}),
  }
}
