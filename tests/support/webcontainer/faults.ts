// What can be wrong with a WebContainer, as a test sets it.

/** One thing that is wrong. It is looked at when it matters: at the page's request, at a boot, or when a process starts. */
export type Fault =
  /** The page is not there. */
  | { readonly tag: "404" }
  /** The page comes without Cross-Origin-Resource-Policy, or without Cross-Origin-Embedder-Policy: the browser refuses it. */
  | { readonly tag: "no-corp" }
  | { readonly tag: "no-coep" }
  /** The page comes, and never says `init`. */
  | { readonly tag: "never-answers" }
  /** The page says `init` only when this has settled. */
  | { readonly tag: "slow"; readonly until: Promise<unknown> }
  /** It answers, and says no. */
  | { readonly tag: "refuses"; readonly message: string }
  /** It boots, and dies at the first thing that is asked of it. */
  | { readonly tag: "dies-after-boot"; readonly how: Death }
  /** It dies once a process has printed this. */
  | { readonly tag: "dies-mid-run"; readonly after: string; readonly how: Death }
  /** Each process is killed once it has printed this. */
  | { readonly tag: "process-killed"; readonly after: string }
  /** Output comes a byte at a time. */
  | { readonly tag: "one-byte-chunks" }
  /** What is written to a process without a terminal comes back in its output, as if it had one. */
  | { readonly tag: "echo" }

/** Whether it says so, with an `error` event, before it falls silent. */
export type Death = "with-error" | "silent"

/** What it says. */
export const LAST_WORDS = "the double died"
