// What a page has one of: its projects, its sandbox, and its words in the corner. Everything that needs the build's
// virtual modules is named here, and fetched when it is first wanted.

import { Progress } from "./exercise/progress.ts"
import { Projects } from "./project-store.ts"
import { Runner } from "./runner.ts"
import type { Later } from "./text/announcer.ts"
import { toast } from "./toast.ts"

/** `setTimeout`, as what is tested wants it. */
export const later: Later = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

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

/** The page's sandbox. */
export const runner: Runner = new Runner(async () => {
  const { embeddedSandbox } = await import("../sandbox/embedded.ts").catch(notFetched)
  return embeddedSandbox({ load: () => import("virtual:mirage-guest") })
})

/** Compile and run need these; fetched together so that the first Run waits once. */
export const programBuilder = (): Promise<typeof import("../sandbox/program.ts")> =>
  import("../sandbox/program.ts").catch(notFetched)

function notFetched(e: unknown): never {
  const why = e instanceof Error ? e.message : String(e)
  throw new Error(`A part of the page could not be fetched (${why}). Check the connection and press Run again.`)
}

/** Have everything ready that a first Run needs. Failures are left for the run that meets them. */
export function warm(): void {
  runner.warm()
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
    warm()
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
