// Commands typed on the learner's machine: their text in batches, their end, and Ctrl+C.

import type { OutboxTime } from "./outbox.ts"
import { MAX_TEXT } from "./outbox.ts"
import type { FromGuest } from "./protocol.ts"
import type { World } from "./world.ts"

const FLUSH_MS = 30

interface Command {
  text: string
  /** How much of {@link MAX_TEXT} it may still print. */
  left: number
  scheduled: boolean
  readonly interrupt: () => void
}

/** The commands of one run. */
export class Shells {
  readonly #run: number
  readonly #post: (message: FromGuest) => void
  readonly #time: OutboxTime
  readonly #commands = new Map<number, Command>()

  constructor(run: number, post: (message: FromGuest) => void, time: OutboxTime) {
    this.#run = run
    this.#post = post
    this.#time = time
  }

  run(world: World | undefined, id: number, line: string): void {
    let interrupt = (): void => {}
    const interrupted = new Promise<void>((resolve) => {
      interrupt = resolve
    })
    const command: Command = { text: "", left: MAX_TEXT, scheduled: false, interrupt }
    this.#commands.set(id, command)
    const print = (text: string): void => this.#print(id, command, text)
    if (world === undefined) {
      print("This cell has no simulated network, and no machine to type on.\n")
      return this.#end(id)
    }
    // The world may throw before it has a promise.
    void (async () => world.shell(line, print, interrupted))()
      .catch((thrown: unknown) => print(`${String(thrown)}\n`))
      .finally(() => this.#end(id))
  }

  interrupt(id: number): void {
    this.#commands.get(id)?.interrupt()
  }

  /** The run is over: say what the commands have printed. */
  finish(): void {
    for (const id of this.#commands.keys()) this.#end(id)
  }

  #print(id: number, command: Command, text: string): void {
    if (command.left <= 0 || text === "") return
    command.text += text.slice(0, command.left)
    command.left -= text.length
    if (command.left <= 0) command.text += `\nThe output is cut here: a command may print ${MAX_TEXT / 1024} kB.\n`
    if (command.scheduled) return
    command.scheduled = true
    this.#time.setTimeout(() => this.#flush(id, command), FLUSH_MS)
  }

  #flush(id: number, command: Command): void {
    command.scheduled = false
    const { text } = command
    command.text = ""
    if (text !== "") this.#post({ tag: "shell-output", run: this.#run, id, text })
  }

  #end(id: number): void {
    const command = this.#commands.get(id)
    if (command === undefined) return
    this.#flush(id, command)
    this.#commands.delete(id)
    this.#post({ tag: "shell-done", run: this.#run, id })
  }
}
