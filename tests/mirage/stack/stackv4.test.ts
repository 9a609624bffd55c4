import { describe, expect, it } from "vitest"
import * as HttpClient from "../../../src/mirage/http/client.ts"
import * as Http from "../../../src/mirage/http/server.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { Engine } from "../../../src/mirage/os/engine.ts"
import type { Read } from "../../../src/mirage/signatures/flow.ts"
import * as Netif from "../../../src/mirage/sim/netif.ts"
import type { LinkOptions } from "../../../src/mirage/sim/link.ts"
import { Switch } from "../../../src/mirage/sim/switch.ts"
import { ipv4Config, Make } from "../../../src/mirage/stack/stackv4.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { testHost } from "../../support/host.ts"
import { pattern, readAll, value, writeAll } from "../../support/tcp-pair.ts"

/** Two stacks on a switch: 10.0.0.1 and 10.0.0.2. */
async function twoStacks(link: LinkOptions = { latencyMs: 0 }) {
  const engine = new Engine(testHost().host)
  const sw = new Switch(engine)
  const S = Make(Netif, engine, engine, engine.random)
  const stack = async (cidr: string) => {
    const netif = value(await engine.attend(Netif.connect(sw.connect({ link }))))
    return value(await engine.attend(S.connect(netif, ipv4Config(cidr))))
  }
  const a = await stack("10.0.0.1/24")
  const b = await stack("10.0.0.2/24")
  const H = Http.Make(S)
  const client = HttpClient.Make(S.TCPV4, engine)
  return { engine, S, a, b, H, client, run: <A>(p: Lwt.t<A>) => engine.attend(p) }
}

const SERVER = Ipaddr.make(10, 0, 0, 2)

describe("two stacks on a switch", { timeout: 60_000 }, () => {
  it("serve and ask over HTTP: 10 MB intact", async () => {
    const n = await twoStacks({ latencyMs: 0.5 })
    const body = pattern(10 * 1024 * 1024)
    const http = value(await n.run(n.H.connect(n.b, { port: 80 })))
    n.H.listen(http, { callback: () => n.H.respond({ body }) })
    const response = value(await n.run(n.client.request(n.a.tcpv4, { address: SERVER, target: "/" })))
    expect(Buffer.compare(response.body, body)).toBe(0)
  })

  it("carry UDP to the listener of its port", async () => {
    const n = await twoStacks()
    const [heard, hear] = Lwt.wait<string>()
    n.S.listenUdpv4(n.b, { port: 53 }, (src, srcPort, _dst, payload) => {
      Lwt.wakeup(hear, `${Ipaddr.toString(src)}:${srcPort} ${new TextDecoder().decode(payload)}`)
      return Lwt.return()
    })
    await n.run(n.S.UDPV4.write(n.a.udpv4, { srcPort: 5000, dst: SERVER, dstPort: 53 }, new TextEncoder().encode("?")))
    expect(await n.run(heard)).toBe("10.0.0.1:5000 ?")
  })

  it("refuse, and find nobody", async () => {
    const n = await twoStacks()
    expect(await n.run(n.S.TCPV4.createConnection(n.a.tcpv4, [SERVER, 81]))).toEqual({
      ok: false,
      error: { kind: "refused" },
    })
    const nobody = n.S.TCPV4.createConnection(n.a.tcpv4, [Ipaddr.make(10, 0, 0, 9), 80])
    expect(await n.run(nobody)).toEqual({ ok: false, error: { kind: "no-route" } })
  })

  it("connect to themselves", async () => {
    const n = await twoStacks()
    n.S.listenTcpv4(n.a, { port: 7 }, (flow) => writeAll(n.S.TCPV4 as never, flow as never, pattern(100_000)))
    for (const address of [Ipaddr.localhost, Ipaddr.make(10, 0, 0, 1)]) {
      const flow = value(await n.run(n.S.TCPV4.createConnection(n.a.tcpv4, [address, 7])))
      const got = await n.run(readAll(n.S.TCPV4 as never, flow as never))
      expect(Buffer.compare(got, pattern(100_000))).toBe(0)
    }
  })

  it("listen until they are disconnected; what is open ends at once here, and by time-out there", async () => {
    const n = await twoStacks()
    const [accepted, accept] = Lwt.wait<void>()
    const [ended, end] = Lwt.wait<Read>()
    n.S.listenTcpv4(n.b, { port: 7 }, (flow) => {
      Lwt.wakeup(accept)
      return n.S.TCPV4.read(flow).map((r) => Lwt.wakeup(end, r))
    })
    const flow = value(await n.run(n.S.TCPV4.createConnection(n.a.tcpv4, [SERVER, 7])))
    await n.run(accepted)
    const listening = n.S.listen(n.b)
    expect(Lwt.isSleeping(listening)).toBe(true)
    await n.run(n.S.disconnect(n.b))
    expect(Lwt.isSleeping(listening)).toBe(false)
    expect(Lwt.poll(ended)).toMatchObject({ tag: "Error", error: { kind: "reset" } })
    await n.run(n.S.TCPV4.write(flow, Uint8Array.of(1)))
    expect(await n.run(n.S.TCPV4.read(flow))).toMatchObject({ tag: "Error", error: { kind: "timeout" } })
  })

  it("throw for a port or an address that is none", async () => {
    const n = await twoStacks()
    expect(() => n.S.listenTcpv4(n.a, { port: 0 }, () => Lwt.return())).toThrow(RangeError)
    expect(() => n.S.listenUdpv4(n.a, { port: 65536 }, () => Lwt.return())).toThrow(RangeError)
    expect(() => ipv4Config("10.0.0.2")).toThrow(RangeError)
  })
})
