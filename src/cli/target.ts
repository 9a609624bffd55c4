// A process of the host's as the machine that a unikernel is linked for: its console is standard output, its files are on
// the disk, its network is the host's sockets.

import { type DeviceError, error, Lwt, ok, type Result } from "mirage"
import type { Engine, Environment, Files, Linking, Target } from "mirage/host"
import { entering } from "./machine.ts"
import { type SocketHost, SocketStack, Stack } from "./sockets/stack.ts"

/** What a machine is made of. */
export interface HostMachine {
  readonly engine: Engine
  readonly environment: Environment
  /** The files of a folder that the configuration names. */
  readonly folder: (name: string) => Result<Files, DeviceError>
  readonly net: "socket" | "direct"
  readonly sockets: SocketHost
  /** Instead of the addresses that the configuration has. */
  readonly address: string | undefined
}

/** See the head of this file. */
export class ProcessTarget implements Target {
  readonly time: Target["time"]
  readonly clock: Target["clock"]
  readonly random: Target["random"]
  readonly environment: Environment
  /** The stacks that are up. */
  readonly stacks: SocketStack[] = []
  readonly #machine: HostMachine

  constructor(machine: HostMachine) {
    const { engine } = machine
    this.#machine = machine
    this.time = { sleep: (seconds) => engine.sleep(seconds) }
    this.clock = { now: () => engine.now() }
    this.random = engine.random
    this.environment = machine.environment
  }

  print(text: string): void {
    this.#machine.engine.print(text)
  }

  folder(name: string): Result<Files, DeviceError> {
    return this.#machine.folder(name)
  }

  network(): Linking<"network"> {
    const message =
      this.#machine.net === "direct"
        ? "this version of the command has no network cards, only the host's sockets: npx mirage run --net socket"
        : "over the host's sockets there is no network card, and this unikernel wants one for a stack of its own. Run it in a cell of the tutorial, on the simulated network"
    return Lwt.return(error({ kind: "unsupported", message }))
  }

  readonly sockets = (addresses: readonly string[]): Linking<"stackv4"> => {
    const { engine, sockets, address } = this.#machine
    // What is listened for may come at any time, or never.
    engine.hold()
    const stack = new SocketStack(address === undefined ? addresses : [address], sockets, entering(engine))
    this.stacks.push(stack)
    return Lwt.return(ok({ module: Stack as never, device: stack }))
  }

  listening(): void {}
}
