// The functor applications that a configuration stands for, written down.

import { describe, expect, it } from "vitest"
import * as C from "../../../src/mirage/config.ts"
import { ConfigError } from "../../../src/mirage/functoria/location.ts"

const stack = C.matchImpl(C.key("net", "direct"), [
  ["direct", C.directStackv4WithDefaultIpv4(C.defaultConsole, C.tap0)],
  ["socket", C.socketStackv4(C.defaultConsole, ["0.0.0.0"])],
])
const main = C.foreign("Unikernel.Main", C.fn(C.console, C.http, C.job))
const www = main.$(C.defaultConsole, C.httpServer(80, stack))

describe("applications", () => {
  it("are written in an order in which each is known before it is used, and what is shared once", () => {
    expect(C.applications([www]).split("\n")).toEqual([
      "const console1 = Console",
      "const network1 = Netif",
      "const stackv41 = Tcpip_stack_direct(console1, network1)",
      "const http1 = HTTP.Make(stackv41)",
      "const job1 = Unikernel.Main(console1, http1)",
    ])
  })

  it("differ with the environment where the graph does", () => {
    expect(C.applications([www], { NET: "socket" })).toContain("const stackv41 = Tcpip_stack_socket(console1)\n")
    expect(C.applications([www], { NET: "socket" })).not.toContain("network1")
    expect(() => C.applications([www], { NET: "pigeon" })).toThrow(ConfigError)
  })

  it("are numbered by type", () => {
    const two = C.foreign("Unikernel.Main", C.fn(C.console, C.console, C.job))
    expect(C.applications([two.$(C.defaultConsole, C.customConsole("1")), C.foreign("Other.Main", C.job)])).toBe(
      "const console1 = Console\nconst console2 = Console\nconst job1 = Unikernel.Main(console1, console2)\nconst job2 = Other.Main",
    )
  })
})
