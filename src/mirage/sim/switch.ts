// An Ethernet switch that learns where addresses are (IEEE 802.1D, 7.8), with a wire to every machine. Upstream's twin,
// mirage-vnetif, gives every frame to everybody; a learner should see a switch.
//
// Not implemented: spanning tree, VLANs, group filtering (IGMP snooping).

import type { Instant } from "../signatures/time.ts"
import * as Macaddr from "../wire/macaddr.ts"
import { DEFAULT_LINK, Link, type LinkOptions, type Scheduler } from "./link.ts"

/** How long an address is believed to be where it was last seen (802.1D, table 7-5). */
const AGEING_MS = 300_000
/** Addresses remembered; past that, unknown ones are flooded, as in a real switch with its table full. */
const MAX_ADDRESSES = 8192
/** Where the source address ends. What is shorter was no frame, and goes nowhere. */
const LEAST_LEN = 14

/** Sees every frame that reached the switch, once, whoever it was for. The frame must not be changed. */
export type Monitor = (frame: Uint8Array, time: Instant) => void

/** What the machine at a port is like. */
export interface PortOptions {
  /** For people. */
  readonly name?: string
  /** The address of the machine's network card; left out, 02:00:00:00:00:01 for the first port, and so on. */
  readonly mac?: Macaddr.t
  /** The wire, the same in both directions. */
  readonly link?: LinkOptions
}

/** A switch, and the wires at it. */
export class Switch {
  readonly scheduler: Scheduler
  readonly #ports: Set<Port> = new Set()
  readonly #seen: Map<Macaddr.t, { port: Port; until: Instant }> = new Map()
  readonly #monitors: Set<Monitor> = new Set()
  #connected = 0

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler
  }

  /** Plug a machine in. */
  connect(options: PortOptions = {}): Port {
    this.#connected++
    const mac = options.mac ?? ((0x020000000000 + this.#connected) as Macaddr.t)
    const port = new Port(this, options.name ?? `port ${this.#connected}`, mac, options.link ?? DEFAULT_LINK)
    this.#ports.add(port)
    return port
  }

  /** The machines plugged in, in order. */
  get ports(): readonly Port[] {
    return [...this.#ports]
  }

  /** Call `monitor` for every frame from now on. The result stops that. */
  monitor(monitor: Monitor): () => void {
    this.#monitors.add(monitor)
    return () => {
      this.#monitors.delete(monitor)
    }
  }

  /** Where the switch believes addresses to be. */
  table(): ReadonlyMap<Macaddr.t, Port> {
    const now = this.scheduler.now()
    const table = new Map<Macaddr.t, Port>()
    for (const [mac, { port, until }] of this.#seen) if (until > now) table.set(mac, port)
    return table
  }

  /** A frame has come in at `from`. For {@link Port}. */
  forward(from: Port, frame: Uint8Array): void {
    if (frame.length < LEAST_LEN) return
    const now = this.scheduler.now()
    for (const monitor of this.#monitors) monitor(frame, now)
    const dst = Macaddr.ofOctets(frame, 0)
    this.#learn(now, Macaddr.ofOctets(frame, 6), from)
    const known = Macaddr.isMulticast(dst) ? undefined : this.#seen.get(dst)
    if (known !== undefined && known.until > now) {
      // Where it came from: the machine it is for has heard it already (802.1D, 7.7.1).
      if (known.port !== from) known.port.deliver(frame.slice())
    } else for (const port of this.#ports) if (port !== from) port.deliver(frame.slice())
  }

  /** Forget the machine at `port`. For {@link Port}. */
  unplug(port: Port): void {
    this.#ports.delete(port)
    for (const [mac, seen] of this.#seen) if (seen.port === port) this.#seen.delete(mac)
  }

  #learn(now: Instant, src: Macaddr.t, port: Port): void {
    if (Macaddr.isMulticast(src)) return
    const seen = this.#seen.get(src)
    if (seen !== undefined) {
      seen.port = port
      seen.until = now + AGEING_MS
      return
    }
    if (this.#seen.size >= MAX_ADDRESSES)
      for (const [mac, old] of this.#seen) if (old.until <= now) this.#seen.delete(mac)
    if (this.#seen.size < MAX_ADDRESSES) this.#seen.set(src, { port, until: now + AGEING_MS })
  }
}

/** A socket of the switch, with a wire to the machine plugged in. */
export class Port {
  readonly name: string
  readonly mac: Macaddr.t
  readonly #switch: Switch
  readonly #up: Link
  readonly #down: Link
  #receive: ((frame: Uint8Array) => void) | undefined
  #dropped = 0

  /** For {@link Switch.connect}. */
  constructor(sw: Switch, name: string, mac: Macaddr.t, link: LinkOptions) {
    this.name = name
    this.mac = mac
    this.#switch = sw
    this.#up = new Link(sw.scheduler, link, (frame) => sw.forward(this, frame))
    this.#down = new Link(sw.scheduler, link, (frame) => {
      if (this.#receive === undefined) this.#dropped++
      else this.#receive(frame)
    })
  }

  /** Send a frame to the switch. The frame belongs to the network from here on. */
  send(frame: Uint8Array): void {
    if (!this.#up.send(frame)) this.#dropped++
  }

  /** Hand frames that arrive to `receive`, and theirs is the buffer; `undefined` if nobody listens any more. */
  onReceive(receive: ((frame: Uint8Array) => void) | undefined): void {
    this.#receive = receive
  }

  /** Frames lost at this port: the queue was full, or the machine not listening. */
  get dropped(): number {
    return this.#dropped
  }

  /** Pull the plug, for good: what is on the wire is lost, and the switch forgets the machine. */
  unplug(): void {
    this.#up.cut()
    this.#down.cut()
    this.#switch.unplug(this)
  }

  /** Send a frame to the machine. For {@link Switch.forward}. */
  deliver(frame: Uint8Array): void {
    if (!this.#down.send(frame)) this.#dropped++
  }
}
