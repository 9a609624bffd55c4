// How a page comes to be isolated, with a browser of paper: its host, its service workers and the tab's storage.

import { describe, expect, it } from "vitest"
import {
  isolatePage,
  type Isolation,
  type Surroundings,
  type TabStorage,
  WORKER_FILE,
  type WorkerRegistry,
} from "../../src/site/isolation.ts"
import { DEFAULT_SETTINGS, type WebContainerSettings } from "../../src/site/settings.ts"

const ROOT = new URL("https://example.org/tutorial/")
const WORKER = `${ROOT.href}${WORKER_FILE}?coep=require-corp`

/** A tab that opens the site's page again and again. */
class Tab {
  /** What is in it: the host's headers, */
  headers: Readonly<Record<string, string>> | undefined = {}
  /** whether a worker that is active adds its own, */
  adds = true
  secure = true
  framed = false
  /** whether there are service workers, or why they do not start, */
  workers: "work" | "none" | Error = "work"
  /** and whether the tab keeps anything. */
  storage: TabStorage | undefined = storageOf(new Map())
  active: string | undefined
  reloads = 0
  scrolled = 0
  readonly log: string[] = []

  /** The page as it is after being loaded once more. */
  load(): Surroundings {
    const through = this.active
    const hasHeaders = this.headers?.["Cross-Origin-Embedder-Policy"] !== undefined
    const isolated = hasHeaders || (this.adds && through !== undefined)
    const workers: WorkerRegistry = {
      through,
      start: async (address) => {
        if (this.workers instanceof Error) throw this.workers
        this.log.push("start")
        this.active = address
      },
      end: async () => {
        this.log.push("end")
        this.active = undefined
      },
    }
    return {
      isolated,
      secure: this.secure,
      framed: this.framed,
      askHost: async () => {
        const { headers } = this
        if (headers === undefined) throw new TypeError("no network")
        return (name) => headers[name] ?? null
      },
      workers: this.workers === "none" ? undefined : workers,
      tab: () => {
        if (this.storage === undefined) throw new Error("denied")
        return this.storage
      },
      scrolled: this.scrolled,
      scroll: (to) => {
        this.scrolled = to
      },
      reload: () => {
        this.scrolled = 0
        this.log.push("reload")
        this.reloads++
      },
    }
  }

  /** Isolate the page, and what a reload makes of it. */
  async visit(settings: Partial<WebContainerSettings>): Promise<Isolation> {
    const webcontainer = { ...DEFAULT_SETTINGS.webcontainer, ...settings }
    for (;;) {
      if (this.reloads > 5) throw new Error("a loop")
      const now = await isolatePage(this.load(), { webcontainer }, ROOT, async () => void this.log.push("before"))
      if (now.tag !== "reloading") return now
    }
  }
}

function storageOf(kept: Map<string, string>): TabStorage {
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

/** Why it cannot be, as "cause: message". */
function reason(isolation: Isolation): string {
  return isolation.tag === "cannot" ? `${isolation.why.cause}: ${isolation.why.message}` : isolation.tag
}

const BOTH = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }

describe("by the host's headers", () => {
  it("is done when the page is there", async () => {
    const tab = new Tab()
    tab.headers = BOTH
    expect(await tab.visit({})).toEqual({ tag: "isolated" })
    expect(tab.reloads).toBe(0)
  })

  it.each([
    [
      {},
      /does not send the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"\./,
    ],
    [
      { "Cross-Origin-Opener-Policy": "same-origin" },
      /does not send the header "Cross-Origin-Embedder-Policy: require-corp"\. .*_headers/,
    ],
    [
      { "Cross-Origin-Opener-Policy": "unsafe-none" },
      /the headers "Cross-Origin-Opener-Policy: same-origin" \(it sends "unsafe-none"\) and/,
    ],
  ])("that are %j, it says which are missing, and which file of the build has them", async (headers, expected) => {
    const tab = new Tab()
    tab.headers = headers
    expect(reason(await tab.visit({}))).toMatch(expected)
  })

  it("that came with a later version of the page, it asks for a reload and makes none", async () => {
    const tab = new Tab()
    const page = tab.load()
    tab.headers = BOTH
    const isolation = await isolatePage(page, DEFAULT_SETTINGS, ROOT, async () => {})
    expect(reason(isolation)).toContain("sends the headers for it now")
    expect(tab.reloads).toBe(0)
  })

  it("says that the host does not answer", async () => {
    const tab = new Tab()
    tab.headers = undefined
    expect(reason(await tab.visit({}))).toContain("did not answer")
  })

  it("ends a worker of an earlier version of the site", async () => {
    const tab = new Tab()
    tab.active = WORKER
    await tab.visit({})
    expect(tab.log).toEqual(["end"])
    // Since when the page comes from its host alone.
    expect(reason(await tab.visit({}))).toContain("does not send the headers")
  })
})

describe("by a service worker", () => {
  const settings = { isolation: "service-worker" } as const

  it("starts it, puts everything away, loads the page again once, and is done", async () => {
    const tab = new Tab()
    expect(await tab.visit(settings)).toEqual({ tag: "isolated" })
    expect(tab.log).toEqual(["start", "before", "reload"])
    expect(tab.active).toBe(WORKER)
    // The next visit needs none of that; nor does one after a reload that no worker takes part in.
    expect(await tab.visit(settings)).toEqual({ tag: "isolated" })
    expect(tab.reloads).toBe(1)
    tab.active = undefined
    expect(await tab.visit(settings)).toEqual({ tag: "isolated" })
    expect(tab.reloads).toBe(2)
  })

  it("comes back to where the reader had scrolled, once", async () => {
    const tab = new Tab()
    tab.scrolled = 2906
    await tab.visit(settings)
    expect(tab.scrolled).toBe(2906)
    tab.scrolled = 10
    await tab.visit(settings)
    expect(tab.scrolled).toBe(10)
  })

  it("is not needed where the host sends headers after all", async () => {
    const tab = new Tab()
    tab.headers = BOTH
    expect(await tab.visit(settings)).toEqual({ tag: "isolated" })
    expect(tab.log).toEqual([])
  })

  it("goes on to other settings of the site with another worker and one reload", async () => {
    const tab = new Tab()
    await tab.visit(settings)
    expect(await tab.visit({ ...settings, coep: "credentialless" })).toEqual({ tag: "isolated" })
    expect(tab.active).toContain("coep=credentialless")
    expect(tab.reloads).toBe(2)
  })

  it("does not load the page again and again when the worker's headers never arrive", async () => {
    const tab = new Tab()
    tab.adds = false
    expect(reason(await tab.visit(settings))).toMatch(/^not-isolated: .*came through the service worker/)
    expect(tab.reloads).toBe(1)
    expect(reason(await tab.visit({ ...settings, coep: "credentialless" }))).toContain(`knows "credentialless"`)
  })

  it("does not load the page again and again when it never comes through the worker", async () => {
    const tab = new Tab()
    const start = async () => void (tab.active = undefined)
    const load = tab.load.bind(tab)
    tab.load = () => {
      const page = load()
      return { ...page, workers: { ...page.workers!, start } }
    }
    expect(reason(await tab.visit(settings))).toContain("has been loaded again for that once")
    expect(reason(await tab.visit(settings))).toContain("has been loaded again for that once")
    expect(tab.reloads).toBe(1)
  })

  it("does not load the page again at all where the tab keeps no mark of it", async () => {
    const tab = new Tab()
    tab.storage = undefined
    expect(reason(await tab.visit(settings))).toContain("keep no mark")
    expect(tab.reloads).toBe(0)
    // Which the reader did: no storage is needed to see that all is well.
    expect(await tab.visit(settings)).toEqual({ tag: "isolated" })
  })

  it("says that there is none in this window, and why one did not start", async () => {
    const tab = new Tab()
    tab.workers = "none"
    expect(reason(await tab.visit(settings))).toMatch(/no service worker for the page.*Private windows/)
    tab.workers = new Error("A bad HTTP response code (404) was received when fetching the script.")
    expect(reason(await tab.visit(settings))).toMatch(
      /did not start \(A bad HTTP response code \(404\) .*script\)\..*https:\/\/example\.org\/tutorial\/isolation-worker\.js and/,
    )
    expect(tab.reloads).toBe(0)
  })

  it("loses nothing where what is put away cannot be", async () => {
    const tab = new Tab()
    const webcontainer = { ...DEFAULT_SETTINGS.webcontainer, ...settings }
    const before = () => Promise.reject(new Error("the disk is full"))
    await expect(isolatePage(tab.load(), { webcontainer }, ROOT, before)).rejects.toThrow("the disk is full")
    expect(tab.reloads).toBe(0)
  })
})

describe.each(["headers", "service-worker"] as const)("by %s, whatever is sent,", (isolation) => {
  it("a page that is not secure, or inside another, cannot be", async () => {
    const tab = new Tab()
    tab.framed = true
    expect(reason(await tab.visit({ isolation }))).toMatch(/^embedded: .*a tab of its own/)
    tab.secure = false
    expect(reason(await tab.visit({ isolation }))).toMatch(/^insecure: .*https/)
  })

  it("a site without WebContainers has no isolated pages, and no worker that is left over", async () => {
    const tab = new Tab()
    tab.active = WORKER
    expect(reason(await tab.visit({ isolation, use: "off" }))).toMatch(/^off:/)
    expect(tab.log).toEqual(["end"])
  })
})
