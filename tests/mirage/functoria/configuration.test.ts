// Configurations as their authors write them, and what they are told when they are wrong.

import { afterEach, describe, expect, it } from "vitest"
import {
  addToPackages,
  blockOfFile,
  console,
  crunch,
  customConsole,
  defaultConsole,
  directStackv4WithDefaultIpv4,
  directStackv4WithDhcp,
  directStackv4WithStaticIpv4,
  fatOfFiles,
  fn,
  foreign,
  http,
  httpServer,
  type Impl,
  ifImpl,
  job,
  key,
  kvRo,
  kvRoOfFs,
  main as mainOf,
  matchImpl,
  netif,
  network,
  register,
  socketStackv4,
  tap0,
} from "../../../src/mirage/config.ts"
import { dotOf } from "../../../src/mirage/functoria/dot.ts"
import { type Graph, graphOf, labelOf } from "../../../src/mirage/functoria/graph.ts"
import { ConfigError } from "../../../src/mirage/functoria/location.ts"
import { forget, registration } from "../../../src/mirage/functoria/register.ts"
import { show } from "../../../src/mirage/os/show.ts"

afterEach(forget)

/** What the type checker would not have let through. */
const wrong = (x: unknown) => x as never

const website = () => {
  const stack = directStackv4WithDefaultIpv4(defaultConsole, tap0)
  const main = foreign("Unikernel.Main", fn(console, kvRo, http, job))
  register("www", [main.$(defaultConsole, crunch("./htdocs"), httpServer(80, stack))])
}

const graph = (environment = {}, choices: "make" | "keep" = "make"): Graph => {
  const r = registration()
  if (r === undefined) throw new Error("nothing registered")
  return graphOf(r, environment, { choices })
}

const labels = (g: Graph) => g.nodes.map(labelOf)

describe("register", () => {
  it("keeps name, jobs, packages and place", () => {
    expect(registration()).toBeUndefined()
    addToPackages(["re", "uri"])
    addToPackages(["re"])
    website()
    expect(registration()).toMatchObject({ name: "www", packages: ["re", "uri"] })
    expect(registration()?.jobs).toHaveLength(1)
    expect(registration()?.at?.file).toBe("configuration.test.ts")
  })

  it("happens once", () => {
    website()
    expect(website).toThrow(
      /^configuration\.test\.ts:\d+: register\("www", …\): configuration\.test\.ts:\d+: "www" is registered already\. Put all jobs into one register$/,
    )
  })

  it("wants jobs with all their devices", () => {
    const main = foreign("Unikernel.Main", fn(console, network, job))
    expect(() => register("a", [wrong(main)])).toThrow(
      "Unikernel.Main still lacks 2 devices: console, network. Apply it with .$(…)",
    )
    expect(() => register("a", [wrong(main.$(defaultConsole))])).toThrow(
      "Unikernel.Main.$(defaultConsole) still lacks a device: network. Apply it with .$(…)",
    )
    expect(() => register("a", [wrong(tap0)])).toThrow('netif("tap0") is a network, not a job')
    expect(() => register("a", [wrong("job")])).toThrow("string is no job. Write [main.$(…)]")
    expect(() => register("a", wrong(main))).toThrow("takes an array of jobs: [main.$(…)]")
    expect(() => register("my site", [])).toThrow('register("my site", …): a unikernel\'s name is letters')
    expect(registration()).toBeUndefined()
  })
})

describe("foreign", () => {
  it("names a module and its export", () => {
    for (const bad of ["Unikernel", "unikernel.Main", ".Main", "A.B.C", ""])
      expect(() => foreign(bad, job)).toThrow(/^configuration\.test\.ts:\d+: foreign\(".*", …\): write the module and/)
    expect(mainOf).toBe(foreign)
  })
})

describe(".$", () => {
  const main = foreign("Unikernel.Main", fn(console, kvRo, job))

  it("applies all at once or a few at a time, to the same graph", () => {
    register("a", [main.$(defaultConsole, crunch("x"))])
    const whole = dotOf(graph())
    forget()
    register("a", [main.$(defaultConsole).$(crunch("x"))])
    expect(dotOf(graph())).toBe(whole)
  })

  it("does not change what it is applied to", () => {
    const some = main.$(defaultConsole)
    some.$(crunch("a"))
    register("a", [some.$(crunch("b"))])
    expect(labels(graph())).toContain('crunch("b")')
    expect(labels(graph())).not.toContain('crunch("a")')
  })

  it("says which device is wrong, where, and what was expected", () => {
    const at = /^configuration\.test\.ts:\d+: /
    expect(() => main.$(wrong(tap0))).toThrow(
      'Unikernel.Main takes a console as its 1st device, but was given netif("tap0"), a network. Unikernel.Main is console @-> kvRo @-> job',
    )
    expect(() => main.$(wrong(tap0))).toThrow(at)
    expect(() => main.$(defaultConsole).$(wrong(defaultConsole))).toThrow(
      "takes a kvRo as its 2nd device, but was given defaultConsole, a console",
    )
    expect(() => main.$(defaultConsole, wrong(fatOfFiles({ dir: "htdocs" })))).toThrow(
      'but was given fatOfFiles("htdocs", "*"), an fs',
    )
    expect(() => (main.$ as (...d: unknown[]) => void)(defaultConsole, crunch("x"), tap0)).toThrow(
      'Unikernel.Main takes 2 devices, but was given a 3rd: netif("tap0"), a network',
    )
    expect(() => (main.$ as () => void)()).toThrow("Unikernel.Main.$() was given no device")
    expect(() => main.$(wrong("console"))).toThrow("was given string, which is no device")
    expect(() => (defaultConsole as unknown as { $(d: unknown): void }).$(tap0)).toThrow(
      "defaultConsole is a device, not a functor: there is nothing to apply it to",
    )
    expect(() => main.$(wrong(undefined))).toThrow(ConfigError)
  })
})

describe("devices", () => {
  it("check what they are built on", () => {
    expect(() => directStackv4WithDefaultIpv4(wrong(tap0), wrong(defaultConsole))).toThrow(
      /^configuration\.test\.ts:\d+: directStackv4WithDefaultIpv4 needs a console, but was given netif\("tap0"\), a network$/,
    )
    expect(() => httpServer(80, wrong(undefined))).toThrow("httpServer needs a stackv4, but was given nothing")
    expect(() => kvRoOfFs(wrong(blockOfFile("disk.img")))).toThrow(
      'kvRoOfFs needs an fs, but was given blockOfFile("disk.img"), a block',
    )
  })

  it("check their addresses and ports", () => {
    const at = (address: string, gateways: string[] = []) =>
      directStackv4WithStaticIpv4(defaultConsole, tap0, { address, netmask: "255.255.255.0", gateways })
    expect(() => at("10.0.0")).toThrow(/^configuration\.test\.ts:\d+: .*"10\.0\.0" is not an IPv4 address/)
    expect(() => at("10.0.0.3", ["gateway"])).toThrow('"gateway" is not an IPv4 address')
    expect(() => httpServer(0, at("10.0.0.3"))).toThrow("httpServer(0, …): a port is a whole number from 1 to 65535")
    expect(() => httpServer(65536, at("10.0.0.3"))).toThrow(ConfigError)
  })
})

describe("the graph", () => {
  it("is in dependency order, and shares a device that is used twice", () => {
    website()
    expect(labels(graph())).toEqual([
      "defaultConsole",
      'crunch("./htdocs")',
      'netif("tap0")',
      "directStackv4WithDefaultIpv4",
      "httpServer(80)",
      "Unikernel.Main",
    ])
    for (const node of graph().nodes) for (const edge of node.edges) expect(edge.to).toBeLessThan(node.id)
  })

  it("shares devices that were made alike, and no others", () => {
    const main = foreign("Unikernel.Main", fn(network, network, kvRo, kvRo, console, console, job))
    register("a", [
      main.$(netif("tap1"), netif("tap1"), crunch("a"), crunch("b"), customConsole("0"), customConsole("0")),
    ])
    expect(labels(graph())).toEqual([
      'netif("tap1")',
      'crunch("a")',
      'crunch("b")',
      'customConsole("0")',
      "Unikernel.Main",
    ])
    expect(
      graph()
        .nodes.at(-1)
        ?.edges.map((e) => e.to),
    ).toEqual([0, 0, 1, 2, 3, 3])
  })

  it("runs a job that is registered twice, twice", () => {
    const hello = foreign("Unikernel.Main", fn(console, job)).$(defaultConsole)
    register("a", [hello, hello])
    expect(labels(graph())).toEqual(["defaultConsole", "Unikernel.Main", "Unikernel.Main"])
    expect(graph().jobs).toEqual([1, 2])
  })

  it("is drawn with the functor's arguments in order", () => {
    website()
    expect(dotOf(graph())).toMatchInlineSnapshot(`
      "digraph "www" {
        ordering=out;
        5 [label="Unikernel.Main : job\\nUnikernel.Main", shape=box];
        4 [label="httpServer(80) : http\\nHTTP.Make", shape=box];
        3 [label="directStackv4WithDefaultIpv4 : stackv4\\nTcpip_stack_direct", shape=box];
        2 [label="netif(\\"tap0\\") : network\\nNetif", shape=box];
        1 [label="crunch(\\"./htdocs\\") : kvRo\\nCrunch", shape=box];
        0 [label="defaultConsole : console\\nConsole", shape=box];
        5 -> 0;
        5 -> 1;
        5 -> 4;
        4 -> 3;
        3 -> 0;
        3 -> 2;
      }
      "
    `)
  })
})

describe("for the host's sockets", () => {
  const overSockets = (): Graph => graphOf(registration()!, {}, { sockets: true })
  const configure = (stack: ReturnType<typeof socketStackv4>): void =>
    register("www", [foreign("Unikernel.Main", fn(http, job)).$(httpServer(80, stack))])

  it.each([
    ["directStackv4WithDefaultIpv4", () => directStackv4WithDefaultIpv4(defaultConsole, tap0), "127.0.0.1"],
    ["directStackv4WithDhcp", () => directStackv4WithDhcp(defaultConsole, tap0), "127.0.0.1"],
    ["socketStackv4", () => socketStackv4(defaultConsole, ["0.0.0.0"]), "0.0.0.0"],
  ])("%s is the host's own stack, and no card is left", (_name, stack, address) => {
    configure(stack())
    expect(labels(overSockets())).toEqual([
      "defaultConsole",
      `socketStackv4("${address}")`,
      "httpServer(80)",
      "Unikernel.Main",
    ])
  })

  it("is where the stack was made", () => {
    configure(directStackv4WithDefaultIpv4(defaultConsole, tap0))
    const { at } = overSockets().nodes.find((node) => node.type === "stackv4")!
    expect(at).toEqual(graph().nodes.find((node) => node.type === "stackv4")?.at)
    expect(at?.file).toBe("configuration.test.ts")
  })

  it("takes addresses only", () => {
    expect(() => socketStackv4(defaultConsole, ["localhost"])).toThrow(
      'socketStackv4: "localhost" is not an IPv4 address: expected four numbers 0..255, as in 10.0.0.2',
    )
  })
})

describe("choices", () => {
  const configure = () => {
    const net = key("net", "direct", { doc: "Whose TCP/IP stack." })
    const dhcp = key("dhcp", false)
    const stack = matchImpl(net, [
      ["direct", directStackv4WithDefaultIpv4(defaultConsole, tap0)],
      ["socket", socketStackv4(defaultConsole, ["0.0.0.0"])],
    ])
    const files: Impl<"kvRo"> = ifImpl(dhcp, kvRoOfFs(fatOfFiles()), crunch("./htdocs"))
    const main = foreign("Unikernel.Main", fn(kvRo, http, job))
    register("www", [main.$(files, httpServer(key("port", 80), stack))])
  }

  it("are made by the environment, and what was not chosen is gone", () => {
    configure()
    expect(labels(graph())).toEqual([
      'crunch("./htdocs")',
      "defaultConsole",
      'netif("tap0")',
      "directStackv4WithDefaultIpv4",
      "httpServer(80)",
      "Unikernel.Main",
    ])
    expect(labels(graph({ NET: "socket", PORT: "8080", DHCP: "yes" }))).toEqual([
      'fatOfFiles(".", "*")',
      "kvRoOfFs",
      "defaultConsole",
      'socketStackv4("0.0.0.0")',
      "httpServer(8080)",
      "Unikernel.Main",
    ])
  })

  it("name the keys they asked, with their values", () => {
    configure()
    expect(graph({ PORT: "8080" }).keys.map(({ key, value }) => [key.name, value])).toEqual([
      ["dhcp", false],
      ["port", 8080],
      ["net", "direct"],
    ])
  })

  it("refuse a value that there is no case for", () => {
    configure()
    expect(() => graph({ NET: "wifi" })).toThrow(
      /^configuration\.test\.ts:\d+: the key net is "wifi", but there are cases only for "direct", "socket"\. Set NET to one of them, or give matchImpl a default$/,
    )
  })

  it("fall back to the default", () => {
    const net = key("net", "direct")
    const impl = matchImpl(net, [["a", crunch("a")]], { default: crunch("b") })
    register("a", [foreign("Unikernel.Main", fn(kvRo, job)).$(impl)])
    expect(labels(graph())).toEqual(['crunch("b")', "Unikernel.Main"])
  })

  it("can be between functors, even half applied", () => {
    const two = foreign("Two.Main", fn(console, kvRo, job))
    const one = foreign("One.Main", fn(kvRo, job))
    register("a", [ifImpl(key("log", true), two.$(defaultConsole), one).$(crunch("x"))])
    expect(labels(graph())).toEqual(["defaultConsole", 'crunch("x")', "Two.Main"])
    expect(
      graph()
        .nodes.at(-1)
        ?.edges.map((e) => e.to),
    ).toEqual([0, 1])
    expect(labels(graph({ LOG: "false" }))).toEqual(['crunch("x")', "One.Main"])
  })

  it("must be of one type", () => {
    expect(() => ifImpl(key("x", true), crunch("a"), wrong(tap0))).toThrow(
      'the cases for the key x must be of one type, but crunch("a") is a kvRo and netif("tap0") is a network',
    )
    expect(() => matchImpl(key("x", true), [])).toThrow("matchImpl(x): there is no case to choose from")
  })

  it("are drawn whole when they are kept, even if there is no case for the value", () => {
    configure()
    expect(dotOf(graph({}, "keep"))).toMatchInlineSnapshot(`
      "digraph "www" {
        ordering=out;
        10 [label="Unikernel.Main : job\\nUnikernel.Main", shape=box];
        9 [label="httpServer(80) : http\\nHTTP.Make", shape=box];
        8 [label="If\\nnet", shape=box];
        7 [label="socketStackv4(\\"0.0.0.0\\") : stackv4\\nTcpip_stack_socket", shape=box];
        6 [label="directStackv4WithDefaultIpv4 : stackv4\\nTcpip_stack_direct", shape=box];
        5 [label="netif(\\"tap0\\") : network\\nNetif", shape=box];
        4 [label="defaultConsole : console\\nConsole", shape=box];
        3 [label="If\\ndhcp", shape=box];
        2 [label="crunch(\\"./htdocs\\") : kvRo\\nCrunch", shape=box];
        1 [label="kvRoOfFs : kvRo\\nFat.KV_RO", shape=box];
        0 [label="fatOfFiles(\\".\\", \\"*\\") : fs\\nFat", shape=box];
        10 -> 3;
        10 -> 9;
        9 -> 8;
        8 -> 6 [label="direct", style="dotted,bold"];
        8 -> 7 [label="socket", style=dotted];
        7 -> 4;
        6 -> 4;
        6 -> 5;
        3 -> 1 [label="true", style=dotted];
        3 -> 2 [label="false", style="dotted,bold"];
        1 -> 0;
      }
      "
    `)
    expect(() => graph({ NET: "wifi" }, "keep")).not.toThrow()
  })
})

describe("a toplevel's line", () => {
  const shown = (x: unknown) => (x as Record<symbol, () => string>)[show]?.()

  it("shows what was configured", () => {
    const main = foreign("Unikernel.Main", fn(console, kvRo, job))
    expect(shown(fn(console, kvRo, job))).toBe("console @-> kvRo @-> job")
    expect(shown(crunch("./htdocs"))).toBe('<crunch("./htdocs") : kvRo>')
    expect(shown(main)).toBe("<Unikernel.Main : console @-> kvRo @-> job>")
    expect(shown(main.$(defaultConsole))).toBe("<Unikernel.Main.$(defaultConsole) : kvRo @-> job>")
    expect(shown(key("port", 80))).toBe("<key port = 80>")
  })
})
