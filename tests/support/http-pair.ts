// An HTTP server at 10.0.0.2 and a client at 10.0.0.1, over a wire in virtual time.

import * as HttpClient from "../../src/mirage/http/client.ts"
import * as Http from "../../src/mirage/http/server.ts"
import type { HttpServerSpec } from "../../src/mirage/signatures/http.ts"
import type { TcpCallback } from "../../src/mirage/signatures/tcp.ts"
import type * as Tcpv4 from "../../src/mirage/tcp/tcp.ts"
import type { End } from "./ip-pair.ts"
import { type Flow, type TcpPair, tcpPair, type TcpPairOptions, value } from "./tcp-pair.ts"

/** The listeners of a server, which is all of a stack that HTTP needs. */
type Listeners = Map<number, TcpCallback<Flow>>

export interface HttpPair extends TcpPair {
  readonly H: Http.Http<Listeners, Flow>
  readonly server80: Http.t<Listeners, Flow>
  readonly Client: HttpClient.HttpClient<Tcpv4.t<End>>
}

/** A pair whose server serves `spec` on port 80. */
export function httpPair(spec: HttpServerSpec, options: TcpPairOptions = {}): HttpPair {
  const p = tcpPair(options)
  const H = Http.Make({
    TCPV4: p.T,
    listenTcpv4: (listeners: Listeners, { port }, callback: TcpCallback<Flow>) => {
      listeners.set(port, callback)
    },
  })
  const server80 = value(p.time.run(H.connect(p.listeners, { port: 80 })))
  H.listen(server80, spec)
  return { ...p, H, server80, Client: HttpClient.Make(p.T, p.time) }
}
