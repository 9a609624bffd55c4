// The learner's machine beside a cell that boots a unikernel: a terminal at 10.0.0.1, a browser, and the frames that
// crossed the network, as tabs under the output; and the timeline of a program's promises. They are fetched when a unikernel first serves or a frame first crosses.

import { html, nothing, type TemplateResult } from "lit"
import type { FrameRow, OutputChunk, Serving } from "../../sandbox/protocol.ts"
import type { Position } from "../../toolchain/compiled-module.ts"
import type { CellAct, Pane } from "../mirror-protocol.ts"
import type { MirageBrowser, WebSession } from "../panes/mirage-browser.ts"
import type { MiragePackets } from "../panes/mirage-packets.ts"
import type { MirageTerminal, ShellSession } from "../panes/mirage-terminal.ts"
import { FrameList } from "../panes/rows.ts"
import { tabKey } from "../tabs.ts"
import { type Threaded, TimelinePane } from "../timeline/timeline-pane.ts"
import { toast } from "../toast.ts"
import type { CellStatus } from "./run-control.ts"

/** What the machine wants of its cell. */
export interface MachineHost {
  changed(): void
  /** What the terminal and the browser are connected to. */
  session(): ShellSession & WebSession
  /** The reader did something here. */
  did(act: CellAct): void
  /** The reader wants to see a place of the source. */
  go(at: Position): void
  /** The reader wants another run. */
  run(): void
  /** How the cell calls a file; nothing, for its only one. */
  label(file: string): string
  /** Whether the cell is one of those that show what becomes of their promises. */
  timeline(): boolean
}

/** The tabs under a cell's output. */
export class LearnersMachine {
  readonly #host: MachineHost
  readonly frames: FrameList = new FrameList()
  /** A unikernel has served in this cell: there are a terminal and a browser from then on. */
  #served = false
  #framed = false
  #pane: Pane = "output"
  #loaded = false
  #loading: Promise<void> | undefined
  #address: string | undefined
  #terminal: MirageTerminal | undefined
  #browser: MirageBrowser | undefined
  #packets: MiragePackets | undefined
  readonly timeline: TimelinePane
  /** It was opened for the reader, once. */
  #opened = false

  constructor(host: MachineHost) {
    this.#host = host
    this.timeline = new TimelinePane({
      changed: () => host.changed(),
      go: (at) => host.go(at),
      run: () => host.run(),
      label: (file) => host.label(file),
      failed: (e) => toast(`The timeline could not be fetched (${String(e)}). Check the connection and run again.`),
    })
  }

  /** The next run is to tell what becomes of its promises: that is looked at. */
  get traces(): boolean {
    return this.#pane === "timeline" || this.#host.timeline()
  }

  /** There is something to look at that wants room. */
  get wantsRoom(): boolean {
    return this.#served || (this.#pane === "timeline" && this.timeline.there)
  }

  /** A program starts. */
  starts(threaded: Threaded | undefined): void {
    this.timeline.begin(threaded)
    if (!this.#opened && this.#host.timeline()) this.#pane = "timeline"
    this.#opened = true
    if (this.#pane === "timeline") this.timeline.load()
  }

  /** A unikernel is up. */
  serving(machine: Serving): void {
    this.#served = true
    const port = machine.ports.length === 0 || machine.ports.includes(80) ? "" : `:${machine.ports[0]}`
    this.#address ??= `http://${machine.address}${port}/`
    this.#load()
    this.#terminal?.up()
    if (this.#pane === "browser") this.#browser?.go(this.#address)
    this.#host.changed()
  }

  add(frames: readonly FrameRow[], dropped: number): void {
    this.frames.add(frames, dropped)
    this.#framed = true
    this.#load()
    this.#packets?.refresh()
    this.#host.changed()
  }

  /** A new run begins. */
  clear(): void {
    this.frames.clear()
    this.#address = undefined
    this.#packets?.refresh()
  }

  /** The run is over; what was seen stays to be read. */
  ended(status: CellStatus): void {
    if (this.#served) this.#terminal?.down()
    if (status === "failed") this.#pane = "output"
  }

  /** Show a tool and go to it. */
  show(pane: Pane): void {
    this.#pane = pane
    this.#host.did({ tag: "pane", pane })
    this.#host.changed()
    void this.#loading?.then(() => {
      requestAnimationFrame(() => this.#shown())
      if (pane === "terminal") this.#terminal?.focusInput()
      if (pane === "browser" && this.#address !== undefined) this.#browser?.go(this.#address)
    })
  }

  /** Type a command as the learner would: it is seen in the terminal, if there is one. */
  async type(line: string): Promise<string> {
    if (this.#served) await this.#loading?.catch(() => {})
    return this.#terminal === undefined ? this.#host.session().shell(line) : this.#terminal.type(line)
  }

  /** Show a pane, without taking the focus. */
  choose(pane: Pane): void {
    this.#pane = pane
    if (pane === "timeline") this.timeline.load()
    this.#host.changed()
    requestAnimationFrame(() => this.#shown())
  }

  /** Show what another window's terminal shows. */
  print(chunks: readonly OutputChunk[]): void {
    void this.#loading?.then(() => this.#terminal?.print(chunks))
  }

  /** Show what another window's browser shows. */
  browse(url: string): void {
    void this.#loading?.then(() => this.#browser?.go(url))
  }

  /** The cell has been rendered: pick up the elements. */
  rendered(root: ParentNode): void {
    this.#terminal = root.querySelector<MirageTerminal>("mirage-terminal") ?? undefined
    this.#packets = root.querySelector<MiragePackets>("mirage-packets") ?? undefined
    const browser = root.querySelector<MirageBrowser>("mirage-browser") ?? undefined
    if (browser !== undefined && browser !== this.#browser && this.#pane === "browser" && this.#address !== undefined) {
      browser.go(this.#address)
    }
    this.#browser = browser
    this.timeline.rendered(root)
  }

  readonly #printed = (chunks: readonly OutputChunk[]): void => this.#host.did({ tag: "terminal", chunks })
  readonly #going = (url: string): void => this.#host.did({ tag: "browse", url })

  #shown(): void {
    if (this.#pane === "terminal") this.#terminal?.shown()
    if (this.#pane === "frames") this.#packets?.refresh()
    if (this.#pane === "timeline") this.timeline.shown()
  }

  #load(): void {
    if (this.#loading !== undefined) return
    const loading = import("../panes/panes.ts").then(async () => {
      this.#loaded = true
      this.#host.changed()
      // The elements are there after the render that this asks for.
      await new Promise((resolve) => setTimeout(resolve))
    })
    this.#loading = loading
    loading.catch((e: unknown) => {
      this.#loading = undefined
      toast(`The terminal and the frames could not be fetched (${String(e)}). Check the connection and run again.`)
    })
  }

  /** `output` and the panes; `shown` is false as long as the output has nothing to show. */
  render(output: TemplateResult, shown: boolean): TemplateResult {
    const panes = this.#panes()
    const pane = panes.some(([name]) => name === this.#pane) ? this.#pane : "output"
    const choose = (name: string | undefined) => {
      if (name === undefined) return
      this.choose(name as Pane)
      this.#host.did({ tag: "pane", pane: name as Pane })
      if (name === "browser" && this.#address !== undefined) this.#browser?.open(this.#address)
    }
    const tabbed = panes.length > 1
    return html`<div class="below" ?hidden=${!shown && !tabbed}>
      ${
        tabbed
          ? html`<div role="tablist" aria-label="Output and tools" @keydown=${(e: KeyboardEvent) => choose(tabKey(e))}>
              ${panes.map(
                ([
                  name,
                  label,
                ]) => html`<button role="tab" data-tab=${name} id=${`tab-${name}`} aria-controls=${`pane-${name}`}
                  aria-selected=${name === pane} tabindex=${name === pane ? 0 : -1} @click=${() => choose(name)}>${label}</button>`,
              )}
            </div>`
          : nothing
      }
      <div id="pane-output" role=${tabbed ? "tabpanel" : nothing} aria-labelledby=${tabbed ? "tab-output" : nothing}
        ?hidden=${pane !== "output"}>${output}</div>
      ${panes.slice(1).map(
        ([
          name,
        ]) => html`<div class="pane" part="pane" id=${`pane-${name}`} role="tabpanel" aria-labelledby=${`tab-${name}`}
          ?hidden=${name !== pane}>${this.#element(name)}</div>`,
      )}
    </div>`
  }

  #panes(): (readonly [Pane, string])[] {
    const panes: (readonly [Pane, string])[] = [["output", "Output"]]
    if (this.timeline.there) panes.push(["timeline", "Timeline"])
    if (!this.#loaded) return panes
    if (this.#served) panes.push(["terminal", "Terminal"], ["browser", "Browser"])
    if (this.#framed) panes.push(["frames", `Frames (${this.frames.length + this.frames.lost})`])
    return panes
  }

  #element(pane: Pane): TemplateResult | typeof nothing {
    const session = this.#host.session()
    switch (pane) {
      case "output":
        return nothing
      case "terminal":
        return html`<mirage-terminal .session=${session} .printed=${this.#printed}></mirage-terminal>`
      case "browser":
        return html`<mirage-browser .session=${session} .going=${this.#going}></mirage-browser>`
      case "frames":
        return html`<mirage-packets .list=${this.frames}></mirage-packets>`
      case "timeline":
        return this.timeline.render()
    }
  }
}
