// Code as HTML, highlighted when the page is built. A token's class says what it is, `keyword` or `string`, and the page's
// style says how that looks, so that light, dark and high contrast are the same HTML. The kinds are those of the editor's
// theme, and so is what counts as which: a cell looks the same before and after its editor has come.

import { createHighlighterCore, type HighlighterCore, type ThemeRegistration } from "shiki/core"
import { createJavaScriptRegexEngine } from "shiki/engine/javascript"
import { escapeHtml } from "./attributes.ts"

/** What a token is. Text that is nothing of this has no class. */
export const TOKEN_KINDS = ["comment", "keyword", "string", "number", "type"] as const
type Kind = (typeof TOKEN_KINDS)[number]

// Names that authors write -> a grammar of shiki's; the empty name is text as it is.
const LANGUAGES: Readonly<Record<string, string>> = {
  "": "",
  text: "",
  txt: "",
  output: "",
  "ocaml-output": "",
  console: "",
  ts: "typescript",
  typescript: "typescript",
  js: "javascript",
  javascript: "javascript",
  html: "html",
  css: "css",
  json: "json",
  md: "markdown",
  markdown: "markdown",
  ml: "ocaml",
  ocaml: "ocaml",
  sh: "shellscript",
  bash: "shellscript",
  shell: "shellscript",
  diff: "diff",
  yaml: "yaml",
  c: "c",
}

/** Languages that a fence may name. */
export const HIGHLIGHTED_LANGUAGES: readonly string[] = Object.keys(LANGUAGES).filter((name) => name !== "")

// The theme's colours only carry the kind through the highlighter: comment is #000001, and so on.
const colourOf = (kind: Kind | "text") => `#00000${kind === "text" ? 0 : TOKEN_KINDS.indexOf(kind) + 1}`

const rule = (kind: Kind | "text", ...scope: string[]) => ({ scope, settings: { foreground: colourOf(kind) } })

const THEME: ThemeRegistration = {
  name: "kinds",
  type: "light",
  settings: [
    { settings: { foreground: colourOf("text"), background: "#ffffff" } },
    rule("comment", "comment", "punctuation.definition.comment"),
    rule("keyword", "keyword", "storage", "support.type.primitive", "support.type.builtin", "variable.language.this"),
    rule(
      "keyword",
      "constant.language",
      "entity.name.tag",
      "markup.heading",
      "keyword.operator.expression",
      "keyword.operator.new",
    ),
    rule(
      "text",
      "keyword.operator",
      "storage.type.function.arrow",
      "punctuation",
      "punctuation.definition.template-expression",
    ),
    rule("string", "string", "punctuation.definition.string", "string.regexp", "markup.inserted", "markup.inline.raw"),
    rule("number", "constant.numeric", "storage.type.numeric.bigint"),
    rule("type", "entity.other.attribute-name", "support.type.property-name.css", "support.type.property-name.json"),
    rule("text", "meta.template.expression", "meta.embedded", "string.unquoted"),
    // The OCaml grammar names its scopes after how some theme looks, not after what they are.
    rule(
      "text",
      "source.ocaml string.other.link",
      "source.ocaml support.type strong",
      "source.ocaml string.regexp strong",
    ),
    rule("keyword", "source.ocaml string.regexp", "entity.name.filename markup.underline"),
    rule(
      "type",
      "source.ocaml entity.other.attribute-name.id.css strong",
      "source.ocaml entity.name.class constant.numeric",
    ),
    rule("type", "source.ocaml keyword.control emphasis"),
  ],
}

/** Highlights code; keeps what it has made, since a rebuild changes little. */
export class Highlighter {
  readonly #shiki: HighlighterCore
  readonly #made = new Map<string, string>()

  private constructor(shiki: HighlighterCore) {
    this.#shiki = shiki
  }

  static async create(): Promise<Highlighter> {
    const langs = [
      import("shiki/langs/typescript.mjs"),
      import("shiki/langs/javascript.mjs"),
      import("shiki/langs/html.mjs"),
      import("shiki/langs/css.mjs"),
      import("shiki/langs/json.mjs"),
      import("shiki/langs/markdown.mjs"),
      import("shiki/langs/ocaml.mjs"),
      import("shiki/langs/shellscript.mjs"),
      import("shiki/langs/diff.mjs"),
      import("shiki/langs/yaml.mjs"),
      import("shiki/langs/c.mjs"),
    ]
    const engine = createJavaScriptRegexEngine()
    return new Highlighter(await createHighlighterCore({ themes: [THEME], langs, engine }))
  }

  /** `<pre class="shiki">` with the code; without colours if the language is unknown. */
  html(code: string, language: string): string {
    const key = `${language}\n${code}`
    let html = this.#made.get(key)
    if (html === undefined) {
      html = `<pre class="shiki" tabindex="0"><code>${this.#spans(code, LANGUAGES[language] ?? "")}</code></pre>`
      this.#made.set(key, html)
    }
    return html
  }

  #spans(code: string, grammar: string): string {
    if (grammar === "") return escapeHtml(code)
    // Without a limit: on a busy machine the first line, which compiles the grammar, would be left half coloured.
    const lines = this.#shiki.codeToTokensBase(code, { lang: grammar, theme: "kinds", tokenizeTimeLimit: 0 })
    const capitals = ["typescript", "javascript", "ocaml"].includes(grammar)
    return lines
      .map((line) => line.map((t) => span(t.content, TOKEN_KINDS[Number(t.color?.at(-1)) - 1], capitals)).join(""))
      .join("\n")
  }
}

function span(text: string, kind: Kind | undefined, capitals: boolean): string {
  if (kind !== undefined) {
    // White space around a token is no part of it: fewer spans, and nothing to underline.
    const [, before = "", inside = "", after = ""] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? []
    return inside === "" ? text : `${before}<span class="${kind}">${escapeHtml(inside)}</span>${after}`
  }
  // As the editor has it: a name with a capital is a type's, a class's or a module's. In OCaml it is a rule.
  return capitals ? escapeHtml(text).replaceAll(/\b[A-Z][\w$]*/g, '<span class="type">$&</span>') : escapeHtml(text)
}
