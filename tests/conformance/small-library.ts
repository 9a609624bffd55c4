// A library OS of forty lines, with the doors of the real one: what a sandbox must do with a library, without what the
// library does. The real one is run in the sandbox by tests/content.

import type { LibraryModule } from "../../src/sandbox/protocol.ts"

const SHARED = `
export const state = { made: 0 }
`

const MIRAGE = `
import { state } from "mirage/shared/state";
export const print = (text) => state.host.print(text)
export const sleep = (seconds) => state.host.pace(seconds * 1000, new Promise(() => {}))
export const atExit = (f) => { state.atExit = f }
export const promise = () => {
  const site = state.threads?.where()
  if (site !== undefined) state.threads.f({ tag: "made", id: state.made++, time: 0, site, waitsFor: [] })
}
export const seed = () => state.host.seed
// A word of our own that looks like an import: import { state } from "mirage/shared/state"
export const advice = 'import { state } from "mirage/shared/state"'
`

const CONFIG = `
import { state } from "mirage/shared/state";
export const register = (name, moduleName) => {
  state.registration = { name, moduleName }
}
`

const CHECK = `
import { state } from "mirage/shared/state";
export const check = (name, body) => (state.checks ??= []).push({ name, body })
export const printed = () => state.heard
export const differ = (expected, got) => { throw Object.assign(new Error("not the same"), { compared: { expected, got } }) }
`

const HOST = `
import { state } from "mirage/shared/state";
export const Checks = {
  count: () => (state.checks ?? []).length,
  heard: (text) => { state.heard = (state.heard ?? "") + text },
  async run(tell) {
    for (const { name, body } of state.checks) {
      try { await body(); tell({ name }) }
      catch (thrown) {
        const { compared, message } = thrown
        tell({ name, failure: compared === undefined ? { tag: "thrown", thrown } : { tag: "assertion", message, compared } })
      }
    }
  },
}
export const awaitable = (x) => {
  if (typeof x?.[Symbol.iterator] !== "function") throw new TypeError("to be waited for: " + x)
  return x
}
const nothing = () => {}
export function start(host) {
  state.host = host
  const told = { serving: nothing, frames: nothing, exception: nothing }
  const unikernel = (files) => ({
    files,
    frames: (rows) => told.frames(rows),
    misconfigured(file, line) {
      throw Object.assign(new Error("wrong"), { at: { file, line }, stack: "" })
    },
    exception: (thrown) => told.exception(thrown),
    serve() {
      told.serving({ name: state.registration.name, address: "10.0.0.2", ports: [80] })
      return new Promise(nothing)
    },
  })
  return {
    registration: () => state.registration,
    async boot(load, files) {
      const [moduleName, name] = state.registration.moduleName.split(".")
      const module = await load(moduleName)
      if (module === undefined) throw new Error("there is no module " + moduleName)
      await module[name](unikernel(files))
    },
    exit: async () => { await state.atExit?.() },
    onServing: (f) => { told.serving = f },
    onFrames: (f) => { told.frames = f },
    onThreads: (where, f) => { state.threads = { where, f } },
    onAsyncException: (f) => { told.exception = f },
    async shell(line, onText, interrupt) {
      if (line === "crash") throw new Error("the shell crashed")
      onText("$ " + line + "\\n")
      if (line !== "wait") return
      await interrupt
      onText("^C\\n")
    },
    async fetch(url) {
      if (!url.startsWith("http://10.0.0.2/")) throw new Error("no route to " + url)
      return { ok: true, status: 200, reason: "OK", headers: { "content-type": "text/html" }, body: new Uint8Array([60, 62]) }
    },
  }
}
`

/** The library's modules, in no particular order. */
export const SMALL_LIBRARY: readonly LibraryModule[] = [
  { name: "mirage/host", code: HOST },
  { name: "mirage", code: MIRAGE },
  { name: "mirage/shared/state", code: SHARED },
  { name: "mirage/config", code: CONFIG },
  { name: "mirage/check", code: CHECK },
]
