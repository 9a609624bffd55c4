// An HTTP/1.1 server over a stack, as Cohttp's was in MirageOS 2.0: `Http.Make(S)`, and in the deck `http spec`.
//
// Not implemented: time-outs for idle clients, compression, ranges, a Date header (a machine without a calendar must not
// send one, RFC 9110 6.6.1).

import * as Lwt from "../lwt/lwt.ts"
import { ok } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { HTTP_SERVER, HttpResponse, HttpServerSpec } from "../signatures/http.ts"
import type { STACKV4 } from "../signatures/stack.ts"
import type { TcpCallback, TCPV4 } from "../signatures/tcp.ts"
import { plain, serve } from "./connection.ts"

/** What a server needs of a stack. */
export type HttpStack<S, T, F> = Pick<STACKV4<S, unknown, unknown, T, F>, "listenTcpv4"> & {
  readonly TCPV4: TCPV4<T, F>
}

/** A server on one port of the stack `stack`. */
export interface t<S, F> {
  readonly stack: S
  readonly port: number
  /** Connections since the server was made, and those that are open. */
  connections: number
  readonly open: Set<F>
  readonly stopped: Lwt.t<void>
  readonly stop: Lwt.u<void>
}

/** What {@link Make} gives. */
export interface Http<S, F> extends HTTP_SERVER<t<S, F>> {
  /** A server that listens on `port` of `stack`, once there is a spec. Throws `RangeError` for a port that is none. */
  connect(stack: S, on: { readonly port: number }): Connected<t<S, F>>
  /** Close the port to new connections, and the ones that are open in order; `listen` ends. */
  disconnect(t: t<S, F>): Lwt.t<void>
  /** What to do with one connection, for those who have a TCPV4 and listeners of their own. */
  callback(spec: HttpServerSpec): TcpCallback<F>
}

/** HTTP over the stack module `S`. */
export function Make<S, T, F>(S: HttpStack<S, T, F>): Http<S, F> {
  const T = S.TCPV4

  function handle(flow: F, connId: number, spec: HttpServerSpec): Lwt.t<void> {
    return Lwt.finalize(
      () => serve(T, flow, connId, spec),
      () => {
        spec.connClosed?.(connId)
        return Lwt.return()
      },
    )
  }

  return {
    connect(stack, { port }) {
      if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`HTTP port ${port} is not 1..65535`)
      const [stopped, stop] = Lwt.wait<void>()
      return Lwt.return(ok({ stack, port, connections: 0, open: new Set<F>(), stopped, stop }))
    },

    disconnect(t) {
      if (Lwt.isSleeping(t.stopped)) Lwt.wakeupLater(t.stop)
      return Lwt.join([...t.open].map((flow) => T.close(flow)))
    },

    callback(spec) {
      let connections = 0
      return (flow) => handle(flow, ++connections, spec)
    },

    listen(t, spec) {
      S.listenTcpv4(t.stack, { port: t.port }, (flow) => {
        if (!Lwt.isSleeping(t.stopped)) return T.reset(flow)
        t.open.add(flow)
        return Lwt.finalize(
          () => handle(flow, ++t.connections, spec),
          () => {
            t.open.delete(flow)
            return Lwt.return()
          },
        )
      })
      return t.stopped
    },

    respondString({ status = 200, body, headers }) {
      return respond(status, new TextEncoder().encode(body), headers)
    },

    respond({ status = 200, body, headers }) {
      return respond(status, body, headers)
    },

    respondNotFound({ path }) {
      const body = new TextEncoder().encode(`404 Not Found: ${path}\n`)
      return Lwt.return({ ...plain(404), body })
    },
  }
}

function respond(
  status: number,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> | undefined,
): Lwt.t<HttpResponse> {
  const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Lwt.return({ status, headers: new Map(lower), body })
}
