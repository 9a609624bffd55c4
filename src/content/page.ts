// The slides as a part of the page, complete before any script has run.

import { escapeHtml, showAttributes } from "./attributes.ts"
import type { Column, Slide } from "./project.ts"

/** `<section>`s for reveal.js: one a column, with one a slide inside. */
export function deckSections(columns: readonly Column[]): string {
  return columns.map(columnSection).join("\n")
}

function columnSection({ file, title, slides }: Column): string {
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.md$/, "")
  return `<section data-column="${escapeHtml(name)}" data-title="${escapeHtml(title)}">\n${slides.map(slideSection).join("\n")}\n</section>`
}

function slideSection({ id, html, notes, attributes }: Slide): string {
  const aside = notes === undefined ? "" : `<aside class="notes">\n${notes}</aside>\n`
  return `<section${showAttributes({ id, ...attributes })}>\n${html}${aside}</section>`
}
