// ping(8) of Linux's iputils: its words and figures. Times are the simulation's.

import * as Lwt from "../../lwt/lwt.ts"
import type { Result } from "../../result.ts"
import type { PingError, Pong } from "../../signatures/icmp.ts"
import * as Ipaddr from "../../wire/ipaddr.ts"
import { type Command, getoptComplaint, type Machine, type Terminal } from "./command.ts"

/** Without a Ctrl+C key at hand, going on for ever is no good default. */
const DEFAULT_COUNT = 4
const DEFAULT_PAYLOAD = 56
const IPV4_AND_ICMP_HEADERS = 28
/** How long a reply is waited for after the last request. */
const LINGER_MS = 10_000

const USAGE = `
Usage
  ping [options] <destination>

Options:
  -c <count>         stop after <count> requests (${DEFAULT_COUNT} here, for ever on Linux)
  -i <interval>      seconds between two requests (1)
  -s <size>          bytes of payload (${DEFAULT_PAYLOAD})
  -q                 print only the statistics
  -W <timeout>       seconds to wait for a reply (10)`

/** ping. */
export const ping: Command = {
  name: "ping",
  synopsis: "[-c count] [-i seconds] [-s size] [-W seconds] [-q] host",
  summary: "ask a machine for an echo (ICMP), and time it",
  details: `It stops after ${DEFAULT_COUNT} requests, or when Ctrl+C is pressed. Times are simulated milliseconds.`,
  options: { short: "c:i:s:W:qn" },
  badOption: getoptComplaint("ping", USAGE),
  run(machine, options, terminal) {
    const [host, ...more] = options.operands
    const fail = (message: string, status = 2) => {
      terminal.complain(`ping: ${message}\n`)
      return Lwt.return(status)
    }
    if (host === undefined) return fail("usage error: Destination address required", 1)
    if (more.length > 0) return fail(`${more[0]}: more than one destination`)
    const count = numeric(options.value("c"), DEFAULT_COUNT, 1, 1e9, true)
    const interval = numeric(options.value("i"), 1, 0.002, 1e6, false)
    const size = numeric(options.value("s"), DEFAULT_PAYLOAD, 0, 65507, true)
    const timeout = numeric(options.value("W"), LINGER_MS / 1000, 0.001, 1e6, false)
    for (const n of [count, interval, size, timeout])
      if (typeof n === "string") return fail(`invalid argument: ${n}`, 1)
    const dst = machine.resolve(host)
    if (dst === undefined) return fail(`${host}: Name or service not known`)
    if (!machine.reaches(dst)) return fail("connect: Network is unreachable")
    return session(machine, terminal, {
      host,
      dst,
      count: Number(count),
      intervalS: Number(interval),
      size: Number(size),
      timeoutMs: Number(timeout) * 1000,
      quiet: options.has("q"),
    })
  },
}

interface Plan {
  readonly host: string
  readonly dst: Ipaddr.V4
  readonly count: number
  readonly intervalS: number
  readonly size: number
  readonly timeoutMs: number
  readonly quiet: boolean
}

function session(machine: Machine, terminal: Terminal, plan: Plan): Lwt.t<number> {
  const { host, dst, size } = plan
  const address = Ipaddr.toString(dst)
  const id = machine.processId()
  const payload = Uint8Array.from({ length: size }, (_, i) => i & 0xff)
  const began = machine.now()
  const rtts: number[] = []
  let sent = 0
  let errors = 0
  let last = began
  const say = (line: string) => {
    if (!plan.quiet) terminal.print(`${line}\n`)
  }
  terminal.print(`PING ${host} (${address}) ${size}(${size + IPV4_AND_ICMP_HEADERS}) bytes of data.\n`)

  /** Answers of this instant. One cause can end several waits, the last one first: they are shown in order. */
  let arrived: { readonly seq: number; readonly answer: Result<Pong, PingError> }[] = []
  const report = (): void => {
    for (const { seq, answer } of arrived.toSorted((a, b) => a.seq - b.seq)) {
      if (answer.ok) {
        rtts.push(answer.value.rttMs)
        say(showPong(answer.value))
        continue
      }
      const line = showError(answer.error, seq, machine)
      if (line === undefined) continue
      errors++
      say(line)
    }
    arrived = []
  }
  const probe = (seq: number): Lwt.t<void> => {
    sent++
    return machine.ping(dst, { id, seq, payload, timeoutMs: plan.timeoutMs }).bind((answer) => {
      last = machine.now()
      arrived.push({ seq, answer })
      return Lwt.pause().map(report)
    })
  }
  // The next request goes out in time, whether the one before has been answered or not.
  const probes: Lwt.t<void>[] = []
  const from = (seq: number): Lwt.t<void> => {
    probes.push(probe(seq))
    return seq === plan.count ? Lwt.join(probes) : machine.time.sleep(plan.intervalS).bind(() => from(seq + 1))
  }
  return Lwt.pick([from(1), terminal.interrupt]).map(() => {
    terminal.print(showStatistics({ host, sent, errors, rtts, elapsedMs: last - began }))
    return rtts.length > 0 ? 0 : 1
  })
}

/** One reply. */
export function showPong(pong: Pong): string {
  return `${pong.length} bytes from ${Ipaddr.toString(pong.from)}: icmp_seq=${pong.seq} ttl=${pong.ttl} time=${showRtt(pong.rttMs)} ms`
}

/** Four significant figures, as iputils prints them. */
export function showRtt(ms: number): string {
  return ms >= 99.95 ? ms.toFixed(0) : ms >= 9.995 ? ms.toFixed(1) : ms >= 0.9995 ? ms.toFixed(2) : ms.toFixed(3)
}

function showError(error: PingError, seq: number, machine: Machine): string | undefined {
  switch (error.kind) {
    case "timeout":
      // Silence is shown as silence; the statistics count it.
      return undefined
    case "no-route":
      return `From ${Ipaddr.toString(machine.cidr.address)} icmp_seq=${seq} Destination Host Unreachable`
    case "too-long":
      return `ping: local error: message too long, mtu: ${machine.mtu}`
    case "unreachable":
      return `From ${Ipaddr.toString(error.from)} icmp_seq=${seq} Destination ${UNREACHABLE[error.code] ?? `Unreachable, Bad Code: ${error.code}`}`
    case "ttl-exceeded":
      return `From ${Ipaddr.toString(error.from)} icmp_seq=${seq} Time to live exceeded`
  }
}

const UNREACHABLE: readonly string[] = [
  "Net Unreachable",
  "Host Unreachable",
  "Protocol Unreachable",
  "Port Unreachable",
]

/** The lines that ping ends with. */
export function showStatistics(s: {
  readonly host: string
  readonly sent: number
  readonly errors: number
  readonly rtts: readonly number[]
  readonly elapsedMs: number
}): string {
  const n = s.rtts.length
  const loss = s.sent === 0 ? 0 : ((s.sent - n) * 100) / s.sent
  const errors = s.errors > 0 ? `, +${s.errors} errors` : ""
  const lines = [
    "",
    `--- ${s.host} ping statistics ---`,
    `${s.sent} packets transmitted, ${n} received${errors}, ${Number(loss.toPrecision(6))}% packet loss, time ${Math.round(s.elapsedMs)}ms`,
  ]
  if (n > 0) {
    const mean = s.rtts.reduce((a, b) => a + b, 0) / n
    const mdev = Math.sqrt(Math.max(0, s.rtts.reduce((a, b) => a + b * b, 0) / n - mean * mean))
    const figures = [Math.min(...s.rtts), mean, Math.max(...s.rtts), mdev].map((x) => x.toFixed(3))
    lines.push(`rtt min/avg/max/mdev = ${figures.join("/")} ms`)
  } else lines.push("")
  return `${lines.join("\n")}\n`
}

/** A number in range, or what is wrong with it in ping's words. */
function numeric(text: string | undefined, preset: number, min: number, max: number, whole: boolean): number | string {
  if (text === undefined) return preset
  const n = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(n) || (whole && !Number.isInteger(n))) return `'${text}'`
  return n < min || n > max ? `'${text}': out of range: ${min} <= value <= ${max}` : n
}
