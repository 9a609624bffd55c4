// Directives: HTML comments that begin with a dot. `<!-- .slide: … -->`, `<!-- .element: … -->`, `<!-- .fragments -->`.

import type { Token, Tokens } from "marked"
import { type Attributes, attributesOf, mergeAttributes } from "./attributes.ts"
import { didYouMean } from "./problems.ts"

const NAMES = ["slide", "element", "fragments"] as const

/** A directive, read. */
export interface Directive {
  readonly name: (typeof NAMES)[number]
  readonly attributes: Attributes
}

/** The directive that `html` is. `undefined` if it is something else; `fail` hears of one that is misspelt. */
export function parseDirective(html: string, fail: (message: string) => void): Directive | undefined {
  const m = /^\s*<!--\s*\.([\w-]+)\s*(:?)([^]*?)-->\s*$/.exec(html)
  if (m === null) return undefined
  const [, word = "", colon, text = ""] = m
  const name = NAMES.find((n) => n === word)
  if (name === undefined) {
    fail(`There is no directive \`.${word}\`.${didYouMean(word, NAMES)}`)
    return undefined
  }
  if (name === "fragments" ? text.trim() !== "" : colon === "" || text.trim() === "") {
    fail(
      name === "fragments"
        ? "`.fragments` takes no attributes."
        : `\`.${name}\` wants attributes: \`.${name}: class="…"\`.`,
    )
  }
  return { name, attributes: attributesOf(text) }
}

/** Attributes that directives gave to Markdown's own elements; the renderer puts them on. */
export type ElementAttributes = WeakMap<Token, Attributes>

/** Give `attributes` to an element, beside those it has. */
export function giveAttributes(to: Token, attributes: Attributes, given: ElementAttributes): void {
  given.set(to, mergeAttributes(given.get(to) ?? {}, attributes))
}

/**
 * Take the `.element` directives at the ends of `token` and of the list items in it, and give each to the element that it
 * ends. Directives found elsewhere inside are left to be a problem for `fail`.
 */
export function takeInlineDirectives(token: Token, given: ElementAttributes, fail: (message: string) => void): void {
  switch (token.type) {
    case "list":
      for (const item of (token as Tokens.List).items) {
        for (const part of item.tokens) {
          if (part.type === "text" || part.type === "paragraph") takeLast(part as Tokens.Text, item, given, fail)
          else takeInlineDirectives(part, given, fail)
        }
        takeBlock(item, given, fail)
      }
      break
    case "blockquote":
      for (const part of (token as Tokens.Blockquote).tokens) takeInlineDirectives(part, given, fail)
      break
    case "paragraph":
    case "heading":
      takeLast(token as Tokens.Paragraph, token, given, fail)
      break
    default:
      break
  }
}

function takeLast(
  from: Tokens.Text | Tokens.Paragraph,
  to: Token,
  given: ElementAttributes,
  fail: (m: string) => void,
): void {
  const inline = from.tokens
  if (inline === undefined) return
  const last = inline.at(-1)
  if (last?.type === "html" && take(last.raw, to, given, fail)) {
    inline.pop()
    const before = inline.at(-1)
    if (before?.type === "text") before.text = before.text.trimEnd()
  }
  // One that stands anywhere else is about nothing; what is misspelt at the end has been said.
  for (const token of inline.slice(0, -1)) {
    const directive = token.type === "html" ? parseDirective(token.raw, fail) : undefined
    if (directive !== undefined) fail(`\`.${directive.name}\` stands at the end of what it is about.`)
  }
}

// A comment on a line of its own below an item's text is a block of the item.
function takeBlock(item: Tokens.ListItem, given: ElementAttributes, fail: (m: string) => void): void {
  const last = item.tokens.at(-1)
  if (last?.type === "html" && take(last.raw, item, given, fail)) item.tokens.pop()
}

function take(html: string, to: Token, given: ElementAttributes, fail: (message: string) => void): boolean {
  const directive = parseDirective(html, fail)
  if (directive === undefined) return false
  if (directive.name === "element") giveAttributes(to, directive.attributes, given)
  else fail(`\`.${directive.name}\` stands on a line of its own.`)
  return true
}
