// The templates of a cell's output: type errors and values above what was printed, errors below it.

import { html, nothing, type TemplateResult } from "lit"
import { showPosition } from "../../sandbox/error-text.ts"
import type { Serving } from "../../sandbox/protocol.ts"
import type { Position } from "../../toolchain/compiled-module.ts"
import type { Value } from "../text/transcript.ts"
import type { CellOutput, ShownError } from "./cell-output.ts"
import type { CellStatus } from "./run-control.ts"

/** What the templates call. */
export interface ResultActions {
  /** A place in the code was chosen: the caret goes there. */
  go(at: Position): void
  label(file: string): string
  /** The reader wants a tool of the learner's machine. */
  tool(which: "terminal" | "browser"): void
}

/** What the cell prints by the author's word, before it has ever run: looks as it will after. */
export function expected(text: string): TemplateResult {
  return html`${text.split("\n").map((line) => {
    const [, name, type, value] = /^val (\S+) : (.+?) = (.*)$/.exec(line) ?? []
    return name === undefined
      ? html`<div class="line">${line}</div>`
      : valueLine({ name, ...(type !== undefined && { type }), text: value ?? "" })
  })}`
}

/** Above the printed text. */
export function above(output: CellOutput, actions: ResultActions): TemplateResult {
  return html`
    ${output.typeErrors.map((e) => errorLine(e, actions))}
    ${output.values.map(valueLine)}`
}

/** Below it. */
export function below(output: CellOutput, actions: ResultActions): TemplateResult {
  return html`
    ${output.errors.map((e) => errorLine(e, actions))}
    ${output.moreErrors === 0 ? nothing : html`<div class="says">and ${output.moreErrors} more errors</div>`}`
}

/** What the output alone does not tell. */
export function words(
  output: CellOutput,
  status: CellStatus,
  stuck: boolean,
  elapsed: string,
): TemplateResult | typeof nothing {
  if (stuck) {
    return html`<div class="says">No sign of life for two seconds: an endless loop? Stop ends it at once.</div>`
  }
  if (status === "stopped") return html`<div class="says">Stopped after ${elapsed}.</div>`
  if (status === "done" && output.empty) return html`<div class="says">It ran, and printed nothing.</div>`
  return nothing
}

/** A unikernel is up: where, and what to do with it. */
export function servingLine(machines: readonly Serving[], actions: ResultActions): TemplateResult {
  return html`${machines.map((m) => {
    const ports = m.ports.length === 0 ? "" : `, port ${m.ports.join(", ")}`
    return html`<div class="serving">
      <span>${m.name} is up at ${m.address}${ports}.</span>
      <button @click=${() => actions.tool("terminal")}>Open a terminal</button>
      ${m.ports.length > 0 && !m.ports.includes(80) ? nothing : html`<button @click=${() => actions.tool("browser")}>Open its page</button>`}
    </div>`
  })}`
}

function valueLine(v: Value): TemplateResult {
  return html`<div class="value"><span class="val">val</span> <b>${v.name}</b>${
    v.type === undefined ? nothing : html` : <span class="type">${v.type}</span>`
  } = ${v.text}</div>`
}

function errorLine(e: ShownError, actions: ResultActions): TemplateResult {
  // No white space between the pieces: it would be shown.
  return html`<div class="error" part="error">${
    e.at === undefined ? nothing : html`${place(e.at, actions)} `
  }${e.message}${
    e.stack.length < 2
      ? nothing
      : html`<div class="stack">${e.stack.slice(0, 8).map((f) => html`<span>at ${f.name === "" ? "the top level" : f.name} ${place(f, actions)}</span>`)}</div>`
  }</div>`
}

function place(at: Position, actions: ResultActions): TemplateResult {
  const text = showPosition(at, actions.label(at.file))
  return html`<button class="at" aria-label=${`Go to ${text}`} @click=${() => actions.go(at)}>${text}</button>`
}
