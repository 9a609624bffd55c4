// A scene in words: the same nodes and edges, for those who hear the slide, and for whoever likes to read.
//
// A step's words are the fragment that shows the step, so that reveal.js reads out what has come.

import { escapeHtml } from "../attributes.ts"
import { type Box, type Edge, nameOf, type Scene } from "./scene.ts"

/** The text twin of `scene`, as the inside of an element. */
export function twin(scene: Scene): string {
  const { description, steps } = scene
  const parts = [`<p>${escapeHtml(description)}</p>`]
  if (steps.length === 0) return [...parts, list(scene, () => true)].join("\n")
  const told = new Set<string>()
  parts.push("<ol>")
  for (const [i, { title, says }] of steps.entries()) {
    // What is said once is not said again when it comes a second time.
    const isNew = (item: Box | Edge) => (item.from ?? 0) === i && !told.has(sentence(item))
    const news = list(scene, isNew)
    for (const item of scene.items) if (isSaid(item) && (item.from ?? 0) === i) told.add(sentence(item))
    const fragment = i === 0 ? "" : ` class="fragment step-${i}" data-fragment-index="${i}"`
    parts.push(`<li${fragment}><p><b>${escapeHtml(title)}.</b> ${escapeHtml(says)}</p>${news}</li>`)
  }
  parts.push("</ol>")
  return parts.join("\n")
}

const isSaid = (item: Scene["items"][number]): item is Box | Edge =>
  item.kind === "edge" || (item.kind === "box" && item.partOf === undefined)

function sentence(item: Box | Edge): string {
  if (item.kind === "edge") return item.says
  return item.says === undefined ? `${nameOf(item)}.` : `${nameOf(item)}: ${item.says}`
}

/** Boxes by their groups, then edges. */
function list(scene: Scene, wanted: (item: Box | Edge) => boolean): string {
  const items = scene.items.filter(isSaid).filter(wanted)
  const lines: string[] = []
  const groups = new Set<string>()
  for (const item of items) {
    if (item.kind === "box" && item.group !== undefined) {
      if (groups.has(item.group)) continue
      groups.add(item.group)
      const members = items.filter((other): other is Box => other.kind === "box" && other.group === item.group)
      const inner = members.map((box) => `<li>${escapeHtml(sentence(box))}</li>`).join("")
      lines.push(`<li>${escapeHtml(item.group)}:<ul>${inner}</ul></li>`)
    } else if (item.kind === "box") lines.push(`<li>${escapeHtml(sentence(item))}</li>`)
  }
  for (const item of items) if (item.kind === "edge") lines.push(`<li>${escapeHtml(item.says)}</li>`)
  return lines.length === 0 ? "" : `<ul>${lines.join("")}</ul>`
}
