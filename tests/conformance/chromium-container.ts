// The page's WebContainer and the sandbox in it, in a real Chromium, with the double on another origin: our own modules, the
// real client, real processes.

import type { ContainerHost } from "../../src/sandbox/webcontainer/container.ts"
import { isolated } from "../support/static-host.ts"
import type { Double } from "../support/webcontainer/double.ts"
import { type Harness, type HarnessHost, serveFiles } from "./chromium-sandbox.ts"
import { buildPageModule } from "./guests.ts"

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
