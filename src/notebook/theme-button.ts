// The button that changes the theme: the same choice as the deck's, kept in the same place.

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
