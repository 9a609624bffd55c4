// What a device is linked with: the target's side of `connect`. The machines of sim/ are one such target.

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type { CONSOLE } from "../signatures/console.ts"
import type { DeviceError } from "../signatures/device.ts"
import type { HTTP_SERVER } from "../signatures/http.ts"
import type { KV_RO } from "../signatures/kv-ro.ts"
import type { NETWORK } from "../signatures/network.ts"
import type { STACKV4 } from "../signatures/stack.ts"
import type { CLOCK, RANDOM, TIME } from "../signatures/time.ts"
import type { Environment } from "./key.ts"
import type { Location } from "./location.ts"

/** The module type of each device type. A module's own `t` is known only to the module, so it is `unknown` here. */
export interface Modules {
  readonly console: CONSOLE<unknown>
  readonly kvRo: KV_RO<unknown>
  readonly network: NETWORK<unknown>
  readonly stackv4: STACKV4<unknown, unknown, unknown, unknown, unknown>
  readonly http: HTTP_SERVER<unknown>
  readonly time: TIME
  readonly random: RANDOM
}

/** A connected device: its module, and the module's `t`. These are what a unikernel's functor and its `start` are given. */
export interface Linked<N extends string> {
  readonly module: N extends keyof Modules ? Modules[N] : unknown
  readonly device: unknown
}

/** What a device's `connect` gives. */
export type Linking<N extends string> = Lwt.t<Result<Linked<N>, DeviceError>>

/** Files by path, relative to the unikernel's folder or to the project's: `htdocs/index.html`. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** The machine that a unikernel is linked for: one of sim/, or a process of the host's. */
export interface Target {
  readonly time: TIME
  readonly clock: CLOCK
  readonly random: RANDOM
  /** The machine's console. No newline is added. */
  print(text: string): void
  /** The files of the folder `name`, as seen from the config.ts at `at`. Refuses, with what there is, if it has none. */
  folder(name: string, at: Location | undefined): Result<Files, DeviceError>
  readonly environment: Environment
  /** Put a network card called `name` into the machine. */
  network(name: string): Linking<"network">
  /**
   * A stack over the host's own TCP and UDP, at these addresses of the host's; `0.0.0.0` is all of them. Absent where a
   * host has no sockets, as in a cell.
   */
  readonly sockets?: (addresses: readonly string[]) => Linking<"stackv4">
  /** A stack of the library OS has been told to take connections to `port`. */
  listening(port: number): void
}
