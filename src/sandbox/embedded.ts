// The sandbox that works everywhere, offline too: a worker for each run, in a hidden frame of opaque origin (frame.ts).

import { FRAME_DOCUMENT, type FromFrame, type ToFrame } from "./frame.ts"
import { hiddenFrame, whenGone } from "./hidden-frame.ts"
import type { FromGuest, LibraryModule } from "./protocol.ts"
import { type GuestHandle, sandboxOf } from "./runs.ts"
import type { Sandbox } from "./sandbox.ts"

/** What the sandbox runs: the text of guest-worker.ts as one classic script, and the library. */
export interface EmbeddedGuest {
  readonly guest: string
  readonly library: readonly LibraryModule[]
}

/** A sandbox that can say whether it works here. */
export interface EmbeddedSandbox extends Sandbox {
  /** Why programs cannot run here, in words for the reader; `undefined` if they can. */
  available(): Promise<string | undefined>
}

const HELLO_MS = 5000

/** A sandbox in this page. `load` is called when it is first needed, and again if it failed. */
export function embeddedSandbox({ load }: { readonly load: () => Promise<EmbeddedGuest> }): EmbeddedSandbox {
  let frame: Promise<Frame> | undefined
  let loaded: Promise<EmbeddedGuest> | undefined

  const theGuest = (): Promise<EmbeddedGuest> => {
    loaded ??= load().catch((thrown: unknown) => {
      loaded = undefined
      throw new Error(`The runtime could not be fetched: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    })
    return loaded
  }
  const theFrame = (): Promise<Frame> => {
    // Again, if somebody has taken it out of the page, or it never came to be.
    frame = frame === undefined ? openFrame() : frame.then((made) => (made.isAlive ? made : openFrame()), openFrame)
    return frame
  }

  const sandbox = sandboxOf({
    kind: "embedded",
    async spawn() {
      const [{ guest, library }, open] = await Promise.all([theGuest(), theFrame()])
      return { guest: open.spawn(guest), library }
    },
    async dispose() {
      const open = await frame?.catch(() => undefined)
      frame = undefined
      open?.remove()
    },
  })
  return {
    ...sandbox,
    async available() {
      try {
        await theFrame()
        return undefined
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : String(thrown)
      }
    },
  }
}

/** The frame, once it has said hello. */
class Frame {
  readonly #element: HTMLIFrameElement
  readonly #port: MessagePort
  readonly #workers = new Map<number, { readonly lost: (reason: string) => void; readonly killed: () => void }>()
  #hasGuest = false
  #count = 0

  constructor(element: HTMLIFrameElement, port: MessagePort) {
    this.#element = element
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<FromFrame>) => this.#receive(data)
  }

  get isAlive(): boolean {
    return this.#element.isConnected
  }

  spawn(code: string): GuestHandle {
    if (!this.#hasGuest) this.#send({ tag: "guest", code })
    this.#hasGuest = true
    const id = ++this.#count
    const line = new MessageChannel()
    let lost: (reason: string) => void = () => {}
    let killed = (): void => {}
    const gone = new Promise<void>((resolve) => {
      killed = resolve
    })
    this.#workers.set(id, { lost: (reason) => lost(reason), killed })
    this.#send({ tag: "spawn", id }, [line.port2])
    return {
      send: (message) => line.port1.postMessage(message),
      listen: (onMessage, onLost) => {
        lost = onLost
        line.port1.onmessage = ({ data }: MessageEvent<FromGuest>) => onMessage(data)
      },
      kill: () => {
        line.port1.close()
        this.#send({ tag: "kill", id })
        // A frame that has been taken out of the page took its workers with it, and answers no more.
        if (!this.isAlive) this.#end(id)
        return gone
      },
    }
  }

  remove(): void {
    this.#element.remove()
    this.checkAlive()
    this.#port.close()
  }

  /** If the frame is gone, so are all its workers: tell. */
  checkAlive(): void {
    if (this.isAlive) return
    for (const [id, { lost }] of this.#workers) {
      lost("The frame that ran the program was taken out of the page.")
      this.#end(id)
    }
  }

  #send(message: ToFrame, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer)
  }

  #receive(message: FromFrame): void {
    if (message.tag === "killed") this.#end(message.id)
    else if (message.tag === "lost")
      this.#workers.get(message.id)?.lost(`The program's worker ended: ${message.reason}`)
  }

  #end(id: number): void {
    this.#workers.get(id)?.killed()
    this.#workers.delete(id)
  }
}

function openFrame(): Promise<Frame> {
  if (typeof Worker !== "function") {
    return Promise.reject(
      new Error("This browser has no Web Workers, or they are switched off: programs cannot run in this page."),
    )
  }
  return new Promise((resolve, reject) => {
    const element = hiddenFrame("Sandbox for the programs of this page")
    element.setAttribute("sandbox", "allow-scripts")
    element.srcdoc = FRAME_DOCUMENT
    const { port1, port2 } = new MessageChannel()
    const fail = (message: string): void => {
      clearTimeout(timer)
      element.remove()
      port1.close()
      reject(new Error(message))
    }
    const timer = setTimeout(
      () =>
        fail(
          "The sandbox did not start. A browser extension, or a policy of this site, may keep frames or their scripts from running.",
        ),
      HELLO_MS,
    )
    port1.onmessage = ({ data }: MessageEvent<FromFrame>) => {
      if (data.tag !== "hello") return
      if (!data.workers) return fail("This browser has no Web Workers in frames: programs cannot run in this page.")
      clearTimeout(timer)
      const frame = new Frame(element, port1)
      void whenGone(element).then(() => frame.checkAlive())
      resolve(frame)
    }
    element.addEventListener(
      "load",
      () => {
        // The frame's origin is opaque: no target but "*" names it. The window is the one that we have just made.
        element.contentWindow?.postMessage(null, "*", [port2])
      },
      { once: true },
    )
    document.documentElement.append(element)
  })
}
