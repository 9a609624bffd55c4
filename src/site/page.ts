// The site as a page sees it: its owner's settings, and where its first folder is.

import { DEFAULT_SETTINGS, type SiteSettings } from "./settings.ts"
import { readSettings, SETTINGS_ID } from "./written-settings.ts"

let read: SiteSettings | undefined

/** The settings that the build, or the site's owner after it, has written into this page. */
export function siteSettings(): SiteSettings {
  read ??= settingsIn(document)
  return read
}

/** The site's first folder, in which `index.html` lies; this page may lie deeper. */
export function siteRoot(): URL {
  return new URL(document.getElementById(SETTINGS_ID)?.dataset["root"] ?? "./", location.href.replace(/#.*$/, ""))
}

function settingsIn(page: Document): SiteSettings {
  const text = page.getElementById(SETTINGS_ID)?.textContent
  if (text == null) {
    console.warn(`This page has no settings of its site (#${SETTINGS_ID}): they are as a site has them by default.`)
    return DEFAULT_SETTINGS
  }
  const { settings, mistakes } = readSettings(text)
  for (const mistake of mistakes)
    console.warn(`The settings of the site in this page (#${SETTINGS_ID}): ${mistake}. The default is taken instead.`)
  return settings
}
