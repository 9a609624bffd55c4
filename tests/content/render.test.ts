import { beforeAll, describe, expect, it } from "vitest"
import { Highlighter } from "../../src/content/highlight.ts"
import { deckSections } from "../../src/content/page.ts"
import { CODE_COLOURS, PAGE_STYLE } from "../../src/content/page-style.ts"
import { Problems } from "../../src/content/problems.ts"
import { readDeck } from "../../src/content/read.ts"
import { renderColumns } from "../../src/content/render.ts"
import { darkPalette, lightPalette } from "../../src/ui/editor/themes.ts"

let highlighter: Highlighter
beforeAll(async () => {
  highlighter = await Highlighter.create()
})

function columns(...texts: string[]) {
  const problems = new Problems()
  const files = texts.map((text, i) => ({ name: `slides/0${i + 1}-x.md`, text }))
  const deck = readDeck(files, { readSource: () => undefined, hasAsset: () => true }, problems)
  problems.throwIfAny()
  return renderColumns(deck, "deck", highlighter)
}
const html = (text: string) => columns(`# A\n\n${text}`)[0]?.slides[0]?.html.replace("<h1>A</h1>\n", "")
const code = (text: string, language: string) => /<code>([^]*)<\/code>/.exec(highlighter.html(text, language))?.[1]

describe("a cell", () => {
  it("can be read before any script has run", () => {
    expect(html("```ts cell=a.ts\nconst x = 1 < 2\n```\n\n```output of=a.ts\nval x : boolean = true\n<b>\n```")).toBe(
      `<mirage-cell project="deck" file="a.ts" data-tabs="a.ts">
<div class="cell-code" data-file="a.ts"><pre class="shiki" tabindex="0"><code><span class="keyword">const</span> x = <span class="number">1</span> &lt; <span class="number">2</span></code></pre></div>
<pre class="cell-output">val x : boolean = true
&lt;b&gt;</pre>
</mirage-cell>
`,
    )
  })

  it("of several files shows the entry, and names the tabs that are not hidden", () => {
    const cell = html(
      "```html cell=h/i.html group=g\n<p>\n```\n```ts cell=c.ts group=g entry\n1\n```\n```ts cell=s.ts group=g hidden\n2\n```",
    )
    expect(cell).toContain('<mirage-cell project="deck" file="g/c.ts" data-tabs="h/i.html c.ts">')
    expect(cell?.match(/class="cell-code" data-file="[^"]*"/g)).toEqual(['class="cell-code" data-file="g/c.ts"'])
    expect(cell).not.toContain("cell-output")
  })

  it("takes a directive's attributes", () => {
    expect(html('```ts cell=a.ts\n1\n```\n```output of=a.ts\n```\n<!-- .element: class="stretch" -->')).toMatch(
      /^<mirage-cell project="deck" file="a.ts" data-tabs="a.ts" class="stretch">/,
    )
  })
})

describe("directives", () => {
  it("are on the block before, the item, the paragraph or the heading", () => {
    expect(html('a\n\n<!-- .element: class="x" data-y="1" -->')).toBe('<p class="x" data-y="1">a</p>\n')
    expect(html('a <!-- .element: class="x" -->')).toBe('<p class="x">a</p>\n')
    expect(html('## b <!-- .element: id="c" -->')).toBe('<h2 id="c">b</h2>\n')
    expect(html('* a <!-- .element: class="x" -->\n* b\n  <!-- .element: class="y" -->\n')).toBe(
      '<ul>\n<li class="x">a</li>\n<li class="y">b</li>\n</ul>\n',
    )
    expect(html('> q <!-- .element: class="x" -->')).toBe('<blockquote>\n<p class="x">q</p>\n</blockquote>\n')
    expect(html('| a |\n|---|\n| b |\n\n<!-- .element: class="x" -->')).toMatch(/^<table class="x">/)
    expect(html('<div>\n\n<!-- .element: class="x" -->')).toContain('<div class="x">')
    expect(html('```ts\n1\n```\n<!-- .element: class="x" -->')).toMatch(/^<pre class="shiki x" tabindex="0">/)
  })

  it("build up a list", () => {
    expect(html("1. a\n2. b\n   * c\n\n<!-- .fragments -->")).toBe(
      '<ol>\n<li class="fragment">a</li>\n<li class="fragment">b<ul>\n<li>c</li>\n</ul>\n</li>\n</ol>\n',
    )
    expect(html("* a <!-- .element: class=x -->\n* b\n\n<!-- .fragments -->")).toContain(
      '<li class="x fragment">a</li>',
    )
  })
})

describe("the page", () => {
  it("has a section for each column, and in it one for each slide, with its notes", () => {
    const sections = deckSections(
      columns(
        "---\ntitle: x & y\n---\n# A\n\nNote: *hm*\n\n---\n<!-- .slide: data-a=1 -->\n# B",
        "# C <!-- .element: class=z -->",
      ),
    )
    expect(sections).toBe(`<section data-column="01-x" data-title="x &amp; y">
<section id="a">
<h1>A</h1>
<aside class="notes">
<p><em>hm</em></p>
</aside>
</section>
<section id="b" data-a="1">
<h1>B</h1>
</section>
</section>
<section data-column="02-x" data-title="C">
<section id="c">
<h1 class="z">C</h1>
</section>
</section>`)
  })

  it("lets HTML be", () => {
    expect(html('<table class="t">\n<tr><td>1</td></tr>\n</table>')).toBe(
      '<table class="t">\n<tr><td>1</td></tr>\n</table>',
    )
  })
})

describe("highlighting", () => {
  it("knows what the editor's theme knows, in TypeScript", () => {
    expect(code("// c\nexport const f = (x: number): Option.t<string> => `a${x}` + 1", "ts")).toBe(
      [
        '<span class="comment">// c</span>',
        '<span class="keyword">export</span> <span class="keyword">const</span> f = (x: <span class="keyword">number</span>): <span class="type">Option</span>.t&lt;<span class="keyword">string</span>&gt; =&gt; <span class="string">`a</span>${x}<span class="string">`</span> + <span class="number">1</span>',
      ].join("\n"),
    )
  })

  it("knows OCaml", () => {
    expect(code('let rec f x = function Some (y : int) -> "a" | None -> 1 (* c *)\nmodule M = Make (N)', "ocaml")).toBe(
      '<span class="keyword">let</span> <span class="keyword">rec</span> f x = <span class="keyword">function</span> <span class="type">Some</span> (y : int) -&gt; <span class="string">&quot;a&quot;</span> | <span class="type">None</span> -&gt; <span class="number">1</span> <span class="comment">(* c *)</span>\n' +
        '<span class="keyword">module</span> <span class="type">M</span> = <span class="type">Make</span> (<span class="type">N</span>)',
    )
  })

  it("changes nothing of the text", () => {
    const text = '<a href="x&amp;">\n\n  \t&nbsp;<!-- c --></a>\n'
    const plain = code(text, "html")
      ?.replaceAll(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&")
    expect(plain).toBe(text)
    expect(code("<b> & c", "text")).toBe("&lt;b&gt; &amp; c")
  })

  it("has the colours of the editor", () => {
    for (const [kind, colours] of Object.entries(CODE_COLOURS)) {
      const name = kind as keyof typeof CODE_COLOURS
      expect(colours, kind).toEqual([lightPalette[name], darkPalette[name]])
    }
    expect(PAGE_STYLE).toContain(`--code-string:light-dark(${lightPalette.string},${darkPalette.string})`)
  })
})
