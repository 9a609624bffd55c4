// The neighbour table of RFC 826, and its questions that are still open. No clock and no wire: the time is a parameter,
// and what is to be sent is a result.
//
// RFC 1122 2.3.2.1 wants entries to time out, and no more than a question a second for one address. The figures are
// those of MirageOS's library `arp`. Departures from it:
// * Time is not counted in ticks. An entry that was used since it was last confirmed is asked about again shortly
//   before it expires; one that nobody used just expires. A network where nothing happens is therefore silent.
// * A request for one of our addresses also tells us the asker's, as RFC 826 says ("Packet Reception"), since the answer
//   to whatever comes next will need it.

import type { ArpEntry } from "../signatures/arp.ts"
import type { Instant } from "../signatures/time.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import type * as Macaddr from "../wire/macaddr.ts"

/** How long a question waits for an answer before it is put again. */
export const RETRY_MS = 1500
/** How often a question is put again before it fails. */
export const MAX_RETRIES = 5
/** How long an answer is believed: 800 of the library's ticks. */
export const ENTRY_MS: number = 800 * RETRY_MS
/** How long before its end an entry in use is asked about again: one tick. */
export const RENEW_MS: number = RETRY_MS
/** Dynamic entries kept; the least recently used one makes room. Keeps an ARP flood from eating the heap. */
export const MAX_DYNAMIC = 1024

type Entry =
  | { readonly kind: "static"; readonly mac: Macaddr.t }
  | {
      readonly kind: "dynamic"
      mac: Macaddr.t
      expires: Instant
      /** Looked up since it was last confirmed. */
      used: boolean
      /** The renewal request has been sent. */
      renewing: boolean
    }
  | { readonly kind: "pending"; retries: number; next: Instant }

/**
 * What a look-up found. `firstUse`: the entry will want renewing now, so {@link ArpCache.nextTimeout} may have changed.
 * `ask`: a request must be sent now; otherwise somebody has asked already.
 */
export type Lookup =
  | { readonly tag: "Known"; readonly mac: Macaddr.t; readonly firstUse: boolean }
  | { readonly tag: "Pending"; readonly ask: boolean }

/**
 * What was made of a claim that `ip` is at `mac`: `answered` an open question, `confirmed` or `moved` an entry; it was
 * `added` on the way; or it was `ignored`, being unasked for or at odds with a static entry.
 */
export type Learned = "answered" | "confirmed" | "moved" | "added" | "ignored"

/** What has become due: addresses to send requests for, and questions to give up. */
export interface Due {
  readonly ask: readonly Ipaddr.V4[]
  readonly failed: readonly Ipaddr.V4[]
}

/** The table. */
export class ArpCache {
  /** In order of use, the least recent first: a Map keeps insertion order, and use reinserts. */
  readonly #entries = new Map<Ipaddr.V4, Entry>()
  #dynamic = 0

  /** Look `ip` up, opening a question if it is not known. */
  query(now: Instant, ip: Ipaddr.V4): Lookup {
    const entry = this.#live(now, ip)
    switch (entry?.kind) {
      case "static":
        return { tag: "Known", mac: entry.mac, firstUse: false }
      case "dynamic": {
        const firstUse = !entry.used
        entry.used = true
        this.#entries.delete(ip)
        this.#entries.set(ip, entry)
        return { tag: "Known", mac: entry.mac, firstUse }
      }
      case "pending":
        return { tag: "Pending", ask: false }
      case undefined:
        this.#entries.set(ip, { kind: "pending", retries: 0, next: now + RETRY_MS })
        return { tag: "Pending", ask: true }
    }
  }

  /**
   * Somebody says that `ip` is at `mac`. A claim about an address that we neither know nor ask for is kept only if
   * `add` is true, else a single forged reply could fill the table.
   */
  learn(now: Instant, ip: Ipaddr.V4, mac: Macaddr.t, add: boolean): Learned {
    const entry = this.#live(now, ip)
    switch (entry?.kind) {
      case "static":
        return "ignored"
      case "dynamic": {
        const moved = entry.mac !== mac
        entry.mac = mac
        entry.expires = now + ENTRY_MS
        entry.used = false
        entry.renewing = false
        return moved ? "moved" : "confirmed"
      }
      case "pending":
        this.#insert(now, ip, mac)
        return "answered"
      case undefined:
        if (!add) return "ignored"
        this.#insert(now, ip, mac)
        return "added"
    }
  }

  /** Know `mac` for `ip` for good. */
  addStatic(ip: Ipaddr.V4, mac: Macaddr.t): void {
    this.forget(ip)
    this.#entries.set(ip, { kind: "static", mac })
  }

  /** Know nothing about `ip`; an open question about it is closed. */
  forget(ip: Ipaddr.V4): void {
    if (this.#entries.get(ip)?.kind === "dynamic") this.#dynamic--
    this.#entries.delete(ip)
  }

  /** When {@link handleTimeout} next has something to do; `undefined` if never. */
  nextTimeout(): Instant | undefined {
    let next: Instant | undefined
    for (const entry of this.#entries.values()) {
      const at = dueAt(entry)
      if (at !== undefined && (next === undefined || at < next)) next = at
    }
    return next
  }

  /** Put questions again, give some up, and renew what is in use. */
  handleTimeout(now: Instant): Due {
    const ask: Ipaddr.V4[] = []
    const failed: Ipaddr.V4[] = []
    for (const [ip, entry] of this.#entries) {
      const at = dueAt(entry)
      if (at === undefined || at > now) continue
      if (entry.kind === "dynamic") {
        if (now < entry.expires) {
          entry.renewing = true
          ask.push(ip)
        }
      } else if (entry.kind === "pending") {
        if (entry.retries < MAX_RETRIES) {
          entry.retries++
          entry.next = now + RETRY_MS
          ask.push(ip)
        } else {
          this.#entries.delete(ip)
          failed.push(ip)
        }
      }
    }
    return { ask, failed }
  }

  /** What a table shows, by address. */
  entries(now: Instant): ArpEntry[] {
    const list: ArpEntry[] = []
    for (const [ip, entry] of this.#entries) {
      if (entry.kind === "dynamic" && entry.expires <= now) continue
      list.push({ ip, kind: entry.kind, mac: entry.kind === "pending" ? undefined : entry.mac })
    }
    return list.sort((a, b) => a.ip - b.ip)
  }

  /** The entry for `ip`, unless it has expired. */
  #live(now: Instant, ip: Ipaddr.V4): Entry | undefined {
    const entry = this.#entries.get(ip)
    if (entry?.kind !== "dynamic" || entry.expires > now) return entry
    this.forget(ip)
    return undefined
  }

  #insert(now: Instant, ip: Ipaddr.V4, mac: Macaddr.t): void {
    this.forget(ip)
    this.#entries.set(ip, { kind: "dynamic", mac, expires: now + ENTRY_MS, used: false, renewing: false })
    this.#dynamic++
    if (this.#dynamic <= MAX_DYNAMIC) return
    for (const [old, entry] of this.#entries)
      if (entry.kind === "dynamic") {
        this.forget(old)
        return
      }
  }
}

/** When an entry wants attention. */
function dueAt(entry: Entry): Instant | undefined {
  if (entry.kind === "pending") return entry.next
  if (entry.kind === "dynamic" && entry.used && !entry.renewing) return entry.expires - RENEW_MS
  return undefined
}
