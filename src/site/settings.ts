// What the owner of a site decides when it is built: the build reads settings from its environment (variables.ts) and writes
// them into each page (written-settings.ts), and the page reads them from there (page.ts).

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

/** A setting that is what it should be; or what it should have been, to be said after its name. */
export type Checked<A> = { readonly tag: "good"; readonly value: A } | { readonly tag: "bad"; readonly should: string }

type Check<A> = (text: string) => Checked<A>

/** What each setting may be. */
export const CHECKS: { readonly [K in keyof WebContainerSettings]-?: Check<NonNullable<WebContainerSettings[K]>> } = {
  use: oneOf("off", "ask", "on"),
  origin: checkOrigin,
  apiKey: (text) =>
    /^[\x21-\x7e]+$/.test(text) ? good(text) : bad("must be the key alone, printable ASCII without any blank"),
  coep: oneOf("require-corp", "credentialless"),
  isolation: oneOf("headers", "service-worker"),
}

function oneOf<A extends string>(...values: readonly A[]): Check<A> {
  return (text) => {
    const value = values.find((v) => v === text)
    return value === undefined ? bad(`must be one of ${values.join(", ")}`) : good(value)
  }
}

function checkOrigin(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSecure = url?.protocol === "https:" || (url?.protocol === "http:" && isThisMachine(url.hostname))
  if (url === undefined || !isSecure || url.username !== "" || url.href !== `${url.origin}/`)
    return bad("must be an origin, https://host or https://host:port without a path (http for localhost alone)")
  return good(url.origin)
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]"
}

function good<A>(value: A): Checked<A> {
  return { tag: "good", value }
}

function bad(should: string): Checked<never> {
  return { tag: "bad", should }
}
