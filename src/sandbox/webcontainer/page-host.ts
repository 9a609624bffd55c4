// The container host of a real page: its window, its clock, and a hidden frame.

import type { WebContainerSettings } from "../../site/settings.ts"
import { hiddenFrame, whenGone } from "../hidden-frame.ts"
import { factsOf } from "./availability.ts"
import type { ContainerHost } from "./container.ts"
import { DOOR, type Door } from "./door.ts"
import { containerHost, type PageEvent, type ThrowAwayFrame } from "./host.ts"
import type { ContainerTime } from "./live-container.ts"

/** What a page says of itself. */
export interface PageHostOptions {
  readonly settings: WebContainerSettings
  /** Where webcontainer.html is, absolute. */
  readonly address: string
  /** Whether the reader has chosen it by now. */
  readonly chosen: () => boolean
}

/** The time of a page. */
export const PAGE_TIME: ContainerTime = {
  now: () => performance.now(),
  setTimeout: (f, ms) => setTimeout(f, ms),
  clearTimeout: (handle) => clearTimeout(handle),
}

/** The container of this page, of which there is one. */
export function pageContainerHost({ settings, address, chosen }: PageHostOptions): ContainerHost {
  return containerHost({
    settings,
    facts: () => factsOf(window, settings.use, chosen()),
    open: () => openFrame(address),
    time: PAGE_TIME,
    listen,
  })
}

function listen(f: (event: PageEvent) => void): () => void {
  const stop = new AbortController()
  const { signal } = stop
  addEventListener("online", () => f("online"), { signal })
  addEventListener("pagehide", () => f("hide"), { signal })
  addEventListener("pageshow", ({ persisted }) => persisted && f("show"), { signal })
  return () => stop.abort()
}

/** Put a hidden frame with webcontainer.html into the page. */
function openFrame(address: string): ThrowAwayFrame {
  const element = hiddenFrame("WebContainer of this page")
  element.src = address
  // The document's load event waits for its scripts.
  const loaded = new Promise<void>((resolve) => element.addEventListener("load", () => resolve(), { once: true }))
  document.documentElement.append(element)
  return {
    gone: whenGone(element),
    remove: () => element.remove(),
    async boot(settings) {
      await loaded
      const door = doorOf(element)
      if (door === undefined) throw new Error(`${address} is not the page that this site was built with`)
      return door.boot(settings)
    },
  }
}

function doorOf(element: HTMLIFrameElement): Door | undefined {
  try {
    return (element.contentWindow as unknown as Partial<Record<typeof DOOR, Door>> | null)?.[DOOR]
  } catch {
    // What the host served instead is of another origin, or blocked.
    return undefined
  }
}
