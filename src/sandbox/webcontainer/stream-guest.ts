// The page's side of a guest that speaks over the streams of a process (wire.ts; its other side is guest-stream.ts).
//
// All that the process prints beside the guest's messages is output of the run: what the program writes past the guest,
// what its children write, and Node's last words. It may be a flood, and the guest does not hold it back; so it goes
// through an outbox of ours, which batches and cuts it as the guest's does.

import { Outbox } from "../outbox.ts"
import type { FromGuest, ToGuest } from "../protocol.ts"
import type { GuestHandle } from "../runs.ts"
import type { ContainerProcess } from "./container.ts"
import type { ContainerTime } from "./live-container.ts"
import { HELLO, newNonce, readerOfGuest, writeMessage } from "./wire.ts"

/** What is needed beside the process. */
export interface StreamGuestOptions {
  readonly time: ContainerTime
  /** What has to be done before the program starts. */
  readonly beforeRun: () => Promise<void>
  /** It does not end when it is killed: end it by any means. */
  readonly force: () => void
}

/** A process that has not said hello by then will not. */
export const HELLO_MS = 8000
/** So long may a process take to end that has been killed. */
export const KILL_MS = 5000
/** After the end of a process, its last words may still be on their way: they are waited for until none comes for so long. */
const LAST_WORDS_MS = 250
const LAST_WORDS = 2000
/** A program that goes on writing after so much is not worth the page's time. */
const MAX_RAW = 8 * 1024 * 1024

/** The guest in `process`, once it hears. Rejects, with words for the reader, if it does not come to that. */
export async function streamGuest(process: ContainerProcess, options: StreamGuestOptions): Promise<GuestHandle> {
  const guest = new StreamGuest(process, options)
  try {
    await guest.hello
  } catch (thrown) {
    void guest.kill()
    throw thrown
  }
  return guest
}

class StreamGuest implements GuestHandle {
  readonly hello: Promise<void>
  readonly #process: ContainerProcess
  readonly #options: StreamGuestOptions
  readonly #nonce: string = newNonce()
  #over: "no" | "lost" | "killed" = "no"
  /** Messages go one after the other, and the first has something to wait for. */
  #line: Promise<unknown> = Promise.resolve()
  #raw: Outbox | undefined
  #rawLength = 0
  /** A batch of ours is being told of: the page's `ack` is for us. */
  #isRaw = false
  /** A carriage return that may belong to a line's end. */
  #held = ""
  #said = ""
  #onMessage: (message: FromGuest) => void = () => {}
  #onLost: (reason: string) => void = () => {}

  constructor(process: ContainerProcess, options: StreamGuestOptions) {
    this.#process = process
    this.#options = options
    this.hello = new Promise((resolve, reject) => {
      this.#onLost = (reason) => reject(new Error(reason))
      const timer = options.time.setTimeout(() => {
        const said = this.#said.trim() === "" ? "" : `\n${this.#said.trim()}`
        reject(new Error(`The program's process did not start within ${HELLO_MS / 1000} seconds.${said}`))
      }, HELLO_MS)
      this.#onMessage = (message: unknown) => {
        options.time.clearTimeout(timer as never)
        if (message === HELLO) resolve()
      }
    })
    void this.#listen()
    process.write(`${this.#nonce}\n`)
  }

  send(message: ToGuest): void {
    if (message.tag === "ack" && this.#isRaw) return this.#raw?.ack()
    if (message.tag === "run") {
      this.#raw = new Outbox(message.run, (batch) => this.#tellRaw(batch), this.#options.time)
      this.#line = this.#line
        .then(() => this.#options.beforeRun())
        .catch((thrown: unknown) => this.#lost(thrown instanceof Error ? thrown.message : String(thrown)))
    }
    this.#line = this.#line.then(() => {
      let text = ""
      writeMessage(message, this.#nonce, ">", (piece) => (text += piece))
      if (this.#over === "no") this.#process.write(text)
    })
  }

  listen(onMessage: (message: FromGuest) => void, onLost: (reason: string) => void): void {
    this.#onMessage = onMessage
    this.#onLost = onLost
  }

  async kill(): Promise<void> {
    this.#over = "killed"
    this.#process.kill()
    const timer = this.#options.time.setTimeout(() => this.#options.force(), KILL_MS)
    await this.#process.exit
    this.#options.time.clearTimeout(timer as never)
  }

  /** Follow the process to its end. */
  async #listen(): Promise<void> {
    const { time } = this.#options
    const wire = readerOfGuest(this.#nonce, {
      message: (message) => this.#receive(message as FromGuest),
      foreign: (text) => this.#foreign(text),
      broken: () => this.#lost("The program wrote into the middle of what the sandbox had to say."),
    })
    let heard = 0
    const read = async (): Promise<void> => {
      const output = this.#process.output.getReader()
      for (;;) {
        const { done, value } = await output.read()
        if (done) return
        heard++
        wire.push(value)
      }
    }
    const silence = async (): Promise<void> => {
      for (let before = -1; before !== heard; ) {
        before = heard
        await new Promise<void>((resolve) => time.setTimeout(() => resolve(), LAST_WORDS_MS))
      }
    }
    const reading = read().catch(() => {})
    const code = await this.#process.exit
    await Promise.race([reading, silence()])
    wire.end()
    this.#lost(farewell(code, this.#said))
  }

  #receive(message: FromGuest): void {
    if (this.#over !== "no") return
    // What was written before it is told before it; and after the end of a run nobody listens.
    if (message.tag === "exit") this.#raw?.finish()
    else this.#raw?.flush()
    this.#onMessage(message)
  }

  #foreign(text: string): void {
    if (this.#over !== "no") return
    // Some terminals end a line with two characters.
    const whole = (this.#held + text).replaceAll("\r\n", "\n")
    this.#held = whole.endsWith("\r") ? "\r" : ""
    const plain = whole.slice(0, whole.length - this.#held.length)
    this.#said = (this.#said + plain).slice(-LAST_WORDS)
    this.#raw?.print("out", plain)
    this.#rawLength += plain.length
    if (this.#rawLength > MAX_RAW) this.#lost("The program wrote to its standard output without end, and was stopped.")
  }

  #tellRaw(batch: FromGuest): void {
    this.#isRaw = true
    this.#onMessage(batch)
    this.#isRaw = false
  }

  #lost(reason: string): void {
    if (this.#over !== "no") return
    this.#raw?.finish()
    this.#over = "lost"
    this.#onLost(reason)
  }
}

function farewell(code: number, said: string): string {
  if (/heap out of memory/i.test(said)) return "The program used up all its memory."
  if (code === -1) return "The WebContainer that ran the program has gone."
  return `The process that ran the program ended with code ${code}.`
}
