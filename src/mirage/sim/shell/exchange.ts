// One request and its response on an open connection: what curl and the browser pane have in common.

import * as Lwt from "../../lwt/lwt.ts"
import { error, ok, type Result } from "../../result.ts"
import * as Cstruct from "../../wire/cstruct.ts"
import { DEFAULT_LIMITS, type HttpError, ResponseDecoder } from "../../wire/http.ts"
import type { HttpResponseMessage } from "../../wire/http-head.ts"
import type { Connection } from "./command.ts"

/** A gibibyte would not fit, and nobody wants to wait for it. */
const MAX_BODY = 256 * 1024 * 1024

/** What is said: the lines of the head without the empty one, as they are, and the body. */
export interface Request {
  readonly method: string
  readonly head: readonly string[]
  readonly body: Uint8Array
}

/** Why there is no whole response. `received`: the bytes that came until then. */
export type ExchangeError =
  | { readonly kind: "empty" }
  | { readonly kind: "reset"; readonly received: number }
  | { readonly kind: "partial"; readonly received: number }
  | { readonly kind: "malformed"; readonly why: HttpError; readonly received: number }

/** Say `request` and read the response, whole. The connection is left open. */
export function exchange(connection: Connection, request: Request): Lwt.t<Result<HttpResponseMessage, ExchangeError>> {
  const decoder = new ResponseDecoder({
    head: request.method === "HEAD",
    limits: { ...DEFAULT_LIMITS, body: MAX_BODY },
  })
  let received = 0
  type Answer = Result<HttpResponseMessage, ExchangeError>

  const read = (): Lwt.t<Answer> => {
    const next = decoder.next()
    if (!next.ok) return Lwt.return(error({ kind: "malformed", why: next.error, received }))
    const message = next.value
    // RFC 9110 15.2: interim responses come before the one that counts.
    if (message !== undefined) return message.status < 200 && message.status !== 101 ? read() : Lwt.return(ok(message))
    return connection.read().bind((r): Lwt.t<Answer> => {
      if (r.tag === "Error") return Lwt.return(error({ kind: "reset", received }))
      if (r.tag === "Ok") {
        received += r.data.length
        decoder.push(r.data)
        return read()
      }
      if (received === 0) return Lwt.return(error({ kind: "empty" }))
      decoder.end()
      const last = decoder.next()
      if (last.ok && last.value !== undefined) return Lwt.return(ok(last.value))
      if (last.ok || last.error === "truncated") return Lwt.return(error({ kind: "partial", received }))
      return Lwt.return(error({ kind: "malformed", why: last.error, received }))
    })
  }
  // The write is not waited for: a server may answer, and stop reading, before it has heard all.
  const bytes = Cstruct.concat([Cstruct.ofString(`${request.head.join("\r\n")}\r\n\r\n`), request.body])
  Lwt.async(() => connection.write(bytes))
  return read()
}
