// A page of the simulated network cannot fetch anything when it is shown: the frame that shows it may load nothing. So
// its style sheets and pictures are fetched over the simulated network beforehand and put into it: as text, and as
// `data:` addresses. This file is the part that needs no browser.

import type { Fetched } from "../../sandbox/protocol.ts"

/** Fetches over the simulated network. */
export type Fetch = (url: string) => Promise<Fetched>

/** Sub-resources fetched for one page; a page that wants more does without. */
export const MAX_RESOURCES = 64

/** The address that a reference on a page means, without its fragment; undefined when it is not on the simulated network. */
export function resolve(reference: string, base: string): string | undefined {
  let url: URL
  try {
    url = new URL(reference, base)
  } catch {
    return undefined
  }
  if (url.protocol !== "http:") return undefined
  url.hash = ""
  return url.href
}

/** What a reader typed into the address bar, as an address: `10.0.0.2/about` is `http://10.0.0.2/about`. */
export function addressOf(typed: string): string | undefined {
  const text = typed.trim()
  if (text === "") return undefined
  return resolve(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`, "http://10.0.0.2/")
}

/** The value of a header, whatever its case. */
export function header(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return Object.entries(headers).find(([n]) => n.toLowerCase() === wanted)?.[1]
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  txt: "text/plain",
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  svg: "image/svg+xml",
  webp: "image/webp",
  ico: "image/x-icon",
  woff2: "font/woff2",
}

/** The media type of an answer, without parameters: its header's, else by the address's extension, else by a look at it. */
export function mediaType(headers: Readonly<Record<string, string>>, url: string, body: Uint8Array): string {
  const said = header(headers, "content-type")?.split(";")[0]?.trim().toLowerCase()
  if (said !== undefined && /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(said)) return said
  const extension = /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase()
  const known = extension === undefined ? undefined : BY_EXTENSION[extension]
  if (known !== undefined) return known
  const start = new TextDecoder().decode(body.subarray(0, 256)).trimStart().toLowerCase()
  return start.startsWith("<!doctype html") || start.startsWith("<html") ? "text/html" : "text/plain"
}

/** The text of a body, by the charset of its media type where the browser knows it, else as UTF-8. */
export function textOf(headers: Readonly<Record<string, string>>, body: Uint8Array): string {
  const charset = /charset="?([\w-]+)/i.exec(header(headers, "content-type") ?? "")?.[1] ?? "utf-8"
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** Bytes as a `data:` address. */
export function dataUrl(type: string, bytes: Uint8Array): string {
  let binary = ""
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return `data:${type};base64,${btoa(binary)}`
}

/** Fetches each sub-resource of a page once, and only so many. */
export class Resources {
  readonly #fetch: Fetch
  readonly #got = new Map<string, Promise<Fetched>>()

  constructor(fetch: Fetch) {
    this.#fetch = fetch
  }

  /** The answer for a reference, or undefined if there is none that can be used. */
  async get(reference: string, base: string): Promise<{ url: string; answer: Fetched & { ok: true } } | undefined> {
    const url = resolve(reference, base)
    if (url === undefined) return undefined
    let answer = this.#got.get(url)
    if (answer === undefined) {
      if (this.#got.size >= MAX_RESOURCES) return undefined
      answer = this.#fetch(url).catch((e: unknown): Fetched => ({ ok: false, message: String(e) }))
      this.#got.set(url, answer)
    }
    const got = await answer
    return got.ok && got.status === 200 ? { url, answer: got } : undefined
  }

  /** A picture or a font as a `data:` address. */
  async data(reference: string, base: string): Promise<string | undefined> {
    if (/^data:/i.test(reference.trim())) return reference
    const got = await this.get(reference, base)
    return got === undefined
      ? undefined
      : dataUrl(mediaType(got.answer.headers, got.url, got.answer.body), got.answer.body)
  }

  /** A style sheet with what it refers to put into it; `depth` sheets may still import one another. */
  async css(text: string, base: string, depth = 4): Promise<string> {
    const imported = await replaceAsync(text, IMPORT, async (match) => {
      const reference = match[2] ?? match[3] ?? ""
      const got = depth > 0 ? await this.get(reference, base) : undefined
      if (got === undefined) return ""
      const sheet = await this.css(textOf(got.answer.headers, got.answer.body), got.url, depth - 1)
      const media = (match[4] ?? "").trim()
      return media === "" ? sheet : `@media ${media} {\n${sheet}\n}`
    })
    return replaceAsync(imported, URL_FUNCTION, async (match) => {
      const reference = (match[2] ?? match[3] ?? "").trim()
      if (reference.startsWith("#")) return match[0]
      return `url("${(await this.data(reference, base)) ?? "data:,"}")`
    })
  }
}

const IMPORT = /@import\s+(?:url\(\s*)?(?:(["'])(.*?)\1|([^\s"')]+))\s*\)?([^;]*);/gi
const URL_FUNCTION = /url\(\s*(?:(["'])(.*?)\1|([^"')]*?))\s*\)/gi

async function replaceAsync(
  text: string,
  pattern: RegExp,
  by: (match: RegExpMatchArray) => Promise<string>,
): Promise<string> {
  const matches = [...text.matchAll(pattern)]
  const replacements = await Promise.all(matches.map(by))
  let out = ""
  let from = 0
  matches.forEach((match, i) => {
    out += text.slice(from, match.index) + (replacements[i] ?? "")
    from = match.index + match[0].length
  })
  return out + text.slice(from)
}
