// What a fence's info string says: the language, and what part the block plays in a cell.

import { type Word, words } from "./attributes.ts"
import { didYouMean } from "./problems.ts"
import type { ProjectFile } from "./project.ts"

/** The block is one file of a cell. */
export interface FileFence {
  readonly kind: "file"
  readonly language: string
  /** Its path in the project, with the group's folder. */
  readonly name: string
  readonly label: string
  readonly group?: string
  readonly entry: boolean
  readonly hidden: boolean
  readonly wrong: boolean
  /** The cell shows what becomes of its promises when it first runs. */
  readonly timeline?: true
  /** The file, from the root of the repository, that has the text. */
  readonly src?: string
}

/** The block says something of a cell. */
export interface CellPartFence {
  readonly kind: "output" | "ocaml" | "check" | "hint" | "solution"
  /** A file of the cell, as imports call it. */
  readonly of: string
}

/** The block is for reading. */
export interface CodeFence {
  readonly kind: "code"
  readonly language: string
}

/** The block is data, to be shown as a table or a plot. */
export interface DataFence {
  readonly kind: "chart" | "table-data"
  readonly caption?: string
}

/** The block is a picture. The words after its name are options of its own: pictures/index.ts. */
export interface PictureFence {
  readonly kind: "picture"
  readonly name: string
  readonly options: readonly Word[]
}

export type Fence = FileFence | CellPartFence | CodeFence | DataFence | PictureFence

const PARTS = ["check", "hint", "solution"] as const
const FLAGS: readonly string[] = ["entry", "hidden", "wrong", "timeline", ...PARTS]
const VALUES: readonly string[] = ["cell", "group", "of", "src", "caption"]

/** Read an info string. `fail` hears what is wrong with it; the fence is then read as well as can be, or as code. */
export function parseFence(info: string, fail: (message: string) => void): Fence {
  const all = words(info)
  if (all[0]?.name === "picture" && all[0].value === undefined) {
    const named = all[1] !== undefined && all[1].value === undefined
    return { kind: "picture", name: named ? (all[1]?.name as string) : "", options: all.slice(named ? 2 : 1) }
  }
  // The language may be left out: `cell=x.ts` says it by the extension.
  const hasLanguage = all[0] !== undefined && all[0].value === undefined && !FLAGS.includes(all[0].name)
  const language = hasLanguage ? (all[0]?.name as string) : ""
  const flags = new Set<string>()
  const values = new Map<string, string>()
  for (const { name, value } of hasLanguage ? all.slice(1) : all) {
    if (value === undefined && FLAGS.includes(name)) flags.add(name)
    else if (value !== undefined && VALUES.includes(name)) {
      if (values.has(name)) fail(`\`${name}=\` is given twice.`)
      values.set(name, value)
    } else if (value === undefined && VALUES.includes(name)) fail(`\`${name}\` wants a value: \`${name}=…\`.`)
    else if (value !== undefined && FLAGS.includes(name)) fail(`\`${name}\` takes no value.`)
    else fail(`A fence has no attribute \`${name}\`.${didYouMean(name, [...FLAGS, ...VALUES])}`)
  }
  const rest = new Set([...flags, ...values.keys()])
  const expect = (what: string, allowed: readonly string[]) => {
    for (const name of rest) if (!allowed.includes(name)) fail(`\`${name}\` does not go with ${what}.`)
  }

  const cell = values.get("cell")
  const of = values.get("of")
  if (language === "chart" || language === "table-data") {
    expect(`\`${language}\``, ["caption"])
    const caption = values.get("caption")
    return { kind: language, ...(caption === undefined ? {} : { caption }) }
  }
  if (cell !== undefined) {
    expect("`cell=`", ["cell", "group", "entry", "hidden", "wrong", "timeline", "src"])
    return fileFence(language, cell, flags, values, fail)
  }
  if (of !== undefined) {
    const kinds = [
      ...(language === "output" || language === "ocaml" ? [language] : []),
      ...PARTS.filter((p) => flags.has(p)),
    ]
    if (kinds.length === 1) {
      // OCaml that is meant not to type-check: the tests require the error.
      expect(`\`${kinds[0]} of=\``, ["of", kinds[0] as string, ...(language === "ocaml" ? ["wrong"] : [])])
      return { kind: kinds[0] as CellPartFence["kind"], of }
    }
    const words = "`output`, `ocaml`, `check`, `hint` or `solution`"
    const near = didYouMean(language, ["output", "ocaml"])
    fail(`\`of=\` wants one word before it that says what the block is: ${words}.${near}`)
    return { kind: "code", language: "" }
  }
  if (language === "output") fail("`output` wants `of=` and a cell's file.")
  if (language === "ocaml") rest.delete("wrong")
  for (const name of rest) fail(`\`${name}\` goes with \`cell=\` or \`of=\`, and there is neither.`)
  return { kind: "code", language }
}

function fileFence(
  language: string,
  cell: string,
  flags: ReadonlySet<string>,
  values: ReadonlyMap<string, string>,
  fail: (message: string) => void,
): FileFence {
  const group = values.get("group")
  const src = values.get("src")
  const path = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/
  if (!path.test(cell))
    fail(`\`cell=${cell}\` is not a file's name: letters, digits, \`-\`, \`_\`, \`.\` and \`/\` make one.`)
  if (group !== undefined && !/^[\w-]+$/.test(group)) fail(`\`group=${group}\` is not a folder's name.`)
  if (flags.has("entry") && group === undefined) fail("`entry` goes with `group=`: a cell of one file runs that file.")
  if (flags.has("timeline") && !(flags.has("entry") || (group === undefined && !flags.has("hidden"))))
    fail("`timeline` goes with a file that runs.")
  if (flags.has("entry") && flags.has("hidden")) fail("A hidden file cannot be the entry.")
  return {
    kind: "file",
    language,
    name: group === undefined ? cell : `${group}/${cell}`,
    label: cell,
    ...(group === undefined ? {} : { group }),
    entry: flags.has("entry"),
    hidden: flags.has("hidden"),
    wrong: flags.has("wrong"),
    ...(flags.has("timeline") ? { timeline: true } : {}),
    ...(src === undefined ? {} : { src }),
  }
}

const BY_NAME: Readonly<Record<string, ProjectFile["language"]>> = {
  ts: "typescript",
  typescript: "typescript",
  html: "html",
  css: "css",
  md: "markdown",
  markdown: "markdown",
  json: "json",
  ml: "ocaml",
  mli: "ocaml",
  ocaml: "ocaml",
}

/** A file's language: its extension's, or its fence's if the extension says nothing. */
export function languageOf(name: string, tag: string): ProjectFile["language"] {
  const extension = name.slice(name.lastIndexOf(".") + 1)
  return BY_NAME[extension] ?? BY_NAME[tag] ?? "text"
}
