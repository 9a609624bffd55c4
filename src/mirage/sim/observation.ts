// What can be seen of a simulated network from outside: frames as rows of a list, machines that serve, pages fetched.
// Types only; the sandbox's protocol carries them to the page as they are.

/** One frame that crossed the simulated switch, decoded for a list. */
export interface FrameRow {
  /** Counts from 0 in a run. */
  readonly index: number
  /** Simulated milliseconds since the run began. */
  readonly time: number
  /** Source and destination as people say them: an IP address, or a MAC address if there is none. */
  readonly from: string
  readonly to: string
  /** The innermost protocol decoded: `ARP`, `ICMP`, `UDP`, `TCP`, `HTTP`, … */
  readonly protocol: string
  /** One line of detail. */
  readonly info: string
  /** The whole Ethernet frame. */
  readonly bytes: Uint8Array
}

/** What a GET over the simulated network gave. */
export type Fetched =
  | {
      readonly ok: true
      readonly status: number
      readonly reason: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: Uint8Array
    }
  | { readonly ok: false; readonly message: string }

/** A machine on the simulated network that is up and listens. */
export interface Serving {
  readonly name: string
  /** Dotted quad. */
  readonly address: string
  /** TCP ports known to have a listener; empty if the unikernel brings a stack of its own. */
  readonly ports: readonly number[]
}
