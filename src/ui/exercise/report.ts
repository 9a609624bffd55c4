// What is said of a run of the checks. Most of it comes from the reader's program, which may say a great deal: what is long
// has a height, beyond which it scrolls, so that the other checks stay in sight.

import { html, nothing, type TemplateResult } from "lit"
import type { CheckResult } from "../../sandbox/protocol.ts"
import { type CheckReport, isPassed } from "./check-run.ts"

/** More than this is long: it would not be read in passing. */
const SHORT = { characters: 240, lines: 5 }
/** A sentence that is heard is cut here. */
const SENTENCE = 160

/** One check, and why it failed. */
export function resultItem({ name, failure }: CheckResult): TemplateResult {
  if (failure === undefined) return html`<li class="passed"><b>✓ Passed:</b> ${name}</li>`
  const { message, expected, got } = failure
  return html`<li class="failed"><b>✗ Failed:</b> ${name}
    <div class="ex-failure">${told(message, "why it failed")}</div>
    ${
      expected === undefined
        ? nothing
        : html`<dl><dt>expected</dt><dd>${told(expected, "expected")}</dd><dt>got</dt><dd>${told(got ?? "", "got")}</dd></dl>`
    }</li>`
}

/** `text`, in a place of its own if it is long. The keyboard reaches that, to scroll it; `label` says what is there. */
export function told(text: string, label: string): TemplateResult | string {
  const long = text.length > SHORT.characters || text.split("\n", SHORT.lines + 1).length > SHORT.lines
  return long ? html`<div class="ex-long" role="group" aria-label=${label} tabindex="0">${text}</div>` : text
}

/** The outcome in a sentence, for those who do not see what stands above it. */
export function summary(report: CheckReport): string {
  const { trouble } = report
  return trouble === undefined ? verdict(report) : `${verdict(report)} ${beginning(trouble.message)}`
}

/** The outcome in a sentence. */
export function verdict(report: CheckReport): string {
  const { results, trouble } = report
  if (isPassed(report))
    return results.length === 1 ? "The check has passed." : `All ${results.length} checks have passed.`
  if (trouble !== undefined) return "Not passed."
  const failed = results.filter((one) => one.failure !== undefined).length
  return `Not passed yet: ${failed} of ${results.length} checks ${failed === 1 ? "fails" : "fail"}.`
}

function beginning(text: string): string {
  const line = text.split("\n", 1)[0]!
  if (line.length > SENTENCE) return `${line.slice(0, SENTENCE)}…`
  return line === text ? line : `${line} …`
}
