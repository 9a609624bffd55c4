// The service worker of a site whose host sends no headers: it adds those that isolate a page, and does nothing else. It keeps
// nothing, so that a page is never older than the host's. Its settings are in its address (isolation.ts).

import { policyHeaders } from "./headers.ts"
import { isolatedResponse, wantsIsolation } from "./isolated-response.ts"
import { CHECKS } from "./settings.ts"

/** What of a service worker's world is used; the types at hand are those of a page. */
interface WorkerScope {
  readonly location: { readonly href: string; readonly origin: string }
  skipWaiting(): Promise<void>
  addEventListener(type: "install", listener: (event: Waiting) => void): void
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void
}

interface Waiting {
  waitUntil(until: Promise<unknown>): void
}

interface Fetching {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

const scope = globalThis as unknown as WorkerScope

const asked = CHECKS.coep(new URL(scope.location.href).searchParams.get("coep") ?? "")
if (asked.tag === "bad") throw new Error(`coep in the address of the service worker ${asked.should}`)
const added = policyHeaders(asked.value)

// Nothing is kept that an older worker's page could miss.
scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()))

scope.addEventListener("fetch", (event) => {
  const { request } = event
  if (!wantsIsolation(request, scope.location.origin)) return
  event.respondWith(fetch(request).then((answer) => isolatedResponse(answer, added)))
})
