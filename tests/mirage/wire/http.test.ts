import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type HttpError,
  type HttpLimits,
  RequestDecoder,
  ResponseDecoder,
  showHttp,
} from "../../../src/mirage/wire/http.ts"
import {
  encodeRequestHead,
  encodeResponseHead,
  type HttpRequestMessage,
  type HttpResponseMessage,
  pathOfTarget,
  reasonOf,
} from "../../../src/mirage/wire/http-head.ts"

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
const text = (b: Uint8Array) => String.fromCharCode(...b)
const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`

interface Decoding<M> {
  readonly messages: M[]
  readonly error: HttpError | undefined
}

/** Feed `pieces`, taking messages as they come, and end the stream. */
function decode<M>(decoder: RequestDecoder | ResponseDecoder, pieces: readonly Uint8Array[]): Decoding<M> {
  const messages: M[] = []
  const drain = (): HttpError | undefined => {
    for (;;) {
      const r = decoder.next()
      if (!r.ok) return r.error
      if (r.value === undefined) return undefined
      messages.push(r.value as M)
    }
  }
  for (const piece of pieces) {
    decoder.push(piece)
    const error = drain()
    if (error !== undefined) return { messages, error }
  }
  decoder.end()
  return { messages, error: drain() }
}

const requests = (stream: string, limits?: HttpLimits) =>
  decode<HttpRequestMessage>(new RequestDecoder(limits), [bytes(stream)])
const responses = (stream: string, head = false) =>
  decode<HttpResponseMessage>(new ResponseDecoder({ head }), [bytes(stream)])

const GET = lines("GET /a%20b?c=d HTTP/1.1", "Host: 10.0.0.2", "Accept: text/html", "ACCEPT:  */* ")
const POST = `${lines("POST /form HTTP/1.1", "Host: x", "Content-Length: 5")}hello`
const CHUNKED = `${lines("PUT / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")}4;ext=1\r\nWiki\r\nA\r\npedia in\r\n\r\n0\r\nTrailer: t\r\n\r\n`

describe("RequestDecoder", () => {
  it("reads a GET; header names in lower case, repeated values joined", () => {
    const { messages, error } = requests(GET)
    expect(error).toBeUndefined()
    expect(messages).toEqual([
      {
        method: "GET",
        target: "/a%20b?c=d",
        version: "1.1",
        headers: new Map([
          ["host", "10.0.0.2"],
          ["accept", "text/html, */*"],
        ]),
        body: new Uint8Array(0),
      },
    ])
  })

  it("reads bodies by length and by chunks, one message after another", () => {
    const { messages, error } = requests(POST + CHUNKED + GET)
    expect(error).toBeUndefined()
    expect(messages.map((m) => [m.method, text(m.body)])).toEqual([
      ["POST", "hello"],
      ["PUT", "Wikipedia in\r\n"],
      ["GET", ""],
    ])
  })

  it("gives the same messages wherever the stream is torn in two", () => {
    const stream = bytes(POST + CHUNKED + GET)
    const whole = decode(new RequestDecoder(), [stream.slice()])
    for (let at = 0; at <= stream.length; at++)
      expect(decode(new RequestDecoder(), [stream.slice(0, at), stream.slice(at)]), `torn at ${at}`).toEqual(whole)
  })

  it("gives the same messages a byte at a time", () => {
    const stream = bytes(POST + CHUNKED + GET)
    const pieces = Array.from(stream, (b) => Uint8Array.of(b))
    expect(decode(new RequestDecoder(), pieces)).toEqual(decode(new RequestDecoder(), [stream]))
  })

  it("takes lines that end in LF alone, and skips empty lines before a request", () => {
    const { messages, error } = requests("\r\n\r\nGET / HTTP/1.1\nHost: x\n\n\r\n")
    expect([messages.length, error]).toEqual([1, undefined])
  })

  it("takes HTTP/1.0 without Host, and a length said twice if it is the same", () => {
    expect(requests("GET / HTTP/1.0\r\n\r\n").messages).toHaveLength(1)
    expect(text(requests("POST / HTTP/1.0\r\ncontent-length: 2, 2\r\n\r\nhi").messages[0]!.body)).toBe("hi")
  })

  it("tells who waits with a body", () => {
    const decoder = new RequestDecoder()
    decoder.push(bytes(lines("PUT / HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 2")))
    expect(decoder.awaitsBody).toBeUndefined()
    expect(decoder.next()).toEqual({ ok: true, value: undefined })
    expect(decoder.awaitsBody?.get("expect")).toBe("100-continue")
    decoder.push(bytes("hi"))
    expect(decoder.next()).toMatchObject({ ok: true, value: { method: "PUT" } })
    expect(decoder.awaitsBody).toBeUndefined()
  })

  it.each<[string, string, HttpError]>([
    ["words", "hello there\r\n\r\n", "bad-start-line"],
    ["two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "bad-start-line"],
    ["a bare CR", "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n", "bad-start-line"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\n", "bad-version"],
    ["no colon", "GET / HTTP/1.1\r\nHost x\r\n\r\n", "bad-header"],
    ["space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "bad-header"],
    ["a folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "bad-header"],
    ["a NUL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", "bad-header"],
    ["no Host", "GET / HTTP/1.1\r\n\r\n", "bad-host"],
    ["two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "bad-host"],
    ["a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "bad-length"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "bad-length"],
    [
      "a length beside chunks",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "bad-length",
    ],
    ["gzip", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "bad-transfer-coding"],
    ["chunks in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "bad-transfer-coding"],
    [
      "a chunk size that is none",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "bad-chunk",
    ],
    [
      "a chunk longer than it says",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
      "bad-chunk",
    ],
    ["an end in the head", "GET / HTTP/1.1\r\nHo", "truncated"],
    ["an end in the body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab", "truncated"],
  ])("refuses %s", (_name, stream, error) => {
    expect(requests(stream)).toEqual({ messages: [], error })
    expect(
      decode(
        new RequestDecoder(),
        Array.from(bytes(stream), (b) => Uint8Array.of(b)),
      ).error,
    ).toBe(error)
  })

  it("refuses a head or a body over its limits, before it has them", () => {
    const limits = { head: 64, body: 10 }
    const endless = new RequestDecoder(limits)
    endless.push(bytes(`GET /${"a".repeat(100)}`))
    expect(endless.next()).toEqual({ ok: false, error: "head-too-long" })
    const long = new RequestDecoder(limits)
    long.push(bytes(lines("POST / HTTP/1.1", "Host: x", "Content-Length: 11")))
    expect(long.next()).toEqual({ ok: false, error: "body-too-long" })
    const chunks = new RequestDecoder({ ...limits, head: 100 })
    chunks.push(bytes(`${lines("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")}6\r\nabcdef\r\n6\r\n`))
    expect(chunks.next()).toEqual({ ok: false, error: "body-too-long" })
    expect(requests(POST, { head: 64, body: 5 }).error).toBeUndefined()
  })

  it("stays with its error", () => {
    const decoder = new RequestDecoder()
    decoder.push(bytes("nonsense\r\n"))
    expect(decoder.next()).toEqual({ ok: false, error: "bad-start-line" })
    decoder.push(bytes(GET))
    expect(decoder.next()).toEqual({ ok: false, error: "bad-start-line" })
  })
})

describe("ResponseDecoder", () => {
  it("reads a body by length, by chunks, and to the end of the stream", () => {
    expect(text(responses(`${lines("HTTP/1.1 200 OK", "content-length: 2")}hi`).messages[0]!.body)).toBe("hi")
    expect(
      text(responses(`${lines("HTTP/1.1 200", "transfer-encoding: Chunked")}2\r\nhi\r\n0\r\n\r\n`).messages[0]!.body),
    ).toBe("hi")
    const rest = responses(`${lines("HTTP/1.0 404 Not Found")}gone`)
    expect(rest.error).toBeUndefined()
    expect(rest.messages[0]).toMatchObject({ status: 404, reason: "Not Found", version: "1.0" })
    expect(text(rest.messages[0]!.body)).toBe("gone")
  })

  it("knows that 1xx, 204, 304 and answers to HEAD have no body", () => {
    for (const status of [100, 204, 304]) {
      const { messages } = responses(
        `${lines(`HTTP/1.1 ${status} x`, "content-length: 2")}HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n`,
      )
      expect(messages.map((m) => m.status)).toEqual([status, 200])
    }
    expect(responses(lines("HTTP/1.1 200 OK", "content-length: 99"), true).messages).toHaveLength(1)
  })

  it("refuses what is not HTTP, and what ends early", () => {
    expect(responses("SSH-2.0-OpenSSH_9.2\r\n").error).toBe("bad-start-line")
    expect(responses("HTTP/1.1 99 Low\r\n\r\n").error).toBe("bad-start-line")
    expect(responses("HTTP/3.0 200 OK\r\n\r\n").error).toBe("bad-version")
    expect(responses(`${lines("HTTP/1.1 200 OK", "content-length: 3")}hi`).error).toBe("truncated")
    expect(responses("").error).toBeUndefined()
  })
})

describe("heads", () => {
  it("are written as they will be read", () => {
    const headers = new Map([["content-type", "text/html"]])
    expect(text(encodeResponseHead({ version: "1.1", status: 404, reason: reasonOf(404), headers }))).toBe(
      "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\n\r\n",
    )
    expect(text(encodeRequestHead({ method: "GET", target: "/", version: "1.1", headers }))).toBe(
      "GET / HTTP/1.1\r\ncontent-type: text/html\r\n\r\n",
    )
  })

  it("cannot be broken by what is put into them", () => {
    const head = (name: string, value: string) => () =>
      encodeResponseHead({ version: "1.1", status: 200, reason: "OK", headers: new Map([[name, value]]) })
    expect(head("a", "b\r\nset-cookie: c")).toThrow(RangeError)
    expect(head("a: b", "c")).toThrow(RangeError)
    expect(head("a", "π")).toThrow(RangeError)
    const target = (t: string) => () =>
      encodeRequestHead({ method: "GET", target: t, version: "1.1", headers: new Map() })
    expect(target("/ HTTP/1.1\r\nx:")).toThrow(RangeError)
    expect(target("")).toThrow(RangeError)
  })
})

describe("pathOfTarget", () => {
  it.each([
    ["/", "/"],
    ["/a%20b/%C3%A9?x=%", "/a b/é"],
    ["http://10.0.0.2:8080/x?y", "/x"],
    ["http://10.0.0.2", "/"],
    ["*", "*"],
    ["/%", undefined],
    ["/%ff", undefined],
    ["10.0.0.2:80", undefined],
  ])("%s is %s", (target, path) => {
    expect(pathOfTarget(target)).toBe(path)
  })
})

describe("showHttp", () => {
  it("shows a first line, and nothing of what is not HTTP", () => {
    expect(showHttp(bytes(GET))).toBe("GET /a%20b?c=d HTTP/1.1")
    expect(showHttp(bytes("HTTP/1.1 200 OK\r\n\r\n"))).toBe("HTTP/1.1 200 OK")
    expect(showHttp(bytes("hello\r\n"))).toBeUndefined()
    expect(showHttp(bytes("GET / HTTP/1.1"))).toBeUndefined()
  })
})

describe("laws", () => {
  const token = fc.stringMatching(/^[a-z-]{1,10}$/)
  const header = fc.tuple(
    token.filter((n) => !["host", "content-length", "transfer-encoding"].includes(n)),
    fc.stringMatching(/^([!-~]([ -~]{0,20}[!-~])?)?$/),
  )
  const message = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT"),
    target: fc.stringMatching(/^\/[a-z%0-9/?]{0,20}$/),
    headers: fc.array(header, { maxLength: 5 }),
    body: fc.uint8Array({ maxLength: 100 }),
  })

  it("decode (encode x) = x, torn anywhere", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (messages, size) => {
        const wanted = messages.map(({ method, target, headers, body }) => ({
          method,
          target,
          version: "1.1" as const,
          headers: new Map([["host", "x"], ...headers, ["content-length", String(body.length)]]),
          body,
        }))
        const stream = wanted.flatMap((m) => [...encodeRequestHead(m), ...m.body])
        const pieces: Uint8Array[] = []
        for (let i = 0; i < stream.length; i += size) pieces.push(Uint8Array.from(stream.slice(i, i + size)))
        expect(decode(new RequestDecoder(), pieces)).toEqual({ messages: wanted, error: undefined })
      }),
    )
  })

  it("decoding never throws", () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom("GET / HTTP/1.1", "\r\n", "Host: x", ":", " ", "0", "a")).map((t) => bytes(t.join(""))),
    )
    fc.assert(
      fc.property(junk, (stream) => {
        decode(new RequestDecoder(), [stream.slice()])
        decode(new ResponseDecoder(), [stream])
      }),
    )
  })
})
