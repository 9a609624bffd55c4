// The double of a WebContainer, with the real client package in a real Chromium: what the sandbox's own tests rely on.

import { existsSync } from "node:fs"
import type { Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type ClientPage, serveClient, useClients } from "./double-page.ts"

declare const client: ClientPage

const clients = useClients()
let page: Page

/** A page that has booted. */
async function booted(): Promise<void> {
  page = await clients.open()
  await page.evaluate(async () => {
    client.container = await client.WebContainer.boot({ coep: "require-corp", workdirName: "mirage" })
  })
}

/** Run a Node program that is given as text. */
const node = (code: string, options?: { env?: Record<string, string>; cwd?: string }) =>
  page.evaluate(([code, options]) => client.outcome("node", ["-e", code], options), [code, options] as const)

describe("booting", () => {
  afterEach(async () => {
    await page.context().close()
  })

  it.each(["require-corp", "credentialless"] as const)("works in a page isolated by %s", async (coep) => {
    const other = await serveClient(clients.double, coep)
    page = await clients.open(other)
    const found = await page.evaluate(async (coep) => {
      client.configureAPIKey("a-key")
      const { workdir, path } = await client.WebContainer.boot({ coep, workdirName: "mirage" })
      return { workdir, path, isolated: crossOriginIsolated }
    }, coep)
    expect(found).toMatchObject({ workdir: expect.stringMatching(/\/home\/mirage$/), isolated: true })
    expect(found.path.split(":")[0]).toBe(`${found.workdir}/node_modules/.bin`)
    expect(clients.double.requests.findLast(({ path }) => path === "/headless")).toEqual({
      path: "/headless",
      query: { client_id: "a-key", coep, version: "1.6.4" },
      referer: other.url,
    })
    expect(clients.double.calls.findLast(({ name }) => name === "build")!.args).toMatchObject([
      { workdirName: "mirage" },
    ])
    await other.close()
  })

  it("is once a page, and again after a teardown, in a folder that is new", async () => {
    await booted()
    const found = await page.evaluate(async () => {
      const second = await client.WebContainer.boot().catch((e: Error) => e.message)
      const before = client.container.workdir
      await client.container.fs.writeFile("left.txt", "behind")
      await client.container.spawn("node", ["-e", "for(;;);"])
      client.container.teardown()
      client.container = await client.WebContainer.boot({ coep: "require-corp" })
      return { second, before, after: client.container.workdir, files: await client.container.fs.readdir("/") }
    })
    expect(found.second).toContain("Only a single WebContainer instance")
    expect(found.after).not.toBe(found.before)
    expect(found.files).toEqual([])
    expect(existsSync(found.before)).toBe(false)
  })

  it("of two pages gives each its own files and its own ports", async () => {
    await booted()
    const first = page
    await booted()
    const serve = async () => {
      const ready = new Promise((resolve) => client.container.on("server-ready", (port) => resolve(port)))
      await client.container.spawn("node", ["-e", `require("http").createServer().listen(8080)`])
      return ready
    }
    expect([await first.evaluate(serve), await page.evaluate(serve)]).toEqual([8080, 8080])
    expect(await first.evaluate(() => client.container.workdir)).not.toBe(
      await page.evaluate(() => client.container.workdir),
    )
    await first.context().close()
  })
})

describe("files", () => {
  beforeEach(booted)
  afterEach(async () => {
    await page.context().close()
  })

  it("are mounted as text, as bytes and as links, where they are told", async () => {
    const found = await page.evaluate(async () => {
      const { container } = client
      await container.mount({
        "a.txt": { file: { contents: "h\u00e9llo" } },
        empty: { directory: {} },
        bin: { directory: { raw: { file: { contents: new Uint8Array([0, 128, 255]) } } } },
        link: { file: { symlink: "a.txt" } },
      })
      await container.fs.mkdir("deep/er", { recursive: true })
      await container.mount({ "b.txt": { file: { contents: "below" } } }, { mountPoint: "deep/er" })
      return {
        text: await container.fs.readFile("/a.txt", "utf-8"),
        bytes: [...(await container.fs.readFile("bin/raw"))],
        link: await container.fs.readFile("link", "utf-8"),
        below: await container.fs.readFile("deep/er/b.txt", "utf-8"),
        exported: await container.export("."),
      }
    })
    expect(found).toMatchObject({ text: "h\u00e9llo", bytes: [0, 128, 255], link: "h\u00e9llo", below: "below" })
    expect(found.exported).toMatchObject({
      "a.txt": { file: { contents: "h\u00e9llo" } },
      empty: { directory: {} },
      link: { file: { symlink: "a.txt" } },
      deep: { directory: { er: { directory: { "b.txt": { file: { contents: "below" } } } } } },
    })
  })

  it("are written, listed, renamed, removed and watched", async () => {
    const found = await page.evaluate(async () => {
      const { fs } = client.container
      await fs.mkdir("/d")
      const changed = new Promise((resolve) => fs.watch("/d", (event, name) => resolve([event, name])))
      // The watcher is made by a call of its own, which is before this one.
      await fs.writeFile("/d/one.bin", new Uint8Array([1, 2, 3]))
      await fs.rename("/d/one.bin", "/two.bin")
      const listed = await fs.readdir("/", { withFileTypes: true })
      const before = listed.map((entry) => [entry.name, entry.isDirectory(), entry.isFile()])
      const bytes = [...(await fs.readFile("/two.bin"))]
      await fs.rm("/d", { recursive: true })
      const missing = await fs.readFile("/d/none", "utf-8").catch((e: Error) => e.message)
      return { before, bytes, after: await fs.readdir("/"), missing, changed: await changed }
    })
    expect(found).toEqual({
      before: [
        ["d", true, false],
        ["two.bin", false, true],
      ],
      bytes: [1, 2, 3],
      after: ["two.bin"],
      missing: "ENOENT: no such file or directory, open '/d/none'",
      changed: ["rename", "one.bin"],
    })
  })

  it("outside of the working directory are not reached, whichever way is tried", async () => {
    const found = await page.evaluate(async () => {
      const { container } = client
      await container.mount({ out: { file: { symlink: "/etc" } }, up: { file: { symlink: "../../.." } } })
      const said = async (tried: Promise<unknown>) => tried.then(String, (e: Error) => e.message)
      return [
        await said(container.fs.readFile("../../../../../etc/passwd", "utf-8")),
        await said(container.fs.readFile("out/passwd", "utf-8")),
        await said(container.fs.writeFile("up/tmp/x", "x")),
        await said(container.fs.readdir("up")),
        await said(container.fs.rm("..", { recursive: true })),
        await said(container.mount({ x: { file: { contents: "" } } }, { mountPoint: "../.." })),
        await said(container.spawn("ls", { cwd: "../.." })),
      ]
    })
    for (const said of found) expect(said).toContain("EACCES")
  })
})

describe("processes", () => {
  beforeAll(booted)
  afterAll(async () => {
    await page.context().close()
  })

  it("print both streams into one, in order, and end with their code", async () => {
    const code = `for (let i = 0; i < 3; i++) { console.log("out", i); console.error("err", i) }; process.exitCode = 7`
    expect(await node(code)).toEqual({ text: "out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\n", code: 7 })
  })

  it("print as they go, and hear what is written to them", async () => {
    const found = await page.evaluate(async () => {
      const program = `process.stdout.write("name? "); process.stdin.once("data", (d) => { console.log("hello " + d); process.exit() })`
      const process = await client.container.spawn("node", ["-e", program])
      const reader = process.output.getReader()
      const pieces = [(await reader.read()).value]
      await process.input.getWriter().write("Camel\n")
      for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value)
      return { pieces, code: await process.exit }
    })
    expect(found.pieces[0]).toBe("name? ")
    expect(found.pieces.slice(1).join("")).toBe("hello Camel\n\n")
    expect(found.code).toBe(0)
  })

  it("are killed in an endless loop, with all that they have started", async () => {
    const found = await page.evaluate(async () => {
      const program = `const { spawn } = require("child_process"); spawn(process.execPath, ["-e", "console.log('child'); for(;;);"], { stdio: "inherit" }); console.log("up"); setTimeout(() => { for(;;); }, 50)`
      const process = await client.container.spawn("node", ["-e", program])
      const reader = process.output.getReader()
      let text = ""
      while (!text.includes("child")) text += (await reader.read()).value
      const before = performance.now()
      process.kill()
      const code = await process.exit
      const ms = performance.now() - before
      const ended = await reader.read()
      return { code, ms, ended: ended.done }
    })
    expect(found).toMatchObject({ code: 137, ended: true })
    expect(found.ms).toBeLessThan(1000)
  })

  it("have an environment, a folder and a network of their own, and nothing of this machine's user", async () => {
    await page.evaluate(() => client.container.mount({ sub: { directory: {} } }))
    const { text } = await node(`console.log(JSON.stringify({ env: process.env, cwd: process.cwd() }))`, {
      env: { APPLES: "3" },
      cwd: "sub",
    })
    const workdir = await page.evaluate(() => client.container.workdir)
    const { env, cwd } = JSON.parse(text) as { env: Record<string, string>; cwd: string }
    expect(cwd).toBe(`${workdir}/sub`)
    expect(env).toMatchObject({ APPLES: "3", HOME: workdir.replace(/\/mirage$/, "") })
    expect(
      Object.keys(env).filter(
        (name) =>
          !/^(APPLES|PATH|HOME|SHELL|LANG|NODE_OPTIONS|npm_config_offline|npm_config_update_notifier|WEBCONTAINER_PORTS|PWD|_|OLDPWD|SHLVL)$/.test(
            name,
          ),
      ),
    ).toEqual([])
  })

  it("find programs of the project first, and say of an unknown one that it is", async () => {
    const found = await page.evaluate(async () => {
      const contents = `#!/usr/bin/env node\nconsole.log("mine", process.argv.slice(2))`
      await client.container.mount({ "tool.mjs": { file: { contents } } })
      await client.outcome("jsh", [
        "-c",
        "chmod +x tool.mjs && mkdir -p node_modules/.bin && ln -s ../../tool.mjs node_modules/.bin/tool",
      ])
      return [
        await client.outcome("tool", ["it's", "$HOME"]),
        await client.outcome("npx", ["tool"]),
        await client.outcome("no-such-tool"),
      ]
    })
    expect(found).toEqual([
      { text: `mine [ "it's", '$HOME' ]\n`, code: 0 },
      { text: "mine []\n", code: 0 },
      { text: "jsh: command not found: no-such-tool\n", code: 127 },
    ])
  })

  it("have a terminal when they are given one, which can be made larger", async () => {
    const found = await page.evaluate(async () => {
      const terminal = { cols: 70, rows: 20 }
      const process = await client.container.spawn("jsh", { terminal })
      const reader = process.output.getReader()
      const writer = process.input.getWriter()
      let text = ""
      const until = async (what: string) => {
        while (!text.includes(what)) text += (await reader.read()).value
      }
      await until("$ ")
      await writer.write("stty size; tty\n")
      await until("20 70")
      process.resize({ cols: 33, rows: 11 })
      // The shell tells the size when it next asks.
      for (let i = 0; !text.includes("11 33"); i++) {
        await writer.write(`stty size; echo "round "${i}\n`)
        await until(`\nround ${i}`)
      }
      await writer.write("exit 5\n")
      while (!(await reader.read()).done);
      return { text, code: await process.exit }
    })
    expect(found.code).toBe(5)
    // What was typed is echoed, as a terminal does, and lines end as on a terminal.
    expect(found.text).toContain("stty size; tty\r\n")
    expect(found.text).toMatch(/\/dev\/pts\/\d+\r\n/)
  })

  it("without a terminal know that there is none, and nothing is echoed", async () => {
    const found = await page.evaluate(async () => {
      const process = await client.container.spawn("cat")
      const reader = process.output.getReader()
      await process.input.getWriter().write("once\n")
      const first = await reader.read()
      process.kill()
      const rest = await reader.read()
      return [first.value, rest.done]
    })
    expect(found).toEqual(["once\n", true])
    expect((await node("console.log(process.stdin.isTTY, process.stdout.isTTY)")).text).toBe("undefined undefined\n")
  })
})
