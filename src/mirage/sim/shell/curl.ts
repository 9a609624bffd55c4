// curl: its output, its words when something goes wrong, and its exit codes. The browser pane's GET is here too.

import * as Lwt from "../../lwt/lwt.ts"
import { error, ok, type Result } from "../../result.ts"
import * as Cstruct from "../../wire/cstruct.ts"
import * as Ipaddr from "../../wire/ipaddr.ts"
import type { HttpResponseMessage } from "../../wire/http-head.ts"
import type { Fetched } from "../observation.ts"
import type { Command, Machine, Terminal } from "./command.ts"
import { type ExchangeError, exchange } from "./exchange.ts"
import type { Options } from "./options.ts"
import { parseUrl, type Url } from "./url.ts"

const VERSION = "curl/7.88.1"
const TRY = "curl: try 'curl --help' or 'curl --manual' for more information"
/** How long the browser pane waits, in simulated seconds. */
const FETCH_TIMEOUT_S = 30

/** What curl fails with: libcurl's number and a sentence. */
interface Failure {
  readonly code: number
  readonly message: string
}

/** Something to ask of a server. */
interface Wanted {
  readonly url: Url
  readonly method: string
  /** In order, as they are sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
  /** Simulated seconds for everything together. */
  readonly timeoutS: number | undefined
  /** What -v shows. */
  readonly note: (line: string) => void
}

/** curl. */
export const curl: Command = {
  name: "curl",
  synopsis: "[-iIvsf] [-o file] [-X method] [-d data] [-H header] [-m seconds] url ...",
  summary: "fetch a page: -i with its headers, -v with everything that is said",
  details: [
    "  -i  print the response's headers too      -I  ask for the headers only (HEAD)",
    "  -v  show the conversation                 -s  no progress and no errors (-S: errors all the same)",
    "  -X  another method than GET               -d  send data (POST); @- is what comes through a pipe",
    "  -H  send a header, 'Accept: text/html'    -o  save the body; `cat` and `ls` show what was saved",
    "  -f  a status of 400 and above is an error -m  give up after so many seconds",
  ].join("\n"),
  options: {
    short: "iIvsSfX:d:H:o:m:A:",
    long: {
      include: "i",
      head: "I",
      verbose: "v",
      silent: "s",
      "show-error": "S",
      fail: "f",
      request: "X",
      data: "d",
      header: "H",
      output: "o",
      "max-time": "m",
      "user-agent": "A",
    },
  },
  badOption: (option, why) => {
    const shown = option.startsWith("-") ? option : `-${option}`
    return `curl: option ${shown}: ${why === "unknown" ? "is unknown" : "requires parameter"}\n${TRY}\n`
  },
  run(machine, options, terminal) {
    if (options.operands.length === 0) {
      terminal.complain(`curl: no URL specified!\n${TRY}\n`)
      return Lwt.return(2)
    }
    const timeout = options.value("m")
    if (timeout !== undefined && !(Number(timeout) > 0)) {
      terminal.complain(`curl: option -m: expected a proper numerical parameter\n${TRY}\n`)
      return Lwt.return(2)
    }
    return options.operands.reduce<Lwt.t<number>>(
      (before, text) => before.bind(() => transfer(machine, options, terminal, text)),
      Lwt.return(0),
    )
  },
}

/** One URL of the command line. */
function transfer(machine: Machine, options: Options, terminal: Terminal, text: string): Lwt.t<number> {
  const fail = ({ code, message }: Failure): Lwt.t<number> => {
    if (!options.has("s") || options.has("S")) terminal.complain(`curl: (${code}) ${message}\n`)
    return Lwt.return(code)
  }
  const wanted = wantedOf(options, terminal, text)
  if (!wanted.ok) return fail(wanted.error)
  return perform(machine, wanted.value).bind((answer) => {
    if (!answer.ok) return fail(answer.error)
    const response = answer.value
    if (options.has("f") && response.status >= 400)
      return fail({ code: 22, message: `The requested URL returned error: ${response.status}` })
    const output = options.value("o")
    const head = options.has("i") || options.has("I") ? showHead(response) : ""
    if (output === undefined) {
      terminal.print(head.replaceAll("\r\n", "\n") + Cstruct.toString(response.body))
    } else {
      const bytes = Cstruct.concat([Cstruct.ofString(head), response.body])
      if (output !== "/dev/null") machine.files.set(output, bytes)
      if (!options.has("s")) terminal.complain(`${bytes.length} bytes saved to ${output}\n`)
    }
    const closed = response.version === "1.0" || response.headers.get("connection") === "close"
    wanted.value.note(
      closed ? "* Closing connection 0" : `* Connection #0 to host ${wanted.value.url.host} left intact`,
    )
    return Lwt.return(0)
  })
}

function wantedOf(options: Options, terminal: Terminal, text: string): Result<Wanted, Failure> {
  const url = parseUrl(text)
  if (!url.ok) return url
  const data = options.values("d").map((d) => (d === "@-" ? Cstruct.toString(terminal.input ?? new Uint8Array(0)) : d))
  const body = Cstruct.ofString(data.join("&"))
  const posts = data.length > 0
  const own = options.values("H").flatMap((h): [string, string][] => {
    const colon = h.indexOf(":")
    return colon < 1 ? [] : [[h.slice(0, colon).trim(), h.slice(colon + 1).trim()]]
  })
  const headers: [string, string][] = [
    ["Host", url.value.authority],
    ["User-Agent", options.value("A") ?? VERSION],
    ["Accept", "*/*"],
  ]
  if (posts)
    headers.push(["Content-Length", String(body.length)], ["Content-Type", "application/x-www-form-urlencoded"])
  return ok({
    url: url.value,
    method: options.value("X") ?? (options.has("I") ? "HEAD" : posts ? "POST" : "GET"),
    headers: merge(headers, own),
    body,
    timeoutS: options.value("m") === undefined ? undefined : Number(options.value("m")),
    note: options.has("v") ? (line: string) => terminal.complain(`${line}\n`) : () => {},
  })
}

/** Headers of the reader's replace curl's; an empty one takes it away, as `-H 'Accept:'` does. */
function merge(
  preset: readonly (readonly [string, string])[],
  own: readonly (readonly [string, string])[],
): (readonly [string, string])[] {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  const kept = preset.map(
    ([name, value]): readonly [string, string] => own.find(([n]) => same(n, name)) ?? [name, value],
  )
  const added = own.filter(([name]) => !preset.some(([n]) => same(n, name)))
  return [...kept, ...added].filter(([, value]) => value !== "")
}

/** Look up, connect, ask, and read the answer. */
function perform(machine: Machine, wanted: Wanted): Lwt.t<Result<HttpResponseMessage, Failure>> {
  const { url, note, timeoutS } = wanted
  const began = machine.now()
  const elapsed = () => Math.round(machine.now() - began)
  const dst = machine.resolve(url.host)
  if (dst === undefined) return Lwt.return(error({ code: 6, message: `Could not resolve host: ${url.host}` }))
  let connected = false
  const address = Ipaddr.toString(dst)
  note(`*   Trying ${address}:${url.port}...`)
  const talk = machine.connect(dst, url.port).bind((connecting): Lwt.t<Result<HttpResponseMessage, Failure>> => {
    if (!connecting.ok) {
      const late = connecting.error.kind === "timeout"
      const why = late ? "Timeout was reached" : "Couldn't connect to server"
      note(`* connect to ${address} port ${url.port} failed: ${SYSTEM[connecting.error.kind]}`)
      const message = `Failed to connect to ${url.host} port ${url.port} after ${elapsed()} ms: ${why}`
      return Lwt.return(error({ code: late ? 28 : 7, message }))
    }
    connected = true
    note(`* Connected to ${url.host} (${address}) port ${url.port} (#0)`)
    const head = [`${wanted.method} ${url.target} HTTP/1.1`, ...wanted.headers.map(([n, v]) => `${n}: ${v}`)]
    for (const line of [...head, ""]) note(`> ${line}`)
    const connection = connecting.value
    const asking = exchange(connection, { head, body: wanted.body, method: wanted.method }).map((r) => {
      if (!r.ok) {
        note("* Closing connection 0")
        return error(describeProblem(r.error))
      }
      for (const line of showHead(r.value).split("\r\n").slice(0, -1)) note(`< ${line}`)
      return r
    })
    return Lwt.finalize(
      () => asking,
      () => {
        // Given up in the middle, nobody will read the rest.
        return Lwt.isSleeping(asking) ? connection.reset() : connection.close()
      },
    )
  })
  if (timeoutS === undefined) return talk
  const late = machine.time.sleep(timeoutS).map(
    (): Result<HttpResponseMessage, Failure> =>
      error({
        code: 28,
        message: connected
          ? `Operation timed out after ${elapsed()} milliseconds with 0 bytes received`
          : `Connection timed out after ${elapsed()} milliseconds`,
      }),
  )
  return Lwt.pick([talk, late])
}

const SYSTEM: Readonly<Record<"refused" | "timeout" | "no-route", string>> = {
  refused: "Connection refused",
  timeout: "Connection timed out",
  "no-route": "No route to host",
}

/** The response's head, with the empty line that ends it. */
function showHead({ version, status, reason, headers }: HttpResponseMessage): string {
  return [`HTTP/${version} ${status} ${reason}`, ...[...headers].map(([n, v]) => `${n}: ${v}`), "", ""].join("\r\n")
}

function describeProblem(problem: ExchangeError): Failure {
  switch (problem.kind) {
    case "empty":
      return { code: 52, message: "Empty reply from server" }
    case "reset":
      return { code: 56, message: "Recv failure: Connection reset by peer" }
    case "partial":
      return { code: 18, message: "transfer closed with outstanding read data remaining" }
    case "malformed":
      return problem.why === "bad-start-line" || problem.why === "bad-version"
        ? { code: 1, message: "Received HTTP/0.9 when not allowed" }
        : { code: 8, message: `Weird server reply: ${problem.why}` }
  }
}

/** GET as the browser pane does it. What curl would say when something goes wrong is the message. */
export function get(machine: Machine, text: string): Lwt.t<Fetched> {
  const url = parseUrl(text)
  if (!url.ok) return Lwt.return({ ok: false, message: url.error.message })
  const headers = [
    ["Host", url.value.authority],
    ["User-Agent", "Mozilla/5.0 (10.0.0.1)"],
    ["Accept", "*/*"],
    ["Connection", "close"],
  ] as const
  return perform(machine, {
    url: url.value,
    method: "GET",
    headers,
    body: new Uint8Array(0),
    timeoutS: FETCH_TIMEOUT_S,
    note: () => {},
  }).map((answer) => {
    if (!answer.ok) return { ok: false, message: answer.error.message }
    const { status, reason, headers, body } = answer.value
    return { ok: true, status, reason, headers: Object.fromEntries(headers), body }
  })
}
