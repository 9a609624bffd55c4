// The walls that the compiler does not keep. Everything else is kept by `composite` projects (tsconfig.json).

import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const ROOT = resolve(import.meta.dirname, "..")

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((f) => /\.tsx?$/.test(f) && !f.includes(".tsc/") && !f.includes("node_modules"))
    .map((f) => join(folder, f))
}

const text = (file: string): string => readFileSync(join(ROOT, file), "utf8")

/** What a file imports: relative specifiers as paths from the root, others as they are. */
function imports(file: string): string[] {
  const specifiers = ts.preProcessFile(text(file)).importedFiles.map((imported) => imported.fileName)
  return specifiers.map((s) => (s.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), s)) : s))
}

/** Every import of `folder` that `allowed` does not accept, as "file imports what". */
function breaches(folder: string, allowed: (target: string, file: string) => boolean): string[] {
  return sources(folder).flatMap((file) =>
    imports(file)
      .filter((target) => !allowed(target, file))
      .map((target) => `${file} imports ${target}`),
  )
}

const under = (...folders: string[]) => {
  return (target: string): boolean => folders.some((f) => target === f || target.startsWith(`${f}/`))
}

describe("the library OS", () => {
  it("has files to speak of", () => {
    expect(sources("src/mirage").length).toBeGreaterThan(30)
  })

  it("imports nothing from outside itself", () => {
    expect(breaches("src/mirage", under("src/mirage"))).toEqual([])
  })

  it("opens no window in its wall", () => {
    const windows = sources("src/mirage").filter((f) => /^\s*\/\/\/ <reference|declare global/m.test(text(f)))
    expect(windows).toEqual([])
  })

  it("takes time and randomness as arguments", () => {
    const thieves = sources("src/mirage").filter((f) => /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/.test(text(f)))
    expect(thieves).toEqual([])
  })

  it("keeps codecs pure: wire sees only wire and result", () => {
    expect(breaches("src/mirage/wire", under("src/mirage/wire", "src/mirage/result.ts"))).toEqual([])
  })

  it("keeps Lwt alone: lwt sees only lwt, result and how a value shows itself", () => {
    const allowed = under("src/mirage/lwt", "src/mirage/result.ts", "src/mirage/os/show.ts")
    expect(breaches("src/mirage/lwt", allowed)).toEqual([])
  })

  it("keeps module types free of implementations", () => {
    const allowed = under("src/mirage/signatures", "src/mirage/lwt", "src/mirage/wire", "src/mirage/result.ts")
    expect(breaches("src/mirage/signatures", allowed)).toEqual([])
  })

  it.each(["ethernet", "arp", "icmp", "udp", "tcp", "http"])("keeps %s from seeing a sibling", (protocol) => {
    const own = `src/mirage/${protocol}`
    const below = ["signatures", "wire", "lwt", "os", "result.ts"].map((f) => `src/mirage/${f}`)
    expect(breaches(own, under(own, ...below))).toEqual([])
  })
})

describe("the rooms", () => {
  it.each([
    ["src/unikernels", ["mirage", "mirage/config", "src/unikernels"]],
    ["src/toolchain", ["src/toolchain", "src/mirage/result.ts", "sucrase", "acorn", "@jridgewell/trace-mapping"]],
  ] as const)("%s sees only what it may", (room, allowed) => {
    expect(breaches(room, under(...allowed))).toEqual([])
  })

  it.each([
    ["src/sandbox", ["src/ui", "src/deck", "src/content", "src/cli"]],
    ["src/content", ["src/ui", "src/deck"]],
    ["src/ui", ["src/deck", "src/notebook"]],
    ["src/deck", ["src/notebook"]],
  ] as const)("%s does not look up", (room, forbidden) => {
    const up = under(...forbidden)
    const bad = breaches(room, (target) => !up(target)).filter((b) => !b.endsWith("src/content/project.ts"))
    expect(bad).toEqual([])
  })

  it("lets the command see the toolchain, the library's doors, and of the sandbox what knows no page", () => {
    const doors = (target: string): boolean => target === "mirage" || target === "mirage/host"
    const shared = ["error-text", "guest-console", "guest-errors", "link-cell", "module-files", "pacer", "protocol"]
    const sandbox = under(...shared.map((name) => `src/sandbox/${name}.ts`))
    const rooms = under("src/cli", "src/toolchain")
    const allowed = (target: string): boolean =>
      rooms(target) || sandbox(target) || doors(target) || target.startsWith("node:")
    expect(breaches("src/cli", allowed)).toEqual([])
  })

  it("gives a notebook's page the deck's choices, colours, help and keys, and no more of the deck", () => {
    const deck = under("src/deck")
    const shared = under(
      "src/deck/choices.ts",
      "src/deck/theme.css",
      "src/deck/help.ts",
      "src/deck/help.css",
      "src/deck/keyboard.ts",
    )
    expect(breaches("src/notebook", (target) => !deck(target) || shared(target))).toEqual([])
  })

  it("has the WebContainer's client in its frame, and nowhere else", () => {
    const knows = sources("src").filter((file) => imports(file).some((target) => target.startsWith("@webcontainer/")))
    expect(knows).toEqual(["src/sandbox/webcontainer/frame.ts"])
  })

  it("publishes no address of another origin to load from", () => {
    const loads = ["src", "slides", "notebooks"]
      .flatMap((folder) =>
        readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((f) => join(folder, f)),
      )
      .filter((f) => /\.(ts|css|html|md|svg)$/.test(f) && !f.includes(".tsc/"))
      .filter((f) => /(?:\bsrc=|url\(|@import |import\()\s*["']?https?:/.test(text(f)))
    expect(loads).toEqual([])
  })
})
