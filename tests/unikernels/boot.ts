// A machine for tests: boots a configuration in virtual time, as fast as it goes.

import { readdirSync, readFileSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type FrameRow, type Serving, start, type World } from "../../src/mirage/host.ts"

const ROOT = fileURLToPath(new URL("../../src/unikernels/", import.meta.url))

/** What a booted unikernel did, and the world that it is in. */
export interface Booted {
  readonly world: World
  /** Settles when all jobs have ended. */
  readonly ended: Promise<void>
  /** Resolves when it serves. */
  readonly serving: Promise<Serving>
  /** What it has printed so far. */
  printed(): string
  readonly frames: FrameRow[]
  readonly exceptions: unknown[]
  /** A command on 10.0.0.1, to its end; what it printed. */
  sh(line: string): Promise<string>
}

/** A minute and more is nothing that a command waits for: only the stacks' own timers are that long. */
const LONG_MS = 60_000

/**
 * A world that prints into a string. Time passes at once, but stands still when there is nothing to do but to wait long:
 * between two commands of a test no ARP entry must grow old.
 */
export function newWorld(): { world: World; printed: () => string } {
  let text = ""
  const world = start({
    print: (t) => {
      text += t
    },
    pace: (ms, wake) => (ms > LONG_MS ? wake : Promise.resolve()),
    seed: 1,
  })
  return { world, printed: () => text }
}

/** Boot what `configure` registers. */
export async function boot(
  configure: () => unknown,
  modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Booted> {
  const { world, printed } = newWorld()
  const frames: FrameRow[] = []
  const exceptions: unknown[] = []
  world.onFrames((rows) => void frames.push(...rows))
  world.onAsyncException((e) => void exceptions.push(e))
  const serving = new Promise<Serving>((resolve) => world.onServing(resolve))
  await configure()
  const ended = world.boot(async (name) => modules[name], files, environment)
  ended.catch(() => {})
  const sh = async (line: string): Promise<string> => {
    let text = ""
    await world.shell(line, (t) => void (text += t), new Promise(() => {}))
    return text
  }
  return { world, ended, serving, printed, frames, exceptions, sh }
}

let copies = 0

/** Boot a folder of src/unikernels. */
export function bootSample(name: string, environment: Readonly<Record<string, string>> = {}): Promise<Booted> {
  const folder = `${ROOT}${name}/`
  // A fresh copy of config.ts each time: a module is evaluated once, and registering is what its evaluation does.
  const configure = () => import(/* @vite-ignore */ `${folder}config.ts?copy=${++copies}`)
  return import(/* @vite-ignore */ `${folder}unikernel.ts`).then((unikernel: Record<string, unknown>) =>
    boot(configure, { Unikernel: unikernel }, filesUnder(folder), environment),
  )
}

/** Every file of a folder and those below, as text, by its path from there. */
export function filesUnder(folder: string, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(folder)) {
    const path = `${folder}/${name}`
    if (statSync(path).isDirectory()) Object.assign(found, filesUnder(path, `${prefix}${name}/`))
    else found[prefix + name] = readFileSync(path, "utf8")
  }
  return found
}

/** Text with its colours as tags that can be read: `<red>hello</>`. */
export function tagged(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "31": "<red>",
    "32": "<green>",
    "33": "<yellow>",
    "34": "<blue>",
    "": "</>",
  }
  return Object.entries(names).reduce((t, [code, name]) => t.replaceAll(`\x1b[${code}m`, name), text)
}
