// Addresses inside the deck. `#/a-slide` is a slide, `#/a-slide/2` its third step as reveal.js counts, from 0, and
// `#/option.ts` or `#/www/unikernel.ts` a cell, or a file of one: slides have no dots in their names, files have.

/** What an address names. */
export type Target =
  | { readonly tag: "slide"; readonly id: string; readonly step?: number }
  | { readonly tag: "file"; readonly file: string }

/** Read the part after `#`; `undefined` when it names nothing of the deck's: empty, or reveal.js's numbers. */
export function targetOf(hash: string): Target | undefined {
  const name = decode(hash.replace(/^#\/?/, ""))
  if (name === "" || /^\d/.test(name)) return undefined
  if (name.includes(".")) return { tag: "file", file: name }
  const [, id = name, step] = /^([^/]*)\/(\d+)$/.exec(name) ?? []
  return { tag: "slide", id: id.split("/")[0] ?? id, ...(step !== undefined && { step: Number(step) }) }
}

/** The part after `#` for a slide, and for one of its steps. */
export function hashOf(slide: string, step?: number): string {
  return `#/${encodeURIComponent(slide)}${step === undefined || step < 0 ? "" : `/${step}`}`
}

/** The cell that a file belongs to: the entry itself, or a tab of it, whose label is its name without the folder. */
export function cellOfFile(root: ParentNode, file: string): HTMLElement | undefined {
  const cells = [...root.querySelectorAll<HTMLElement>("mirage-cell")]
  const entry = cells.find((cell) => cell.getAttribute("file") === file)
  if (entry !== undefined) return entry
  const folderOf = (name: string) => name.slice(0, name.lastIndexOf("/") + 1)
  return cells.find((cell) => {
    const folder = folderOf(cell.getAttribute("file") ?? "")
    if (folder === "" || !file.startsWith(folder)) return false
    return (cell.dataset["tabs"] ?? "").split(" ").includes(file.slice(folder.length))
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
