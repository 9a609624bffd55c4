// A column's text cut into slides. Only lines are looked at here; what a slide says is Markdown's business.

import { didYouMean, type Problems } from "./problems.ts"

/** A part of a file, and the line it begins at, from 1. */
export interface Passage {
  readonly line: number
  readonly text: string
}

/** A slide before its Markdown is read. */
export interface SlideText extends Passage {
  readonly notes?: Passage
}

/** A column before its Markdown is read. */
export interface ColumnText {
  readonly title?: string
  readonly slides: readonly SlideText[]
}

const FRONT_MATTER = ["title"]

/** Cut `text` at its `---` lines. Fences are respected; one that never ends is a problem, and ends the reading. */
export function splitSlides(file: string, text: string, problems: Problems): ColumnText {
  const lines = text.replaceAll("\r\n", "\n").split("\n")
  let at = 0
  let title: string | undefined
  if (lines[0]?.trimEnd() === "---") {
    const end = lines.findIndex((line, i) => i > 0 && line.trimEnd() === "---")
    if (end < 0) {
      problems.add(file, 1, "The front matter that begins here has no `---` line to end it.")
      return { slides: [] }
    }
    title = frontMatter(file, lines.slice(1, end), problems)
    at = end + 1
  }

  const slides: SlideText[] = []
  let begin = at
  let notesAt: number | undefined
  const finish = (end: number) => {
    const slideText = lines.slice(begin, notesAt ?? end).join("\n")
    const notes = notesAt === undefined ? undefined : notesPassage(lines.slice(notesAt, end), notesAt)
    // Blank lines around a separator are not a slide.
    if (slideText.trim() !== "" || notes !== undefined) {
      slides.push({ line: begin + 1, text: slideText, ...(notes === undefined ? {} : { notes }) })
    }
  }

  let fence: { readonly mark: string; readonly line: number } | undefined
  for (; at < lines.length; at++) {
    const line = lines[at] as string
    if (fence !== undefined) {
      const mark = /^\s*(`{3,}|~{3,})\s*$/.exec(line)?.[1]
      if (mark?.startsWith(fence.mark)) fence = undefined
      continue
    }
    // CommonMark 4.5: the info string of a backtick fence has no backtick, or it would be inline code.
    const open = /^\s*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)
    if (open !== null) {
      fence = { mark: open[1] as string, line: at + 1 }
    } else if (line.trimEnd() === "---") {
      finish(at)
      begin = at + 1
      notesAt = undefined
    } else if (notesAt === undefined && /^Notes?:(\s|$)/.test(line)) {
      notesAt = at
    }
  }
  if (fence !== undefined) {
    problems.add(file, fence.line, `The fence that begins here never ends: close it with a line of \`${fence.mark}\`.`)
    return { ...(title === undefined ? {} : { title }), slides: [] }
  }
  finish(lines.length)
  return { ...(title === undefined ? {} : { title }), slides }
}

function notesPassage(lines: readonly string[], at: number): Passage {
  const [first = "", ...rest] = lines
  return { line: at + 1, text: [first.replace(/^Notes?:\s*/, ""), ...rest].join("\n") }
}

function frontMatter(file: string, lines: readonly string[], problems: Problems): string | undefined {
  let title: string | undefined
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue
    const entry = /^([\w-]+):\s*(.*?)\s*$/.exec(line)
    if (entry === null) problems.add(file, i + 2, "The front matter has a line that is not `key: value`.")
    else if (entry[1] === "title") title = (entry[2] as string).replace(/^(["'])(.*)\1$/, "$2")
    else {
      const key = entry[1] as string
      problems.add(file, i + 2, `The front matter has no key \`${key}\`.${didYouMean(key, FRONT_MATTER)}`)
    }
  }
  return title
}
