// The library OS's own stack, on the simulated switch.

import { describe } from "vitest"
import { Engine } from "../../src/mirage/os/engine.ts"
import * as Netif from "../../src/mirage/sim/netif.ts"
import { Switch } from "../../src/mirage/sim/switch.ts"
import { ipv4Config, Make } from "../../src/mirage/stack/stackv4.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import { testHost } from "../support/host.ts"
import { value } from "../support/tcp-pair.ts"
import { stackv4Suite } from "./stackv4-suite.ts"

describe("STACKV4 on the simulated switch", () => {
  stackv4Suite(async () => {
    const engine = new Engine(testHost().host)
    const sw = new Switch(engine)
    const S = Make(Netif, engine, engine, engine.random)
    const stack = async (cidr: string) => {
      const netif = value(await engine.attend(Netif.connect(sw.connect({ link: { latencyMs: 0.1 } }))))
      return value(await engine.attend(S.connect(netif, ipv4Config(cidr))))
    }
    return {
      S,
      client: await stack("10.0.0.1/24"),
      server: await stack("10.0.0.2/24"),
      clientAddress: Ipaddr.make(10, 0, 0, 1),
      address: Ipaddr.make(10, 0, 0, 2),
      run: (p) => engine.attend(p),
      open: async () => {},
    }
  })
})
