// The bar at the bottom of the page: home, search, link, presenter's window, shell, print, theme and help, and for the show the four directions and where one is.

import type { RevealApi } from "reveal.js"
import { applyTheme, type Choices, nextTheme, type Theme } from "./choices.ts"
import { type Help, HELP_NAME } from "./help.ts"

// Drawn by us, in a box of 24 by 24, as lines.
const ICONS = {
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  print: "M7 9V4.5h10V9M7 16H4.5V9h15v7H17M7 13.5h10v6H7z",
  search: "M10.5 4.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12M15 15l4.5 4.5",
  link: "M10 13.5a3.6 3.6 0 0 0 5.2.2l3-3a3.6 3.6 0 0 0-5.1-5.1l-1.4 1.4M14 10.5a3.6 3.6 0 0 0-5.2-.2l-3 3a3.6 3.6 0 0 0 5.1 5.1l1.4-1.4",
  presenter: "M3.5 5h17v10h-17zM12 15v4.5M8 19.5h8M12 12.5v-2.5",
  contrast: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 3.5v17M14.5 5v14M17 7v10",
  system: "M4 5h16v10.5H4zM9 19.5h6M12 15.5v4",
  light:
    "M12 8.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.5 1.5M16.9 16.9l1.5 1.5M5.6 18.4l1.5-1.5M16.9 7.1l1.5-1.5",
  dark: "M19 14.5A8 8 0 0 1 9.5 5 8 8 0 1 0 19 14.5z",
  shell: "M3.5 5h17v14h-17zM7 9.5l3 2.5-3 2.5M12.5 15h4.5",
  help: "M8.8 9a3.3 3.3 0 1 1 4.6 3c-1 .5-1.4 1-1.4 2.2M12 17.6v.6",
  left: "M14.5 5.5 8 12l6.5 6.5",
  up: "M5.5 14.5 12 8l6.5 6.5",
  down: "M5.5 9.5 12 16l6.5-6.5",
  right: "M9.5 5.5 16 12l-6.5 6.5",
} as const

type Icon = keyof typeof ICONS
const DIRECTIONS = ["left", "up", "down", "right"] as const
const DIRECTION_NAMES = {
  left: "Section before",
  up: "Slide before",
  down: "Slide after",
  right: "Next section",
} as const

/** What the bar's buttons do. */
export interface BarActions {
  search(): void
  copyLink(): void
  presenter(): void
  /** The page to print is about to be opened. */
  print(): void
  shell(): void
}

const THEME_NAMES: Readonly<Record<Theme, string>> = {
  system: "as the system's",
  light: "light",
  dark: "dark",
  contrast: "high contrast",
}

/** The bar. `show` joins it and leaves it as the page changes between a show and a scroll. */
export class Bar {
  readonly element: HTMLElement
  readonly #directions: HTMLElement
  readonly #place: HTMLElement
  readonly #presenter: HTMLElement
  readonly #shell: HTMLElement
  #show: RevealApi | undefined

  constructor(choices: Choices, help: Help, actions: BarActions) {
    this.element = document.createElement("footer")
    this.element.className = "deck-bar"
    const links = document.createElement("nav")
    const print = link("print", "Print: one slide a sheet, in a new tab", "?print-pdf")
    print.target = "_blank"
    print.addEventListener("click", () => actions.print())
    links.setAttribute("aria-label", "Page")
    this.#presenter = button("presenter", "Presenter's window: notes, clock, next slide (S)", () => actions.presenter())
    this.#presenter.hidden = true
    this.#shell = button("shell", "Shell in the WebContainer", () => actions.shell())
    this.#shell.hidden = true
    links.append(
      link("home", "First slide", "#/"),
      button("search", "Search, or go to a number (/)", () => actions.search()),
      button("link", "Copy a link to this slide", () => actions.copyLink()),
      this.#presenter,
      this.#shell,
      print,
      this.#themeButton(choices),
      button("help", HELP_NAME, () => help.open()),
    )
    this.#directions = document.createElement("nav")
    this.#directions.setAttribute("aria-label", "Slides")
    for (const way of DIRECTIONS) this.#directions.append(button(way, DIRECTION_NAMES[way], () => this.#show?.[way]()))
    this.#place = document.createElement("span")
    this.#place.className = "deck-place"
    this.#directions.append(this.#place)
    this.#directions.hidden = true
    this.element.append(links, this.#directions)
  }

  /** Show the way through `show`, or none. */
  follow(show: RevealApi | undefined): void {
    this.#show?.off("slidechanged", this.#update)
    this.#show?.off("fragmentshown", this.#update)
    this.#show?.off("fragmenthidden", this.#update)
    this.#show = show
    this.#directions.hidden = show === undefined
    this.#presenter.hidden = show === undefined
    if (show === undefined) return
    show.on("slidechanged", this.#update)
    show.on("fragmentshown", this.#update)
    show.on("fragmenthidden", this.#update)
    this.#update()
  }

  /** Whether there is a WebContainer to have a shell in. */
  offerShell(there: boolean): void {
    this.#shell.hidden = !there
  }

  readonly #update = (): void => {
    const show = this.#show
    if (show === undefined) return
    const routes = show.availableRoutes()
    for (const [i, way] of DIRECTIONS.entries()) {
      const arrow = this.#directions.children[i] as HTMLButtonElement
      // Not `disabled`: a button that has the focus must not lose it on the last slide.
      arrow.setAttribute("aria-disabled", String(!routes[way]))
    }
    this.#place.textContent = `${show.getSlidePastCount() + 1} / ${show.getTotalSlides()}`
  }

  #themeButton(choices: Choices): HTMLButtonElement {
    const themeButton = button("system", "", () => {
      choices.theme = nextTheme(choices.theme)
      update()
    })
    const update = () => {
      const { theme } = choices
      applyTheme(theme, document.documentElement)
      setIcon(themeButton, theme)
      name(themeButton, `Theme: ${THEME_NAMES[theme]}`)
    }
    update()
    return themeButton
  }
}

function link(icon: Icon, label: string, href: string): HTMLAnchorElement {
  const made = document.createElement("a")
  made.href = href
  setIcon(made, icon)
  name(made, label)
  return made
}

function button(icon: Icon, label: string, pressed: () => void): HTMLButtonElement {
  const made = document.createElement("button")
  made.type = "button"
  setIcon(made, icon)
  name(made, label)
  made.addEventListener("click", pressed)
  return made
}

function name(of: HTMLElement, label: string): void {
  of.setAttribute("aria-label", label)
  of.title = label
}

function setIcon(of: HTMLElement, icon: Icon): void {
  of.dataset["icon"] = icon
  of.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`
}
