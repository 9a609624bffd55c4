import {
  type CONSOLE,
  type Connected,
  Cstruct,
  Ethif,
  Ipaddr,
  Ipv4,
  Lwt,
  LwtDirect,
  type NETWORK,
  OS,
  Tcpv4,
  Udpv4,
} from "mirage"

const red = (text: string) => `\x1b[31m${text}\x1b[m`
const green = (text: string) => `\x1b[32m${text}\x1b[m`
const yellow = (text: string) => `\x1b[33m${text}\x1b[m`
const blue = (text: string) => `\x1b[34m${text}\x1b[m`

export const Main = <C, N>(C: CONSOLE<C>, N: NETWORK<N>) => {
  const E = Ethif.Make(N)
  const I = Ipv4.Make(E)
  const U = Udpv4.Make(I, OS.Random)
  const T = Tcpv4.Flow.Make(I, OS.Time, OS.Clock, OS.Random)

  /** What `connect` gives, or a failed promise with the reason in red. */
  const orError = <A, B>(c: C, name: string, connect: (below: A) => Connected<B>, below: A): Lwt.t<B> =>
    connect(below).bind((r) => {
      if (r.ok) return C.logS(c, `${name} connected`).map(() => r.value)
      C.log(c, red(`${name}: ${r.error.message}`))
      return Lwt.failWith(`error starting ${name}`)
    })

  const start = (c: C, net: N): Lwt.t<void> =>
    LwtDirect.spawn(function* () {
      const e = yield* orError(c, "Ethernet", E.connect, net)
      const i = yield* orError(c, "IPv4", I.connect, e)

      yield* I.setIp(i, Ipaddr.ofStringExn("10.0.0.2"))
      yield* I.setIpNetmask(i, Ipaddr.ofStringExn("255.255.255.0"))
      yield* I.setIpGateways(i, [Ipaddr.ofStringExn("10.0.0.1")])

      const udp = yield* orError(c, "UDPv4", U.connect, i)
      const tcp = yield* orError(c, "TCPv4", (ip) => T.connect(ip), i)

      const tcpInput = T.input(tcp, {
        listeners: (port) => (port === 80 ? (flow) => serve(c, flow) : undefined),
      })
      const udpInput = U.input(udp, {
        listeners: (port) => (src, srcPort, _dst, payload) =>
          C.logS(
            c,
            blue(`UDP from ${Ipaddr.toString(src)} ${srcPort} to ${port}: ${Cstruct.toString(payload).trimEnd()}`),
          ),
      })

      yield* N.listen(
        net,
        E.input(e, {
          ipv4: I.input(i, { tcp: tcpInput, udp: udpInput, default: () => Lwt.return(undefined) }),
          ipv6: () => C.logS(c, yellow("IPv6")),
        }),
      )
    })

  /** A connection: read once, answer, close. */
  const serve = (c: C, flow: Parameters<typeof T.read>[0]): Lwt.t<void> =>
    LwtDirect.spawn(function* () {
      const [dst, dstPort] = T.dst(flow)
      C.log(c, green(`new connection from ${Ipaddr.toString(dst)} ${dstPort}`))
      const read = yield* T.read(flow)
      switch (read.tag) {
        case "Ok": {
          const request = Cstruct.toString(read.data)
          C.log(c, yellow(`read ${read.data.length} bytes: ${request.trimEnd()}`))
          yield* T.write(flow, Cstruct.ofString(answer(request)))
          break
        }
        case "Eof":
          C.log(c, red("read: eof"))
          break
        case "Error":
          C.log(c, red(`read: ${read.error.message}`))
      }
      yield* T.close(flow)
    })

  return { start }
}

/** A browser or curl gets a page, everybody else a line. */
const answer = (request: string): string => {
  const line = "Hello from a stack of your own.\n"
  if (!/^[A-Z]+ \S+ HTTP\/1/.test(request)) return line
  const head = ["HTTP/1.1 200 OK", "content-type: text/plain", `content-length: ${line.length}`, "connection: close"]
  return `${head.join("\r\n")}\r\n\r\n${line}`
}
