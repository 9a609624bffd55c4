// The guest in a WebContainer: `node node_modules/mirage/guest.mjs FOLDER`, started by stream-guest.ts in the folder of a
// project. It speaks over its standard streams (wire.ts), and links modules as files of FOLDER.
//
// The library OS is not sent: it is the package that this file is part of, so that what the reader's program imports as
// "mirage" is the very module that the guest boots.

import { readFileSync, writeSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { Readable } from "node:stream"
import { startGuest } from "../guest.ts"
import { nodePlatform } from "../node-platform.ts"
import type { ToGuest } from "../protocol.ts"
import { HELLO, WireReader, writeMessage } from "./wire.ts"

const STDOUT = 1
const project = process.cwd()
const { stdin } = process
// A terminal that waits for whole lines would wait for ever, and cut the long ones.
if (stdin.isTTY) stdin.setRawMode(true)
stdin.setEncoding("latin1")
// Nobody is left to run for.
stdin.on("end", () => process.exit())
stdin.on("error", () => process.exit())

// The first line is the nonce: it is nowhere that the program, or a child of its, could look.
let line = ""
stdin.on("data", function first(text: string) {
  line += text
  const end = line.search(/[\r\n]/)
  if (end === -1) return
  stdin.off("data", first)
  begin(line.slice(0, end), line.slice(end + 1))
})

function begin(nonce: string, rest: string): void {
  const post = (message: unknown): void => writeMessage(message, nonce, "<", writeOut)
  const receive = startGuest({ ...nodePlatform(resolve(process.argv[2]!), post), installed: installed() })
  const reader = new WireReader(nonce, ">", {
    message(message) {
      const one = message as ToGuest
      if (one.tag === "run") enter(dirname(one.program.entry))
      receive(one)
    },
    foreign() {},
    broken: () => process.exit(1),
  })
  stdin.on("data", (text: string) => reader.push(text))
  // The program's own standard input is empty.
  Object.defineProperty(process, "stdin", { value: Readable.from([]) })
  post(HELLO)
  reader.push(rest)
}

/** The library's modules in this package: name to URL. */
function installed(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as {
    exports: Record<string, string>
  }
  return Object.fromEntries(
    Object.entries(exports).map(([path, file]) => [`mirage${path.slice(1)}`, new URL(file, import.meta.url).href]),
  )
}

/** Relative paths are those of the entry's folder: there lie a unikernel's `htdocs`. */
function enter(folder: string): void {
  try {
    process.chdir(join(project, folder))
  } catch {
    // It is not mounted: the program has all it needs in its modules.
  }
}

const waiting = new Int32Array(new SharedArrayBuffer(4))

/** Write to the process's own output, at once: the program may go on into an endless loop. */
function writeOut(text: string): void {
  let bytes: Uint8Array = Buffer.from(text, "latin1")
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(STDOUT, bytes))
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EAGAIN") return process.exit(1)
      // Whoever reads is behind.
      Atomics.wait(waiting, 0, 0, 1)
    }
  }
}
