// The module type HTTP.Server that an application of MirageOS 2.0 is written against (Cohttp's Server, over a stack).

import type * as Lwt from "../lwt/lwt.ts"

/** Header names are lower case; a repeated header's values are joined with ", " (RFC 9110 5.2). */
export type Headers = ReadonlyMap<string, string>

/** A request, its body read whole. */
export interface HttpRequest {
  readonly method: string
  /** The request target as sent: path and query. */
  readonly target: string
  /** The path of the target, percent-decoded. */
  readonly path: string
  readonly version: "1.0" | "1.1"
  readonly headers: Headers
  readonly body: Uint8Array
}

/** A response. `content-length`, `connection` and `date`-like headers are the server's business. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/** What an application hands to the server. */
export interface HttpServerSpec {
  /** `connId` counts connections from 1. A rejected promise becomes a 500. */
  readonly callback: (connId: number, request: HttpRequest) => Lwt.t<HttpResponse>
  readonly connClosed?: (connId: number) => void
}

/** The server module: makes responses, and serves when given a spec. `T` is the listening device. */
export interface HTTP_SERVER<T> {
  respondString(r: {
    readonly status?: number
    readonly body: string
    readonly headers?: Readonly<Record<string, string>>
  }): Lwt.t<HttpResponse>
  respond(r: {
    readonly status?: number
    readonly body: Uint8Array
    readonly headers?: Readonly<Record<string, string>>
  }): Lwt.t<HttpResponse>
  respondNotFound(r: { readonly path: string }): Lwt.t<HttpResponse>
  /** Serve until the device is disconnected. In the deck, `http spec`. */
  listen(t: T, spec: HttpServerSpec): Lwt.t<void>
}
