// A site on a host that sends no headers: its service worker isolates the pages after one reload, or the reader is told why not.

import type { BrowserContext, Frame, Page } from "playwright-core"
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Isolation } from "../../src/site/isolation.ts"
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts"
import { buildPageModule } from "../conformance/guests.ts"
import { newPage, type NewPageOptions } from "../support/browser.ts"
import { Deck, eventually } from "../support/page.ts"
import { staticHost } from "../support/static-host.ts"
import { useTutorial } from "../support/tutorial.ts"
import { startDouble } from "../support/webcontainer/double.ts"
import { type OwnersSettings, withSettings } from "../support/webcontainer/site.ts"

const WORKER = "isolation-worker.js"
/** Modules of the pages, where a test can call them. */
const DOOR = "door-for-the-test.js"
const CONTAINER = "container-for-the-test.js"
declare const door: typeof import("../../src/site/isolate.ts") &
  typeof import("../../src/sandbox/webcontainer/page-host.ts")

const tutorial = useTutorial({
  replace(file, read) {
    if (file in modules) return modules[file]
    const change = serve[file]
    if (!file.endsWith(".html")) return change === undefined ? undefined : read().then(change)
    return read().then((text) => withSettings(change?.(text) ?? text, settings))
  },
})
let modules: Readonly<Record<string, string>>
let deck: Deck | undefined
/** What the owner has put into the pages, and what the host makes of the files. */
let settings: OwnersSettings
let serve: Readonly<Record<string, (text: string) => string>>

beforeAll(async () => {
  modules = {
    [DOOR]: await buildPageModule("../site/isolate.ts"),
    [CONTAINER]: await buildPageModule("webcontainer/page-host.ts"),
  }
})
beforeEach(() => {
  settings = { isolation: "service-worker" }
  serve = {}
})
// Some of what a browser says of missing workers is an error on its console, which is why these are not the tutorial's own pages.
afterEach(async () => {
  await deck?.page.context().close()
  deck = undefined
})

/** A page of the site, and how often it has been loaded. */
async function visit(
  path: string,
  context?: BrowserContext,
  options: NewPageOptions = {},
): Promise<{ readonly deck: Deck; readonly loads: () => number }> {
  const page = await (context?.newPage() ??
    newPage(tutorial.browser, { viewport: { width: 1280, height: 720 }, ...options }))
  let loads = 0
  page.on("domcontentloaded", () => loads++)
  deck = new Deck(page)
  await page.goto(tutorial.site.url + path)
  await alive(page)
  return { deck, loads: () => loads }
}

const alive = (page: Page) => page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
const isIsolated = (page: Page) => page.evaluate(() => crossOriginIsolated)

/** Open a door in a page, or in a frame of it. */
async function enter(frame: Frame, module = DOOR): Promise<void> {
  const content = `import * as door from ${JSON.stringify(tutorial.site.url + module)}
    Object.assign(globalThis, { door, [${JSON.stringify(module)}]: true })`
  await frame.addScriptTag({ type: "module", content })
  await frame.waitForFunction((name) => name in globalThis, module)
}

/** Have a page isolated, and say what becomes of it, before any reload. It puts a mark away, and counts. */
async function isolate(page: Page, frame: Frame = page.mainFrame()): Promise<Isolation> {
  await enter(frame)
  return frame.evaluate(() =>
    door.isolate({
      before: async () => {
        const times = Number(sessionStorage.getItem("put-away") ?? 0)
        sessionStorage.setItem("put-away", String(times + 1))
      },
    }),
  )
}

/** Have a page isolated that has to be loaded again for it. */
async function isolateWithReload(page: Page): Promise<void> {
  const loaded = page.waitForEvent("load")
  loaded.catch(() => {})
  const isolation = await isolate(page).catch((e: unknown) => {
    // The page may have gone before it could answer.
    if (!/context was destroyed|navigation/.test(String(e))) throw e
    return { tag: "reloading" } as const
  })
  expect(isolation).toEqual({ tag: "reloading" })
  await loaded
  await alive(page)
}

async function undo(page: Page): Promise<void> {
  await enter(page.mainFrame())
  await page.evaluate(() => door.undoIsolation())
}

const workers = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope))

const reason = (isolation: Isolation) => (isolation.tag === "cannot" ? isolation.why.message : isolation.tag)

describe("a reader who wants a WebContainer", () => {
  it("has the page loaded once more, at the same slide, with every edit, and then isolated", async () => {
    const { deck, loads } = await visit("#/using-it")
    const { page } = deck
    expect(await isIsolated(page)).toBe(false)
    expect(await workers(page)).toEqual([])
    const cell = deck.cell("uses.ts")
    await cell.setValue(`console.log("mine, before and after")`)

    await isolateWithReload(page)
    expect(await isIsolated(page)).toBe(true)
    expect(loads()).toBe(2)
    expect(await page.evaluate(() => sessionStorage.getItem("put-away"))).toBe("1")
    expect(await deck.current()).toBe("using-it")
    await eventually(() => cell.value()).toContain("mine, before and after")
    expect(await cell.run()).toBe("mine, before and after")
    await cell.edit()
    expect(await isolate(page)).toEqual({ tag: "isolated" })
    expect(loads()).toBe(2)
    expect(await workers(page)).toEqual([tutorial.site.url])
    await deck.close()
  })

  it("has every page isolated from then on, without a reload, and no page older than the host's", async () => {
    const first = await visit("")
    await isolateWithReload(first.deck.page)
    const context = first.deck.page.context()
    serve = { "notebooks/lwt.html": (text) => text.replace("<title>", "<title>Newer: ") }
    const { deck, loads } = await visit("notebooks/lwt.html", context)
    expect(await isIsolated(deck.page)).toBe(true)
    expect(await isolate(deck.page)).toEqual({ tag: "isolated" })
    expect(loads()).toBe(1)
    expect(await deck.page.title()).toMatch(/^Newer: /)
    serve = { "notebooks/lwt.html": (text) => text.replace("<title>", "<title>Newest: ") }
    await deck.page.reload()
    expect(await deck.page.title()).toMatch(/^Newest: /)
  })

  it.each(["require-corp", "credentialless"] as const)("has one that boots, under %s", async (coep) => {
    const double = await startDouble()
    try {
      settings = { isolation: "service-worker", coep, origin: double.origin }
      const { page } = (await visit("notebooks/lwt.html", undefined, { allows: double.owns })).deck
      await isolateWithReload(page)
      await enter(page.mainFrame(), CONTAINER)
      const printed = await page.evaluate(
        async ({ address, webcontainer }) => {
          const host = door.pageContainerHost({ settings: webcontainer, address, chosen: () => true })
          host.boot()
          const container = await host.ready()
          const { output } = await container.spawn("node", ["-p", "6 * 7"])
          let text = ""
          for await (const piece of output) text += piece
          host.dispose()
          return text.trim()
        },
        {
          address: `${tutorial.site.url}webcontainer.html`,
          webcontainer: { ...DEFAULT_SETTINGS.webcontainer, ...settings },
        },
      )
      expect(printed).toBe("42")
    } finally {
      await deck?.page.context().close()
      await double.close()
    }
  })

  it("has the presenter's window isolated too, and led by it the room's", async () => {
    const room = (await visit("#/finding-your-way")).deck
    await isolateWithReload(room.page)
    const opened = room.page.waitForEvent("popup")
    await room.page.keyboard.press("s")
    const desk = new Deck(await opened)
    await alive(desk.page)
    expect(await isIsolated(desk.page)).toBe(true)
    await eventually(() => desk.page.locator(".presenter-windows [role=status]").innerText()).toBe("1 window follows")
  })

  it("finds the page where it was scrolled to", async () => {
    const { deck } = await visit("notebooks/lwt.html")
    const exercise = deck.cell("heads-tails.ts").root
    await exercise.scrollIntoViewIfNeeded()
    const top = () => exercise.evaluate((e) => e.getBoundingClientRect().top)
    const before = await top()
    await isolateWithReload(deck.page)
    expect(await isolate(deck.page)).toEqual({ tag: "isolated" })
    expect(Math.abs((await top()) - before)).toBeLessThan(20)
  })

  it("can have the site's other policy after the owner has changed it", async () => {
    const { deck, loads } = await visit("")
    await isolateWithReload(deck.page)
    settings = { isolation: "service-worker", coep: "credentialless" }
    await deck.page.reload()
    await alive(deck.page)
    await isolateWithReload(deck.page)
    expect(await isIsolated(deck.page)).toBe(true)
    expect(await deck.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toContain("credentialless")
    expect(loads()).toBe(4)
  })

  it("and wants it no more has pages from the host alone, once they are loaded again", async () => {
    const { deck } = await visit("")
    await isolateWithReload(deck.page)
    await undo(deck.page)
    await deck.page.reload()
    await alive(deck.page)
    expect(await isIsolated(deck.page)).toBe(false)
    expect(await workers(deck.page)).toEqual([])
  })
})

describe("what does not work is told, and never tried for ever:", () => {
  it("a host without the worker", async () => {
    const { deck, loads } = await visit("#/using-it")
    serve = {
      [WORKER]: () => {
        throw new Error("not on this host")
      },
    }
    expect(reason(await isolate(deck.page))).toMatch(
      new RegExp(
        `did not start \\(.*404.*\\)\\. The site's owner should see that its host has ${tutorial.site.url}${WORKER}`,
      ),
    )
    expect(loads()).toBe(1)
    // The rest of the page goes on.
    expect(await deck.cell("uses.ts").run()).toContain("val a : Option.t<number> = Some 2")
  })

  it("a worker whose headers do not arrive", async () => {
    serve = { [WORKER]: () => `addEventListener("fetch", () => {})` }
    const { deck, loads } = await visit("")
    await isolateWithReload(deck.page)
    expect(reason(await isolate(deck.page))).toContain("came through the service worker")
    expect(reason(await isolate(deck.page))).toContain("came through the service worker")
    expect(loads()).toBe(2)
  })

  it("a page that does not come through the worker, until it does", async () => {
    const { deck, loads } = await visit("")
    const { page } = deck
    const devtools = await page.context().newCDPSession(page)
    // As if every reload were a forced one.
    await devtools.send("Network.enable")
    await devtools.send("Network.setBypassServiceWorker", { bypass: true })
    await isolateWithReload(page)
    expect(reason(await isolate(page))).toContain("has been loaded again for that once")
    expect(loads()).toBe(2)
    await devtools.send("Network.setBypassServiceWorker", { bypass: false })
    await page.reload()
    await alive(page)
    expect(await isIsolated(page)).toBe(true)
  })

  it("a browser without service workers", async () => {
    const page = await newPage(tutorial.browser)
    deck = new Deck(page)
    await page.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined }),
    )
    await page.goto(tutorial.site.url)
    await alive(page)
    expect(reason(await isolate(page))).toContain("this browser has no service worker for the page")
  })

  it("a page inside a page of somebody else's", async () => {
    const outside = await staticHost("/nowhere", "/", {
      replace: (file) =>
        file === "index.html" ? `<!doctype html><iframe src="${tutorial.site.url}"></iframe>` : undefined,
    })
    try {
      const page = await newPage(tutorial.browser, { allows: (origin) => tutorial.site.url.startsWith(`${origin}/`) })
      deck = new Deck(page)
      await page.goto(outside.url)
      const frame = page.frames().find((f) => f.url().startsWith(tutorial.site.url))!
      await frame.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
      expect(reason(await isolate(page, frame))).toContain("inside another page")
    } finally {
      await outside.close()
    }
  })
})

describe("a site that is not isolated by the worker", () => {
  it("says which of its headers are missing", async () => {
    settings = { isolation: "headers" }
    const { deck, loads } = await visit("")
    expect(reason(await isolate(deck.page))).toMatch(
      /does not send the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"/,
    )
    expect([loads(), await workers(deck.page)]).toEqual([1, []])
  })

  it.each([{ isolation: "headers" }, { use: "off" }] as const)(
    "as %j, ends the worker that was there before",
    async (now) => {
      const { deck } = await visit("")
      await isolateWithReload(deck.page)
      settings = now
      await deck.page.reload()
      await alive(deck.page)
      await isolate(deck.page)
      expect(await workers(deck.page)).toEqual([])
      await deck.page.reload()
      await alive(deck.page)
      expect(await isIsolated(deck.page)).toBe(false)
    },
  )
})
