// The settings as variables of the build's environment: MIRAGE_WEBCONTAINER=on vite build.

import { nearest } from "../toolchain/nearest.ts"
import { CHECKS, DEFAULT_SETTINGS, type SiteSettings, type WebContainerSettings } from "./settings.ts"

/** What the names of all variables begin with. */
export const PREFIX = "MIRAGE_WEBCONTAINER"

/** Variable -> setting. */
const VARIABLES: ReadonlyMap<string, keyof WebContainerSettings> = new Map([
  [PREFIX, "use"],
  [`${PREFIX}_ORIGIN`, "origin"],
  [`${PREFIX}_KEY`, "apiKey"],
  [`${PREFIX}_COEP`, "coep"],
  [`${PREFIX}_ISOLATION`, "isolation"],
] as const)

/** Thrown once, with every mistake. */
export class SettingsError extends Error {
  constructor(mistakes: readonly string[]) {
    const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`
    super(`${count} in the settings of the site (README.md, "Putting it on a host")\n${mistakes.join("\n")}`)
    this.name = "SettingsError"
  }
}

/**
 * The settings that `variables` make; names that do not begin with {@link PREFIX} are somebody else's, and an empty value
 * is none. `whereIs` says where a variable was set. Throws a SettingsError.
 */
export function settingsOf(
  variables: Readonly<Record<string, string | undefined>>,
  whereIs: (name: string) => string,
): SiteSettings {
  const mistakes: string[] = []
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(variables)) {
    if (!name.startsWith(PREFIX)) continue
    const setting = VARIABLES.get(name)
    if (setting === undefined) {
      mistakes.push(`${whereIs(name)}: there is no setting ${name}. ${suggestion(name)}`)
      continue
    }
    const text = value?.trim() ?? ""
    if (text === "") continue
    const checked = CHECKS[setting](text)
    if (checked.tag === "good") found[setting] = checked.value
    // A key is nobody's business who reads the log of a build.
    else mistakes.push(`${whereIs(name)}: ${name}${setting === "apiKey" ? "" : `=${text}`} ${checked.should}.`)
  }
  if (mistakes.length > 0) throw new SettingsError(mistakes)
  return { webcontainer: { ...DEFAULT_SETTINGS.webcontainer, ...found } }
}

function suggestion(name: string): string {
  const near = nearest(name, VARIABLES.keys())
  return near === undefined ? `The settings are ${[...VARIABLES.keys()].join(", ")}.` : `Did you mean ${near}?`
}
