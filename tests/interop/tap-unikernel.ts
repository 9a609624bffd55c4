// A web server of ours, at 10.0.0.2 on the TAP device named in the arguments, for the kernel and curl to talk to. Run in a
// process of its own: the read of a device cannot be taken back, so the process must be ended. Prints `up` when it listens.

import { createHash } from "node:crypto"
import * as Http from "../../src/mirage/http/server.ts"
import * as OS from "../../src/mirage/os/os.ts"
import * as Netif from "../../src/mirage/sim/netif.ts"
import { Switch } from "../../src/mirage/sim/switch.ts"
import * as Stackv4 from "../../src/mirage/stack/stackv4.ts"
import * as Macaddr from "../../src/mirage/wire/macaddr.ts"
import { openTap } from "../support/tap.ts"

/** The body of `/big`: bytes that a lost or repeated piece would change. */
export function bigBody(length: number): Uint8Array {
  const body = new Uint8Array(length)
  for (let i = 0, x = 1; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    body[i] = x >>> 16
  }
  return body
}

export const BIG = 10_000_000

async function main(device: string): Promise<void> {
  const engine = OS.install({
    seed: 1,
    print: (text) => process.stdout.write(text),
    pace: (ms, wake) => {
      if (ms <= 0) return Promise.resolve()
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise<void>((resolve) => {
        if (ms !== Number.POSITIVE_INFINITY) timer = setTimeout(resolve, ms)
      })
      return Promise.race([timeout, wake]).finally(() => clearTimeout(timer))
    },
  })
  engine.hold()
  const tap = openTap(device)
  const sw = new Switch(engine)
  const wire = sw.connect({ name: "tap" })
  wire.onReceive((frame) => tap.write(frame))
  tap.listen((frame) => {
    wire.send(frame)
    engine.poke()
  })

  const Stack = Stackv4.Make(Netif)
  const S = Http.Make(Stack)
  const card = sw.connect({ name: "unikernel", mac: Macaddr.ofStringExn("02:00:00:00:00:02") })
  const big = bigBody(BIG)
  const refuse = (what: string): never => {
    throw new Error(`${what} did not come up`)
  }
  const served = Netif.connect(card)
    .bind((netif) =>
      Stack.connect(netif.ok ? netif.value : refuse("the card"), Stackv4.ipv4Config("10.0.0.2/24", ["10.0.0.1"])),
    )
    .bind((stack) => {
      const s = stack.ok ? stack.value : refuse("the stack")
      Stack.listenUdpv4(s, { port: 7 }, (src, srcPort, _dst, payload) =>
        Stack.UDPV4.write(s.udpv4, { srcPort: 7, dst: src, dstPort: srcPort }, payload).map(() => undefined),
      )
      return S.connect(s, { port: 80 })
    })
    .bind((http) => {
      process.stdout.write("up\n")
      return S.listen(http.ok ? http.value : refuse("the server"), {
        callback: (_connId, { path, method, body }) => {
          if (path === "/") return S.respondString({ body: "<html>Hello from user space</html>\n" })
          if (path === "/big") return S.respond({ body: big })
          if (path === "/sum" && method === "POST")
            return S.respondString({ body: createHash("sha256").update(body).digest("hex") })
          return S.respondNotFound({ path })
        },
      })
    })
  await engine.run(served)
}

const device = process.argv[2]
if (device !== undefined && process.argv[1]?.endsWith("tap-unikernel.ts") === true) {
  main(device).catch((failure: unknown) => {
    process.stderr.write(`${String(failure)}\n`)
    process.exit(1)
  })
}
