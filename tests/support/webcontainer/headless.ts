// The script of the double's `/headless` page, which the client puts into a hidden frame: the far side of the client's Comlink.
// It says `init`, builds instances, and passes what is asked of them to the test server.

import { Comlink } from "./comlink.js"
import { decodeMessage, encodeMessage, type ToPage, type ToServer } from "./wire.js"

type Output = (bytes: Uint8Array | null) => void
type Listener = (...args: unknown[]) => void

interface BuildOptions {
  readonly workdirName?: string
  readonly forwardPreviewErrors?: boolean | "exceptions-only"
}

/** The line to the server that one boot has. */
async function connect() {
  const socket = new WebSocket(new URL(`/boot${location.search}`, location.href.replace(/^http/, "ws")))
  socket.binaryType = "arraybuffer"
  const calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const outputs = new Map<number, { output: Output | undefined; exit: (code: number) => void }>()
  const watchers = new Map<number, Listener>()
  const listeners = new Map<string, Set<Listener>>()
  let dead = false
  let count = 0
  socket.addEventListener("message", ({ data }) => {
    if (dead) return
    const message = decodeMessage(new Uint8Array(data as ArrayBuffer)) as ToPage
    switch (message.tag) {
      case "answer":
        return calls.get(message.id)?.resolve(message.value)
      case "refusal":
        return calls.get(message.id)?.reject(new Error(message.message))
      case "output":
        return outputs.get(message.process)?.output?.(message.bytes)
      case "exit": {
        const process = outputs.get(message.process)
        process?.output?.(null)
        return process?.exit(message.code)
      }
      case "changed":
        return watchers.get(message.watcher)?.(message.event, message.file)
      case "event":
        for (const listener of listeners.get(message.name) ?? []) listener(...message.args)
        return
      case "dead":
        dead = true
    }
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve)
    socket.addEventListener("error", () => reject(new Error("the double's server does not answer")))
  })
  const send = (message: ToServer): void => {
    if (!dead) socket.send(encodeMessage(message))
  }
  return {
    outputs,
    watchers,
    listeners,
    send,
    /** A call whose answer is awaited; of a double that has died there is none, ever. */
    call(name: string, ...args: unknown[]): Promise<unknown> {
      const id = ++count
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve, reject })
        send({ tag: "call", id, name, args })
      }).finally(() => calls.delete(id))
    },
    hangUp: () => socket.close(),
  }
}

type Line = Awaited<ReturnType<typeof connect>>

function fileSystem(line: Line) {
  const passed = (name: string) => {
    return (...args: unknown[]): Promise<unknown> => line.call(`fs.${name}`, ...args)
  }
  return Comlink.proxy({
    readFile: passed("readFile"),
    writeFile: passed("writeFile"),
    readdir: passed("readdir"),
    mkdir: passed("mkdir"),
    rm: passed("rm"),
    rename: passed("rename"),
    async watch(path: string, options: unknown, listener: Listener) {
      const watcher = (await line.call("fs.watch", path, options)) as number
      line.watchers.set(watcher, listener)
      return Comlink.proxy({
        async close() {
          line.watchers.delete(watcher)
          line.send({ tag: "unwatch", watcher })
        },
      })
    },
  })
}

async function build(options: BuildOptions) {
  const line = await connect()
  const runtimeInfo = await line.call("build", options)
  return Comlink.proxy({
    fs: () => fileSystem(line),
    previewScript: () => "",
    runtimeInfo: () => runtimeInfo,
    setCredentials: (credentials: unknown) => line.call("setCredentials", credentials),
    loadFiles: (payload: Uint8Array, where: unknown) => line.call("loadFiles", payload, where),
    serialize: (path: string, how: unknown) => line.call("serialize", path, how),
    setPreviewScript: (source: string, how: unknown) => line.call("setPreviewScript", source, how),
    on(name: string, listener: Listener) {
      const known = line.listeners.get(name) ?? new Set()
      line.listeners.set(name, known.add(listener))
      return Comlink.proxy(() => void known.delete(listener))
    },
    // Standard output and error come merged: the client never hands listeners of their own over.
    async run(command: unknown, _stdout: undefined, _stderr: undefined, output: Output | undefined) {
      const process = (await line.call("run", command)) as number
      const onExit = new Promise<number>((exit) => line.outputs.set(process, { output, exit }))
      return Comlink.proxy({
        onExit,
        write: async (text: string) => line.send({ tag: "write", process, text }),
        kill: async () => line.send({ tag: "kill", process }),
        resize: async ({ cols, rows }: { cols: number; rows: number }) =>
          line.send({ tag: "resize", process, cols, rows }),
      })
    },
    async teardown() {
      await line.call("teardown")
      line.hangUp()
    },
  })
}

// The server answers when, and if, the double is to be there.
await fetch("/ready")
const { port1, port2 } = new MessageChannel()
Comlink.expose({ build }, port1)
parent.postMessage({ type: "init" }, "*", [port2])
