// The page's WebContainer and the sandbox in it, in a real Chromium, with the double on another origin: our own modules, the
// real client, real processes.

import type { Page } from "playwright-core"
import { packageFiles } from "../../src/content/package.ts"
import type { ContainerHost } from "../../src/sandbox/webcontainer/container.ts"
import { launch } from "../support/browser.ts"
import { duringTests } from "../support/during-tests.ts"
import { isolated } from "../support/static-host.ts"
import { type Double, startDouble } from "../support/webcontainer/double.ts"
import { type Harness, type HarnessHost, openHarness, serveFiles } from "./chromium-sandbox.ts"
import { buildPageModule, buildStreamGuest } from "./guests.ts"
import { SMALL_LIBRARY } from "./small-library.ts"

/** What the page has. */
export interface ContainerHarness extends Harness {
  readonly host: ContainerHost
  /** The files of its project, to be changed at will. */
  files: Record<string, string>
}

const HARNESS = (origin: string, boots: boolean) => `<!doctype html><title>Harness</title><body><script type="module">
import { pageContainerHost } from "./page-host.js"
import { ProjectFiles } from "./project-files.js"
import { webContainerSandbox } from "./webcontainer.js"
const host = pageContainerHost({
  settings: { use: "on", origin: "${origin}", coep: "require-corp", isolation: "headers" },
  address: new URL("webcontainer.html", location.href).href,
  chosen: () => true,
})
if (${boots}) {
  host.boot()
  await host.ready()
}
const files = new ProjectFiles({
  host,
  folder: "deck",
  current: async () => harness.files,
  installed: async () => (await fetch("./installed.json")).json(),
})
const time = {
  now: () => performance.now(),
  setTimeout: (f, ms) => setTimeout(f, ms),
  clearTimeout: (handle) => clearTimeout(handle),
}
const sandbox = webContainerSandbox({ files, time })
window.harness = { sandbox, host, files: {}, runs: new Map(), tell: (run, what, values) => window.tell(run, what, values) }
</script>`

const FRAME = `<!doctype html><title>WebContainer</title><script type="module" src="./frame.js"></script><body></body>`

/**
 * Serve a harness page whose sandbox is in the double, with these files installed. On the page `asleep` the container has
 * not been booted.
 */
export async function serveContainerHarness(
  double: Double,
  installed: Readonly<Record<string, string>>,
): Promise<HarnessHost> {
  const script = async (name: string) => ["text/javascript", await buildPageModule(`webcontainer/${name}`)] as const
  return serveFiles(
    {
      "/": ["text/html", HARNESS(double.origin, true)],
      "/asleep": ["text/html", HARNESS(double.origin, false)],
      "/webcontainer.html": ["text/html", FRAME],
      "/frame.js": await script("frame.ts"),
      "/page-host.js": await script("page-host.ts"),
      "/project-files.js": await script("project-files.ts"),
      "/webcontainer.js": await script("webcontainer.ts"),
      "/installed.json": ["application/json", JSON.stringify(installed)],
    },
    isolated(),
  )
}

/** Harness pages with the small library installed, and their double, for the tests of a file. */
export interface ContainerHarnesses {
  readonly double: Double
  readonly host: HarnessHost
  /** A page of its own: that at `path`, ready. */
  open(path?: string): Promise<Page>
}

/** Have them from before the first test of a file until after the last. */
export function useContainerHarness(): ContainerHarnesses {
  const up = duringTests(async (keep) => {
    const double = await keep(startDouble())
    const guest = await buildStreamGuest()
    const parts = { version: "1.0.0", library: SMALL_LIBRARY, guest, command: "", typeStripping: "" }
    const host = await keep(serveContainerHarness(double, packageFiles(parts)))
    return { double, host, browser: await keep(launch()) }
  })
  return {
    get double() {
      return up().double
    },
    get host() {
      return up().host
    },
    open(path = "") {
      const { browser, host, double } = up()
      return openHarness(browser, { ...host, address: host.address + path }, { allows: double.owns })
    },
  }
}
