// How a page comes to be isolated: by its host's headers; or, where a host sends none, by a service worker that adds them
// when the page is loaded once more. A function of what is known of the page, which is handed in: isolate.ts has the real one.

import { isolationHeaders } from "./headers.ts"
import type { SiteSettings } from "./settings.ts"

/** What has become of a page that wants to be isolated. */
export type Isolation =
  | { readonly tag: "isolated" }
  /** It is about to be loaded again: nothing more should begin on it. */
  | { readonly tag: "reloading" }
  | { readonly tag: "cannot"; readonly why: NotIsolated }

/** Why a page is not isolated, and what can be done, in words for its teacher or its site's owner. */
export interface NotIsolated {
  readonly cause: "off" | "insecure" | "embedded" | "not-isolated"
  readonly message: string
}

/** The page, as far as it matters here. */
export interface Surroundings {
  /** `crossOriginIsolated`. */
  readonly isolated: boolean
  /** `isSecureContext`. */
  readonly secure: boolean
  /** Whether it is in a frame of another page. */
  readonly framed: boolean
  /** Ask the host for the page again; gives what it sends for a header now. Rejects where there is no answer. */
  askHost(): Promise<(header: string) => string | null>
  /** `undefined` where the browser has no service workers for this page. */
  readonly workers: WorkerRegistry | undefined
  /** The tab's own storage, which a reload does not end. May throw. */
  readonly tab: () => TabStorage
  /** How far the reader has scrolled, in CSS pixels, and to scroll so far. */
  readonly scrolled: number
  scroll(to: number): void
  reload(): void
}

/** The service workers of the site, of which there is at most one. */
export interface WorkerRegistry {
  /** The address of the worker through which this page came, if it came through any. */
  readonly through: string | undefined
  /** Start the worker of `address`, in the place of any other. Resolves when pages that are loaded from now on come through it. */
  start(address: string): Promise<void>
  /** End the worker, if it is {@link WORKER_FILE}: pages that are loaded from now on come from the host. Never rejects. */
  end(): Promise<void>
}

/** The part of `Storage` that is used. */
export interface TabStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The service worker's script, in the site's first folder: a worker answers only for pages at its side and below. */
export const WORKER_FILE = "isolation-worker.js"

/** The tab's mark: the address of the worker for which it has been reloaded. */
const MARK = "mirage-isolation"

/** How far the page was scrolled before the reload. A browser forgets it when the page comes back isolated. */
const SCROLLED = "mirage-isolation-scrolled"

const ISOLATED: Isolation = { tag: "isolated" }

/** Isolate a page of the site whose first folder is `root`. `before` is awaited before a reload; what it throws is thrown. */
export async function isolatePage(
  page: Surroundings,
  settings: SiteSettings,
  root: URL,
  before: () => Promise<void>,
): Promise<Isolation> {
  const { use, isolation } = settings.webcontainer
  if (use === "off" || isolation === "headers") await page.workers?.end()
  if (use === "off") return cannot("off", "This site does not use WebContainers: its owner has switched them off.")
  if (isolation === "headers") return page.isolated ? ISOLATED : byHeaders(page, settings)
  return byWorker(page, settings, workerAddress(root, settings), before)
}

/** The address of the worker: with its settings, so that other settings are another worker. */
function workerAddress(root: URL, { webcontainer }: SiteSettings): string {
  const address = new URL(WORKER_FILE, root)
  address.searchParams.set("coep", webcontainer.coep)
  return address.href
}

async function byHeaders(page: Surroundings, settings: SiteSettings): Promise<Isolation> {
  const hopeless = never(page)
  if (hopeless !== undefined) return hopeless
  let sent: (header: string) => string | null
  try {
    sent = await page.askHost()
  } catch {
    return notIsolated("its host did not answer when it was asked for its headers. Try again when there is a network")
  }
  const wrong = isolationHeaders(settings).filter(([name, value]) => sent(name) !== value)
  if (wrong.length === 0) {
    return notIsolated(`its host sends the headers for it now, and the browser did not act on them: load the page again, and if
      that does not help, try a recent Chrome, Edge or Firefox${advice(settings)}`)
  }
  const said = wrong.map(([name, value]) => {
    const other = sent(name)
    return `"${name}: ${value}"${other === null ? "" : ` (it sends "${other}")`}`
  })
  return notIsolated(`its host does not send the header${said.length > 1 ? "s" : ""} ${said.join(" and ")}. The site's build
    has what its host needs: _headers, vercel.json, or a file in hosting/ (README.md, "Putting it on a host")`)
}

async function byWorker(
  page: Surroundings,
  settings: SiteSettings,
  address: string,
  before: () => Promise<void>,
): Promise<Isolation> {
  const { workers } = page
  const scrolled = attempt(() => page.tab().getItem(SCROLLED))
  if (scrolled != null) {
    attempt(() => page.tab().removeItem(SCROLLED))
    page.scroll(Number(scrolled))
  }
  // A page that came through a worker of other settings has a policy that is not the one that the site wants now.
  const isOurs = workers?.through === undefined || workers.through === address
  if (page.isolated && isOurs) {
    attempt(() => page.tab().removeItem(MARK))
    return ISOLATED
  }
  const hopeless = never(page)
  if (hopeless !== undefined) return hopeless
  if (workers === undefined) {
    return notIsolated(`its host sends no headers for that, and this browser has no service worker for the page that could add
      them. Private windows often have none: open the page in an ordinary one, and let it keep site data`)
  }
  if (workers.through === address) {
    return notIsolated(`it came through the service worker that adds the headers for that, and the browser did not act on them.
      Try a recent Chrome, Edge or Firefox${advice(settings)}`)
  }
  const mark = attempt(() => page.tab().getItem(MARK))
  if (mark === address) {
    return notIsolated(`it has been loaded again for that once, and did not come through the service worker that adds the headers.
      It is not tried again in this tab: close the tab, and open the page in a new one`)
  }
  try {
    await workers.start(address)
  } catch (e) {
    return notIsolated(`the service worker that adds the headers for that did not start (${said(e)}). The site's owner should
      see that its host has ${address.replace(/\?.*$/, "")} and serves it as JavaScript`)
  }
  await before()
  // Without the mark a page that never gets isolated would be loaded again and again.
  const marked = attempt(() => {
    page.tab().setItem(MARK, address)
    if (page.scrolled > 0) page.tab().setItem(SCROLLED, String(page.scrolled))
    return true
  })
  if (marked !== true) {
    return notIsolated(`it has to be loaded again for that, and this browser lets it keep no mark that it was. Load it again
      yourself: its service worker is there now`)
  }
  page.reload()
  return { tag: "reloading" }
}

/** The reasons that no header changes. */
function never({ secure, framed }: Surroundings): Isolation | undefined {
  if (!secure) {
    return cannot("insecure", "A browser isolates secure pages alone: open this one by https, or from localhost.")
  }
  if (framed) {
    return cannot(
      "embedded",
      "This page is inside another page, which is not isolated itself: open it in a tab of its own.",
    )
  }
  return undefined
}

function advice({ webcontainer }: SiteSettings): string {
  return webcontainer.coep === "credentialless"
    ? `. Not every browser knows "credentialless", which the site's owner has chosen: all know "require-corp"`
    : ""
}

function notIsolated(reason: string): Isolation {
  const sentence = reason.replace(/\s*\n\s*/g, " ")
  return cannot("not-isolated", `This page is not cross-origin isolated, which a WebContainer needs: ${sentence}.`)
}

function cannot(cause: NotIsolated["cause"], message: string): Isolation {
  return { tag: "cannot", why: { cause, message } }
}

function said(e: unknown): string {
  return (e instanceof Error ? e.message : String(e)).replace(/\.$/, "")
}

/** What `f` gives, or `undefined` where the browser denies the page its storage. */
function attempt<A>(f: () => A): A | undefined {
  try {
    return f()
  } catch {
    return undefined
  }
}
