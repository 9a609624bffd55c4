// Booting: how a configuration meets the reader's modules, and every way in which they do not fit.

import { describe, expect, it } from "vitest"
import {
  blockOfFile,
  console,
  crunch,
  customConsole,
  defaultConsole,
  defaultRandom,
  defaultTime,
  directKvRo,
  directStackv4WithDhcp,
  fatOfFiles,
  fn,
  foreign,
  http,
  httpServer,
  ifImpl,
  job,
  key,
  kvRo,
  kvRoOfFs,
  network,
  random,
  register,
  socketStackv4,
  tap0,
  time,
  typ,
} from "../../../src/mirage/config.ts"
import { ConfigError } from "../../../src/mirage/host.ts"
import {
  type CONSOLE,
  error,
  type KV_RO,
  Lwt,
  type NETWORK,
  ok,
  OS,
  type RANDOM,
  type TIME,
} from "../../../src/mirage/mirage.ts"
import { boot, newWorld } from "../../unikernels/boot.ts"

const ended = async (...args: Parameters<typeof boot>): Promise<string> => {
  const { ended, printed } = await boot(...args)
  await ended
  return printed()
}

const helloConfig = () => register("hello", [foreign("Unikernel.Main", fn(console, job)).$(defaultConsole)])
const unikernel = (Main: unknown) => ({ Unikernel: { Main } })

describe("booting", () => {
  it("applies functors to modules, and start to devices", async () => {
    const configure = () => {
      const main = foreign("Unikernel.Main", fn(console, time, random, job))
      register("x", [main.$(customConsole("c"), defaultTime, defaultRandom)])
    }
    const Main = <C>(C: CONSOLE<C>, Time: TIME, Random: RANDOM) => ({
      start: (c: C, t: undefined, r: undefined) => {
        expect([c, t, r]).toEqual([{ name: "c" }, undefined, undefined])
        return Time.sleep(2).map(() => C.log(c, `${OS.Clock.now()} ${Random.int(1)}`))
      },
    })
    expect(await ended(configure, unikernel(Main))).toBe("2000 0\n")
  })

  it("starts a functor of no devices", async () => {
    let started = 0
    const Main = () => ({
      start: () => {
        started++
        return Lwt.return(undefined)
      },
    })
    expect(await ended(() => register("noop", [foreign("Unikernel.Main", job)]), unikernel(Main))).toBe("")
    expect(await ended(() => register("empty", []), {})).toBe("")
    expect(started).toBe(1)
  })

  it("connects a shared device once, before those that need it, and none that nobody needs", async () => {
    const order: string[] = []
    const Log = (name: string) => (C: CONSOLE<unknown>) => ({
      connect: (c: unknown) => {
        order.push(name)
        C.log(c, name)
        return Lwt.return(ok(name))
      },
    })
    const Main = (_A: unknown, _B: unknown) => ({
      start: (a: string, b: string) => {
        order.push(`${a}+${b}`)
        return Lwt.return(undefined)
      },
    })
    const configure = () => {
      const log = typ("log")
      const one = foreign("One.Make", fn(console, log)).$(defaultConsole)
      const two = foreign("Two.Make", fn(console, log)).$(defaultConsole)
      foreign("Three.Make", fn(console, log)).$(defaultConsole)
      const main = foreign("Unikernel.Main", fn(log, log, job))
      register("x", [main.$(two, one), main.$(one, one)])
    }
    const modules = { One: { Make: Log("one") }, Two: { Make: Log("two") }, ...unikernel(Main) }
    expect(await ended(configure, modules)).toBe("two\none\n")
    expect(order).toEqual(["two", "one", "two+one", "one+one"])
  })

  it("runs jobs at the same time and ends with the last", async () => {
    const configure = () => {
      const hello = foreign("Unikernel.Main", fn(console, job))
      register("x", [hello.$(customConsole("a")), hello.$(customConsole("b"))])
    }
    const Main = (C: CONSOLE<{ name: string }>) => ({
      start: (c: { name: string }) => {
        C.log(c, `${c.name} starts`)
        return OS.Time.sleep(c.name === "a" ? 2 : 1).map(() => C.log(c, `${c.name} ends at ${OS.Clock.now()}`))
      },
    })
    expect(await ended(configure, unikernel(Main))).toBe("a starts\nb starts\nb ends at 1000\na ends at 2000\n")
  })

  it("goes down with the first job that fails, and cancels the others", async () => {
    let cancelled = false
    const configure = () => {
      const hello = foreign("Unikernel.Main", fn(console, job))
      register("x", [hello.$(customConsole("a")), hello.$(customConsole("b"))])
    }
    const Main = (_: unknown) => ({
      start: (c: { name: string }) => {
        if (c.name === "b") return OS.Time.sleep(1).bind(() => Lwt.failWith("out of cheese"))
        const [p] = Lwt.task<void>()
        Lwt.onCancel(p, () => {
          cancelled = true
        })
        return p
      },
    })
    await expect((await boot(configure, unikernel(Main))).ended).rejects.toThrow("out of cheese")
    expect(cancelled).toBe(true)
  })

  it("passes on what start throws, as it is", async () => {
    class Mine extends Error {}
    const Main = (_: unknown) => ({
      start: (_c: unknown) => {
        throw new Mine("mine")
      },
    })
    await expect((await boot(helloConfig, unikernel(Main))).ended).rejects.toBeInstanceOf(Mine)
  })

  it("knows when a machine without a network waits for ever", async () => {
    const Main = (_: unknown) => ({ start: (_c: unknown) => Lwt.wait<void>()[0] })
    await expect((await boot(helloConfig, unikernel(Main))).ended).rejects.toThrow("waits for ever")
  })

  it("decides keys by the environment", async () => {
    const configure = () => {
      const a = customConsole("a")
      register("x", [foreign("Unikernel.Main", fn(console, job)).$(ifImpl(key("verbose", false), a, defaultConsole))])
    }
    const Main = (C: CONSOLE<{ name: string }>) => ({ start: (c: { name: string }) => C.logS(c, c.name) })
    expect(await ended(configure, unikernel(Main))).toBe("0\n")
    expect(await ended(configure, unikernel(Main), {}, { VERBOSE: "true" })).toBe("a\n")
  })
})

describe("files", () => {
  const Main = (C: CONSOLE<unknown>, K: KV_RO<unknown>) => ({
    start: (c: unknown, k: unknown) =>
      K.mem(k, "a.txt").bind((mem) =>
        K.read(k, "a.txt", 0, 9).map((r) =>
          C.log(c, `${mem} ${r.ok ? new TextDecoder().decode(r.value) : r.error.kind}`),
        ),
      ),
  })
  const configure = (make: (folder: string) => ReturnType<typeof crunch>, folder: string) => () =>
    register("x", [foreign("Unikernel.Main", fn(console, kvRo, job)).$(defaultConsole, make(folder))])

  it.each([
    ["htdocs", { "htdocs/a.txt": "A" }],
    ["./htdocs/", { "htdocs/a.txt": new Uint8Array([65]), "a.txt": "not this" }],
    [".", { "a.txt": "A" }],
    ["../x/htdocs", { "x/htdocs/a.txt": "A" }],
  ])("crunch(%j) has its folder's", async (folder, files) => {
    expect(await ended(configure(crunch, folder), unikernel(Main), files)).toBe("true A\n")
    expect(await ended(configure(directKvRo, folder), unikernel(Main), files)).toBe("true A\n")
  })

  it("a folder without files is refused, with what there is", async () => {
    const { ended } = await boot(configure(crunch, "./html"), unikernel(Main), { "htdocs/a.txt": "A", "b.css": "" })
    await expect(ended).rejects.toThrow(
      /^boot\.test\.ts:\d+: crunch\("\.\/html"\): there are no files in \.\/html\. The unikernel's files are htdocs\/a\.txt, b\.css$/,
    )
    await expect((await boot(configure(crunch, "x"), unikernel(Main))).ended).rejects.toThrow("files are none")
  })
})

describe("what cannot be booted", () => {
  const failure = async (configure: () => unknown, modules: Parameters<typeof boot>[1]): Promise<string> => {
    const e: unknown = await (await boot(configure, modules)).ended.then(
      () => "booted",
      (e: unknown) => e,
    )
    expect(e).toBeInstanceOf(ConfigError)
    return (e as Error).message.replace(/^boot\.test\.ts:\d+: /, "@ ")
  }

  it("nothing registered", async () => {
    expect(await failure(() => {}, {})).toBe(
      "there is nothing to boot: config.ts ends with register(name, [main.$(…)])",
    )
  })

  it("twice", async () => {
    const { world } = newWorld()
    helloConfig()
    const load = async () => ({ Main: (C: CONSOLE<unknown>) => ({ start: (c: unknown) => C.logS(c, "x") }) })
    await world.boot(load, {})
    await expect(world.boot(load, {})).rejects.toThrow('"hello" has been booted already')
  })

  it("names the line of foreign", async () => {
    let line = 0
    const configure = () => {
      const main = foreign("Unikernel.Main", fn(console, job))
      line = Number(/boot\.test\.ts:(\d+)/.exec(new Error().stack ?? "")?.[1]) - 1
      register("hello", [main.$(defaultConsole)])
    }
    const e: unknown = await (await boot(configure, {})).ended.catch((e: unknown) => e)
    expect((e as ConfigError).at).toEqual({ file: "boot.test.ts", line })
  })

  it("a module that is not there, and one that fails to load", async () => {
    expect(await failure(helloConfig, {})).toBe(
      '@ there is no module Unikernel: foreign("Unikernel.Main") is the export Main of a file unikernel.ts next to config.ts',
    )
    const { world } = newWorld()
    helloConfig()
    await expect(world.boot(() => Promise.reject(new SyntaxError("mine")), {})).rejects.toThrow(SyntaxError)
  })

  it.each([
    [{}, "unikernel.ts has no export Main. Write: export const Main = (…) => ({ start: (…) => … })"],
    [
      { main: 1, start: 2 },
      "unikernel.ts has no export Main (it exports main, start). Write: export const Main = (…) => ({ start: (…) => … })",
    ],
    [
      { Main: { start: 1 } },
      "Main in unikernel.ts is no function but of type object. A functor is a function from modules to a module",
    ],
    [{ Main: null }, "Main in unikernel.ts is no function but null. A functor is a function from modules to a module"],
    [
      { Main: (_C: unknown, _N: unknown) => ({}) },
      "Unikernel.Main is a functor of 2 modules in unikernel.ts, but the configuration gives it 1 (console). Make fn(…) and Main(…) agree",
    ],
    [
      { Main: () => ({}) },
      "Unikernel.Main is a functor of no modules in unikernel.ts, but the configuration gives it 1 (console). Make fn(…) and Main(…) agree",
    ],
    [
      { Main: (_C: unknown) => undefined },
      "Unikernel.Main(…) gave undefined instead of a module. Return an object: { start: (…) => … }",
    ],
    [
      { Main: (_C: unknown) => ({ begin: 1 }) },
      'Unikernel.Main(…) has no function "start". A unikernel ends with: return { start: (device1) => … }',
    ],
    [
      { Main: (_C: unknown) => ({ start: () => Lwt.return(undefined) }) },
      "start of Unikernel.Main takes no devices, but the configuration gives it 1 (console)",
    ],
    [
      { Main: (_C: unknown) => ({ start: (_c: unknown, _n: unknown) => Lwt.return(undefined) }) },
      "start of Unikernel.Main takes 2 devices, but the configuration gives it 1 (console)",
    ],
    [
      { Main: (_C: unknown) => ({ start: async (_c: unknown) => {} }) },
      "start of Unikernel.Main gave a JavaScript Promise instead of an Lwt promise. Write it with Lwt.bind, or wrap it in Lwt.ofPromise",
    ],
    [
      { Main: (_C: unknown) => ({ start: (_c: unknown) => {} }) },
      "start of Unikernel.Main gave nothing instead of an Lwt promise. End it with Lwt.return(…), or return the promise it makes",
    ],
    [
      { Main: (_C: unknown) => ({ start: (_c: unknown) => 1 }) },
      "start of Unikernel.Main gave a number instead of an Lwt promise. End it with Lwt.return(…), or return the promise it makes",
    ],
  ])("a module that does not fit: %#", async (Unikernel, message) => {
    expect(await failure(helloConfig, { Unikernel })).toBe(`@ ${message}`)
  })

  it("a device of the reader's that refuses, or cannot be connected", async () => {
    const configure = () => {
      const cache = typ("cache")
      const made = foreign("Cache.Make", fn(console, cache)).$(defaultConsole)
      register("x", [foreign("Unikernel.Main", fn(cache, job)).$(made)])
    }
    const Main = (_: unknown) => ({ start: (_c: unknown) => Lwt.return(undefined) })
    const cache = (module: unknown) => ({ Cache: { Make: (_C: unknown) => module }, ...unikernel(Main) })
    const refuse = () => Lwt.return(error({ kind: "full", message: "the cache is full" }))
    expect(await failure(configure, cache({ connect: refuse }))).toBe("@ Cache.Make: the cache is full")
    expect(await failure(configure, cache({ start: 1 }))).toBe(
      '@ Cache.Make(…) has no function "connect", which a cache needs',
    )
    expect(await failure(configure, cache({ connect: () => 1 }))).toBe(
      "@ connect of Cache.Make gave a number instead of an Lwt promise. End it with Lwt.return(…), or return the promise it makes",
    )
  })

  it("a device that this version does not have: it says what to use", async () => {
    const Main = (_: unknown) => ({ start: (_d: unknown) => Lwt.return(undefined) })
    const kv = (k: ReturnType<typeof crunch>) => () => register("x", [foreign("Unikernel.Main", fn(kvRo, job)).$(k)])
    expect(await failure(kv(kvRoOfFs(fatOfFiles({ dir: "./htdocs" }))), unikernel(Main))).toBe(
      '@ fatOfFiles("./htdocs", "*"): FAT is not part of this version of the library OS. Use crunch("./htdocs") instead',
    )
    const server = (s: Parameters<typeof httpServer>[1]) => () =>
      register("x", [foreign("Unikernel.Main", fn(http, job)).$(httpServer(80, s))])
    expect(await failure(server(directStackv4WithDhcp(defaultConsole, tap0)), unikernel(Main))).toBe(
      "@ directStackv4WithDhcp: DHCP is not part of this version of the library OS, and nobody on this network would answer. Use directStackv4WithDefaultIpv4(defaultConsole, tap0)",
    )
    expect(await failure(server(socketStackv4(defaultConsole, ["0.0.0.0"])), unikernel(Main))).toBe(
      '@ socketStackv4("0.0.0.0"): it needs the sockets of a host such as Node, and a cell has none. Use directStackv4WithDefaultIpv4(defaultConsole, tap0)',
    )
    const disk = () => register("x", [foreign("Unikernel.Main", fn(typ("block"), job)).$(blockOfFile("disk.img"))])
    expect(await failure(disk, unikernel(Main))).toBe(
      '@ blockOfFile("disk.img"): block devices are not part of this version of the library OS. Use crunch for files',
    )
  })
})

describe("a network card", () => {
  it("is plugged in for the unikernel alone, and gone when that has ended", async () => {
    const configure = () => register("x", [foreign("Unikernel.Main", fn(network, job)).$(tap0)])
    const Main = (N: NETWORK<unknown>) => ({
      start: (n: unknown) => {
        expect(N.mac(n)).toBe(0x020000000002)
        expect(N.mtu(n)).toBe(1500)
        return Lwt.return(undefined)
      },
    })
    const { ended, sh } = await boot(configure, unikernel(Main))
    await ended
    expect(await sh("ping -c 1 10.0.0.2")).toContain("Destination Host Unreachable")
  })
})
