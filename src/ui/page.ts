// What a page has one of: its projects, its sandbox, and its words in the corner. Everything that needs the build's
// virtual modules is named here, and fetched when it is first wanted.

import { absence, factsOf } from "../sandbox/webcontainer/availability.ts"
import type { Absence, ContainerHost } from "../sandbox/webcontainer/container.ts"
import { siteRoot, siteSettings } from "../site/page.ts"
import { Progress } from "./exercise/progress.ts"
import { Kept } from "./kept.ts"
import { Projects } from "./project-store.ts"
import { Runner } from "./runner.ts"
import type { InContainer } from "./runtime/in-container.ts"
import { LazyHost } from "./runtime/lazy-host.ts"
import { PageRuntime } from "./runtime/page-runtime.ts"
import type { Later } from "./text/announcer.ts"
import { toast } from "./toast.ts"

/** `setTimeout`, as what is tested wants it. */
export const later: Later = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const NOT_BEGUN: Absence = { cause: "not-begun", message: "No WebContainer has been started." }

let saidDenied = false

/** The projects of this page. A notebook registers its own under its name. */
export const projects: Projects = new Projects(
  {
    denied(_project, reason) {
      // Once a page, however many decks it shows.
      if (saidDenied) return
      saidDenied = true
      toast(`This browser does not let the page keep your edits (${reason}). They last until you leave it.`)
    },
    conflict(file, take) {
      toast(`${file} was also edited in another tab. This tab's text is kept.`, { label: "Take the other", run: take })
    },
  },
  { now: () => Date.now(), later, journal: () => localStorage },
)

/** How far the reader is with the exercises. */
export const progress: Progress = new Progress()

projects.register("deck", async () => (await import("virtual:mirage-deck")).project)

/** What the reader has chosen about programs and the panel. */
export const kept: Kept = new Kept(() => localStorage)
const { webcontainer: settings } = siteSettings()

/** What the reader has chosen to run programs in, and the page's container. */
export const pageRuntime: PageRuntime = new PageRuntime({
  settings,
  host: new LazyHost(
    () => absence(factsOf(window, settings.use, pageRuntime.wanted)) ?? NOT_BEGUN,
    () => containerHost(),
  ),
  kept,
  query: () => location.search,
  page: () => document.documentElement.dataset["mirageRuntime"],
  unwanted: () => void endIsolation(),
})

/** What the container has, once somebody has wanted one. */
let inside: InContainer | undefined

async function containerHost(): Promise<ContainerHost | Absence> {
  const { isolate } = await import("../site/isolate.ts")
  const isolation = await isolate({ before: () => projects.flush() })
  if (isolation.tag === "cannot") return isolation.why
  // The page is on its way out: nothing more begins on it.
  if (isolation.tag === "reloading") return new Promise(() => {})
  const { inContainer } = await import("./runtime/in-container.ts")
  inside = inContainer({
    settings,
    address: new URL("webcontainer.html", siteRoot()).href,
    wanted: () => pageRuntime.wanted,
    open: (project) => projects.open(project),
    installed: async () => (await import("virtual:mirage-package").catch(notFetched)).files,
    later,
    failed: (message) => toast(message),
  })
  return inside.host
}

/** The container's insides, for who has seen it up. */
export function container(): InContainer {
  if (inside === undefined) throw new Error("There is no WebContainer.")
  return inside
}

/**
 * Nobody wants a container here, now or any more: nor the service worker that it needs, which may be left from before the
 * reader or the site's owner thought otherwise. A page that has none is asked no more than that.
 */
async function endIsolation(): Promise<void> {
  const workers = await navigator.serviceWorker?.getRegistrations().catch(() => [])
  if (workers === undefined || workers.length === 0) return
  const isolation = await import("../site/isolate.ts").catch(() => undefined)
  await isolation?.undoIsolation()
}

/** The page's sandboxes. */
export const runner: Runner = new Runner({
  host: pageRuntime.host,
  start: () => pageRuntime.start(),
  async embedded() {
    const { embeddedSandbox } = await import("../sandbox/embedded.ts").catch(notFetched)
    return embeddedSandbox({ load: () => import("virtual:mirage-guest") })
  },
  webcontainer: async (project) => container().sandbox(project),
})

/** Compile and run need these; fetched together so that the first Run waits once. */
export const programBuilder = (): Promise<typeof import("../sandbox/program.ts")> =>
  import("../sandbox/program.ts").catch(notFetched)

function notFetched(e: unknown): never {
  const why = e instanceof Error ? e.message : String(e)
  throw new Error(`A part of the page could not be fetched (${why}). Check the connection and press Run again.`)
}

/** Have the compiler's part ready that a first Run needs. A failure is left for the run that meets it. */
export function warmBuilder(): void {
  programBuilder().catch(() => {})
}

/** What is wanted later, when the network may have gone: the compiler of edited cells, and what stands beside a unikernel. */
function stockUp(): void {
  import("../toolchain/compile.ts").catch(() => {})
  import("./panes/panes.ts").catch(() => {})
}

/** Warm, and do `more`, when the page has nothing better to do; not where the reader saves data. */
export function warmWhenIdle(more: () => void): void {
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection
  if (connection?.saveData === true) return
  const both = () => {
    runner.warm(pageRuntime.wish(), "deck")
    warmBuilder()
    more()
    stockUp()
  }
  const idle = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined
  const soon = () => (idle === undefined ? setTimeout(both, 1000) : idle(both, { timeout: 5000 }))
  if (document.readyState === "complete") soon()
  else addEventListener("load", soon, { once: true })
}

// The last moments at which a page is sure to be heard. A crash costs what `Edits` has not yet written.
addEventListener("pagehide", () => void projects.flush())
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") void projects.flush()
})
