// tcpdump: the frames that pass, a line each; with -X also their bytes.

import * as Lwt from "../../lwt/lwt.ts"
import type { FrameRow } from "../observation.ts"
import { type Command, getoptComplaint } from "./command.ts"

/** tcpdump. */
export const tcpdump: Command = {
  name: "tcpdump",
  synopsis: "[-c count] [-nX]",
  summary: "print the frames that pass, until Ctrl+C or so many",
  details: "With -X it prints their bytes too. Times are those of the simulation.",
  options: { short: "c:nXi:qv" },
  badOption: getoptComplaint("tcpdump", "Usage: tcpdump [-nX] [-c count]"),
  run(machine, options, terminal) {
    const count = options.value("c") === undefined ? Infinity : Number(options.value("c"))
    if (!(count >= 1)) {
      terminal.complain(`tcpdump: invalid packet count ${options.value("c")}\n`)
      return Lwt.return(1)
    }
    const link = "link-type EN10MB (Ethernet)"
    terminal.complain(`listening on ${machine.interface}, ${link}, snapshot length 262144 bytes\n`)
    const [done, stop] = Lwt.wait<void>()
    let captured = 0
    const end = machine.capture((row) => {
      if (captured >= count) return
      captured++
      terminal.print(showRow(row, options.has("X")))
      if (captured === count) Lwt.wakeupLater(stop)
    })
    return Lwt.finalize(
      () => Lwt.choose([done, terminal.interrupt]),
      () => Lwt.return(end()),
    ).map(() => {
      terminal.complain(`${captured} packet${captured === 1 ? "" : "s"} captured\n`)
      return 0
    })
  },
}

/** A frame as a line, and its bytes below it if wanted. */
export function showRow(row: FrameRow, bytes: boolean): string {
  const line = `${showTime(row.time)} ${row.protocol} ${row.from} > ${row.to}: ${row.info}\n`
  return bytes ? line + hexdump(row.bytes) : line
}

/** Hours to microseconds since the simulation began. */
export function showTime(ms: number): string {
  const micro = Math.round(ms * 1000)
  const two = (n: number) => String(n % 60).padStart(2, "0")
  const seconds = Math.floor(micro / 1e6)
  const clock = `${String(Math.floor(seconds / 3600)).padStart(2, "0")}:${two(Math.floor(seconds / 60))}:${two(seconds)}`
  return `${clock}.${String(micro % 1e6).padStart(6, "0")}`
}

/** As `tcpdump -X`: offset, eight pairs of bytes, and the ones that can be printed. */
export function hexdump(bytes: Uint8Array): string {
  let text = ""
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((b) => b.toString(16).padStart(2, "0"))
    let pairs = ""
    for (let i = 0; i < hex.length; i += 2) pairs += ` ${hex[i]}${hex[i + 1] ?? ""}`
    const ascii = row.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : ".")).join("")
    text += `\t0x${at.toString(16).padStart(4, "0")}: ${pairs.padEnd(40)}  ${ascii}\n`
  }
  return text
}
