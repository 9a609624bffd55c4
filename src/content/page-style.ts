// The little style that the page carries itself: what makes the first slide readable while everything else is on its way,
// and the colours of code. Everything else is the deck's.

import { TOKEN_KINDS } from "./highlight.ts"

/** Colours of code on light and on dark; those of the editor's themes (src/ui/editor/themes.ts). A test compares them. */
export const CODE_COLOURS: Readonly<
  Record<"text" | (typeof TOKEN_KINDS)[number], readonly [light: string, dark: string]>
> = {
  text: ["#24292f", "#dde3ea"],
  comment: ["#5d6673", "#97a3b3"],
  keyword: ["#a4261d", "#ff8f80"],
  string: ["#0a5a3c", "#8fd6a8"],
  number: ["#0550ae", "#85bdff"],
  type: ["#6f3bb5", "#cfaeff"],
}

// `light-dark()` follows the page's `color-scheme`; the deck sets that, and can set the variables otherwise.
const variables = Object.entries(CODE_COLOURS).map(
  ([kind, [light, dark]]) => `--code-${kind}:light-dark(${light},${dark})`,
)
const kinds = TOKEN_KINDS.map((kind) => `.shiki .${kind}{color:var(--code-${kind})}`)

// Before reveal.js has started, it is the first slide that is shown, in the flow of the page; the others wait unseen
// (without scripts, every slide is shown).
const FIRST = ".reveal:not(.ready) .slides>section:first-child"

/** The colours of code, for any page with code in it. */
export const CODE_STYLE: string = [
  `:where(:root){color-scheme:light dark;${variables.join(";")}}`,
  ".shiki{color:var(--code-text)}",
  ...kinds,
  ".shiki .comment{font-style:italic}",
].join("\n")

/** The text of the deck's style element. */
export const PAGE_STYLE: string = [
  CODE_STYLE,
  ":where(body){margin:0;font:1.25rem/1.5 system-ui,sans-serif}",
  ":where(.reveal:not(.ready) .slides){max-width:60rem;margin:0 auto;padding:2rem}",
  ".reveal:not(.ready) .slides section{display:none}",
  `${FIRST},${FIRST}>section:first-child{display:block}`,
  "aside.notes{display:none}",
].join("\n")

/** For readers without scripts: the slides, one below the other, whatever the deck's style has in mind for a show. */
export const NO_SCRIPT_STYLE: string = [
  "html,body,.reveal{height:auto!important;overflow:visible!important}",
  ".reveal .slides{position:static!important;width:auto!important;max-width:70rem!important;height:auto!important;" +
    "margin:0 auto!important;padding:2rem!important;translate:none!important;scale:none!important;overflow:visible!important}",
  ".reveal .slides section{display:block!important;position:static!important;height:auto!important;margin-block:3rem;" +
    "opacity:1!important;visibility:visible!important}",
  ".reveal .fragment{opacity:1!important;visibility:inherit!important}",
].join("\n")
