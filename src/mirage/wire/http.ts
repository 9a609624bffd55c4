// RFC 9112, HTTP/1.1: messages as bytes. A start line, header lines, an empty line, and a body whose end is given by its
// length, by chunks (section 7.1), or by the end of the stream.
//
// A message that two programs could read in two ways is refused, since that is how requests are smuggled past proxies
// (section 11.2): a length beside chunks, two lengths, white space before the colon, folded lines.
//
// Not implemented: transfer codings other than chunked, chunk extensions and trailers (read over), upgrades.

import { error, ok, type Result } from "../result.ts"
import * as Cstruct from "./cstruct.ts"
import {
  FIELD_VALUE,
  type HttpHeaders,
  type HttpRequestMessage,
  type HttpResponseMessage,
  mayHaveBody,
  TOKEN,
} from "./http-head.ts"

/** Why bytes are not a message. `truncated`: the stream ended inside of it. */
export type HttpError =
  | "bad-start-line"
  | "bad-version"
  | "bad-header"
  | "bad-host"
  | "bad-length"
  | "bad-transfer-coding"
  | "bad-chunk"
  | "head-too-long"
  | "body-too-long"
  | "truncated"

/** How much of a message is read, in bytes, before it is refused. */
export interface HttpLimits {
  readonly head: number
  readonly body: number
}

/** What a server takes: heads as long as others do, and bodies that fit into a small machine. */
export const DEFAULT_LIMITS: HttpLimits = { head: 16384, body: 16 * 1024 * 1024 }

type Headers = Map<string, string>

interface StartLine {
  readonly first: string
  readonly second: string
  readonly third: string
}

/** Where a decoder is in a message. */
type Place =
  | { readonly tag: "start" }
  | { readonly tag: "headers"; readonly start: StartLine; readonly headers: Headers }
  | { readonly tag: "length"; left: number }
  | { readonly tag: "chunk-size" }
  | { readonly tag: "chunk"; left: number }
  | { readonly tag: "chunk-end" }
  | { readonly tag: "trailers" }
  | { readonly tag: "rest" }
  | { readonly tag: "end" }

/** How the body of a message ends. */
type Framing = "none" | "chunked" | "rest" | number

/** What requests and responses have in common: a stream of bytes in, messages out, wherever the stream is torn. */
abstract class Decoder<M> {
  readonly #limits: HttpLimits
  readonly #input = new Input()
  #place: Place = { tag: "start" }
  #headLength = 0
  #message: { readonly start: StartLine; readonly headers: Headers } | undefined
  #body: Uint8Array[] = []
  #bodyLength = 0
  #error: HttpError | undefined
  #ended = false

  constructor(limits: HttpLimits = DEFAULT_LIMITS) {
    this.#limits = limits
  }

  /** Take the next bytes of the stream. They belong to the decoder from here on. */
  push(data: Uint8Array): void {
    this.#input.push(data)
  }

  /** The stream has ended. */
  end(): void {
    this.#ended = true
  }

  /** Whether the head of a message is there that has a body, and not all of the body. */
  get awaitsBody(): HttpHeaders | undefined {
    return this.#place.tag === "start" || this.#place.tag === "headers" ? undefined : this.#message?.headers
  }

  /** The next whole message; `undefined` if more bytes are needed, or none will come. An error stays. */
  next(): Result<M | undefined, HttpError> {
    while (this.#error === undefined) {
      if (this.#place.tag === "end") return ok(this.#finish())
      const before = this.#place
      const wrong = this.#step()
      if (wrong !== undefined) this.#error = wrong
      else if (this.#place === before) {
        // No progress: more bytes are needed.
        if (!this.#ended) return ok(undefined)
        if (before.tag === "rest") this.#place = { tag: "end" }
        else if (before.tag === "start" && this.#headLength === 0 && this.#input.length === 0) return ok(undefined)
        else this.#error = "truncated"
      }
    }
    return error(this.#error)
  }

  protected abstract parseStart(line: string): Result<StartLine, HttpError>
  protected abstract framing(start: StartLine, headers: Headers): Result<Framing, HttpError>
  protected abstract message(start: StartLine, headers: Headers, body: Uint8Array): M

  /** Go on by one line, or one run of body bytes; stay where we are if there are none. */
  #step(): HttpError | undefined {
    const place = this.#place
    switch (place.tag) {
      case "start":
      case "headers":
      case "trailers":
        return this.#headLine(place)
      case "length":
      case "chunk": {
        const data = this.#input.take(place.left)
        if (data === undefined) return undefined
        this.#body.push(data)
        const left = place.left - data.length
        if (left > 0) this.#place = { tag: place.tag, left }
        else this.#place = place.tag === "length" ? { tag: "end" } : { tag: "chunk-end" }
        return undefined
      }
      case "rest": {
        const data = this.#input.take(Number.POSITIVE_INFINITY)
        if (data === undefined) return undefined
        this.#body.push(data)
        this.#place = { tag: "rest" }
        return this.#grow(data.length)
      }
      case "chunk-size": {
        const line = this.#input.line(MAX_CHUNK_LINE)
        if (line === undefined) return this.#input.length > MAX_CHUNK_LINE ? "bad-chunk" : undefined
        const size = /^([0-9a-f]{1,13})[\t ]*(;.*)?$/i.exec(line)
        if (size === null) return "bad-chunk"
        const left = Number.parseInt(size[1]!, 16)
        this.#place = left === 0 ? { tag: "trailers" } : { tag: "chunk", left }
        return this.#grow(left)
      }
      case "chunk-end": {
        const line = this.#input.line(2)
        if (line === undefined) return this.#input.length > 2 ? "bad-chunk" : undefined
        if (line !== "") return "bad-chunk"
        this.#place = { tag: "chunk-size" }
        return undefined
      }
      case "end":
        return undefined
    }
  }

  #headLine(place: Place & { tag: "start" | "headers" | "trailers" }): HttpError | undefined {
    const room = this.#limits.head - this.#headLength
    const line = this.#input.line(room)
    if (line === undefined) return this.#input.length >= room ? "head-too-long" : undefined
    this.#headLength += line.length + 2
    if (place.tag === "trailers") {
      this.#place = line === "" ? { tag: "end" } : { tag: "trailers" }
      return undefined
    }
    if (place.tag === "start") {
      // RFC 9112 2.2: empty lines before a message are skipped; old clients sent one after a body.
      if (line === "") {
        this.#headLength = 0
        this.#place = { tag: "start" }
        return undefined
      }
      const start = this.parseStart(line)
      if (!start.ok) return start.error
      this.#place = { tag: "headers", start: start.value, headers: new Map() }
      return undefined
    }
    if (line !== "") {
      const wrong = addHeader(place.headers, line)
      this.#place = { ...place }
      return wrong
    }
    const framing = this.framing(place.start, place.headers)
    if (!framing.ok) return framing.error
    this.#message = { start: place.start, headers: place.headers }
    this.#place = placeOf(framing.value)
    return typeof framing.value === "number" ? this.#grow(framing.value) : undefined
  }

  #grow(length: number): HttpError | undefined {
    this.#bodyLength += length
    return this.#bodyLength > this.#limits.body ? "body-too-long" : undefined
  }

  #finish(): M {
    const { start, headers } = this.#message!
    const pieces = this.#body
    const body = pieces.length === 1 ? pieces[0]! : Cstruct.concat(pieces)
    const message = this.message(start, headers, body)
    this.#place = { tag: "start" }
    this.#headLength = this.#bodyLength = 0
    this.#message = undefined
    this.#body = []
    return message
  }
}

function placeOf(framing: Framing): Place {
  if (framing === "chunked") return { tag: "chunk-size" }
  if (framing === "rest") return { tag: "rest" }
  return framing === "none" || framing === 0 ? { tag: "end" } : { tag: "length", left: framing }
}

const MAX_CHUNK_LINE = 256

/** Decodes the requests of a connection. */
export class RequestDecoder extends Decoder<HttpRequestMessage> {
  protected override parseStart(line: string): Result<StartLine, HttpError> {
    // RFC 9112 section 3. One space each: leniency here is another way to read a line in two ways.
    const m = /^([!#$%&'*+.^_`|~\w-]+) ([!-~\x80-\xff]+) HTTP\/(\d)\.(\d)$/.exec(line)
    if (m === null) return error("bad-start-line")
    if (m[3] !== "1") return error("bad-version")
    return ok({ first: m[1]!, second: m[2]!, third: m[4] === "0" ? "1.0" : "1.1" })
  }

  protected override framing(start: StartLine, headers: Headers): Result<Framing, HttpError> {
    const host = headers.get("host")
    // RFC 9112 3.2: one Host, which two joined are not.
    if (host === undefined ? start.third === "1.1" : /[,\s/@]/.test(host)) return error("bad-host")
    const framing = framingOf(headers)
    // RFC 9112 6.1: HTTP/1.0 has no transfer codings.
    if (framing.ok && framing.value === "chunked" && start.third === "1.0") return error("bad-transfer-coding")
    return framing.ok && framing.value === undefined ? ok("none") : (framing as Result<Framing, HttpError>)
  }

  protected override message(start: StartLine, headers: Headers, body: Uint8Array): HttpRequestMessage {
    return { method: start.first, target: start.second, version: start.third as "1.0" | "1.1", headers, body }
  }
}

/** Decodes the responses of a connection. */
export class ResponseDecoder extends Decoder<HttpResponseMessage> {
  readonly #head: boolean

  /** `head`: the request was HEAD, and what looks like a body's length is none. */
  constructor(how: { readonly head?: boolean; readonly limits?: HttpLimits } = {}) {
    super(how.limits)
    this.#head = how.head === true
  }

  protected override parseStart(line: string): Result<StartLine, HttpError> {
    const m = /^HTTP\/(\d)\.(\d) ([1-9]\d\d)(?: (.*))?$/.exec(line)
    if (m === null) return error("bad-start-line")
    if (m[1] !== "1") return error("bad-version")
    return ok({ first: m[3]!, second: m[4] ?? "", third: m[2] === "0" ? "1.0" : "1.1" })
  }

  protected override framing(start: StartLine, headers: Headers): Result<Framing, HttpError> {
    const status = Number(start.first)
    if (this.#head || !mayHaveBody(status)) return ok("none")
    const framing = framingOf(headers)
    return framing.ok && framing.value === undefined ? ok("rest") : (framing as Result<Framing, HttpError>)
  }

  protected override message(start: StartLine, headers: Headers, body: Uint8Array): HttpResponseMessage {
    const version = start.third as "1.0" | "1.1"
    return { version, status: Number(start.first), reason: start.second, headers, body }
  }
}

/** RFC 9112 6.3, rules 3 to 5; `undefined` if the headers do not say. */
function framingOf(headers: Headers): Result<"chunked" | number | undefined, HttpError> {
  const coding = headers.get("transfer-encoding")
  const length = headers.get("content-length")
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") return error("bad-transfer-coding")
    return length === undefined ? ok("chunked") : error("bad-length")
  }
  if (length === undefined) return ok(undefined)
  // The same length twice is still one length.
  const values = new Set(length.split(",").map((v) => v.trim()))
  const [value] = values
  if (values.size !== 1 || value === undefined || !/^\d{1,15}$/.test(value)) return error("bad-length")
  return ok(Number(value))
}

/** RFC 9112 section 5. */
function addHeader(headers: Headers, line: string): HttpError | undefined {
  const colon = line.indexOf(":")
  const name = line.slice(0, Math.max(colon, 0))
  const value = line.slice(colon + 1).replaceAll(/^[\t ]+|[\t ]+$/g, "")
  if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) return "bad-header"
  const key = name.toLowerCase()
  const known = headers.get(key)
  headers.set(key, known === undefined ? value : `${known}, ${value}`)
  return undefined
}

/** The bytes that came and were not used. Views it has given out stay as they are. */
class Input {
  #buf: Uint8Array = new Uint8Array(0)
  #start = 0
  #end = 0
  /** Up to here there is no line feed. */
  #scanned = 0
  /** Whether the room after the end is ours to write to. */
  #own = false

  get length(): number {
    return this.#end - this.#start
  }

  push(data: Uint8Array): void {
    if (this.length === 0) {
      this.#buf = data
      this.#start = this.#scanned = 0
      this.#end = data.length
      this.#own = false
      return
    }
    if (!this.#own || this.#end + data.length > this.#buf.length) {
      const grown = new Uint8Array(2 * (this.length + data.length))
      grown.set(this.#buf.subarray(this.#start, this.#end))
      this.#scanned -= this.#start
      this.#end -= this.#start
      this.#start = 0
      this.#buf = grown
      this.#own = true
    }
    this.#buf.set(data, this.#end)
    this.#end += data.length
  }

  /** The next line of at most `limit` bytes, without its CR LF (or LF alone, RFC 9112 2.2), as ISO 8859-1. */
  line(limit: number): string | undefined {
    const stop = Math.min(this.#end, this.#start + Math.max(limit, 0))
    let at = this.#buf.indexOf(LF, this.#scanned)
    if (at < 0 || at >= stop) {
      this.#scanned = stop
      return undefined
    }
    const next = at + 1
    if (at > this.#start && this.#buf[at - 1] === CR) at--
    let line = ""
    for (let i = this.#start; i < at; i++) line += String.fromCharCode(this.#buf[i]!)
    this.#start = this.#scanned = next
    return line
  }

  /** The next bytes, up to `count`; `undefined` if there are none. */
  take(count: number): Uint8Array | undefined {
    if (this.length === 0) return undefined
    const end = Math.min(this.#start + count, this.#end)
    const data = this.#buf.subarray(this.#start, end)
    this.#start = this.#scanned = end
    return data
  }
}

const CR = 13
const LF = 10

/** One line for a person, if `payload` begins an HTTP message: `GET / HTTP/1.1`, `HTTP/1.1 200 OK`. */
export function showHttp(payload: Uint8Array): string | undefined {
  const input = new Input()
  input.push(payload)
  const line = input.line(1024)
  return line !== undefined && /^(HTTP\/1\.\d \d{3}|[A-Z]+ \S+ HTTP\/1\.\d$)/.test(line) ? line : undefined
}
