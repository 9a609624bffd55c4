// The guest in a Node process, forked by node.ts. Its messages go over the IPC channel, which the reader's code does not
// get: what it writes to its standard output is output of the run, whatever it looks like.

import { Worker } from "node:worker_threads"
import { startGuest } from "./guest.ts"
import { nodePlatform } from "./node-platform.ts"
import type { FromGuest, ToGuest } from "./protocol.ts"

const send = process.send!.bind(process) as (message: FromGuest) => boolean
// Its folder is made and removed by node.ts, because nobody is asked before a process is killed.
const platform = nodePlatform(process.argv[2]!, (message) => void send(message))

// Whoever started us is gone: nobody is left to run for. In an endless loop only another thread can notice.
process.on("disconnect", () => process.exit())
new Worker(
  `const parent = process.ppid; setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000)`,
  { eval: true },
).unref()

const receive = startGuest(platform)
process.on("message", (message) => receive(message as ToGuest))
Object.defineProperty(process, "send", { value: undefined })
