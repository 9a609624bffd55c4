import { readdirSync } from "node:fs"
import { defineConfig } from "vite"
import { mirageSite } from "./src/content/site-plugin.ts"
import { mirageContent } from "./src/content/vite-plugin.ts"

/** A page for each notebook: `notebooks/lwt.html`. */
function notebookPages(): string[] {
  return readdirSync(new URL("notebooks", import.meta.url))
    .filter((file) => file.endsWith(".html"))
    .map((file) => `notebooks/${file}`)
}

export default defineConfig({
  // Every address in the built page is relative: `dist/` may lie under any path of any host.
  base: "./",
  plugins: [mirageContent(), mirageSite()],
  worker: { format: "es" },
  resolve: {
    alias: [
      {
        find: /^.*\/internal\/common\/workers\.js$/,
        replacement: new URL("src/ui/editor/monaco-workers.ts", import.meta.url).pathname,
      },
    ],
  },
  build: {
    target: "es2024",
    modulePreload: { polyfill: false },
    // Monaco and its TypeScript are large, and fetched only when an editor is wanted.
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      input: ["index.html", "webcontainer.html", ...notebookPages()],
      output: {
        // Some hosts do not serve files whose names begin with an underscore, as those of virtual modules would.
        chunkFileNames: ({ name }) => `assets/${name.replace(/^_virtual_/, "")}-[hash].js`,
      },
    },
  },
  server: { port: 5173 },
  preview: { port: 4173, strictPort: true },
})
