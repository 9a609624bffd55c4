// The site's settings, for Vite: read from the environment, written into each page, and kept by the servers of `vite dev` and
// `vite preview`; other hosts find in the build what they need for it. What a page does before it is painted is put in here too, so that all pages do the same.

import { join, posix } from "node:path"
import process from "node:process"
import { type Connect, loadEnv, type Plugin } from "vite"
import { isolationHeaders } from "../site/headers.ts"
import { hostFiles } from "../site/host-files.ts"
import { WORKER_FILE } from "../site/isolation.ts"
import { DEFAULT_SETTINGS, type SiteSettings } from "../site/settings.ts"
import { PREFIX, settingsOf } from "../site/variables.ts"
import { SETTINGS_ID, writeSettings } from "../site/written-settings.ts"
import { buildScript } from "./library.ts"

/** Where a page with themes wants the script for them: before anything that is painted. */
const THEME = "<!-- theme -->"

const THEME_SCRIPT = `<script>
      // Before anything is painted: the theme that the reader chose (src/deck/choices.ts).
      try {
        const theme = localStorage.getItem("mirage-theme")
        if (theme !== null) document.documentElement.dataset.theme = theme
      } catch {}
    </script>`

const WORKER = join(import.meta.dirname, "../site/isolation-worker.ts")

export function mirageSite(): Plugin {
  let settings: SiteSettings = DEFAULT_SETTINGS

  const sendHeaders: Connect.NextHandleFunction = (_request, response, next) => {
    for (const [name, value] of isolationHeaders(settings)) response.setHeader(name, value)
    next()
  }

  return {
    name: "mirage-site",

    configResolved({ mode, envDir }) {
      settings = settingsOf(loadEnv(mode, envDir, PREFIX), (name) =>
        name in process.env ? "the environment" : `a .env file in ${envDir}`,
      )
    },

    // Before Vite's own, which end the answer.
    configureServer(server) {
      server.middlewares.use(sendHeaders)
    },
    configurePreviewServer(server) {
      server.middlewares.use(sendHeaders)
    },

    async generateBundle() {
      const emit = (fileName: string, source: string) => this.emitFile({ type: "asset", fileName, source })
      for (const [fileName, text] of Object.entries(hostFiles(settings))) emit(fileName, text)
      // Also where headers isolate the pages: how they are is a setting that can still be changed in the pages of a build.
      if (settings.webcontainer.use !== "off") emit(WORKER_FILE, await buildScript(WORKER))
    },

    transformIndexHtml: {
      order: "post",
      handler: (html, { path }) => ({
        html: html.replace(THEME, () => THEME_SCRIPT),
        tags: [
          {
            tag: "script",
            attrs: { type: "application/json", id: SETTINGS_ID, "data-root": rootFrom(path) },
            children: writeSettings(settings),
            injectTo: "head",
          },
        ],
      }),
    },
  }
}

/** The way from a page, `/notebooks/lwt.html`, to the site's first folder: `../`. */
function rootFrom(page: string): string {
  return `${posix.relative(posix.dirname(page), "/") || "."}/`
}
