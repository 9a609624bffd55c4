// The slides, and the sections of a notebook, as a part of the page: complete before any script has run.

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

/** The sections of a notebook, to be read from top to bottom. */
export function notebookSections(columns: readonly Column[]): string {
  return slidesOf(columns)
    .map(({ id, html, attributes }) => `<section${showAttributes({ id, ...attributes })}>\n${html}</section>`)
    .join("\n")
}

/** Links to the sections. A section with exercises names them, for the page to show how far the reader is. */
export function notebookContents(columns: readonly Column[]): string {
  const items = slidesOf(columns).map(({ id, title, html }) => {
    const exercises = [...html.matchAll(/<mirage-cell [^>]*\bfile="([^"]*)"[^>]*\bdata-exercise=/g)].map((m) => m[1])
    const marks = exercises.map((file) => `<span class="notebook-mark" data-exercise-of="${file}"></span>`).join("")
    return `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a>${marks}</li>`
  })
  return `<ol>\n${items.join("\n")}\n</ol>`
}

function slidesOf(columns: readonly Column[]): Slide[] {
  return columns.flatMap(({ slides }) => slides)
}
