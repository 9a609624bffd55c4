// `mirage run --net socket` as people run it: a process, on the host's sockets, with curl as its client.

import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type Running, start, type StartOptions } from "../support/command.ts"
import { type PackageFolder, packageFolder } from "../support/mirage-package.ts"
import { pattern } from "../support/tcp-pair.ts"

const ROOT = join(import.meta.dirname, "../..")
const CLONE = join(ROOT, "bin/mirage.mjs")
const PAGE = readFileSync(join(ROOT, "src/unikernels/static-website/htdocs/index.html"), "utf8")
const SERVING = /Listening on http:\/\/127\.0\.0\.1:(\d+)\//

let folder: PackageFolder
beforeAll(async () => {
  folder = await packageFolder()
})
afterAll(() => folder.remove())

let running: Running[] = []
afterEach(async () => {
  for (const { child } of running) child.kill("SIGKILL")
  await Promise.all(running.map(({ ended }) => ended))
  running = []
})

function command(args: readonly string[], options: StartOptions = {}, script: string = folder.command): Running {
  // Who is killed cannot tidy up: what it leaves goes with the folder.
  const env = { TMPDIR: join(folder.path, "tmp"), ...options.env }
  const one = start(process.execPath, [script, ...args], { cwd: folder.path, ...options, env })
  running.push(one)
  return one
}

const sample = (name: string): string => join(folder.path, "unikernels", name)

/** Run what is in the folder `cwd`, on a port that is free; resolves when it listens. */
async function serve(
  cwd: string,
  args: readonly string[] = [],
  { script, ...options }: StartOptions & { readonly script?: string } = {},
): Promise<Running & { url: string; port: number }> {
  const server = command(["run", "--net", "socket", "--port", "0", ...args], { ...options, cwd }, script)
  const [, port] = await server.until(SERVING)
  return { ...server, url: `http://127.0.0.1:${port}`, port: Number(port) }
}

async function curl(...args: string[]): Promise<string> {
  const one = start("curl", ["-sS", "--max-time", "30", ...args])
  const { code } = await one.ended
  if (code !== 0) throw new Error(one.err())
  return one.out()
}

/** A website whose application is `callback`. */
function website(name: string, callback: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  return folder.project(name, {
    "config.ts": `import { defaultConsole, directStackv4WithDefaultIpv4, fn, foreign, http, httpServer, job, register, tap0 } from "mirage/config"
const server = httpServer(80, directStackv4WithDefaultIpv4(defaultConsole, tap0))
register("${name}", [foreign("Unikernel.Main", fn(http, job)).$(server)])
`,
    "unikernel.ts": `import { type HTTP_SERVER, type HttpRequest, type HttpResponse, Lwt, OS } from "mirage"
export const Main = <S>(Http: HTTP_SERVER<S>) => ({
  start: (http: S): Lwt.t<void> => Http.listen(http, {
    callback: (connId: number, request: HttpRequest): Lwt.t<HttpResponse> => {
      ${callback}
    },
  }),
})
void OS
`,
    ...files,
  })
}

describe.each([
  ["in a clone", () => CLONE],
  ["as a package", () => folder.command],
  ["as npx finds it", () => join(folder.path, "node_modules/.bin/mirage")],
])("the command, %s", (_where, script) => {
  it("serves the static website until Ctrl+C", async () => {
    const server = await serve(sample("static-website"), [], { script: script() })
    expect(await curl("-i", server.url)).toBe(
      `HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: ${PAGE.length}\r\n\r\n${PAGE}`,
    )
    expect(await curl("-i", `${server.url}/nope`)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/)
    expect(await curl("-I", `${server.url}/style.css`)).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/css\r\n/)
    server.child.kill("SIGINT")
    expect(await server.ended).toEqual({ code: 0, signal: null })
    expect(server.out()).toBe("[1] GET /\n[1] closed\n[2] GET /nope\n[2] closed\n[3] HEAD /style.css\n[3] closed\n")
    expect(server.err()).toBe(
      `Listening on ${server.url}/, which is port 80 of the unikernel\nStopping: no more connections are taken.\n`,
    )
  })

  it("says its version and how to use it", async () => {
    const version = command(["--version"], {}, script())
    expect(await version.ended).toEqual({ code: 0, signal: null })
    expect(version.out()).toMatch(/^mirage \d+\.\d+\.\d+ \(Node v\d+\.\d+\.\d+\)\n$/)
    const help = command(["help", "run"], {}, script())
    expect(await help.ended).toEqual({ code: 0, signal: null })
    expect(help.out()).toContain("--port N")
  })
})

describe("the samples", () => {
  it("console runs to its end", async () => {
    const { ended, out, err } = command(["run", "-f", "unikernels/console/config.ts"])
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(out()).toBe(`${"\x1b[31mhello\x1b[m\n".repeat(5)}\x1b[32mworld\x1b[m\n`)
    expect(err()).toBe("")
  })

  it("console that is stopped has not ended", async () => {
    const { child, until, ended } = command(["run"], { cwd: sample("console") })
    await until(/hello/)
    child.kill("SIGINT")
    expect(await ended).toEqual({ code: 130, signal: null })
  })

  it.each([
    [["--net", "socket"], "over the host's sockets there is no network card"],
    [[], "this version of the command has no network cards, only the host's sockets: npx mirage run --net socket"],
  ])("custom-stack wants a network card (%j)", async (args, message) => {
    const { ended, err } = command(["run", ...args], { cwd: sample("custom-stack") })
    expect(await ended).toEqual({ code: 1, signal: null })
    const lines = readFileSync(join(sample("custom-stack"), "config.ts"), "utf8").split("\n")
    const line = lines.findIndex((text) => text.startsWith("const main = foreign(")) + 1
    expect(line).toBeGreaterThan(0)
    expect(err()).toContain(`config.ts:${line}:1: ConfigError: netif("tap0"): ${message}`)
  })
})

describe("a server on the host's sockets", () => {
  it("keeps a connection for the next request", async () => {
    const { url } = await serve(sample("static-website"))
    const connects = await curl("-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects} ", url, `${url}/style.css`)
    expect(connects).toBe("1 0 ")
  })

  it("answers twenty at once", async () => {
    const { url } = await serve(sample("static-website"))
    const pages = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).text()))
    expect(new Set(pages)).toEqual(new Set([PAGE]))
  })

  it("sends and takes 5 MB intact", async () => {
    const big = pattern(5 * 1024 * 1024)
    const cwd = website(
      "big",
      `return request.method === "POST" ? Http.respond({ body: request.body }) : Http.respondString({ body: String(connId) })`,
    )
    const { url } = await serve(cwd)
    const response = await fetch(url, { method: "POST", body: new Uint8Array(big) })
    const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")
    expect(sha(new Uint8Array(await response.arrayBuffer()))).toBe(sha(big))
  })

  it("survives a client that goes away in the middle of a page", async () => {
    const cwd = folder.project("download", {
      ...Object.fromEntries(
        ["config.ts", "unikernel.ts"].map((name) => [name, readFileSync(join(sample("static-website"), name))]),
      ),
      "htdocs/big.bin": pattern(20 * 1024 * 1024),
      "htdocs/index.html": PAGE,
    })
    const { url, port, until, err } = await serve(cwd, ["-l", "debug"])
    const client = connect(port, "127.0.0.1")
    await new Promise((resolve) => client.once("connect", resolve))
    client.write("GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    await new Promise((resolve) => client.once("data", resolve))
    client.resetAndDestroy()
    await until(/\[1\] closed/)
    expect(await curl(url)).toBe(PAGE)
    expect(err()).toMatch(/\[socket\] 127\.0\.0\.1:\d+ has reset the connection/)
    expect(err()).not.toContain("Error")
  })

  it("takes PORT and NET as the deck has them, and the port of a key", async () => {
    const config = readFileSync(join(sample("static-website"), "config.ts"), "utf8")
    const cwd = folder.project("keys", {
      "config.ts": `import { key } from "mirage/config"\n${config.replace("httpServer(80,", 'httpServer(key("port", 80),')}`,
      "unikernel.ts": readFileSync(join(sample("static-website"), "unikernel.ts")),
      "htdocs/index.html": PAGE,
    })
    const port = await freePort()
    const server = command(["run"], { cwd, env: { NET: "socket", PORT: String(port) } })
    await server.until(SERVING)
    expect(server.err()).toBe(`Listening on http://127.0.0.1:${port}/\n`)
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe(PAGE)
  })

  it("listens where it is told to", async () => {
    const server = await serve(sample("static-website"), ["--", "--ipv4", "0.0.0.0"])
    expect(server.err()).toContain(`/, and at this host's other addresses, which is port 80 of the unikernel\n`)
    expect(await curl(`http://127.0.0.2:${server.port}/`)).toBe(PAGE)
  })

  it("says once that an edit counts from the next start", async () => {
    const cwd = website("edited", `return Http.respondString({ body: "before" })`)
    const { url, err, until } = await serve(cwd)
    for (const edit of ["after", "later"]) folder.project("edited", { "unikernel.ts": edit, "notes.txt": edit })
    await until(/has changed/)
    expect(await curl(url)).toBe("before")
    expect(err().match(/.* has changed.*/g)).toEqual([
      "unikernel.ts has changed: stop with Ctrl+C and run again to use it.",
    ])
  })

  it("does not wait for ever for a client to read, and not at all when asked twice", async () => {
    const temporary = join(folder.path, "stopped")
    mkdirSync(temporary)
    const stalled = async (): Promise<Running> => {
      const cwd = website("stalled", `return Http.respond({ body: new Uint8Array(64 * 1024 * 1024) })`)
      const server = await serve(cwd, [], { env: { TMPDIR: temporary } })
      const client: Socket = connect(server.port, "127.0.0.1")
      client.on("error", () => {})
      client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      await new Promise((resolve) => client.once("readable", resolve))
      return server
    }
    const patient = await stalled()
    patient.child.kill("SIGTERM")
    expect(await patient.ended).toEqual({ code: 0, signal: null })
    const hurried = await stalled()
    hurried.child.kill("SIGINT")
    await hurried.until(/Stopping/)
    hurried.child.kill("SIGINT")
    expect(await hurried.ended).toEqual({ code: 130, signal: null })
    // Neither has left anything behind.
    expect(readdirSync(temporary)).toEqual([])
  })
})

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe("a port that cannot be had", () => {
  it("is in use", async () => {
    const { port } = await serve(sample("static-website"))
    const { ended, err } = command(["run", "--net", "socket", "--port", String(port)], {
      cwd: sample("static-website"),
    })
    expect(await ended).toEqual({ code: 1, signal: null })
    expect(err()).toBe(
      `Port ${port} (tcp) of 127.0.0.1 is in use: something listens there already. Choose another: npx mirage run --net socket --port ${port + 1}\n`,
    )
  })

  const restricted = Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8")) > 80
  it.skipIf(!restricted)("is the administrator's", async () => {
    // An administrator who tests has to be somebody else.
    const uid = process.getuid?.() === 0 ? { uid: 65534 } : {}
    const { ended, err } = command(["run", "-f", "unikernels/static-website", "--net", "socket"], uid)
    expect(await ended).toEqual({ code: 1, signal: null })
    expect(err()).toBe(
      "Port 80 (tcp) may not be opened: this host keeps ports below 1024 for its administrator. Choose another: npx mirage run -f unikernels/static-website --net socket --port 8080\n",
    )
  })

  it("is at an address of somebody else's", async () => {
    const { ended, err } = command(["run", "--net", "socket", "--", "--ipv4", "10.255.255.1"], {
      cwd: sample("static-website"),
    })
    expect(await ended).toEqual({ code: 1, signal: null })
    expect(err()).toBe(
      "10.255.255.1 is no address of this host. Choose one: npx mirage run --net socket -- --ipv4 127.0.0.1\n",
    )
  })
})

describe("a mistake of the reader's", () => {
  const fails = async (cwd: string, args: readonly string[] = []): Promise<string> => {
    const { ended, err } = command(["run", "--net", "socket", "--port", "0", ...args], { cwd })
    expect(await ended).toEqual({ code: 1, signal: null })
    return err()
  }

  it("in the syntax, in two files", async () => {
    const cwd = folder.project("syntax", {
      "config.ts": 'import "./a.ts"\nimport "./b.ts"\n',
      "a.ts": "export const a = (1 + 2\n",
      "b.ts": "export const b: number = 1\nenum Colour { Red }\n",
    })
    expect(await fails(cwd)).toMatch(/^error, a\.ts:\d+:\d+: .+\nerror, b\.ts:2:1: An enum is not only a type, .+\n$/)
  })

  it("in an import of a file, and of a name", async () => {
    const unikernel = (text: string): string =>
      folder.project("import", { ...helloConfig, "unikernel.ts": text, "other.ts": "export const there = 1" })
    expect(await fails(unikernel(`import { x } from "./othr.ts"\nexport const Main = () => x`))).toBe(
      'error, unikernel.ts:1:19: There is no cell "othr.ts". Did you mean "./other.ts"? The cells are config.ts, other.ts.\n',
    )
    expect(await fails(unikernel(`import { Lwt, OSS } from "mirage"\nexport const Main = () => [Lwt, OSS]`))).toBe(
      'unikernel.ts:1:15: import error: "mirage" does not export OSS. Did you mean OS?\n',
    )
  })

  it("in the configuration, in the module, and as it runs", async () => {
    const cwd = (text: string): string => folder.project("runs", { ...helloConfig, "unikernel.ts": text })
    expect(await fails(cwd("export const Mian = 1"))).toBe(
      "config.ts:2:1: ConfigError: unikernel.ts has no export Main (it exports Mian). Write: export const Main = (…) => ({ start: (…) => … })\n",
    )
    const throws = `interface Wide { readonly type: string }\nexport const Main = (C: Wide) => ({\n  start: (c: Wide) => deeper(c),\n})\nconst deeper = (c: Wide): never => {\n  throw new RangeError("too wide")\n}\n`
    expect(await fails(cwd(throws))).toBe("unikernel.ts:6:9: RangeError: too wide\n    from start, unikernel.ts:3:23\n")
  })

  it("in a callback: the client gets a 500, and the next one is served", async () => {
    const cwd = website(
      "callback",
      `if (request.path === "/bad") throw new TypeError("no such page")\n      return Http.respondString({ body: "fine" })`,
    )
    const { url, err, until } = await serve(cwd)
    expect(await curl("-i", `${url}/bad`)).toMatch(/^HTTP\/1\.1 500 /)
    await until(/TypeError/)
    expect(await curl(url)).toBe("fine")
    expect(err()).toContain("unikernel.ts:5:42: TypeError: no such page\n")
  })

  it("in a timer of the host's: it ends what does not serve", async () => {
    const timer = 'setTimeout(() => {\n  throw new Error("late")\n}, 1)\n'
    const late = folder.project("late", {
      ...helloConfig,
      "unikernel.ts": `import { Lwt } from "mirage"\n${timer}export const Main = (_: unknown) => ({ start: (_c: unknown) => Lwt.ofPromise(new Promise(() => {})) })\n`,
    })
    expect(await fails(late)).toBe("unikernel.ts:3:9: Error: late\n")
    const serving = website("late-server", `${timer}return Http.respondString({ body: "up" })`)
    const { url, until } = await serve(serving)
    await curl(url)
    await until(/unikernel\.ts:6:9: Error: late/)
    expect(await curl(url)).toBe("up")
  })

  it("comes before what the program has left for its end", async () => {
    const cwd = folder.project("farewell", {
      ...helloConfig,
      "unikernel.ts": `import { Lwt, LwtMain, OS } from "mirage"
LwtMain.atExit(() => OS.Time.sleep(0.01).map(() => console.log("farewell")))
export const Main = (_: unknown) => ({ start: (_c: unknown) => Lwt.failWith("early") })
`,
    })
    const { ended, out, err } = command(["run"], { cwd })
    expect(await ended).toEqual({ code: 1, signal: null })
    expect([out(), err()]).toEqual(["farewell\n", expect.stringContaining("Failure: early")])
  })

  it("is to wait for what cannot come", async () => {
    const cwd = folder.project("forever", {
      ...helloConfig,
      "unikernel.ts": `import { Lwt } from "mirage"\nexport const Main = (_: unknown) => ({ start: (_c: unknown) => Lwt.wait<void>()[0] })\n`,
    })
    expect(await fails(cwd)).toMatch(/^Deadlock: the program waits for ever/)
  })

  it("is to stand in the wrong folder", async () => {
    const here = folder.project("empty/www", { "config.ts": "" })
    expect(await fails(join(here, ".."))).toBe(
      "There is no config.ts here. There is www/config.ts, to be run with -f www/config.ts.\n",
    )
    expect(await fails(here)).toBe(
      'config.ts registers no unikernel. A configuration ends with: register("name", [main.$(…)])\n',
    )
  })
})

const helloConfig = {
  "config.ts": `import { console, defaultConsole, fn, foreign, job, register } from "mirage/config"
register("hello", [foreign("Unikernel.Main", fn(console, job)).$(defaultConsole)])
`,
}
