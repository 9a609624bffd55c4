// An HTTP/1.1 client over a TCPV4: one request, one connection, one response. What `curl` on a simulated machine and the
// browser beside a cell are made of.
//
// Not implemented: redirects, keeping connections, proxies.

import * as Lwt from "../lwt/lwt.ts"
import { error, ok, type Result } from "../result.ts"
import type { ConnectError, TCPV4 } from "../signatures/tcp.ts"
import type { TIME } from "../signatures/time.ts"
import { DEFAULT_LIMITS, type HttpError, type HttpLimits, ResponseDecoder } from "../wire/http.ts"
import { encodeRequestHead, type HttpResponseMessage } from "../wire/http-head.ts"
import * as Ipaddr from "../wire/ipaddr.ts"

/** Why there is no response. */
export type HttpClientError =
  | ConnectError
  /** The connection broke before the response was whole. */
  | { readonly kind: "reset"; readonly message: string }
  /** What came is not HTTP, or more than we take. */
  | { readonly kind: "malformed"; readonly why: HttpError }

/** What is asked for, and where. */
export interface HttpClientRequest {
  readonly address: Ipaddr.V4
  /** 80 if left out. */
  readonly port?: number
  /** GET if left out. */
  readonly method?: string
  /** Path and query. */
  readonly target: string
  /** The Host header: the address (and port, if it is not 80) if left out. */
  readonly host?: string
  /** Names in lower case. `host`, `content-length` and `connection` are the client's business. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** For the whole exchange, in seconds; 30 if left out. */
  readonly timeout?: number
}

/** What {@link Make} gives. */
export interface HttpClient<T> {
  /** Ask, and wait for the whole response. Throws `RangeError` for a request that cannot be said in HTTP. */
  request(t: T, r: HttpClientRequest): Lwt.t<Result<HttpResponseMessage, HttpClientError>>
}

const LIMITS: HttpLimits = { ...DEFAULT_LIMITS, body: 256 * 1024 * 1024 }

/** A client over the TCP module `T`. */
export function Make<T, F>(T: TCPV4<T, F>, Time: TIME): HttpClient<T> {
  function exchange(t: T, r: HttpClientRequest, request: readonly Uint8Array[]): Lwt.t<Response> {
    return T.createConnection(t, [r.address, r.port ?? 80]).bind((flow): Lwt.t<Response> => {
      if (!flow.ok) return Lwt.return(flow)
      const decoder = new ResponseDecoder({ head: r.method === "HEAD", limits: LIMITS })
      // The write is not waited for: a server may answer, and stop reading, before it has heard all.
      Lwt.async(() => T.writev(flow.value, request))
      return Lwt.catch(
        () =>
          response(flow.value, decoder).bind((result) =>
            // In order if we have all that we want, and at once otherwise: nobody will read the rest.
            (result.ok ? T.close(flow.value) : T.reset(flow.value)).map(() => result),
          ),
        (reason) => T.reset(flow.value).bind(() => Lwt.fail(reason)),
      )
    })
  }

  function response(flow: F, decoder: ResponseDecoder): Lwt.t<Response> {
    const next = decoder.next()
    if (!next.ok) return Lwt.return(error({ kind: "malformed", why: next.error }))
    const message = next.value
    // RFC 9110 15.2: interim responses come before the one that counts.
    if (message !== undefined)
      return message.status < 200 && message.status !== 101 ? response(flow, decoder) : Lwt.return(ok(message))
    return T.read(flow).bind((r): Lwt.t<Response> => {
      if (r.tag === "Error") return Lwt.return(error({ kind: "reset", message: r.error.message }))
      if (r.tag === "Ok") {
        decoder.push(r.data)
        return response(flow, decoder)
      }
      decoder.end()
      const last = decoder.next()
      if (!last.ok) return Lwt.return(error({ kind: "malformed", why: last.error }))
      if (last.value !== undefined) return Lwt.return(ok(last.value))
      return Lwt.return(error({ kind: "malformed", why: "truncated" }))
    })
  }

  return {
    request(t, r) {
      const request = encodeRequest(r)
      return Lwt.pick([
        exchange(t, r, request),
        Time.sleep(r.timeout ?? 30).map((): Response => error({ kind: "timeout" })),
      ])
    },
  }
}

type Response = Result<HttpResponseMessage, HttpClientError>

function encodeRequest(r: HttpClientRequest): readonly Uint8Array[] {
  const { method = "GET", port = 80, body } = r
  const address = Ipaddr.toString(r.address)
  const headers = new Map(Object.entries(r.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  headers.delete("host")
  headers.delete("content-length")
  headers.delete("transfer-encoding")
  if (body !== undefined || method === "POST" || method === "PUT")
    headers.set("content-length", String(body?.length ?? 0))
  headers.set("connection", "close")
  // RFC 9110 7.2: Host comes first.
  const host = r.host ?? (port === 80 ? address : `${address}:${port}`)
  const head = encodeRequestHead({
    method,
    target: r.target,
    version: "1.1",
    headers: new Map([["host", host], ...headers]),
  })
  return body === undefined || body.length === 0 ? [head] : [head, body]
}
