// RFC 9293 3.3.2, figure 5: the states of a connection, and the arrows between them. Nothing else is here.

/** A state, in the RFC's spelling. */
export type State =
  | "CLOSED"
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT"

/** What an arrow is labelled with. */
export type StateEvent =
  | "passive-open"
  | "active-open"
  | "close"
  | "rcv-syn"
  | "rcv-syn-ack"
  | "rcv-ack-of-syn"
  | "rcv-fin"
  | "rcv-ack-of-fin"
  | "2msl-timeout"
  /** A reset, ours or the peer's, or the user timeout. The figure leaves these arrows out "for clarity". */
  | "abort"

const ARROWS: Readonly<Record<State, Partial<Readonly<Record<StateEvent, State>>>>> = {
  CLOSED: { "passive-open": "LISTEN", "active-open": "SYN-SENT" },
  LISTEN: { "rcv-syn": "SYN-RECEIVED", "active-open": "SYN-SENT", close: "CLOSED", abort: "CLOSED" },
  "SYN-SENT": { "rcv-syn": "SYN-RECEIVED", "rcv-syn-ack": "ESTABLISHED", close: "CLOSED", abort: "CLOSED" },
  "SYN-RECEIVED": { "rcv-ack-of-syn": "ESTABLISHED", close: "FIN-WAIT-1", abort: "CLOSED" },
  ESTABLISHED: { close: "FIN-WAIT-1", "rcv-fin": "CLOSE-WAIT", abort: "CLOSED" },
  "FIN-WAIT-1": { "rcv-ack-of-fin": "FIN-WAIT-2", "rcv-fin": "CLOSING", abort: "CLOSED" },
  "FIN-WAIT-2": { "rcv-fin": "TIME-WAIT", abort: "CLOSED" },
  "CLOSE-WAIT": { close: "LAST-ACK", abort: "CLOSED" },
  CLOSING: { "rcv-ack-of-fin": "TIME-WAIT", abort: "CLOSED" },
  "LAST-ACK": { "rcv-ack-of-fin": "CLOSED", abort: "CLOSED" },
  "TIME-WAIT": { "2msl-timeout": "CLOSED", abort: "CLOSED" },
}

/** Every state, in the figure's order. */
export const STATES: readonly State[] = Object.keys(ARROWS) as State[]

/** Where the arrow labelled `event` leads from `state`; `undefined` if there is none, and the caller must say what then. */
export function transition(state: State, event: StateEvent): State | undefined {
  return ARROWS[state][event]
}
