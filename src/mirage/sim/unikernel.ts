// The virtual machine that a unikernel runs in: a console, files, and sockets at the switch for its network cards.

import type { Environment } from "../functoria/key.ts"
import type { Location } from "../functoria/location.ts"
import type { Files, Linking, Target } from "../functoria/target.ts"
import type { Engine } from "../os/engine.ts"
import { error, ok, type Result } from "../result.ts"
import type { DeviceError } from "../signatures/device.ts"
import type { NETWORK } from "../signatures/network.ts"
import type { CLOCK, RANDOM, TIME } from "../signatures/time.ts"
import * as Crunch from "../storage/crunch.ts"
import { decodeArp } from "../wire/arp.ts"
import { decodeEthernet, ETHERTYPE_ARP } from "../wire/ethernet.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import type * as Macaddr from "../wire/macaddr.ts"
import type { LinkOptions } from "./link.ts"
import * as Netif from "./netif.ts"
import type { Serving } from "./observation.ts"
import type { Port, Switch } from "./switch.ts"

/** How long after it has begun to listen a machine is looked at: its announcements are on the wire by then. */
const SETTLE_MS = 1
/** A machine that has not said who it is after so many looks has no address. */
const LOOKS = 100

/** What a machine is made of. */
export interface UnikernelOptions {
  readonly name: string
  readonly engine: Engine
  readonly switch: Switch
  /** Its first card's address; further cards count on from it. */
  readonly mac: Macaddr.t
  readonly link: LinkOptions
  readonly files: Files
  readonly environment: Environment
  /** Called once, when the machine takes frames and has said who it is. */
  readonly onServing: (machine: Serving) => void
}

/** A virtual machine with one unikernel in it. */
export class Unikernel implements Target {
  readonly time: TIME
  readonly clock: CLOCK
  readonly random: RANDOM
  readonly environment: Environment
  readonly #options: UnikernelOptions
  readonly #cards: Port[] = []
  readonly #ports = new Set<number>()
  #address: Ipaddr.V4 | undefined
  #stopMonitor: () => void = () => {}
  #listening = false
  #off = false

  constructor(options: UnikernelOptions) {
    const { engine } = options
    this.#options = options
    this.time = { sleep: (seconds) => engine.sleep(seconds) }
    this.clock = { now: () => engine.now() }
    this.random = engine.random
    this.environment = options.environment
  }

  print(text: string): void {
    this.#options.engine.print(text)
  }

  /** Files are named from the unikernel's folder, or from the project's; `name` is relative to config.ts. */
  folder(name: string, at: Location | undefined): Result<Files, DeviceError> {
    const { files } = this.#options
    const slash = at?.file.lastIndexOf("/") ?? -1
    const beside = slash < 0 ? {} : Crunch.filesIn(`${at?.file.slice(0, slash)}/${name}`, files)
    const found = Object.keys(beside).length > 0 ? beside : Crunch.filesIn(name, files)
    if (Object.keys(found).length > 0) return ok(found)
    const all = Object.keys(files).join(", ")
    return error({
      kind: "no-files",
      message: `there are no files in ${name}. The unikernel's files are ${all === "" ? "none" : all}`,
    })
  }

  network(name: string): Linking<"network"> {
    const { switch: sw, link } = this.#options
    if (this.#cards.length === 0) this.#stopMonitor = sw.monitor((frame) => this.#observe(frame))
    const mac = (this.#options.mac + this.#cards.length) as Macaddr.t
    const port = sw.connect({ name: `${this.#options.name} ${name}`, mac, link })
    this.#cards.push(port)
    const module: NETWORK<Netif.t> = {
      ...Netif,
      listen: (t, input) => {
        this.#listens()
        return Netif.listen(t, input)
      },
    }
    return Netif.connect(port).map((r) => (r.ok ? ok({ module: module as NETWORK<unknown>, device: r.value }) : r))
  }

  listening(port: number): void {
    this.#ports.add(port)
  }

  /** Switch the machine off: its cards leave the network. */
  off(): void {
    this.#off = true
    this.#stopMonitor()
    for (const card of this.#cards) card.unplug()
  }

  /** What it is called on the network is what it says there: whoever built its stack, its ARP packets carry its address. */
  #observe(bytes: Uint8Array): void {
    const frame = decodeEthernet(bytes)
    if (!frame.ok || frame.value.ethertype !== ETHERTYPE_ARP || frame.value.src !== this.#options.mac) return
    const arp = decodeArp(frame.value.payload)
    if (arp.ok && arp.value.spa !== Ipaddr.any) this.#address = arp.value.spa
  }

  #listens(): void {
    if (this.#listening) return
    this.#listening = true
    const { engine } = this.#options
    let looks = 0
    const look = (): void => {
      if (this.#off) return
      if (this.#address === undefined && ++looks < LOOKS) {
        engine.at(engine.now() + SETTLE_MS * looks, look)
        return
      }
      this.#options.onServing({
        name: this.#options.name,
        address: Ipaddr.toString(this.#address ?? Ipaddr.any),
        ports: [...this.#ports].sort((a, b) => a - b),
      })
    }
    engine.at(engine.now() + SETTLE_MS, look)
  }
}
