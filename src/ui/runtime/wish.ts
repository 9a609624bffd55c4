// Which runtime a run is to have, and who says so. The address is the reader's own and is heard first; then the author of
// the cell, the reader's choice in the badge's menu, and the page.

import type { WebContainerSettings } from "../../site/settings.ts"

/** What an attribute, the menu, the page or `?runtime=` may ask for. */
export type RuntimeName = "auto" | "worker" | "webcontainer"

const NAMES: readonly RuntimeName[] = ["auto", "worker", "webcontainer"]

/** Everybody who may ask for a runtime, with their words; nothing from those who have said nothing. */
export interface Askers {
  /** The query of the page's address: `?runtime=worker`. */
  readonly query: string
  /** The cell's attribute. */
  readonly cell?: string | null | undefined
  /** What the reader has chosen in the menu, now or on an earlier visit. */
  readonly reader?: RuntimeName | undefined
  /** `data-mirage-runtime` of the page. */
  readonly page?: string | null | undefined
}

/** The wish that counts. */
export interface Wish {
  readonly runtime: RuntimeName
  readonly by: "address" | "cell" | "reader" | "page" | "nobody"
  /** What somebody asked for that does not exist. */
  readonly unknown?: string
  /** The reader has chosen something, whatever it was: they are not to be asked again. */
  readonly chosen: boolean
}

/** Turn a word into the name of a runtime. */
export function runtimeName(word: string | null | undefined): RuntimeName | undefined {
  return NAMES.find((name) => name === word)
}

/** Which wish counts. A word that is no runtime's name is passed over, and reported. */
export function wishOf({ query, cell, reader, page }: Askers): Wish {
  const words = [
    ["address", new URLSearchParams(query).get("runtime")],
    ["cell", cell],
    ["reader", reader],
    ["page", page],
  ] as const
  let unknown: string | undefined
  const chosen = reader !== undefined
  for (const [by, word] of words) {
    if (word === null || word === undefined || word === "") continue
    const runtime = runtimeName(word)
    if (runtime !== undefined) return { runtime, by, chosen, ...(unknown !== undefined && { unknown }) }
    unknown ??= word
  }
  return { runtime: "auto", by: "nobody", chosen, ...(unknown !== undefined && { unknown }) }
}

/**
 * Whether this page is to have a WebContainer. Nothing comes from another origin unless the owner of the site says so for
 * everybody, or this reader has chosen it: in the menu, or by an address, which is their own. An author's attribute is not
 * enough.
 */
export function wantsContainer(use: WebContainerSettings["use"], { query, reader, page }: Askers): boolean {
  if (use === "off") return false
  const { runtime, by } = wishOf({ query, reader, page })
  if (runtime === "worker") return false
  return use === "on" || (runtime === "webcontainer" && (by === "address" || by === "reader"))
}
