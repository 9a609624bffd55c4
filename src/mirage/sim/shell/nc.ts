// nc, after OpenBSD's. There is no keyboard to read lines from: what is to be sent comes through a pipe,
// `echo hello | nc 10.0.0.2 80`, or stands after the port, `nc 10.0.0.2 80 hello`.

import * as Lwt from "../../lwt/lwt.ts"
import type { ConnectError } from "../../signatures/tcp.ts"
import type * as Ipaddr from "../../wire/ipaddr.ts"
import { type Command, type Connection, getoptComplaint, type Machine, type Terminal } from "./command.ts"

const USAGE = "usage: nc [-Nuvz] [-w timeout] destination port [text ...]"

/** For how long replies to a datagram are shown, if -w does not say: UDP has no end. */
const UDP_WAIT_S = 1

/** nc. */
export const nc: Command = {
  name: "nc",
  synopsis: "[-Nuvz] [-w seconds] host port [text ...]",
  summary: "open a TCP connection (-u: send a datagram), send text, print what comes back",
  details: [
    "What is sent comes through a pipe, `echo hello | nc unikernel 80`, or stands after the port: `nc unikernel 80 hello`.",
    "  -N  close our direction after sending     -u  UDP instead of TCP     -v  say what happens",
    "  -z  only see whether the port is open     -w  give up after so many seconds without data",
  ].join("\n"),
  options: { short: "Nuvznw:" },
  badOption: getoptComplaint("nc", USAGE),
  run(machine, options, terminal) {
    const fail = (message: string) => {
      terminal.complain(`${message}\n`)
      return Lwt.return(1)
    }
    const [host, portText, ...text] = options.operands
    if (host === undefined || portText === undefined) return fail(USAGE)
    const port = /^\d+$/.test(portText) ? Number(portText) : Number.NaN
    if (!(port >= 1 && port <= 65535)) return fail(`nc: port number invalid: ${portText}`)
    const wait = options.value("w")
    if (wait !== undefined && !(Number(wait) > 0)) return fail(`nc: timeout invalid: ${wait}`)
    const dst = machine.resolve(host)
    if (dst === undefined) return fail(`nc: getaddrinfo for host "${host}" port ${port}: Name or service not known`)
    const encoder = new TextEncoder()
    const data = text.length > 0 ? encoder.encode(`${text.join(" ")}\n`) : terminal.input
    const waitS = wait === undefined ? undefined : Number(wait)
    const peer = { host, dst, port, data, waitS, verbose: options.has("v") }
    if (options.has("u")) return datagram(machine, terminal, peer)
    return stream(machine, terminal, { ...peer, shutdown: options.has("N"), probe: options.has("z") })
  },
}

interface Peer {
  readonly host: string
  readonly dst: Ipaddr.V4
  readonly port: number
  readonly data: Uint8Array | undefined
  readonly waitS: number | undefined
  readonly verbose: boolean
}

const REASONS: Readonly<Record<ConnectError["kind"], string>> = {
  refused: "Connection refused",
  timeout: "Connection timed out",
  "no-route": "No route to host",
}

function stream(
  machine: Machine,
  terminal: Terminal,
  peer: Peer & { readonly shutdown: boolean; readonly probe: boolean },
): Lwt.t<number> {
  const complain = (how: string) => {
    terminal.complain(`nc: connect to ${peer.host} port ${peer.port} (tcp) failed: ${how}\n`)
    return Lwt.return(1)
  }
  const connecting = machine.connect(peer.dst, peer.port)
  const connected = peer.waitS === undefined ? connecting.map(some) : within(machine, peer.waitS, connecting)
  return connected.bind((answer) => {
    if (answer === undefined) return complain("timed out")
    // As OpenBSD's nc, a port that refuses is worth no line unless one was asked for.
    if (!answer.ok)
      return answer.error.kind === "refused" && !peer.verbose && !peer.probe
        ? Lwt.return(1)
        : complain(REASONS[answer.error.kind])
    const connection = answer.value
    if (peer.verbose || peer.probe)
      terminal.complain(`Connection to ${peer.host} ${peer.port} port [tcp/*] succeeded!\n`)
    if (peer.probe) return connection.close().map(() => 0)
    const talk = (peer.data === undefined ? Lwt.return(undefined) : connection.write(peer.data).map(() => undefined))
      .bind(() => (peer.shutdown ? connection.close() : Lwt.return(undefined)))
      .bind(() => printAll(machine, terminal, connection, peer.waitS))
    // Interrupted or not, the other end must not be left with an open connection.
    return Lwt.finalize(
      () => Lwt.pick([talk, terminal.interrupt.map(() => 130)]),
      () => (Lwt.isSleeping(talk) ? connection.reset() : connection.close()),
    )
  })
}

/** Print what comes until the other end closes, or says nothing for `waitS`. */
function printAll(
  machine: Machine,
  terminal: Terminal,
  connection: Connection,
  waitS: number | undefined,
): Lwt.t<number> {
  const decoder = new TextDecoder()
  const next = (): Lwt.t<number> => {
    const reading = connection.read()
    return (waitS === undefined ? reading.map(some) : within(machine, waitS, reading)).bind((read) => {
      if (read === undefined) return Lwt.return(0)
      switch (read.tag) {
        case "Ok":
          terminal.print(decoder.decode(read.data, { stream: true }))
          return next()
        case "Eof":
          return Lwt.return(0)
        case "Error":
          terminal.complain(`nc: read failed: ${read.error.message}\n`)
          return Lwt.return(1)
      }
    })
  }
  return next()
}

function datagram(machine: Machine, terminal: Terminal, peer: Peer): Lwt.t<number> {
  const decoder = new TextDecoder()
  return machine
    .sendUdp(peer.dst, peer.port, peer.data ?? new Uint8Array(0), (data) => terminal.print(decoder.decode(data)))
    .bind((sent) => {
      if (!sent.ok) {
        terminal.complain(`nc: write failed: ${sent.error === "no-route" ? REASONS["no-route"] : "Message too long"}\n`)
        return Lwt.return(1)
      }
      return Lwt.finalize(
        () => Lwt.pick([machine.time.sleep(peer.waitS ?? UDP_WAIT_S), terminal.interrupt]).map(() => 0),
        () => Lwt.return(sent.value()),
      )
    })
}

function some<A>(value: A): A | undefined {
  return value
}

/** The value of `p`, or `undefined` if it takes longer. */
function within<A>(machine: Machine, seconds: number, p: Lwt.t<A>): Lwt.t<A | undefined> {
  return Lwt.pick([p.map(some), machine.time.sleep(seconds).map(() => undefined)])
}
