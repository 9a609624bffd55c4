// One connection of an HTTP/1.1 server (RFC 9112 section 9): requests in, responses out, in order and one at a time. While
// the application thinks nothing is read, so that a client that sends faster meets TCP's window.

import * as Lwt from "../lwt/lwt.ts"
import type { HttpRequest, HttpResponse, HttpServerSpec } from "../signatures/http.ts"
import type { TCPV4 } from "../signatures/tcp.ts"
import { type HttpError, RequestDecoder } from "../wire/http.ts"
import { encodeResponseHead, type HttpRequestMessage, mayHaveBody, pathOfTarget, reasonOf } from "../wire/http-head.ts"

/** The methods that a server may have heard of: RFC 9110 section 9, and PATCH. */
const APPLICATION_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
const REFUSED_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE"])

/** Unread input that is thrown away before a connection is cut off. */
const MAX_DRAIN = 1024 * 1024

/** What happens to a connection after a response. */
type Next = "keep" | "close"

/** Serve what comes on `flow` until either end closes it. `connId` is for the application. */
export function serve<T, F>(T: TCPV4<T, F>, flow: F, connId: number, spec: HttpServerSpec): Lwt.t<void> {
  const decoder = new RequestDecoder()
  let continued = false

  function loop(): Lwt.t<void> {
    const next = decoder.next()
    if (!next.ok) return refuse(next.error)
    if (next.value !== undefined) {
      continued = false
      return answer(next.value).bind((then) => (then === "keep" ? loop() : hangUp()))
    }
    return expectation()
      .bind(() => T.read(flow))
      .bind((r) => {
        if (r.tag === "Error") return Lwt.return()
        if (r.tag === "Ok") {
          decoder.push(r.data)
          return loop()
        }
        decoder.end()
        const last = decoder.next()
        return last.ok ? T.close(flow) : refuse(last.error)
      })
  }

  /** RFC 9110 10.1.1: a client that waits with its body until it is asked for it. */
  function expectation(): Lwt.t<void> {
    const headers = decoder.awaitsBody
    if (continued || headers?.get("expect")?.toLowerCase() !== "100-continue") return Lwt.return()
    continued = true
    return T.write(flow, CONTINUE).map(() => undefined)
  }

  function answer(message: HttpRequestMessage): Lwt.t<Next> {
    const path = pathOfTarget(message.target)
    if (REFUSED_METHODS.has(message.method))
      return send(plain(405, { allow: [...APPLICATION_METHODS].join(", ") }), message)
    if (!APPLICATION_METHODS.has(message.method)) return send(plain(501), message)
    if (path === undefined) return send(plain(400), message)
    const request: HttpRequest = { ...message, path }
    return Lwt.catch(
      () => spec.callback(connId, request).bind((response) => send(response, message)),
      (reason) => {
        // Whoever watches over lost exceptions should know; the client need not. Later, so that the answer is not lost too.
        Lwt.async(() => Lwt.pause().bind(() => Lwt.fail(reason)))
        return send(plain(500), message)
      },
    )
  }

  function send(response: HttpResponse, to: HttpRequestMessage | undefined): Lwt.t<Next> {
    const asked = options(to?.headers.get("connection"))
    const keep =
      to !== undefined &&
      !asked.has("close") &&
      !options(response.headers.get("connection")).has("close") &&
      (to.version === "1.1" || asked.has("keep-alive"))
    const headers = new Map(response.headers)
    for (const name of OURS) headers.delete(name)
    const { status } = response
    if (mayHaveBody(status)) headers.set("content-length", String(response.body.length))
    if (!keep) headers.set("connection", "close")
    else if (to.version === "1.0") headers.set("connection", "keep-alive")
    const head = encodeResponseHead({ version: "1.1", status, reason: reasonOf(status), headers })
    const withBody = mayHaveBody(status) && to?.method !== "HEAD" && response.body.length > 0
    const pieces = withBody ? [head, response.body] : [head]
    return T.writev(flow, pieces).map((written) => (keep && written.tag === "Ok" ? "keep" : "close"))
  }

  function refuse(reason: HttpError): Lwt.t<void> {
    return send(plain(STATUS_OF[reason]), undefined).bind(hangUp)
  }

  /** RFC 9112 9.6: close our direction, and read on until the client has closed its own, or our last words may be lost. */
  function hangUp(): Lwt.t<void> {
    const drain = (room: number): Lwt.t<void> =>
      T.read(flow).bind((r) => {
        if (r.tag !== "Ok") return Lwt.return()
        return r.data.length > room ? T.reset(flow) : drain(room - r.data.length)
      })
    return T.close(flow).bind(() => drain(MAX_DRAIN))
  }

  return loop()
}

/** Headers that are the server's business. */
const OURS = ["content-length", "transfer-encoding", "connection", "keep-alive"]

const CONTINUE = encodeResponseHead({ version: "1.1", status: 100, reason: reasonOf(100), headers: new Map() })

const STATUS_OF: Readonly<Record<HttpError, number>> = {
  "bad-start-line": 400,
  "bad-version": 505,
  "bad-header": 400,
  "bad-host": 400,
  "bad-length": 400,
  "bad-transfer-coding": 501,
  "bad-chunk": 400,
  "head-too-long": 431,
  "body-too-long": 413,
  truncated: 400,
}

/** A response of the server's own, which says what its status means. */
export function plain(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: new Map([...Object.entries(headers), ["content-type", "text/plain; charset=utf-8"]]),
    body: new TextEncoder().encode(`${status} ${reasonOf(status)}\n`),
  }
}

/** The options of a Connection header (RFC 9110 7.6.1). */
function options(connection: string | undefined): ReadonlySet<string> {
  return new Set(connection?.split(",").map((o) => o.trim().toLowerCase()))
}
