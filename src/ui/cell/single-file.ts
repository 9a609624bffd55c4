// A cell that belongs to no project of the page: its one file comes from `src`, or stands in the cell itself. It becomes
// a project of one file, so that everything else is as in a deck.

import type { ProjectData } from "../../content/project.ts"
import type { Projects } from "../project-store.ts"

/** Make the cell's file a project of its own and return that project's name. */
export function adHocProject(cell: HTMLElement & { src: string | null; file: string }, projects: Projects): string {
  const page = location.pathname
  if (cell.src !== null && cell.src !== "") {
    const url = new URL(cell.src, document.baseURI).href
    const name = named("src", url)
    const { file } = cell
    projects.register(name, async () => oneFile(name, file, await fetched(url), url))
    return name
  }
  const script = cell.querySelector<HTMLScriptElement>(':scope > script[type="text/plain"]')
  const box = cell.querySelector<HTMLElement>(":scope > .cell-code")
  const text = (script ?? box)?.textContent?.replace(/^\n+/, "").trimEnd() ?? ""
  const name = named("page", `${page}-${cell.file}`)
  projects.register(name, async () => oneFile(name, cell.file, text, page))
  return name
}

/** A project's name is a folder in the editor's addresses: no other characters than a folder's. */
function named(kind: string, what: string): string {
  return `${kind}-${what.replaceAll(/[^\w.]+/g, "-")}`
}

async function fetched(url: string): Promise<string> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  // Many hosts answer a page for whatever they do not have.
  if (answer.headers.get("content-type")?.startsWith("text/html"))
    throw new Error(`${url} is a web page, not a program`)
  return answer.text()
}

/** A project of one TypeScript file. */
export function oneFile(name: string, file: string, text: string, source: string): ProjectData {
  return {
    name,
    files: { [file]: { name: file, label: file, language: "typescript", text, source: { file: source, line: 1 } } },
    cells: [{ entry: file, files: [file] }],
  }
}
