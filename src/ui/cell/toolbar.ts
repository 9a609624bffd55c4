// The template of a cell's toolbar.

import { html, nothing, type TemplateResult } from "lit"
import type { Pace } from "../../sandbox/protocol.ts"
import type { RunChoice } from "../runtime/choice.ts"
import type { CellStatus } from "./run-control.ts"
import { statusText } from "./words.ts"

/** How simulated time may pass, as the reader chooses it. */
export type PaceName = "1" | "10" | "max" | "paused"

const PACES: readonly (readonly [PaceName, string])[] = [
  ["1", "1× time"],
  ["10", "10× time"],
  ["max", "max. speed"],
  ["paused", "paused"],
]

/** The pace of a name. A paused clock goes on from where it stands when another pace is chosen. */
export function paceOf(name: PaceName): Pace {
  switch (name) {
    case "1":
      return 1
    case "10":
      return 10
    case "max":
      return "max"
    case "paused":
      return 0
  }
}

/** What the toolbar shows and calls. */
export interface ToolbarModel {
  readonly tabs: readonly { readonly key: string; readonly label: string }[]
  readonly tab: string
  select(tab: string): void
  key(event: KeyboardEvent): string | undefined
  readonly edited: boolean
  readonly hint: string
  readonly status: CellStatus
  readonly elapsed: string
  readonly serving: boolean
  readonly stuck: boolean
  readonly runtime: RunChoice
  openRuntime(): void
  readonly timed: boolean
  readonly pace: PaceName
  setPace(name: PaceName): void
  run(): void
  stop(): void
  reset(): void
}

/** The toolbar. */
export function toolbar(m: ToolbarModel): TemplateResult {
  return html`<div class="bar" part="bar">
    ${files(m)}
    ${m.edited ? html`<span class="badge edited">edited</span>` : nothing}
    <span class="space"></span>
    <span class="hint">${m.hint === "" ? statusText(m.status, m.elapsed, m.serving) : m.hint}</span>
    ${m.timed ? pace(m) : nothing}
    <button class="badge runtime" aria-haspopup="dialog" aria-label=${`Runtime: ${m.runtime.badge}. Why, and choose`}
      title=${m.runtime.why} @click=${m.openRuntime}>${m.runtime.badge}</button>
    ${m.edited ? html`<button class="reset" title="Back to the starting text" @click=${m.reset}>Reset</button>` : nothing}
    ${runButton(m)}
  </div>`
}

// One element, Run and Stop in turn: whoever has pressed it by keyboard still has the focus on it.
function runButton(m: ToolbarModel): TemplateResult {
  const active = m.status === "compiling" || m.status === "running"
  return html`<button class=${active ? "run stop" : "run"} title=${active ? "Stop" : "Run (Ctrl+Enter)"}
    aria-keyshortcuts=${active ? nothing : "Control+Enter"} @click=${active ? m.stop : m.run}
    ><span class="icon" aria-hidden="true">${active ? "■" : "▶"}</span>${active ? "Stop" : "Run"}${
      active ? html` <span aria-hidden="true">${m.elapsed}</span>` : nothing
    }</button>`
}

function files(m: ToolbarModel): TemplateResult {
  if (m.tabs.length < 2) return html`<span class="file">${m.tabs[0]?.label}</span>`
  const key = (event: KeyboardEvent) => {
    const tab = m.key(event)
    if (tab !== undefined) m.select(tab)
  }
  return html`<div role="tablist" aria-label="Files" @keydown=${key}>
    ${m.tabs.map(
      (tab) => html`<button role="tab" data-tab=${tab.key} id=${tab.key === m.tab ? "file-tab-selected" : nothing}
        aria-selected=${tab.key === m.tab} aria-controls="code" tabindex=${tab.key === m.tab ? 0 : -1}
        @click=${() => m.select(tab.key)}>${tab.label}</button>`,
    )}
  </div>`
}

function pace(m: ToolbarModel): TemplateResult {
  const chosen = (event: Event) => m.setPace((event.target as HTMLSelectElement).value as PaceName)
  return html`<select class="pace" aria-label="How simulated time passes" .value=${m.pace} @change=${chosen}>
    ${PACES.map(([name, label]) => html`<option value=${name} ?selected=${name === m.pace}>${label}</option>`)}
  </select>`
}
