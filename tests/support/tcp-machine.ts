// One end of a connection, driven by hand. Segments are written as tcpdump writes them, with sequence numbers counted from
// each end's ISS: `"P. 1:4 ack 1 win 100"` is three bytes with PSH and ACK, `"S 0 <mss 1460>"` is a SYN.

import { expect } from "vitest"
import { handleSegment } from "../../src/mirage/tcp/input.ts"
import { abort, close, consume, send } from "../../src/mirage/tcp/output.ts"
import * as Seq from "../../src/mirage/tcp/sequence.ts"
import type { State } from "../../src/mirage/tcp/state.ts"
import { accept, defaultConfig, open, type Step, type Tcb, type TcpConfig } from "../../src/mirage/tcp/tcb.ts"
import { handleTimeout, nextTimeout } from "../../src/mirage/tcp/timers.ts"
import { ACK, FIN, PSH, RST, showTcpFlags, SYN, type TcpSegment, URG } from "../../src/mirage/wire/tcp.ts"
import { showTcpOptions, type TcpOption } from "../../src/mirage/wire/tcp-options.ts"

/** Where the two ends begin. The peer's numbers wrap around within the first few hundred bytes, and ours a little later. */
export const OUR_ISS = Seq.ofInt32(0xfffff000)
export const PEER_ISS = Seq.ofInt32(0xffffff00)
/** What the peer says of its segments and window unless a segment says otherwise. */
export const MSS = 1000
export const PEER_WINDOW = 20000

const LETTERS: Readonly<Record<string, number>> = { S: SYN, F: FIN, R: RST, P: PSH, U: URG, ".": ACK }

/** Byte `i` of either stream, counted from 1 as its sequence number is. */
export function stream(from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: to - from }, (_, i) => (from + i) % 251)
}

/** The segment from the peer that `text` describes. */
export function segment(text: string): TcpSegment {
  const m = /^([SFRPU.]*|none) (-?\d+)(?::(\d+))?(?: ack (-?\d+))?(?: win (\d+))?(?: <(.*)>)?$/.exec(text)
  if (m === null) throw new Error(`not a segment: ${text}`)
  const [, letters = "", from = "0", to, ack, win, options] = m
  const seq = Number(from)
  const flags = [...letters.replace("none", "")].reduce((all, letter) => all | LETTERS[letter]!, 0)
  return {
    srcPort: 49152,
    dstPort: 80,
    seq: Seq.add(PEER_ISS, seq),
    ack: ack === undefined ? 0 : Seq.add(OUR_ISS, Number(ack)),
    flags,
    window: win === undefined ? PEER_WINDOW : Number(win),
    urgent: 0,
    options: (options ?? "").split(",").flatMap((o): TcpOption[] => {
      const [name, value] = o.split(" ")
      if (name === "mss") return [{ kind: "mss", mss: Number(value) }]
      return name === "wscale" ? [{ kind: "window-scale", shift: Number(value) }] : []
    }),
    payload: to === undefined ? new Uint8Array(0) : stream(seq, Number(to)),
  }
}

/** A segment of ours, as {@link segment} reads it. The window is shown only if it is not the usual one. */
export function showSegment(s: TcpSegment): string {
  const seq = s.flags & RST && !(s.flags & ACK) && s.seq === 0 ? 0 : Seq.diff(Seq.ofInt32(s.seq), OUR_ISS)
  const range = s.payload.length > 0 ? `${seq}:${seq + s.payload.length}` : String(seq)
  const ack = s.flags & ACK ? ` ack ${Seq.diff(Seq.ofInt32(s.ack), PEER_ISS)}` : ""
  const win = s.window === 65535 || s.flags & RST ? "" : ` win ${s.window}`
  const options = s.options.length > 0 ? ` <${showTcpOptions(s.options)}>` : ""
  return `${showTcpFlags(s.flags)} ${range}${ack}${win}${options}`
}

/** A connection, the time, and what came of the steps so far. */
export class Machine {
  tcb: Tcb
  now = 0
  #sent: TcpSegment[] = []
  #heard: string[] = []
  #received: number[] = []

  constructor(step: Step) {
    this.tcb = step.tcb
    this.#take(step)
  }

  get state(): State {
    return this.tcb.state
  }

  /** Segments arrive. */
  hear(...texts: readonly string[]): this {
    for (const text of texts) this.#take(handleSegment(this.tcb, this.now, segment(text)))
    return this
  }

  /** The application sends `count` bytes of our stream. */
  send(count: number, nodelay = false): this {
    const from = Seq.diff(this.tcb.sndUna, OUR_ISS) + this.tcb.queue.length
    return this.#take(send(this.tcb, this.now, stream(from, from + count), nodelay))
  }

  consume(count: number): this {
    return this.#take(consume(this.tcb, this.now, count))
  }

  close(): this {
    return this.#take(close(this.tcb, this.now))
  }

  abort(): this {
    return this.#take(abort(this.tcb))
  }

  /** Let `ms` pass, and do what falls due. */
  pass(ms: number): this {
    const until = this.now + ms
    for (;;) {
      const at = nextTimeout(this.tcb)
      if (at === undefined || at > until) break
      this.now = at
      this.#take(handleTimeout(this.tcb, at))
    }
    this.now = until
    return this
  }

  /** Let time pass until something falls due, and do it. Fails if nothing ever will. Gives how long that was. */
  wait(): number {
    const at = nextTimeout(this.tcb)
    if (at === undefined) throw new Error(`no timer runs in ${this.state}`)
    const waited = at - this.now
    this.now = at
    this.#take(handleTimeout(this.tcb, at))
    return waited
  }

  /** Check the segments sent since the last check. Their payload must be the stream's. */
  expectSegments(expected: readonly string[]): this {
    const sent = this.#sent
    this.#sent = []
    expect(sent.map(showSegment)).toEqual(expected)
    for (const s of sent) {
      const from = Seq.diff(Seq.ofInt32(s.seq), OUR_ISS)
      expect(s.payload, showSegment(s)).toEqual(stream(from, from + s.payload.length))
    }
    return this
  }

  /** Check the events since the last check. Data in a row are one event, and must be the stream's. */
  expectEvents(expected: readonly string[]): this {
    const heard = this.#heard
    this.#heard = []
    expect(heard).toEqual(expected)
    expect(this.#received).toEqual([...stream(1, 1 + this.#received.length)])
    return this
  }

  /** Leave what was sent and heard so far unchecked. */
  forget(): this {
    this.#sent = []
    this.#heard = []
    return this
  }

  expectState(state: State): this {
    expect(this.state).toBe(state)
    return this
  }

  #take(step: Step): this {
    this.tcb = step.tcb
    this.#sent.push(...step.segments)
    for (const event of step.events) {
      if (event.tag !== "data") this.#heard.push(event.tag)
      else {
        this.#received.push(...event.data)
        const last = /^data (\d+)$/.exec(this.#heard.at(-1) ?? "")
        if (last !== null) this.#heard.pop()
        this.#heard.push(`data ${event.data.length + Number(last?.[1] ?? 0)}`)
      }
    }
    return this
  }
}

const ENDS = { localPort: 80, remotePort: 49152, iss: OUR_ISS }

function config(changes: Partial<TcpConfig>): TcpConfig {
  return { ...defaultConfig(1460), receiveBuffer: 65535, ...changes }
}

/** A machine as a builder gives it: in its state, with nothing to check yet. */
function quiet(m: Machine, state: State): Machine {
  return m.expectState(state).forget()
}

/** Our SYN is out. */
export function synSent(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(new Machine(open(config(changes), 0, ENDS)), "SYN-SENT")
}

/** The peer's SYN has come, and our answer is out. */
export function synReceived(changes: Partial<TcpConfig> = {}, syn = `S 0 <mss ${MSS}>`): Machine {
  return quiet(new Machine(accept(config(changes), 0, ENDS, segment(syn))), "SYN-RECEIVED")
}

export function established(changes: Partial<TcpConfig> = {}): Machine {
  // Our SYN has told of a small window; from here on it is the whole.
  const m = synReceived({ synWindow: 65535, ...changes }).hear("P. 1 ack 1")
  return quiet(m, "ESTABLISHED")
}

/** We have closed. */
export function finWait1(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(established(changes).close(), "FIN-WAIT-1")
}

/** And the peer has acknowledged that. */
export function finWait2(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(finWait1(changes).hear(". 1 ack 2"), "FIN-WAIT-2")
}

/** And has closed, too. */
export function timeWait(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(finWait2(changes).hear("F. 1 ack 2"), "TIME-WAIT")
}

/** Both have closed at once. */
export function closing(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(finWait1(changes).hear("F. 1 ack 1"), "CLOSING")
}

/** The peer has closed. */
export function closeWait(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(established(changes).hear("F. 1 ack 1"), "CLOSE-WAIT")
}

/** And so have we. */
export function lastAck(changes: Partial<TcpConfig> = {}): Machine {
  return quiet(closeWait(changes).close(), "LAST-ACK")
}
