// What lies under a small web server: under one for Node, and under ours. Counted, for a slide.
//
//   npx tsx slides/data/count.ts        installs the Node service into a temporary folder, counts both, and writes
//                                       under-a-server.json with the date
//
// The tests count again what needs no network: the lock file, and our image.

import { execFileSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { build, type Rolldown } from "vite"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const SERVICE = join(ROOT, "slides/data/node-service")

/** How much there is of something. */
export interface Amount {
  readonly files: number
  readonly bytes: number
}

/** What a lock file says. */
export interface LockCount {
  /** Asked for by name in package.json. */
  readonly direct: number
  /** All that come with them, they included. */
  readonly packages: number
  /** The longest way from the service to a package: 1 is one that it asks for. */
  readonly depth: number
}

/** Our web server. */
export interface ImageCount {
  /** Packages by others. */
  readonly packages: number
  /** Source files that have something in the image, and their size as they are written, comments included. */
  readonly sources: Amount
  /** Modules of the library OS among them. */
  readonly library: number
  /** The image, minified, with the website's files. */
  readonly image: number
}

/** under-a-server.json */
export interface Counted {
  readonly date: string
  readonly node: LockCount & { readonly installed: Amount; readonly ownLines: number; readonly runtime: NodeRuntime }
  readonly mirage: ImageCount
}

interface NodeRuntime {
  readonly version: string
  readonly bytes: number
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>
}

/** Count what `package-lock.json` names. */
export function countLock(lock: Lock): LockCount {
  const entries = Object.keys(lock.packages).filter((path) => path !== "")
  const depths = new Map<string, number>([["", 0]])
  const queue = [""]
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const name of Object.keys(lock.packages[path]?.dependencies ?? {})) {
      const found = resolve(lock, path, name)
      if (depths.has(found)) continue
      depths.set(found, (depths.get(path) as number) + 1)
      queue.push(found)
    }
  }
  const unreached = entries.filter((path) => !depths.has(path))
  if (unreached.length > 0) throw new Error(`nobody asks for ${unreached.join(", ")}`)
  return {
    direct: Object.keys(lock.packages[""]?.dependencies ?? {}).length,
    packages: entries.length,
    depth: Math.max(...depths.values()),
  }
}

/** Node's rule: the nearest node_modules, from the package's own folder outwards. */
function resolve(lock: Lock, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`
    if (lock.packages[path] !== undefined) return path
    if (folder === "") throw new Error(`${from} wants ${name}, and the lock file has none`)
  }
}

/** Count the files below a folder. npm's own hidden list is not one of them. */
export function countFiles(folder: string): Amount {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name !== ".package-lock.json")
    .map((name) => statSync(join(folder, name)))
    .filter((stat) => stat.isFile())
  return { files: files.length, bytes: files.reduce((sum, stat) => sum + stat.size, 0) }
}

/** Bundle image.ts, leave out what nobody uses, and count what is in. */
export async function countImage(): Promise<ImageCount> {
  const built = (await build({
    configFile: false,
    logLevel: "silent",
    publicDir: false,
    resolve: {
      alias: [
        { find: /^mirage\/config$/, replacement: join(ROOT, "src/mirage/config.ts") },
        { find: /^mirage$/, replacement: join(ROOT, "src/mirage/mirage.ts") },
      ],
    },
    build: {
      write: false,
      target: "es2024",
      modulePreload: false,
      rolldownOptions: {
        input: join(ROOT, "slides/data/image.ts"),
        preserveEntrySignatures: "strict",
        output: { format: "es", minify: true },
      },
    },
  })) as Rolldown.RolldownOutput
  const chunks = built.output.filter((o): o is Rolldown.OutputChunk => o.type === "chunk")
  const rendered = chunks.flatMap((chunk) => Object.entries(chunk.modules).filter(([, m]) => m.renderedLength > 0))
  // The bundler's own helpers have no file, and an id that begins with a zero byte.
  const names = rendered
    .filter(([id]) => !id.startsWith("\0"))
    .map(([id]) => relative(ROOT, id))
    .toSorted()
  const code = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0)
  return {
    packages: names.filter((name) => name.startsWith("node_modules/")).length,
    sources: { files: names.length, bytes: names.reduce((sum, name) => sum + statSync(join(ROOT, name)).size, 0) },
    library: names.filter((name) => name.startsWith("src/mirage/")).length,
    image: code + countFiles(join(ROOT, "src/unikernels/static-website/htdocs")).bytes,
  }
}

/** What can be counted without a network. */
export async function recount(): Promise<{ node: LockCount & { ownLines: number }; mirage: ImageCount }> {
  const lock = JSON.parse(readFileSync(join(SERVICE, "package-lock.json"), "utf8")) as Lock
  const ownLines = readFileSync(join(SERVICE, "server.js"), "utf8").trimEnd().split("\n").length
  return { node: { ...countLock(lock), ownLines }, mirage: await countImage() }
}

function countInstalled(): Amount {
  const folder = mkdtempSync(join(tmpdir(), "node-service-"))
  try {
    for (const name of ["package.json", "package-lock.json"]) cpSync(join(SERVICE, name), join(folder, name))
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" })
    return countFiles(join(folder, "node_modules"))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { node, mirage } = await recount()
  const counted: Counted = {
    date: new Date().toISOString().slice(0, 10),
    node: {
      ...node,
      installed: countInstalled(),
      runtime: { version: process.version, bytes: statSync(process.execPath).size },
    },
    mirage,
  }
  writeFileSync(join(ROOT, "slides/data/under-a-server.json"), `${JSON.stringify(counted, undefined, 2)}\n`)
}
