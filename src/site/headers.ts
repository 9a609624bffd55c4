// What isolates a page from all others, so that it may share memory between its threads, as a WebContainer must.

import type { SiteSettings, WebContainerSettings } from "./settings.ts"

/** A header's name and value. */
export type Header = readonly [name: string, value: string]

/** The headers that every answer of the site needs: pages, and workers too. None where there are no WebContainers. */
export function isolationHeaders({ webcontainer }: SiteSettings): readonly Header[] {
  return webcontainer.use === "off" ? [] : policyHeaders(webcontainer.coep)
}

/** The headers that isolate a page. */
export function policyHeaders(coep: WebContainerSettings["coep"]): readonly Header[] {
  return [
    ["Cross-Origin-Opener-Policy", "same-origin"],
    ["Cross-Origin-Embedder-Policy", coep],
  ]
}
