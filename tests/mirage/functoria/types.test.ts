// A wrong device is a type error in the editor. What the reader sees there is TypeScript's message, so the message is
// what is tested: the compiler is run on configurations, as the editor runs it.

import { fileURLToPath } from "node:url"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const ROOT = fileURLToPath(new URL("../../../", import.meta.url))

const PRELUDE = `
import {
  block, console, crunch, defaultConsole, directStackv4WithDefaultIpv4, fatOfFiles, fn, foreign, http, httpServer, ifImpl,
  job, key, kvRo, kvRoOfFs, matchImpl, register, tap0, typ,
} from "mirage/config"
const main = foreign("Unikernel.Main", fn(console, kvRo, http, job))
const files = crunch("./htdocs")
const server = httpServer(80, directStackv4WithDefaultIpv4(defaultConsole, tap0))
`

/** Every configuration is a function of its own, so that one run of the compiler checks them all. */
const CONFIGS = {
  right: `register("www", [main.$(defaultConsole, files, server)])`,
  "a few at a time": `register("www", [main.$(defaultConsole).$(files, server), main.$(defaultConsole, files).$(server)])`,
  "wrong type": `main.$(files, defaultConsole, server)`,
  "wrong type, later": `main.$(defaultConsole).$(server, files)`,
  "too few": `register("www", [main.$(defaultConsole)])`,
  "too many": `main.$(defaultConsole, files, server, server)`,
  none: `main.$()`,
  "a device applied": `defaultConsole.$(files)`,
  "a device as job": `register("www", [defaultConsole])`,
  "a functor as job": `register("www", [main])`,
  "arguments of a device": `httpServer(80, directStackv4WithDefaultIpv4(tap0, defaultConsole))`,
  "a file system as store": `main.$(defaultConsole, fatOfFiles({ dir: "./htdocs" }))`,
  "a file system made a store": `main.$(defaultConsole, kvRoOfFs(fatOfFiles({ dir: "./htdocs" })))`,
  "branches of two types": `ifImpl(key("dhcp", false), files, server)`,
  "a choice": `register("www", [main.$(defaultConsole, ifImpl(key("fat", false), kvRoOfFs(fatOfFiles()), files), server)])`,
  "a key of another type": `ifImpl(key("port", 80), files, files)`,
  "a case of another type": `matchImpl(key("port", 80), [["socket", files]])`,
  "a port from a key": `httpServer(key("port", 80), directStackv4WithDefaultIpv4(defaultConsole, tap0))`,
  "a device of one's own": `foreign("Cache.Make", fn(kvRo, typ("cache"))).$(files) satisfies typeof files`,
  "a functor type as device type": `fn(fn(console, job), job)`,
}

function diagnose(): Record<string, string[]> {
  const name = `${ROOT}tests/mirage/functoria/configurations.ts`
  const starts: [number, string][] = []
  let text = PRELUDE
  for (const [title, body] of Object.entries(CONFIGS)) {
    starts.push([text.length, title])
    text += `export const f${starts.length} = () => { ${body} }\n`
  }
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: [],
    paths: { "mirage/config": [`${ROOT}src/mirage/config.ts`] },
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2024) : getSourceFile(file, ...rest)
  host.fileExists = (file) => file === name || fileExists(file)
  const program = ts.createProgram([name, `${ROOT}src/mirage/globals.d.ts`], options, host)
  const found: Record<string, string[]> = Object.fromEntries(Object.keys(CONFIGS).map((title) => [title, []]))
  for (const d of program.getSemanticDiagnostics(program.getSourceFile(name))) {
    const title = starts.findLast(([start]) => start <= (d.start ?? 0))?.[1] ?? "?"
    const message = ts.flattenDiagnosticMessageText(d.messageText, "\n").split("\n")[0] ?? ""
    ;(found[title] ??= []).push(message)
  }
  return found
}

describe("types of configurations", () => {
  it("says what is wrong, and nothing about what is right", { timeout: 120_000 }, () => {
    expect(diagnose()).toMatchInlineSnapshot(`
      {
        "a case of another type": [
          "Type 'string' is not assignable to type 'number'.",
        ],
        "a choice": [],
        "a device applied": [
          "This expression is not callable.",
        ],
        "a device as job": [
          "Type 'Impl<"console">' is not assignable to type 'Impl<"job">'.",
        ],
        "a device of one's own": [
          "Type 'Impl<"cache">' does not satisfy the expected type 'Impl<"kvRo">'.",
        ],
        "a few at a time": [],
        "a file system as store": [
          "Argument of type 'Impl<"fs">' is not assignable to parameter of type 'Impl<"kvRo">'.",
        ],
        "a file system made a store": [],
        "a functor as job": [
          "Type 'Impl<Fn<["console", "kvRo", "http"], "job">>' is not assignable to type 'Impl<"job">'.",
        ],
        "a functor type as device type": [
          "Argument of type 'Typ<Fn<["console"], "job">>' is not assignable to parameter of type 'Typ<string>'.",
        ],
        "a key of another type": [
          "Argument of type 'Key<number>' is not assignable to parameter of type 'Key<boolean>'.",
        ],
        "a port from a key": [],
        "arguments of a device": [
          "Argument of type 'Impl<"network">' is not assignable to parameter of type 'Impl<"console">'.",
        ],
        "branches of two types": [
          "Argument of type 'Impl<"http">' is not assignable to parameter of type 'Impl<"kvRo">'.",
        ],
        "none": [
          "Expected 1-3 arguments, but got 0.",
        ],
        "right": [],
        "too few": [
          "Type 'Impl<Fn<["kvRo", "http"], "job">>' is not assignable to type 'Impl<"job">'.",
        ],
        "too many": [
          "Expected 1-3 arguments, but got 4.",
        ],
        "wrong type": [
          "Argument of type 'Impl<"kvRo">' is not assignable to parameter of type 'Impl<"console">'.",
        ],
        "wrong type, later": [
          "Argument of type 'Impl<"http">' is not assignable to parameter of type 'Impl<"kvRo">'.",
        ],
      }
    `)
  })
})
