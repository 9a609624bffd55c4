import { rmSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { build, createServer, type Rolldown, type ViteDevServer } from "vite"
import { mirageContent } from "../../src/content/vite-plugin.ts"
import { makeSite, SLIDE } from "./site.ts"

let site: ReturnType<typeof makeSite>
beforeEach(() => {
  site = makeSite()
})
afterEach(() => rmSync(site.root, { recursive: true }))

const options = () => ({
  root: site.root,
  base: "./",
  configFile: false as const,
  logLevel: "silent" as const,
  plugins: [mirageContent()],
})

/** File name -> contents, of a production build. */
async function buildSite(): Promise<Map<string, string>> {
  const built = (await build({ ...options(), build: { write: false } })) as Rolldown.RolldownOutput
  return new Map(built.output.map((o) => [o.fileName, o.type === "chunk" ? o.code : String(o.source)]))
}

describe("the built site", () => {
  it("has the slides in the page, with addresses that hold under any path", { timeout: 30_000 }, async () => {
    const page = (await buildSite()).get("index.html") ?? ""
    expect(page).toContain('<section id="costs-more">\n<h1>Costs $&amp; more</h1>')
    expect(page).toContain('<img src="a.svg" alt="a">')
    expect(page).toContain('<mirage-cell project="deck" file="a.ts" data-tabs="a.ts">')
    expect(page).toMatch(/<script type="module" crossorigin src="\.\/assets\/index-[\w-]+\.js">/)
    expect(page.match(/(?:src|href)="\/[^"]*"/g)).toBeNull()
    // A browser looks for it in the first kilobyte.
    expect(page.indexOf("charset")).toBeLessThan(1024)
  })

  it("has deck, guest, package and sources in chunks that are fetched when wanted", async () => {
    const files = await buildSite()
    const chunk = (part: string) => [...files].find(([name]) => name.includes(part))?.[1] ?? ""
    const load = (code: string) => import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)
    const deck = await load(chunk("mirage-deck"))
    expect(deck.project).toMatchObject({
      name: "deck",
      cells: [{ entry: "a.ts" }],
      files: { "a.ts": { types: { a: "Box<string>" } } },
    })
    expect(deck.project).not.toHaveProperty("columns")
    expect(deck.default).toBe(deck.project)
    const guest = await load(chunk("mirage-guest"))
    expect(guest.library.map((m: { name: string }) => m.name)).toContain("mirage/config")
    expect(guest.guest).toContain("answer")
    const pack = await load(chunk("mirage-package"))
    expect(JSON.parse(pack.files["node_modules/mirage/package.json"]).version).toBe("1.2.3")
    const sources = await load(chunk("mirage-sources"))
    expect(sources.sources["mirage.ts"]).toBe('export * as Lwt from "./lwt/lwt.ts"\n')
    expect(sources.default["cell-globals.d.ts"]).toContain("declare const console")
    expect(chunk("index-")).not.toContain("answer")
  })

  it("has a page for each notebook, with its sections, and its project in a chunk of its own", async () => {
    const text = `# Book\n\ntext\n\n---\n## Try it\n\n\`\`\`ts cell=b.ts\nconst b = 1\n\`\`\`\n\`\`\`md hint of=b.ts\n?\n\`\`\`\n`
    site.write("notebooks/book.md", text)
    site.write(
      "notebooks/book.html",
      '<!doctype html><html lang="en"><head><script type="module" src="/src/notebook/main.ts"></script></head><body><!-- contents --><!-- sections --></body></html>',
    )
    site.write(
      "src/notebook/main.ts",
      'import { notebooks } from "virtual:mirage-notebooks"\ndocument.addEventListener("click", () => void notebooks["book"]().then(console.log))\n',
    )
    const input = ["index.html", "notebooks/book.html"].map((name) => join(site.root, name))
    const built = await build({ ...options(), build: { write: false, rolldownOptions: { input } } })
    const files = new Map((built as Rolldown.RolldownOutput).output.map((o) => [o.fileName, o]))
    const page = String((files.get("notebooks/book.html") as Rolldown.OutputAsset).source)
    expect(page).toContain('<section id="book">\n<h1>Book</h1>')
    expect(page).toContain('<mirage-cell project="book" file="b.ts" data-tabs="b.ts" data-exercise="1">')
    expect(page).toContain(
      '<li><a href="#try-it">Try it</a><span class="notebook-mark" data-exercise-of="b.ts"></span></li>',
    )
    expect(page.match(/(?:src|href)="\/[^"]*"/g)).toBeNull()
    expect(page).toContain(".shiki .keyword{")
    const code = [...files.values()].find(
      (o) => o.type === "chunk" && o.moduleIds.includes("\0virtual:mirage-notebook/book"),
    ) as Rolldown.OutputChunk
    expect(code.isDynamicEntry).toBe(true)
    const { project } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code.code)}`)
    expect(project).toMatchObject({ name: "book", cells: [{ entry: "b.ts", exercise: { hints: ["?"] } }] })
  })

  it("is the same whenever it is built", async () => {
    expect([...(await buildSite())]).toEqual([...(await buildSite())])
  })

  it("is not built if the content has a mistake; the message has file and line", async () => {
    site.write(
      "slides/01-a.md",
      `# A\n\n\`\`\`ts cell=a.ts\nconst a: string = 1\n\`\`\`\n\`\`\`output of=b.ts\n\`\`\`\n`,
    )
    await expect(buildSite()).rejects.toThrow(
      /slides\/01-a\.md:4:7: Type 'number'[^]*slides\/01-a\.md:6:1: `of=b\.ts` names no cell/,
    )
  })
})

describe("while an author works", () => {
  let server: ViteDevServer
  beforeEach(async () => {
    server = await createServer({
      ...options(),
      server: { middlewareMode: true, ws: false, watch: null },
      appType: "custom",
    })
  })
  afterEach(() => server.close())

  /** Write a file as an editor does, and wait for what the page is told. */
  async function change(path: string, text: string) {
    const send = vi.spyOn(server.environments.client.hot, "send")
    site.write(path, text)
    server.watcher.emit("change", join(site.root, path))
    await vi.waitFor(() => expect(send).toHaveBeenCalled(), { timeout: 10_000, interval: 5 })
    const told = send.mock.calls.map(([payload]) => payload)
    send.mockRestore()
    return told
  }
  const page = () => server.transformIndexHtml("/index.html", "<body><!-- slides --></body>")

  it("a changed slide reloads the page", async () => {
    expect(await page()).toContain("Costs $&amp; more")
    expect(await change("slides/01-a.md", SLIDE.replace("more", "less"))).toEqual([{ type: "full-reload" }])
    expect(await page()).toContain("Costs $&amp; less")
  })

  it("a mistake is shown with its place, and mended it is gone", async () => {
    await page()
    const [told] = await change("slides/01-a.md", SLIDE.replace('return("x")', "retrun(1)"))
    expect(told).toMatchObject({
      type: "error",
      err: {
        message: expect.stringMatching(/slides\/01-a\.md:7:15: .*'retrun'/),
        loc: { file: join(site.root, "slides/01-a.md"), line: 7, column: 15 },
        plugin: "mirage-content",
      },
    })
    await expect(page()).rejects.toThrow("retrun")
    expect(await change("slides/01-a.md", SLIDE)).toEqual([{ type: "full-reload" }])
    expect(await page()).toContain("Costs")
  })

  it("a changed library is bundled again, and its new types are seen", async () => {
    const library = async () => (await server.transformRequest("virtual:mirage-guest"))?.code
    expect(await library()).not.toContain("zeal")
    await page()
    await change("src/mirage/config.ts", "export const zeal = 1\n")
    expect(await library()).toContain("zeal")
    const [told] = await change("src/mirage/lwt/lwt.ts", "export const other = 1\n")
    expect(told).toMatchObject({ type: "error", err: { message: expect.stringContaining("'return'") } })
  })

  it("other files are none of its business", async () => {
    const send = vi.spyOn(server.environments.client.hot, "send")
    site.write("notes.txt", "x")
    server.watcher.emit("change", join(site.root, "notes.txt"))
    // What comes after it has been told, and nothing before.
    expect(await change("slides/01-a.md", SLIDE)).toEqual([{ type: "full-reload" }])
    send.mockRestore()
  })
})
