// A real Chromium for tests, cut off from the world: a request to any origin but the page's own fails the test run.

import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"

/** Where the system keeps it; `CHROMIUM` names another. */
const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium"

/** Start Chromium, with more arguments if given. It is the caller's to close. */
export function launch(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  })
}

/** How a page is to be. */
export interface NewPageOptions extends BrowserContextOptions {
  /** The only origin that may be asked for anything, `http://localhost:1234`; the first one gone to if not given. */
  readonly origin?: string
  /** Other origins that may be asked too. */
  readonly allows?: (origin: string) => boolean
  /** Hear of requests to elsewhere, instead of failing: for tests that provoke them. They are refused all the same. */
  readonly onForeign?: (url: string) => void
}

/** A page in a context of its own. Whatever it, its frames or its workers ask of another origin is refused, and fails the test. */
export async function newPage(
  browser: Browser,
  { origin, allows = () => false, onForeign, ...options }: NewPageOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: "allow", ...options })
  let home = origin
  const isForeign = (url: string): boolean => {
    const { origin: asked, protocol } = new URL(url)
    if (protocol === "data:" || protocol === "blob:" || protocol === "about:") return false
    home ??= asked
    const http = asked.replace(/^ws/, "http")
    return http !== home && !allows(http)
  }
  const complain =
    onForeign ??
    ((url: string) => {
      // Vitest fails the run for an error that nobody caught, whichever test it was in.
      queueMicrotask(() => {
        throw new Error(`the page asked for ${url}, which is not on ${home}`)
      })
    })
  await context.route("**/*", async (route) => {
    const url = route.request().url()
    if (!isForeign(url)) return route.continue()
    complain(url)
    return route.abort("blockedbyclient")
  })
  await context.routeWebSocket(/.*/, (socket) => {
    if (!isForeign(socket.url())) {
      socket.connectToServer()
      return
    }
    complain(socket.url())
    void socket.close()
  })
  return context.newPage()
}
