// The site's settings through a real build, and the servers that keep them.

import { rmSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { build, createServer, type InlineConfig, preview, type Rolldown } from "vite"
import { mirageSite } from "../../src/content/site-plugin.ts"
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts"
import { makeSite } from "./site.ts"

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><!-- theme --><title>x</title></head><body></body></html>`

let site: ReturnType<typeof makeSite>
beforeEach(() => {
  site = makeSite()
  site.write("index.html", PAGE)
  site.write("notebooks/book.html", PAGE)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(site.root, { recursive: true })
})

const options = (): InlineConfig => ({
  root: site.root,
  base: "./",
  configFile: false,
  logLevel: "silent",
  plugins: [mirageSite()],
})

/** File name -> text, of a production build. */
async function buildSite(): Promise<Map<string, string>> {
  const input = ["index.html", "notebooks/book.html"].map((name) => join(site.root, name))
  const built = await build({ ...options(), build: { write: false, rolldownOptions: { input } } })
  const { output } = built as Rolldown.RolldownOutput
  return new Map(output.map((o) => [o.fileName, o.type === "chunk" ? o.code : String(o.source)]))
}

/** What a page says its site's settings are, and where the site's first folder is. */
function settingsIn(page: string | undefined): { readonly root: string | undefined; readonly settings: unknown } {
  const block = /<script type="application\/json" id="mirage-site" data-root="([^"]*)">(.*?)<\/script>/.exec(page ?? "")
  return { root: block?.[1], settings: JSON.parse(block?.[2] ?? "null") }
}

describe("a build", () => {
  it("writes the settings into every page, with the way to the first folder", async () => {
    const files = await buildSite()
    expect(settingsIn(files.get("index.html"))).toEqual({ root: "./", settings: DEFAULT_SETTINGS })
    expect(settingsIn(files.get("notebooks/book.html"))).toEqual({ root: "../", settings: DEFAULT_SETTINGS })
  })

  it("puts the reader's theme into each page before anything that is painted", async () => {
    for (const page of ["index.html", "notebooks/book.html"]) {
      const text = (await buildSite()).get(page) ?? ""
      expect(text).not.toContain("<!-- theme -->")
      expect(text.indexOf("mirage-theme")).toBeGreaterThan(text.indexOf("charset"))
      expect(text.indexOf("mirage-theme")).toBeLessThan(text.indexOf("<title>"))
    }
  })

  it("takes them from the environment before a .env file", async () => {
    site.write(".env", "MIRAGE_WEBCONTAINER=on\nMIRAGE_WEBCONTAINER_KEY=</script>\n")
    vi.stubEnv("MIRAGE_WEBCONTAINER", "off")
    const { settings } = settingsIn((await buildSite()).get("index.html"))
    expect(settings).toMatchObject({ webcontainer: { use: "off", apiKey: "</script>" } })
  })

  it("ends with every mistake in them, and where each was made", async () => {
    site.write(".env.local", "MIRAGE_WEBCONTAINER_COEP=none\n")
    vi.stubEnv("MIRAGE_WEBCONTAINER", "sometimes")
    const refused = buildSite().then(
      () => "built",
      (e: Error) => e.message,
    )
    expect(await refused).toContain("the environment: MIRAGE_WEBCONTAINER=sometimes must be")
    expect(await refused).toContain(`a .env file in ${site.root}: MIRAGE_WEBCONTAINER_COEP=none must be`)
  })
})

describe("a build for a host that sets headers", () => {
  it("has them in the files that hosts read, and the service worker all the same", async () => {
    vi.stubEnv("MIRAGE_WEBCONTAINER_COEP", "credentialless")
    const files = await buildSite()
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(["_headers", "vercel.json", "hosting/nginx.conf", "hosting/apache.conf"]),
    )
    for (const name of ["_headers", "vercel.json", "hosting/nginx.conf", "hosting/apache.conf"])
      expect(files.get(name)).toContain("credentialless")
    expect(files.has("isolation-worker.js")).toBe(true)
  })
})

describe("a build for a host that sets none", () => {
  it("has a service worker of one classic script, under a name that stays", async () => {
    vi.stubEnv("MIRAGE_WEBCONTAINER_ISOLATION", "service-worker")
    const files = await buildSite()
    expect([...files.keys()].filter((name) => /header|vercel|hosting/.test(name))).toEqual([])
    const script = files.get("isolation-worker.js") ?? ""
    // A module, or a script with imports, would not start everywhere.
    expect(script).toContain("skipWaiting")
    expect(script).not.toMatch(/^\s*(import|export)\b/m)
  })
})

describe("a build without WebContainers", () => {
  it("has neither", async () => {
    vi.stubEnv("MIRAGE_WEBCONTAINER", "off")
    const files = await buildSite()
    expect([...files.keys()].filter((name) => /header|vercel|hosting|worker/.test(name))).toEqual([])
  })
})

describe("the servers", () => {
  const policies = ({ headers }: Response) => [
    headers.get("cross-origin-opener-policy"),
    headers.get("cross-origin-embedder-policy"),
  ]

  it.each([
    ["ask", ["same-origin", "require-corp"]],
    ["off", [null, null]],
  ])("with WebContainers %s: pages and scripts come with %j", async (use, expected) => {
    vi.stubEnv("MIRAGE_WEBCONTAINER", use)
    await build(options())
    const dev = await createServer({ ...options(), server: { port: 0, host: "127.0.0.1", ws: false, watch: null } })
    const previewed = await preview({ ...options(), preview: { port: 0, host: "127.0.0.1" } })
    try {
      await dev.listen()
      for (const server of [dev.httpServer!, previewed.httpServer]) {
        const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

        const page = await fetch(base)
        expect(await page.text()).toContain("mirage-site")
        expect(policies(page)).toEqual(expected)
        // A worker without them could not be started by a page that has them.
        expect(policies(await fetch(`${base}a.svg`))).toEqual(expected)
      }
    } finally {
      await dev.close()
      await previewed.close()
    }
  })
})
