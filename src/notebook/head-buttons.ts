// The buttons at the head of a notebook: the theme, which is the same choice as the deck's and kept in the same place; and
// the shell, while there is a WebContainer to have one in.

import { applyTheme, type Choices, nextTheme } from "../deck/choices.ts"

/** A button that goes through the themes and says which one is on. */
export function themeButton(choices: Choices): HTMLButtonElement {
  const button = document.createElement("button")
  button.type = "button"
  const update = () => {
    const { theme } = choices
    applyTheme(theme, document.documentElement)
    button.textContent = `Theme: ${theme === "system" ? "as the system's" : theme}`
  }
  button.addEventListener("click", () => {
    choices.theme = nextTheme(choices.theme)
    update()
  })
  update()
  return button
}

/** A button that opens a shell; hidden at first. */
export function shellButton(pressed: () => void): HTMLButtonElement {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = "Shell"
  button.hidden = true
  button.addEventListener("click", pressed)
  return button
}
