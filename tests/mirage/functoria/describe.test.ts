// The outline that `describe` prints: every device once, and the same graph that boots.

import { describe, expect, it } from "vitest"
import * as C from "../../../src/mirage/config.ts"
import { ConfigError } from "../../../src/mirage/functoria/location.ts"
import { registration } from "../../../src/mirage/functoria/register.ts"

const stack = C.matchImpl(C.key("net", "direct"), [
  ["direct", C.directStackv4WithDefaultIpv4(C.defaultConsole, C.tap0)],
  ["socket", C.socketStackv4(C.defaultConsole, ["0.0.0.0"])],
])
const server = C.httpServer(C.key("port", 80), stack)
const main = C.foreign("Unikernel.Main", C.fn(C.console, C.kvRo, C.http, C.job))
const www = main.$(C.defaultConsole, C.crunch("./htdocs"), server)

describe("describe", () => {
  it("outlines the graph that the keys choose", () => {
    expect(C.describe("www", [www])).toMatchInlineSnapshot(`
      "Name  www
      Keys  port=80 (default), net=direct (default)
      Unikernel.Main : job
      ├─ defaultConsole : console
      ├─ crunch("./htdocs") : kvRo
      └─ httpServer(80) : http
         └─ directStackv4WithDefaultIpv4 : stackv4
            ├─ defaultConsole : console
            └─ netif("tap0") : network"
    `)
    expect(C.describe("www", [www], { NET: "socket", PORT: "8080" })).toMatchInlineSnapshot(`
      "Name  www
      Keys  port=8080, net=socket
      Unikernel.Main : job
      ├─ defaultConsole : console
      ├─ crunch("./htdocs") : kvRo
      └─ httpServer(8080) : http
         └─ socketStackv4("0.0.0.0") : stackv4
            └─ defaultConsole : console"
    `)
  })

  it("outlines what is shared once", () => {
    const twice = C.foreign("Unikernel.Main", C.fn(C.http, C.http, C.job)).$(server, server)
    expect(C.describe("twice", [twice])).toMatchInlineSnapshot(`
      "Name  twice
      Keys  port=80 (default), net=direct (default)
      Unikernel.Main : job
      ├─ httpServer(80) : http
      │  └─ directStackv4WithDefaultIpv4 : stackv4
      │     ├─ defaultConsole : console
      │     └─ netif("tap0") : network
      └─ httpServer(80) : http (as above)"
    `)
  })

  it("needs no keys and no devices", () => {
    expect(C.describe("noop", [C.foreign("Unikernel.Main", C.job)])).toBe("Name  noop\nUnikernel.Main : job")
  })

  it("registers nothing, and refuses what cannot be chosen", () => {
    expect(registration()).toBeUndefined()
    expect(() => C.describe("www", [www], { NET: "pigeon" })).toThrow(ConfigError)
  })
})
