// Can this page have a WebContainer? A function of what is known before anything is fetched from elsewhere, and the words
// that say why not to somebody who stands before a class.

import type { WebContainerSettings } from "../../site/settings.ts"
import type { Absence } from "./container.ts"

/** What decides it. */
export interface Facts {
  readonly use: WebContainerSettings["use"]
  /** Whether the reader has said that programs may go to another origin. */
  readonly chosen: boolean
  /** `isSecureContext`. */
  readonly secure: boolean
  /** `crossOriginIsolated`. */
  readonly isolated: boolean
  /** Whether the page is in a frame of another page. */
  readonly framed: boolean
  /** What a container is made of and this browser lacks. */
  readonly missing: readonly string[]
  readonly online: boolean
}

/**
 * Why there can be no container, the reason first that is the hardest to change; `undefined` if one can be tried. Isolation
 * is looked at before the engine, because without it a browser hides the memory that threads share.
 */
export function absence(facts: Facts): Absence | undefined {
  const { use, chosen, secure, isolated, framed, missing, online } = facts
  if (use === "off") {
    return { cause: "off", message: "This site does not use WebContainers: its owner has switched them off." }
  }
  if (use === "ask" && !chosen) {
    return {
      cause: "not-chosen",
      message:
        "WebContainers are not switched on: choose them to run cells under Node, with a shell. They are fetched from another site.",
    }
  }
  if (!secure) {
    return {
      cause: "insecure",
      message: "A WebContainer needs a secure page: open this one by https, or from localhost.",
    }
  }
  if (!isolated && framed) {
    return {
      cause: "embedded",
      message:
        "This page is inside a page that is not cross-origin isolated, where no WebContainer can run: open it in a tab of its own.",
    }
  }
  if (!isolated) {
    return {
      cause: "not-isolated",
      message:
        "This page is not cross-origin isolated, which a WebContainer needs: its host should send the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy (see README).",
    }
  }
  if (missing.length > 0) {
    return {
      cause: "engine",
      message: `This browser lacks what a WebContainer needs (${missing.join(", ")}): try a recent Chrome, Edge, Firefox or Safari.`,
    }
  }
  if (!online) {
    return {
      cause: "offline",
      message: "There is no network, and a WebContainer is fetched: it starts when you are online.",
    }
  }
  return undefined
}

const NEEDED = ["SharedArrayBuffer", "Atomics", "WebAssembly", "Worker", "ReadableStream"]

/** The facts of `page`. */
export function factsOf(page: Window & typeof globalThis, use: Facts["use"], chosen: boolean): Facts {
  const scope = page as unknown as Readonly<Record<string, unknown>>
  return {
    use,
    chosen,
    secure: page.isSecureContext,
    isolated: page.crossOriginIsolated,
    framed: page.top !== page,
    missing: NEEDED.filter((name) => scope[name] === undefined),
    online: page.navigator.onLine,
  }
}
