// "What lies under it": the numbers of the slide are those of under-a-server.json, and that was counted.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { boot } from "../../slides/data/image.ts"
import { type Counted, countLock, recount } from "../../slides/data/count.ts"
import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import * as OS from "../../src/mirage/os/os.ts"
import * as Learner from "../../src/mirage/sim/learner.ts"
import * as Netif from "../../src/mirage/sim/netif.ts"
import { get } from "../../src/mirage/sim/shell/curl.ts"
import { Switch } from "../../src/mirage/sim/switch.ts"
import type { NETWORK } from "../../src/mirage/signatures/network.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import * as Macaddr from "../../src/mirage/wire/macaddr.ts"

const root = join(import.meta.dirname, "../..")
const read = (path: string) => readFileSync(join(root, path), "utf8")
const counted = JSON.parse(read("slides/data/under-a-server.json")) as Counted
const slide = read("slides/02-how-servers-came-to-this.md")

describe("what lies under a server", () => {
  let again: Awaited<ReturnType<typeof recount>>
  beforeAll(async () => {
    again = await recount()
  }, 60_000)

  it("is, for Node, what the lock file says", () => {
    const { direct, packages, depth, ownLines } = counted.node
    expect(again.node).toEqual({ direct, packages, depth, ownLines })
  })

  it("is, for ours, what the image holds: nothing by others, and about as much as was recorded", () => {
    expect(again.mirage.packages).toBe(0)
    expect(counted.mirage.packages).toBe(0)
    // The library grows. Whoever makes it grow by a tenth runs slides/data/count.ts, and changes the slide.
    const near = (now: number, then: number) => expect(Math.abs(now - then) / then).toBeLessThan(0.1)
    near(again.mirage.image, counted.mirage.image)
    near(again.mirage.library, counted.mirage.library)
    near(again.mirage.sources.bytes, counted.mirage.sources.bytes)
  })

  it("is what the slides say", () => {
    const { node, mirage } = counted
    expect(slide).toContain(`service,npm packages,${node.packages},${node.installed.files},${node.installed.bytes}\n`)
    const own = Buffer.byteLength(read("slides/data/node-service/server.js"))
    expect(slide).toContain(`service,Our code,0,1,${own}\n`)
    // The two files of the website are in the image as well.
    expect(slide).toContain(`unikernel,"Whole image, TCP/IP too",0,${mirage.sources.files + 2},${mirage.image}\n`)
    expect(slide).toContain(`Counted on ${counted.date} `)
    expect(read("slides/04-unikernel-approach.md")).toContain(`has **${Math.round(mirage.image / 1000)} kB**`)
  })

  it("is under the server that the slide shows", () => {
    expect(slide).toContain(`\`\`\`js\n${read("slides/data/node-service/server.js")}\`\`\`\n`)
    expect(slide).toContain("**Nine lines**")
    expect(counted.node.ownLines).toBe(9)
  })

  it("is counted to the end: a package that nobody asks for is a mistake", () => {
    const packages = {
      "": { dependencies: { a: "1" } },
      "node_modules/a": { dependencies: { b: "1" } },
      "node_modules/a/node_modules/b": {},
    }
    expect(countLock({ packages })).toEqual({ direct: 1, packages: 2, depth: 2 })
    expect(() => countLock({ packages: { ...packages, "node_modules/c": {} } })).toThrow(
      "nobody asks for node_modules/c",
    )
    expect(() => countLock({ packages: { "": { dependencies: { a: "1" } } } })).toThrow("has none")
  })
})

it("the image that was counted boots, and serves", async () => {
  let plugged: ((sw: Switch) => void) | undefined
  const switched = new Promise<Switch>((resolve) => {
    plugged = resolve
  })
  const link = { latencyMs: 0.125 }
  const html = read("src/unikernels/static-website/htdocs/index.html")
  // Nothing else is waited for here than what somebody sends.
  const host = {
    print: () => {},
    pace: (ms: number, wake: Promise<void>) => (ms > 60_000 ? wake : Promise.resolve()),
    seed: 1,
  }
  const running = boot(
    host,
    (name) => {
      const sw = new Switch(OS.engine())
      const port = sw.connect({ name, mac: Macaddr.ofStringExn("02:00:00:00:00:02"), link })
      plugged?.(sw)
      return Netif.connect(port).map((r) =>
        r.ok ? { ok: true, value: { module: Netif as NETWORK<Netif.t> as NETWORK<unknown>, device: r.value } } : r,
      )
    },
    { "htdocs/index.html": html },
  )
  running.catch(() => {})
  const sw = await Promise.race([switched, running.then(() => Promise.reject(new Error("it ended")))])
  const learner = Learner.connect({
    engine: OS.engine(),
    port: sw.connect({ name: "learner", mac: Macaddr.ofStringExn("02:00:00:00:00:01"), link }),
    cidr: { address: Ipaddr.make(10, 0, 0, 1), bits: 24 },
    hosts: new Map(),
    capture: () => () => {},
  })
  const page = await OS.engine().attend(Lwt.bind(learner, (machine) => get(machine, "http://10.0.0.2/")))
  expect(page).toMatchObject({ ok: true, status: 200 })
})
