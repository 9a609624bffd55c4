// A page with the real client on it, in a real Chromium, isolated or not, and a double on another origin.

import { join } from "node:path"
import type { WebContainer } from "@webcontainer/api"
import type { Page } from "playwright-core"
import { launch, newPage } from "../support/browser.ts"
import { duringTests } from "../support/during-tests.ts"
import { isolated, type StaticHost, staticHost } from "../support/static-host.ts"
import { type Double, startDouble } from "../support/webcontainer/double.ts"

/** What the page has. Its functions are called from the test by `page.evaluate`. */
export interface ClientPage {
  readonly WebContainer: typeof WebContainer
  readonly configureAPIKey: (key: string) => void
  /** The container that `boot` made. */
  container: WebContainer
  /** What a process has printed until its end, and how it ended. */
  outcome(
    command: string,
    args?: string[],
    options?: { cwd?: string; env?: Record<string, string>; terminal?: { cols: number; rows: number } },
  ): Promise<{ text: string; code: number }>
}

const CLIENT = join(import.meta.dirname, "../../node_modules/@webcontainer/api/dist")

const PAGE = (origin: string) => `<!doctype html><title>A client</title><body><script type="module">
globalThis.WEBCONTAINER_API_IFRAME_URL = "${origin}"
const { WebContainer, configureAPIKey } = await import("./index.js")
const client = {
  WebContainer,
  configureAPIKey,
  container: undefined,
  async outcome(command, args = [], options = {}) {
    const process = await client.container.spawn(command, args, options)
    let text = ""
    await process.output.pipeTo(new WritableStream({ write(piece) { text += piece } }))
    return { text, code: await process.exit }
  },
}
window.client = client
</script>`

/** Serve the client's page. */
export function serveClient(double: Double, coep?: "require-corp" | "credentialless"): Promise<StaticHost> {
  return staticHost(CLIENT, "/", {
    headers: () => isolated(coep),
    replace: (file) => (file === "index.html" ? PAGE(double.origin) : undefined),
  })
}

/** Pages with the client, and their double, for the tests of a file. */
export interface Clients {
  readonly double: Double
  /** The client's page, ready to boot; on a host of the test's own, if it is given. */
  open(host?: StaticHost): Promise<Page>
}

/** Have them from before the first test of a file until after the last. */
export function useClients(): Clients {
  const up = duringTests(async (keep) => {
    const double = await keep(startDouble())
    return { double, host: await keep(serveClient(double)), browser: await keep(launch()) }
  })
  return {
    get double() {
      return up().double
    },
    async open(host = up().host) {
      const page = await newPage(up().browser, { allows: up().double.owns })
      await page.goto(host.url)
      await page.waitForFunction("window.client")
      return page
    },
  }
}
