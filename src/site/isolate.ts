// Isolating this page: isolation.ts, with a real window around it.

import { type Isolation, isolatePage, type Surroundings, WORKER_FILE, type WorkerRegistry } from "./isolation.ts"
import { siteRoot, siteSettings } from "./page.ts"

export type { Isolation, NotIsolated } from "./isolation.ts"

let isolating: Promise<Isolation> | undefined

/**
 * Isolate this page, so that it may have a WebContainer: when the reader chooses one, and at the start of a page whose site
 * or reader has chosen it before. Does nothing to a page that is isolated, and says why where it cannot be done. Where a service worker
 * has to do it, the page is loaded again, once, after `before`, in which the caller puts away what a reload would lose.
 */
export function isolate({ before }: { readonly before: () => Promise<void> }): Promise<Isolation> {
  isolating ??= isolatePage(thisPage(), siteSettings(), siteRoot(), before).finally(() => {
    isolating = undefined
  })
  return isolating
}

/**
 * Nothing wants this page isolated: the reader has turned the WebContainer off, or has never turned it on. The service worker,
 * if there is one, is ended; the page itself stays as it is until it is loaded again. Never rejects.
 */
export async function undoIsolation(): Promise<void> {
  await registryOf(window)?.end()
}

function thisPage(): Surroundings {
  return {
    isolated: crossOriginIsolated,
    secure: isSecureContext,
    framed: top !== window,
    async askHost() {
      const { headers } = await fetch(location.href, { method: "HEAD", cache: "no-store" })
      return (name) => headers.get(name)
    },
    workers: registryOf(window),
    tab: () => sessionStorage,
    get scrolled() {
      return scrollY
    },
    scroll: (top) => scrollTo({ top, behavior: "instant" }),
    reload: () => location.reload(),
  }
}

/** The service workers of the page. Where a browser has none, the property is missing, or throws when it is looked at. */
function registryOf({ navigator }: Window): WorkerRegistry | undefined {
  let container: ServiceWorkerContainer | undefined
  try {
    container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  } catch {
    return undefined
  }
  if (container === undefined) return undefined
  return {
    through: isOurs(container.controller) ? container.controller.scriptURL : undefined,
    start: (address) => start(container, address),
    end: () => end(container).catch(() => {}),
  }
}

async function start(container: ServiceWorkerContainer, address: string): Promise<void> {
  // The browser compares the worker with the host's at each visit, whatever a host says of caching.
  const registration = await container.register(address, { scope: siteRoot().href, updateViaCache: "none" })
  const { installing, waiting, active } = registration
  const worker = [installing, waiting, active].find((candidate) => candidate?.scriptURL === address)
  if (worker === undefined || worker === null) throw new Error("the browser has registered another one")
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (worker.state === "activated") resolve()
      else if (worker.state === "redundant") reject(new Error("the browser has thrown it away"))
    }
    worker.addEventListener("statechange", look)
    look()
  })
}

async function end(container: ServiceWorkerContainer): Promise<void> {
  const registration = await container.getRegistration(siteRoot().href)
  const worker = registration?.active ?? registration?.waiting ?? registration?.installing
  if (isOurs(worker)) await registration?.unregister()
}

/** The site may lie below another one, whose worker is none of its business. */
function isOurs(worker: ServiceWorker | null | undefined): worker is ServiceWorker {
  const ours = new URL(WORKER_FILE, siteRoot()).pathname
  return worker !== null && worker !== undefined && new URL(worker.scriptURL).pathname === ours
}
