// The settings as they stand in each page, a block of JSON: a site that is built can still be changed there.

import { CHECKS, DEFAULT_SETTINGS, type SiteSettings, type WebContainerSettings } from "./settings.ts"

/** The `id` of the block. */
export const SETTINGS_ID = "mirage-site"

/** The text of the block, which ends neither it nor begins a comment in it. */
export function writeSettings(settings: SiteSettings): string {
  return JSON.stringify(settings).replaceAll("<", "\\u003c")
}

/** Settings, and what was wrong with the text that they were read from. */
export interface ReadSettings {
  readonly settings: SiteSettings
  readonly mistakes: readonly string[]
}

/** Read a block. What is missing or wrong is as the default has it. */
export function readSettings(text: string): ReadSettings {
  let written: unknown
  try {
    written = JSON.parse(text)
  } catch (e) {
    return { settings: DEFAULT_SETTINGS, mistakes: [`it is no JSON: ${e instanceof Error ? e.message : String(e)}`] }
  }
  const webcontainer = isRecord(written) ? (written["webcontainer"] ?? {}) : undefined
  if (!isRecord(webcontainer)) return { settings: DEFAULT_SETTINGS, mistakes: ["`webcontainer` must be an object"] }
  const mistakes: string[] = []
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(webcontainer)) {
    if (!isSetting(name)) {
      mistakes.push(`there is no \`webcontainer.${name}\``)
      continue
    }
    const checked = CHECKS[name](typeof value === "string" ? value : "")
    if (checked.tag === "good") found[name] = checked.value
    else mistakes.push(`\`webcontainer.${name}\` ${checked.should}`)
  }
  return { settings: { webcontainer: { ...DEFAULT_SETTINGS.webcontainer, ...found } }, mistakes }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

function isSetting(name: string): name is keyof WebContainerSettings {
  return Object.hasOwn(CHECKS, name)
}
