// The page of a notebook. Its text is in its HTML already and can be read and scrolled without this; here its cells come
// to life, and the list of contents shows how far the reader is with the exercises.

import "../ui/cell/cell.css"
import "../deck/theme.css"
import "./notebook.css"
import { notebooks } from "virtual:mirage-notebooks"
import { Choices } from "../deck/choices.ts"
import { followSections } from "./contents.ts"
import { themeButton } from "./theme-button.ts"

const head = document.querySelector(".notebook-head")
head?.append(themeButton(new Choices(() => localStorage)))

const contents = document.querySelector<HTMLElement>(".notebook-contents")
if (contents !== null) {
  // Where there is no room beside the text, the list is in front of it, and in the way unless it is closed.
  if (matchMedia("(max-width: 1100px)").matches) contents.querySelector("details")?.removeAttribute("open")
  followSections(contents, document.querySelectorAll("main > section"))
}

async function comeAlive(): Promise<void> {
  const [{ defineElements }, { progress, projects }, { showProgress }] = await Promise.all([
    import("../ui/elements.ts"),
    import("../ui/page.ts"),
    import("./contents.ts"),
  ])
  for (const [name, load] of Object.entries(notebooks)) projects.register(name, async () => (await load()).project)
  defineElements()
  const project = document.querySelector("mirage-cell")?.getAttribute("project")
  if (contents === null || project === null || project === undefined) return
  const show = () => showProgress(contents, (entry) => progress.of(project, entry).stage)
  progress.subscribe(show)
  await progress.load()
  show()
}

requestAnimationFrame(() => setTimeout(() => void comeAlive(), 0))
