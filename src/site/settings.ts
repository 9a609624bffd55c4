// What the owner of a site decides when it is built. Nothing here knows a platform: the build reads settings from its
// environment and writes them into each page, and the page reads them from there.

/** The settings of a site. */
export interface SiteSettings {
  readonly webcontainer: WebContainerSettings
}

/** Whether and how cells may run in a WebContainer. */
export interface WebContainerSettings {
  /** `off`: never. `ask`: once the reader has chosen it. `on`: for every reader, in the background. */
  readonly use: "off" | "ask" | "on"
  /** Where it comes from. Whoever hosts it themselves names their own. */
  readonly origin: string
  /** The owner's key, if they have one; there is none by default. */
  readonly apiKey?: string
  /** What the pages' Cross-Origin-Embedder-Policy says, and the container is told. */
  readonly coep: "require-corp" | "credentialless"
  /** What isolates the pages: the host's headers, or a service worker where a host cannot send any. */
  readonly isolation: "headers" | "service-worker"
}

/** A site whose owner has decided nothing. */
export const DEFAULT_SETTINGS: SiteSettings = {
  webcontainer: { use: "ask", origin: "https://stackblitz.com", coep: "require-corp", isolation: "headers" },
}
