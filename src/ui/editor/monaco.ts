// Monaco, once a page: its workers, its TypeScript settings, its themes. Only ever imported dynamically; it is large.
//
// It comes by its slim entries: the editor, the features that we use, TypeScript's service, and the colouring of the
// languages that cells hold.

import "./monaco-features.ts"
import "monaco-editor/languages/definitions/css/register.js"
import "monaco-editor/languages/definitions/html/register.js"
import "monaco-editor/languages/definitions/markdown/register.js"
import "monaco-editor/languages/definitions/typescript/register.js"
import * as monaco from "monaco-editor/editor/editor.api.js"
// Vite makes the default export of `?worker`.
// oxlint-disable-next-line import/default
import EditorWorker from "monaco-editor/editor/editor.worker.js?worker"
// oxlint-disable-next-line import/default
import TypeScriptWorker from "monaco-editor/language/typescript/ts.worker.js?worker"
import * as typescript from "monaco-editor/languages/features/typescript/register.js"
import { monacoTheme, themeFor, themes } from "./themes.ts"

export { monaco, typescript }

declare global {
  var MonacoEnvironment: monaco.Environment | undefined
}

globalThis.MonacoEnvironment = {
  getWorker: (_module, label) => (label === "typescript" ? new TypeScriptWorker() : new EditorWorker()),
}

/** Where the library OS's sources live for the editor: `import … from "mirage"` resolves to `mirage.ts` in it. */
export const LIBRARY_ROOT = "file:///node_modules/mirage/"

const BUNDLER_RESOLUTION = 100
const FORCE_MODULE = 3

typescript.typescriptDefaults.setCompilerOptions({
  target: typescript.ScriptTarget.ESNext,
  module: typescript.ModuleKind.ESNext,
  moduleResolution: BUNDLER_RESOLUTION as typescript.ModuleResolutionKind,
  moduleDetection: FORCE_MODULE,
  lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts"],
  paths: { mirage: [`${LIBRARY_ROOT}mirage.ts`], "mirage/config": [`${LIBRARY_ROOT}config.ts`] },
  allowImportingTsExtensions: true,
  allowNonTsExtensions: true,
  erasableSyntaxOnly: true,
  noEmit: true,
  noErrorTruncation: true,
  strict: true,
  verbatimModuleSyntax: true,
})
typescript.typescriptDefaults.setDiagnosticsOptions({ onlyVisible: true })
// A cell imports other cells, whose models must be known to the worker before anybody opens them.
typescript.typescriptDefaults.setEagerModelSync(true)

for (const [name, [palette, base]] of Object.entries(themes))
  monaco.editor.defineTheme(name, monacoTheme(palette, base))

/** Follow the page's theme: `data-theme` on the root element if the reader chose one, the system's otherwise. */
function followTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)")
  const contrast = matchMedia("(prefers-contrast: more), (forced-colors: active)")
  const apply = () => {
    const chosen = document.documentElement.dataset["theme"]
    monaco.editor.setTheme(themeFor({ chosen, systemIsDark: dark.matches, systemWantsContrast: contrast.matches }))
  }
  apply()
  dark.addEventListener("change", apply)
  contrast.addEventListener("change", apply)
  new MutationObserver(apply).observe(document.documentElement, { attributeFilter: ["data-theme"] })
}
followTheme()

// Monaco measures its characters once; the site's font may arrive later.
void document.fonts.ready.then(() => monaco.editor.remeasureFonts())
