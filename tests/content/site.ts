// A site in a folder of its own: a deck of one slide, and a library OS of a few lines in the places of the real one.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** A new folder with the site in it; and how to write a file of it. */
export function makeSite(): { readonly root: string; write(path: string, text: string): void } {
  const root = mkdtempSync(join(tmpdir(), "mirage-site-"))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write(
    "src/mirage/lwt/lwt.ts",
    `// The promises of this test.
import type { Box } from "./box.ts"
let made = 0
export class Promised { constructor() { made++ } count(): number { return made } }
const return_ = <A>(value: A): Box<A> => ({ value })
export { return_ as return }
`,
  )
  write("src/mirage/lwt/box.ts", "export interface Box<A> { readonly value: A }\n")
  write("src/mirage/mirage.ts", 'export * as Lwt from "./lwt/lwt.ts"\n')
  write("src/mirage/config.ts", 'import { Promised } from "./lwt/lwt.ts"\nexport const job = new Promised()\n')
  write("src/mirage/check.ts", 'import { Promised } from "./lwt/lwt.ts"\nexport const check = new Promised()\n')
  write(
    "src/mirage/host.ts",
    'import { Promised } from "./lwt/lwt.ts"\nexport const start = (): number => new Promised().count()\n',
  )
  write("src/mirage/globals.d.ts", "interface TextEncoder {}\n")
  write("src/mirage/unreached.ts", "export const no = 1\n")
  write(
    "src/sandbox/guest-worker.ts",
    'import { twice } from "./twice.ts"\n;(globalThis as { answer?: number }).answer = twice(21)\n',
  )
  write(
    "src/sandbox/webcontainer/guest-stream.ts",
    'import { argv } from "node:process"\nimport { twice } from "../twice.ts"\nconsole.log(twice(Number(argv[2])))\n',
  )
  write(
    "src/cli/type-stripping.ts",
    "export const load = (url: string, context: object, next: (url: string, context: object) => unknown) => next(url, context)\n",
  )
  write("src/cli/main.ts", 'import { Lwt } from "mirage"\nconsole.log(Lwt.return(process.argv[2]).value)\n')
  write("package.json", '{ "version": "1.2.3", "type": "module" }')
  write("src/sandbox/twice.ts", "export const twice = (n: number): number => 2 * n\n")
  write(
    "src/deck/main.ts",
    `const all = () => Promise.all([import("virtual:mirage-deck"), import("virtual:mirage-guest"), import("virtual:mirage-package"), import("virtual:mirage-sources")])
document.addEventListener("click", () => void all().then(console.log))
`,
  )
  write(
    "index.html",
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><script type="module" src="/src/deck/main.ts"></script></head>
<body><div class="reveal"><div class="slides"><!-- slides --></div></div></body></html>`,
  )
  write("slides/01-a.md", SLIDE)
  write("public/a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
  return { root, write }
}

/** The site's slide. */
export const SLIDE = `# Costs $& more

![a](a.svg)

\`\`\`ts cell=a.ts
import { Lwt } from "mirage"
const a = Lwt.return("x")
\`\`\`
`
