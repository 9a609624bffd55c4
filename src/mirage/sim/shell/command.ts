// What a command of the learner's machine is, and what it is given: the machine and a terminal.

import type * as Lwt from "../../lwt/lwt.ts"
import type { Result } from "../../result.ts"
import type { ArpEntry } from "../../signatures/arp.ts"
import type { Read, Written } from "../../signatures/flow.ts"
import type { PingError, Pong } from "../../signatures/icmp.ts"
import type { IpError } from "../../signatures/ipv4.ts"
import type { ConnectError } from "../../signatures/tcp.ts"
import type { Instant, TIME } from "../../signatures/time.ts"
import type * as Ipaddr from "../../wire/ipaddr.ts"
import type * as Macaddr from "../../wire/macaddr.ts"
import type { FrameRow } from "../observation.ts"
import type { Options, OptionSpec } from "./options.ts"

/** An open TCP connection. */
export interface Connection {
  read(): Lwt.t<Read>
  write(data: Uint8Array): Lwt.t<Written>
  close(): Lwt.t<void>
  /** Drop it with a reset; harmless if it is closed. */
  reset(): Lwt.t<void>
}

/** The machine that a command runs on, as much of it as commands need. */
export interface Machine {
  readonly time: TIME
  now(): Instant
  readonly cidr: Ipaddr.Cidr
  readonly mac: Macaddr.t
  readonly mtu: number
  /** The name of its network card: `eth0`. */
  readonly interface: string
  /** The address that a name or a dotted quad stands for: /etc/hosts. */
  resolve(name: string): Ipaddr.V4 | undefined
  /** As `/etc/hosts` has them. */
  readonly hosts: ReadonlyMap<string, Ipaddr.V4>
  /** Whether there is a way to `dst`: itself, or its own network. It has no gateway. */
  reaches(dst: Ipaddr.V4): boolean
  ping(
    dst: Ipaddr.V4,
    how: { readonly id: number; readonly seq: number; readonly payload: Uint8Array; readonly timeoutMs: number },
  ): Lwt.t<Result<Pong, PingError>>
  connect(dst: Ipaddr.V4, port: number): Lwt.t<Result<Connection, ConnectError>>
  /** Send one datagram; what comes back to its port is handed to `onReply` until the result is called. */
  sendUdp(
    dst: Ipaddr.V4,
    port: number,
    data: Uint8Array,
    onReply: (data: Uint8Array) => void,
  ): Lwt.t<Result<() => void, IpError>>
  neighbours(): readonly ArpEntry[]
  /** Hear of every frame on the wire from now on. The result stops that. */
  capture(onFrame: (row: FrameRow) => void): () => void
  /** Files that commands have written. */
  readonly files: Map<string, Uint8Array>
  /** A number for whoever needs to be told from others: identifiers of pings. */
  processId(): number
}

/** Where a command's text comes from and goes to. */
export interface Terminal {
  /** Standard output. */
  print(text: string): void
  /** Standard error: is shown even if the output goes into a pipe. */
  complain(text: string): void
  /** What the command before the pipe printed; `undefined` without a pipe. */
  readonly input: Uint8Array | undefined
  /** Resolves when Ctrl+C is pressed. A command that does not look at it is cancelled right after. */
  readonly interrupt: Lwt.t<void>
}

/** A program of the learner's machine. */
export interface Command {
  readonly name: string
  /** What follows the name, as in a manual's synopsis. */
  readonly synopsis: string
  /** One line for `help`. */
  readonly summary: string
  /** More lines for `help name`. */
  readonly details?: string
  readonly options: OptionSpec
  /** What the real tool says about an option that it does not know, or that lacks its argument. */
  readonly badOption: (option: string, why: "unknown" | "no-argument") => string
  /** Run to the end; the exit status. */
  run(machine: Machine, options: Options, terminal: Terminal): Lwt.t<number>
}

/** What getopt(3) prints, and most tools after it their usage. */
export function getoptComplaint(name: string, usage: string): Command["badOption"] {
  return (option, why) =>
    `${name}: ${why === "unknown" ? "invalid option" : "option requires an argument"} -- '${option}'\n${usage}\n`
}
