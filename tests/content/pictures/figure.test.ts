// Pictures as they come into a slide, and the styles that they count on.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { PICTURE_NAMES, pictureFigure } from "../../../src/content/pictures/index.ts"
import { TONES } from "../../../src/content/pictures/scene.ts"
import { showCount, textWidth } from "../../../src/content/pictures/text.ts"
import { Problems } from "../../../src/content/problems.ts"
import { readDeck } from "../../../src/content/read.ts"
import { contrast } from "../../support/contrast.ts"
import { GALLERY, LAYERS, request } from "./gallery.ts"

const unreachable = (message: string) => expect.unreachable(message)
const html = (info: string, id = "p") => pictureFigure(request(info), id, unreachable)
const css = readFileSync(join(import.meta.dirname, "../../../src/deck/pictures.css"), "utf8")

function failures(info: string, body?: string): string[] {
  const problems: string[] = []
  const figure = pictureFigure(request(info, body), "p", (message, line = 0) => problems.push(`${line}: ${message}`))
  if (problems.length > 0 && body === undefined) expect(figure).toBe("")
  return problems
}

describe.each(GALLERY.map((e) => e.info))("%s", (info) => {
  it("is the same every time", () => {
    expect(html(info)).toBe(html(info))
  })

  it("has no colours of its own", () => {
    expect(html(info)).not.toMatch(/(?:fill|stroke|color|background)\s*[=:]|#[0-9a-f]{3,8}\b(?!-)|\brgb|\bhsl/i)
  })

  it("names its drawing for whoever cannot see it", () => {
    const [, title, desc] = /<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"/.exec(html(info)) ?? []
    expect(html(info)).toContain(`<title id="${title}">`)
    expect(html(info)).toContain(`<desc id="${desc}" aria-hidden="true">`)
    expect(html(info)).toMatch(/^<figure [^>]*role="group" aria-labelledby="(\S+)"/)
  })

  it("can stand in a page twice", () => {
    const ids = [html(info, "picture-1"), html(info, "picture-2")].flatMap((figure) =>
      [...figure.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id),
    )
    expect(ids.length).toBeGreaterThan(4)
    expect(ids).toEqual([...new Set(ids)])
  })

  it("refers to its own ids only", () => {
    const figure = html(info, "picture-7")
    const ids = new Set([...figure.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
    const references = [...figure.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].flatMap(([, r]) => r?.split(" "))
    for (const reference of references) expect(ids).toContain(reference)
  })

  it("is well-formed", () => {
    const open: string[] = []
    for (const [, end, tag, own] of html(info).matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (end === "/") expect(open.pop()).toBe(tag)
      else if (own !== "/") open.push(tag as string)
    }
    expect(open).toEqual([])
  })

  it("counts on nothing that the styles do not have", () => {
    const figure = html(info)
    for (const [step] of figure.matchAll(/--on-\d+/g)) expect(css).toContain(`${step}: 0;`)
    for (const [, step] of figure.matchAll(/class="fragment (step-\d+)"/g)) {
      expect(css).toContain(`.picture:has(.${step}.visible)`)
    }
    const drawn = /<g id="[^"]*" class="drawn" aria-hidden="true">[^]*<\/g>\n<\/svg>/.exec(figure)?.[0] ?? ""
    const classes = new Set([...drawn.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names?.split(" ") ?? []))
    // What has no rule of its own looks as anything of its kind.
    for (const usual of ["round", "pill", "text"]) classes.delete(usual)
    expect(classes.size).toBeGreaterThan(3)
    for (const name of classes) {
      const known = css.includes(`.${name}`) || css.includes(`path.${name}`) || name.endsWith("-flat")
      expect(known, name).toBe(true)
    }
  })
})

describe("options", () => {
  it("are said to be wrong", () => {
    expect(failures("")).toEqual(["0: `picture` wants a name."])
    expect(failures("stak target=xen")).toEqual(["0: There is no picture `stak`. Did you mean `stack`?"])
    expect(failures("toString")).toEqual([expect.stringMatching(/^0: There is no picture `toString`/)])
    expect(failures("stack")).toEqual(["0: `stack` wants a `target=`."])
    expect(failures("stack target=unix,zen")).toEqual(["0: There is no `target=zen`. Did you mean `xen`?"])
    expect(failures("stack target=unix target=xen")).toEqual(["0: `target` is given twice."])
    expect(failures("docker target=unix")).toEqual([expect.stringMatching(/^0: The picture `docker` has no option/)])
    expect(failures("docker constructor=1")).toEqual([expect.stringMatching(/has no option `constructor`/)])
    expect(failures("modules show")).toEqual(["0: `show` wants a value: `show=…`."])
    expect(failures("modules static=yes")).toEqual(["0: `static` takes no value."])
    expect(failures("node-service titles=One")).toEqual([expect.stringMatching(/^0: `titles` are two/)])
    expect(failures("ship", "cargo")).toEqual(["1: The picture `ship` has no data: its fence is empty."])
    expect(failures("node-service", LAYERS.replace("98000000", "98 MB"))).toEqual([
      expect.stringMatching(/^4: What was/),
    ])
  })

  it("can ask for a caption", () => {
    expect(html('ship caption="Boxes & <boxes>"')).toContain("<figcaption>Boxes &amp; &lt;boxes&gt;</figcaption>")
    expect(html("ship")).not.toContain("figcaption")
    // ARIA in HTML: a figure with a caption has no other role.
    expect(html("ship caption=Boxes")).not.toContain('role="group"')
  })

  it("can do without steps", () => {
    expect(html("modules")).toContain('class="fragment step-2"')
    expect(html("modules static")).not.toContain("fragment")
    expect(html("modules static")).not.toContain("--on-")
    expect(html("modules static")).toContain("XenRing")
    expect(html("modules show=direct")).not.toContain("XenRing")
  })

  it("draw every step for paper where steps take something back", () => {
    const frames = [
      ...html("stack target=unix,xen", "p9").matchAll(/<li class="at-(\d)"><svg [^>]*><use href="#p9-all"\/>/g),
    ]
    expect(frames.map(([, step]) => step)).toEqual(["0", "1"])
    expect(html("modules")).not.toContain("picture-frames")
  })
})

describe("in a slide", () => {
  const read = (text: string) => {
    const problems = new Problems()
    const around = { readSource: () => undefined, hasAsset: () => false }
    const deck = readDeck([{ name: "slides/01.md", text }], around, problems)
    const blocks = deck.columns.flatMap((c) => c.slides.flatMap((s) => s.blocks))
    return {
      html: blocks.map(({ content }) => (content.tag === "html" ? content.html : "")).join(""),
      problems: problems.found.map((p) => `${p.line}: ${p.message}`),
    }
  }

  it("is a fence, and has ids of its own", () => {
    const { html, problems } = read("# A\n```picture ship\n```\n---\n# B\n```picture ship\n```\n")
    expect(problems).toEqual([])
    expect([...html.matchAll(/<title id="([^"]*)"/g)].map(([, id]) => id)).toEqual([
      "picture-1-title",
      "picture-2-title",
    ])
  })

  it("tells the line of a mistake", () => {
    expect(read("# A\n\n```picture shp\n```\n").problems).toEqual([
      "3: There is no picture `shp`. Did you mean `ship`?",
    ])
    const body = "side,layer,packages,files,bytes\nservice,A,1,1,1\nunikernel,B,1,1,1 kB\n"
    expect(read(`# A\n\n\`\`\`picture node-service\n${body}\`\`\`\n`).problems).toEqual([
      expect.stringMatching(/^6: What was counted/),
    ])
  })

  it("is documented, with every name and its size", () => {
    const [header = ""] = readFileSync(
      join(import.meta.dirname, "../../../src/content/pictures/index.ts"),
      "utf8",
    ).split("import ")
    for (const name of PICTURE_NAMES) {
      const [, said = ""] = header.split(new RegExp(`^//   ${name} `, "m"))
      const [, width, height] = /(\d+) by (\d+)\./.exec(said) ?? []
      const scenes = GALLERY.filter(({ info }) => info.split(" ")[0] === name).map(({ scene }) => scene)
      expect([Number(width), Number(height)], name).toEqual([
        Math.max(...scenes.map((s) => s.width)),
        Math.max(...scenes.map((s) => s.height)),
      ])
    }
  })
})

describe("text", () => {
  it("is as wide as its letters", () => {
    expect(textWidth({ text: "iii", size: 10 })).toBeCloseTo(7.38)
    expect(textWidth({ text: "iii", size: 10, style: "bold" })).toBeGreaterThan(textWidth({ text: "iii", size: 10 }))
    expect(textWidth({ text: "iii", size: 10, style: "code" })).toBeCloseTo(18)
    // What is not in the table is taken for the widest.
    expect(textWidth({ text: "—", size: 10 })).toBe(10)
    expect(textWidth({ text: "\u007f", size: 10 })).toBe(10)
  })

  it("shows counts in groups", () => {
    expect([0, 999, 1000, 1234567].map(showCount)).toEqual(["0", "999", "1\u00a0000", "1\u00a0234\u00a0567"])
  })
})

describe("colours", () => {
  const theme = readFileSync(join(import.meta.dirname, "../../../src/deck/theme.css"), "utf8")
  const pairs = (text: string) =>
    [...text.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(
      ([, name, light, dark]) => [name as string, [light as string, dark as string]] as const,
    )
  const [usualTheme = "", moreTheme = ""] = theme.split("@media (prefers-contrast: more)")
  const [usualCss = "", moreCss = ""] = (css.split("@media (forced-colors")[0] ?? "").split(
    "@media (prefers-contrast: more)",
  )
  const usual = new Map([...pairs(usualTheme), ...pairs(usualCss)])
  const more = new Map([...usual, ...pairs(moreTheme), ...pairs(moreCss)])

  it.each([
    ["as usual", usual, 0, 4.5],
    ["as usual, dark", usual, 1, 4.5],
    ["with more contrast", more, 0, 7],
    ["with more contrast, dark", more, 1, 7],
  ] as const)("let words be read, %s", (_, colours, mode, wanted) => {
    const colour = (name: string) => {
      const found = colours.get(name)?.[mode]
      if (found === undefined) throw new Error(`No --${name} in both modes`)
      return found
    }
    const grounds = TONES.filter((t) => !["plain", "quiet", "sea"].includes(t)).map((t) => `tone-${t}`)
    for (const ground of ["ground", "raised", ...grounds]) {
      expect(contrast(colour("text"), colour(ground)), ground).toBeGreaterThanOrEqual(wanted)
      expect(contrast(colour("tone-muted"), colour(ground)), `muted on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(colour("tone-on-sea"), colour("tone-sea"))).toBeGreaterThanOrEqual(wanted)
    expect(contrast(colour("tone-muted"), colour("tone-ribbon"))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colour("ground"), colour("control"))).toBeGreaterThanOrEqual(3)
  })

  it("are of the same contrast, whether the system asks for it or the reader has chosen it", () => {
    const [asked = "", chosen = ""] = moreCss.split(':root[data-theme="contrast"]')
    const declarations = (text: string) => [...text.matchAll(/--[\w-]+: [^;]+;/g)].map(([d]) => d)
    expect(declarations(asked).length).toBeGreaterThan(8)
    expect(declarations(chosen)).toEqual(declarations(asked))
  })

  it("have a rule for every tone, and a system colour for each", () => {
    const forced = css.slice(css.indexOf("@media (forced-colors"), css.indexOf("/* In the slide"))
    for (const tone of TONES) {
      expect(css).toMatch(new RegExp(`\\.box\\.${tone} > path`))
      expect(css).toMatch(new RegExp(`--tone-${tone}: `))
      if (tone !== "quiet") expect(forced).toMatch(new RegExp(`--tone-${tone}: (?:Canvas|Highlight)`))
    }
  })
})
