// The world as the guest sees it: booting, serving, frames, exceptions, and several things at once.

import { describe, expect, it } from "vitest"
import {
  console,
  crunch,
  defaultConsole,
  directStackv4WithDefaultIpv4,
  directStackv4WithStaticIpv4,
  fn,
  foreign,
  http,
  httpServer,
  job,
  key,
  netif,
  network,
  register,
  stackv4,
  tap0,
} from "../../../src/mirage/config.ts"
import { Cstruct, type HTTP_SERVER, Lwt, type NETWORK, OS, type STACKV4 } from "../../../src/mirage/mirage.ts"
import { start } from "../../../src/mirage/host.ts"
import { boot } from "../../unikernels/boot.ts"

const unikernel = (Main: unknown) => ({ Unikernel: { Main } })
const stack = () => directStackv4WithDefaultIpv4(defaultConsole, tap0)

/** A web server that does what `answer` says. */
const website = (answer: (path: string) => Lwt.t<string>, port: Parameters<typeof httpServer>[0] = 80) =>
  [
    () => register("www", [foreign("Unikernel.Main", fn(http, job)).$(httpServer(port, stack()))]),
    unikernel((S: HTTP_SERVER<unknown>) => ({
      start: (s: unknown) =>
        S.listen(s, { callback: (_, { path }) => answer(path).bind((body) => S.respondString({ body })) }),
    })),
  ] as const

describe("serving", () => {
  it("is told once, with the ports that the stack listens to", async () => {
    const main = foreign("Unikernel.Main", fn(stackv4, job))
    const Main = <S, I, U, T, F>(S: STACKV4<S, I, U, T, F>) => ({
      start: (s: S) => {
        for (const port of [8080, 80]) S.listenTcpv4(s, { port }, (flow) => S.TCPV4.close(flow))
        S.listenUdpv4(s, { port: 53 }, () => Lwt.return(undefined))
        return S.listen(s)
      },
    })
    let told = 0
    const booted = await boot(() => register("x", [main.$(stack())]), unikernel(Main))
    booted.world.onServing(() => told++)
    expect(await booted.serving).toEqual({ name: "x", address: "10.0.0.2", ports: [80, 8080] })
    await booted.sh("ping -c 2 10.0.0.2")
    expect(told).toBe(1)
  })

  it("has the address that was configured", async () => {
    const config = { address: "10.0.0.77", netmask: "255.255.255.0", gateways: [] }
    const s = () => directStackv4WithStaticIpv4(defaultConsole, netif("eth3"), config)
    const Main = (S: STACKV4<unknown, unknown, unknown, unknown, unknown>) => ({ start: (s: unknown) => S.listen(s) })
    const booted = await boot(
      () => register("x", [foreign("Unikernel.Main", fn(stackv4, job)).$(s())]),
      unikernel(Main),
    )
    expect(await booted.serving).toMatchObject({ address: "10.0.0.77", ports: [] })
    expect(await booted.sh("ping -c 1 10.0.0.77")).toContain("1 received")
    expect(await booted.sh("ping -c 1 unikernel")).toContain("PING unikernel (10.0.0.77)")
    expect(await booted.sh("ping -c 1 X")).toContain("PING X (10.0.0.77)")
  })

  it("is told of a machine without an address as well", async () => {
    const seen: number[] = []
    const Main = (N: NETWORK<unknown>) => ({
      start: (n: unknown) =>
        N.listen(n, (frame) => {
          seen.push(frame.length)
          return Lwt.return(undefined)
        }),
    })
    const booted = await boot(
      () => register("sniffer", [foreign("Unikernel.Main", fn(network, job)).$(tap0)]),
      unikernel(Main),
    )
    expect(await booted.serving).toEqual({ name: "sniffer", address: "0.0.0.0", ports: [] })
    await booted.sh("ping -c 1 -W 1 10.0.0.2")
    expect(seen.length).toBeGreaterThan(0)
  })

  it("does not happen for one that has ended", async () => {
    const Main = (N: NETWORK<unknown>) => ({
      start: (n: unknown) => {
        void N.listen(n, () => Lwt.return(undefined))
        return Lwt.return(undefined)
      },
    })
    let served = false
    const booted = await boot(
      () => register("x", [foreign("Unikernel.Main", fn(network, job)).$(tap0)]),
      unikernel(Main),
    )
    booted.world.onServing(() => {
      served = true
    })
    await booted.ended
    await booted.sh("ping -c 1 10.0.0.9")
    expect(served).toBe(false)
  })

  it("is on the port that the environment says", async () => {
    const [configure, modules] = website(() => Lwt.return("hello\n"), key("port", 80))
    const booted = await boot(configure, modules, {}, { PORT: "8080" })
    expect(await booted.serving).toMatchObject({ ports: [8080] })
    expect(await booted.sh("curl 10.0.0.2:8080")).toBe("hello\n")
    const bad = await boot(configure, modules, {}, { PORT: "80800" })
    await expect(bad.ended).rejects.toThrow(
      /^world\.test\.ts:\d+: httpServer\(80800\): a port is a whole number from 1 to 65535$/,
    )
  })
})

describe("errors of a unikernel that serves", () => {
  it("are told, and it goes on", async () => {
    const [configure, modules] = website((path) => {
      if (path === "/throw") throw new Error("thrown")
      if (path === "/fail") return Lwt.failWith("failed")
      if (path === "/async") Lwt.async(() => Lwt.failWith("behind your back"))
      return Lwt.return("fine\n")
    })
    const { sh, serving, exceptions, ended } = await boot(configure, modules)
    await serving
    expect(await sh("curl -i 10.0.0.2/throw")).toMatch(/^HTTP\/1\.1 500 /)
    expect(await sh("curl -i 10.0.0.2/fail")).toMatch(/^HTTP\/1\.1 500 /)
    expect(await sh("curl 10.0.0.2/async")).toBe("fine\n")
    expect(await sh("curl 10.0.0.2/")).toBe("fine\n")
    expect(exceptions.map((e) => (e as Error).message)).toEqual([
      "thrown",
      expect.stringContaining("failed"),
      expect.stringContaining("behind your back"),
    ])
    expect(await Promise.race([ended, Promise.resolve("up")])).toBe("up")
  })

  it("end it if they are its own, and its machine leaves the network", async () => {
    const Main = (S: STACKV4<unknown, unknown, unknown, unknown, unknown>) => ({
      start: (s: unknown) => Lwt.pick([S.listen(s), OS.Time.sleep(2).bind(() => Lwt.failWith("power cut"))]),
    })
    const { sh, ended } = await boot(
      () => register("x", [foreign("Unikernel.Main", fn(stackv4, job)).$(stack())]),
      unikernel(Main),
    )
    await expect(ended).rejects.toThrow("power cut")
    expect(await sh("ping -c 1 10.0.0.2")).toContain("100% packet loss")
  })

  it("go to Lwt's own hook again when it has ended", async () => {
    const before = Lwt.asyncExceptionHook.get()
    let during: unknown
    const Main = (_: unknown) => ({
      start: (_n: unknown) => {
        during = Lwt.asyncExceptionHook.get()
        return Lwt.return(undefined)
      },
    })
    const { ended } = await boot(
      () => register("x", [foreign("Unikernel.Main", fn(network, job)).$(tap0)]),
      unikernel(Main),
    )
    await ended
    expect(during).not.toBe(before)
    expect(Lwt.asyncExceptionHook.get()).toBe(before)
  })
})

describe("frames", () => {
  it("come by instants, in order, each once", async () => {
    const [configure, modules] = website(() => Lwt.return("x".repeat(20_000)))
    const { world, serving } = await boot(configure, modules)
    const batches: number[][] = []
    world.onFrames((rows) => {
      expect(new Set(rows.map((r) => r.time)).size).toBe(1)
      batches.push(rows.map((r) => r.index))
    })
    await serving
    const fetched = await world.fetch("http://10.0.0.2/")
    expect(fetched.ok && fetched.body.length).toBe(20_000)
    const all = batches.flat()
    expect(all).toEqual(all.map((_, i) => (all[0] ?? 0) + i))
    expect(batches.some((b) => b.length > 1)).toBe(true)
  })

  it("make a file for Wireshark", async () => {
    const [configure, modules] = website(() => Lwt.return(""))
    const { world, serving } = await boot(configure, modules)
    await serving
    // The magic of a section header block: draft-ietf-opsawg-pcapng, 4.1.
    expect([...world.pcapng().subarray(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a])
  })
})

describe("several at once", () => {
  it("commands and fetches do not wait for each other", async () => {
    const [configure, modules] = website((path) => OS.Time.sleep(path === "/slow" ? 5 : 0.01).map(() => path))
    const { world, sh, serving } = await boot(configure, modules)
    await serving
    const order: string[] = []
    await Promise.all([
      sh("curl 10.0.0.2/slow").then((t) => order.push(t)),
      world.fetch("http://10.0.0.2/quick").then((f) => order.push(f.ok ? Cstruct.toString(f.body) : f.message)),
      sh("ping -c 2 10.0.0.2").then(() => order.push("ping")),
    ])
    expect(order).toEqual(["/quick", "ping", "/slow"])
  })
})

describe("a host that keeps real time", () => {
  it("wakes the world in the middle of a wait, and nothing takes longer for that", async () => {
    let waits = 0
    const world = start({
      print: () => {},
      // What is waited for long is interrupted after 400 ms of it, each time that something comes from outside.
      pace: (ms, wake) => (ms > 1000 ? wake.then(() => ++waits && 400) : Promise.resolve()),
      seed: 1,
    })
    const [configure, modules] = website(() => Lwt.return("hello\n"))
    const serving = new Promise<void>((resolve) => world.onServing(() => resolve()))
    configure()
    void world.boot(async () => modules.Unikernel, {})
    await serving
    const sh = async (line: string) => {
      let text = ""
      await world.shell(line, (t) => void (text += t), new Promise(() => {}))
      return text
    }
    await sh("ping -c 1 10.0.0.2")
    expect(await sh("ping -c 1 10.0.0.2")).toContain("time=0.500 ms")
    expect(await sh("curl 10.0.0.2:81")).toContain("after 1 ms")
    expect(waits).toBeGreaterThan(1)
  })
})

describe("console and files", () => {
  it("are the unikernel's own", async () => {
    const config = () => {
      const main = foreign("Unikernel.Main", fn(console, job))
      register("x", [main.$(defaultConsole)])
      crunch("not used, and so not linked")
    }
    const { ended } = await boot(
      config,
      unikernel((_: unknown) => ({ start: (_c: unknown) => Lwt.return(undefined) })),
    )
    await expect(ended).resolves.toBeUndefined()
  })
})
