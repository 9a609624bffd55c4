// The built site as its owner might have set it up, on a host that isolates its pages; and where its containers come from a
// double.

import type { WebContainerSettings } from "../../../src/site/settings.ts"
import { readSettings, SETTINGS_ID, writeSettings } from "../../../src/site/written-settings.ts"
import { builtSite } from "../page.ts"
import { isolated, type StaticHost } from "../static-host.ts"

/** Settings that may be changed while the site is up: they count from the next page on. */
export type OwnersSettings = { -readonly [K in keyof WebContainerSettings]?: WebContainerSettings[K] }

/** Serve the build with `settings` in each of its pages, in place of the default ones. */
export function siteOf(settings: OwnersSettings): Promise<StaticHost> {
  return builtSite({
    headers: () => (settings.isolation === "service-worker" ? {} : isolated(settings.coep)),
    replace: (file, read) => (file.endsWith(".html") ? read().then((html) => withSettings(html, settings)) : undefined),
  })
}

/** A page with other settings, as its owner could have written them into it. */
export function withSettings(html: string, settings: OwnersSettings): string {
  const block = new RegExp(`(<script[^>]*id="${SETTINGS_ID}"[^>]*>)(.*?)(</script>)`, "s")
  if (!block.test(html)) throw new Error("a page of the site has no settings")
  return html.replace(block, (_, open: string, text: string, close: string) => {
    const { webcontainer } = readSettings(text).settings
    return `${open}${writeSettings({ webcontainer: { ...webcontainer, ...settings } })}${close}`
  })
}
