// Each fault of the double, as the real client package sees it: most of them it does not notice at all.

import type { Page } from "playwright-core"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { eventually } from "../support/page.ts"
import type { Fault } from "../support/webcontainer/double.ts"
import { type ClientPage, useClients } from "./double-page.ts"

declare const client: ClientPage
/** How the boot ended, if it has. */
declare const boot: { ended?: string }

const clients = useClients()
let page: Page

beforeEach(async () => {
  clients.double.fault = undefined
  page = await clients.open()
})

afterEach(async () => {
  await page.context().close()
})

/** Begin to boot, and do not wait for it. */
const begin = (): Promise<void> =>
  page.evaluate(() => {
    const boot: { ended?: string; errors: string[] } = { errors: [] }
    Object.assign(window, { boot })
    void client.WebContainer.boot({ coep: "require-corp" }).then(
      (container) => {
        client.container = container
        container.on("error", ({ message }) => boot.errors.push(message))
        boot.ended = "up"
      },
      (e: Error) => {
        boot.ended = e.message
      },
    )
  })

const ended = (): Promise<string | undefined> => page.evaluate(() => boot.ended)
const errors = (): Promise<string[]> => page.evaluate(() => (boot as unknown as { errors: string[] }).errors)

async function bootWith(fault: Fault): Promise<void> {
  clients.double.fault = fault
  await begin()
  await eventually(ended).toBe("up")
}

describe("a boot", () => {
  it.each(["no-corp", "no-coep"] as const)("with %s is refused by the browser, and never ends", async (tag) => {
    clients.double.fault = { tag }
    const refused = page.waitForEvent("requestfailed", (request) => request.url().includes("/headless"))
    await begin()
    expect((await refused).failure()?.errorText).toBe("net::ERR_BLOCKED_BY_RESPONSE")
    expect(await ended()).toBeUndefined()
  })

  it("of a page that is not there never ends", async () => {
    clients.double.fault = { tag: "404" }
    const answer = page.waitForResponse((response) => response.url().includes("/headless"))
    await begin()
    expect((await answer).status()).toBe(404)
    expect(await ended()).toBeUndefined()
  })

  it("of a page that says nothing never ends", async () => {
    clients.double.fault = { tag: "never-answers" }
    const before = clients.double.requests.length
    await begin()
    await eventually(() => clients.double.requests.slice(before).map(({ path }) => path)).toContain("/ready")
    expect(await ended()).toBeUndefined()
  })

  it("that is slow ends when it is let", async () => {
    let release = (): void => {}
    clients.double.fault = { tag: "slow", until: new Promise<void>((resolve) => (release = resolve)) }
    const before = clients.double.requests.length
    await begin()
    await eventually(() => clients.double.requests.slice(before).map(({ path }) => path)).toContain("/ready")
    expect(await ended()).toBeUndefined()
    release()
    await eventually(ended).toBe("up")
  })

  it("that is refused says why", async () => {
    clients.double.fault = { tag: "refuses", message: "this key is not for this site" }
    await begin()
    await eventually(ended).toBe("this key is not for this site")
  })
})

describe("a container that dies", () => {
  it.each([
    ["with-error", ["the double died"]],
    ["silent", []],
  ] as const)("after its boot, %s, answers nothing any more", async (how, said) => {
    await bootWith({ tag: "dies-after-boot", how })
    const before = clients.double.calls.length
    await page.evaluate(() => {
      void client.container.fs.readdir("/").finally(() => Object.assign(boot, { ended: "answered" }))
    })
    await eventually(() => clients.double.calls.slice(before).map(({ name }) => name)).toContain("fs.readdir")
    await eventually(errors).toEqual(said)
    expect(await ended()).toBe("up")
  })

  it("in the middle of a run leaves its output without an end", async () => {
    await bootWith({ tag: "dies-mid-run", after: "two", how: "with-error" })
    const found = await page.evaluate(async () => {
      const process = await client.container.spawn("node", [
        "-e",
        `console.log("one two"); setInterval(() => {}, 1000)`,
      ])
      const reader = process.output.getReader()
      const first = (await reader.read()).value
      void reader.read().finally(() => Object.assign(boot, { ended: "read" }))
      void process.exit.finally(() => Object.assign(boot, { ended: "exited" }))
      return first
    })
    expect(found).toBe("one two\n")
    await eventually(errors).toEqual(["the double died"])
    expect(await ended()).toBe("up")
  })
})

/** What a program printed, piece by piece, and how it ended. */
const pieces = (command: string, args: string[], input = "") =>
  page.evaluate(
    async ({ command, args, input }) => {
      const process = await client.container.spawn(command, args)
      if (input !== "") await process.input.getWriter().write(input)
      const pieces: string[] = []
      await process.output.pipeTo(new WritableStream({ write: (piece) => void pieces.push(piece) }))
      return { pieces, code: await process.exit }
    },
    { command, args, input },
  )

describe("a process", () => {
  it("that is killed ends, and the container goes on", async () => {
    await bootWith({ tag: "process-killed", after: "half" })
    const killed = await pieces("node", ["-e", `console.log("half"); setInterval(() => {}, 1000)`])
    expect(killed).toEqual({ pieces: ["half\n"], code: 137 })
    expect(await pieces("node", ["-e", `console.log("whole")`])).toEqual({ pieces: ["whole\n"], code: 0 })
  })

  it("whose output comes in bytes is spoilt beyond ASCII, since the client decodes each piece by itself", async () => {
    await bootWith({ tag: "one-byte-chunks" })
    const found = await pieces("node", ["-e", `console.log("caf\u00e9")`])
    expect(found.pieces).toEqual(["c", "a", "f", "\ufffd", "\ufffd", "\n"])
  })

  it("whose input comes back prints it twice", async () => {
    await bootWith({ tag: "echo" })
    const found = await pieces("head", ["-n", "1"], "apples\n")
    expect(found.pieces.join("")).toBe("apples\napples\n")
  })
})
