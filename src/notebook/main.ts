// The page of a notebook. Its text is in its HTML already and can be read and scrolled without this; here its cells come
// to life, and the list of contents shows how far the reader is with the exercises.

import "../ui/cell/cell.css"
import "../deck/theme.css"
import "../deck/help.css"
import "./notebook.css"
import { notebooks } from "virtual:mirage-notebooks"
import { Choices } from "../deck/choices.ts"
import { asksForHelp, Help, HELP_NAME } from "../deck/help.ts"
import { isForSlides } from "../deck/keyboard.ts"
import { followSections } from "./contents.ts"
import { shellButton, themeButton } from "./head-buttons.ts"

const choices = new Choices(() => localStorage)
const help = new Help(choices, "notebook")
const tools = document.createElement("div")
tools.className = "notebook-tools"
tools.append(themeButton(choices), helpButton())
document.querySelector(".notebook-head")?.append(tools)

/** The help's button: last of the page's controls, as in the deck. */
function helpButton(): HTMLButtonElement {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = "Help"
  button.title = HELP_NAME
  button.setAttribute("aria-label", HELP_NAME)
  button.addEventListener("click", () => help.open())
  return button
}

document.addEventListener("keydown", (event) => {
  // Where somebody types, a question mark is a question mark.
  if (!asksForHelp(event.key) || !isForSlides(event, choices)) return
  event.preventDefault()
  help.open()
})

const contents = document.querySelector<HTMLElement>(".notebook-contents")
if (contents !== null) {
  // Where there is no room beside the text, the list is in front of it, and in the way unless it is closed.
  if (matchMedia("(max-width: 1100px)").matches) contents.querySelector("details")?.removeAttribute("open")
  followSections(contents, document.querySelectorAll("main > section"))
}

async function comeAlive(): Promise<void> {
  const [{ defineElements }, { progress, projects }, { onShell, openShell }, { showProgress }] = await Promise.all([
    import("../ui/elements.ts"),
    import("../ui/page.ts"),
    import("../ui/page-container.ts"),
    import("./contents.ts"),
  ])
  for (const [name, load] of Object.entries(notebooks)) projects.register(name, async () => (await load()).project)
  defineElements()
  const project = document.querySelector("mirage-cell")?.getAttribute("project")
  const shell = shellButton(() => void openShell(project ?? ""))
  tools.prepend(shell)
  onShell((there) => {
    shell.hidden = !there
  })
  if (contents === null || project === null || project === undefined) return
  const show = () => showProgress(contents, (entry) => progress.of(project, entry).stage)
  progress.subscribe(show)
  await progress.load()
  show()
}

requestAnimationFrame(() => setTimeout(() => void comeAlive(), 0))
