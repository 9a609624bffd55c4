import { describe, expect, it } from "vitest"
import { pattern, readAll, tcpPair, type TcpPairOptions, writeAll } from "../../support/tcp-pair.ts"

const MB = 1024 * 1024

/** Download `length` bytes from the server; what the client got, and how long it took in virtual seconds. */
function download(length: number, options: TcpPairOptions, writeSize?: number) {
  const p = tcpPair({ record: false, ...options })
  const data = pattern(length)
  p.listeners.set(80, (flow) => writeAll(p.T, flow, data, writeSize))
  const flow = p.connect(80)
  const got = p.time.run(readAll(p.T, flow).bind((all) => p.T.close(flow).map(() => all)))
  const took = p.time.now() / 1000
  p.time.pass(60_000)
  const left = p.client.connections.all().length + p.server.connections.all().length
  return { intact: Buffer.compare(got, data) === 0, length: got.length, took, left }
}

describe("a download arrives intact, and leaves no connection behind", () => {
  it.each<[string, number, TcpPairOptions]>([
    ["10 MB, no delay", 10 * MB, {}],
    ["10 MB, 5 ms", 10 * MB, { delayMs: 5 }],
    ["1 MB, 5 ms, 100 Mbit/s", MB, { delayMs: 5, bandwidth: 12_500 }],
    ["1 MB, 5 ms, 1 % loss", MB, { delayMs: 5, loss: 0.01 }],
    ["1 MB, 5 ms, 10 % loss", MB, { delayMs: 5, loss: 0.1, seed: 2 }],
    ["1 MB, 5 ms, 20 % duplicated", MB, { delayMs: 5, duplicate: 0.2 }],
    ["1 MB, 5 ms, 20 % overtaken", MB, { delayMs: 5, reorder: 0.2, reorderMs: 3 }],
    ["1 MB, 5 ms, all of it", MB, { delayMs: 5, loss: 0.03, duplicate: 0.05, reorder: 0.1, reorderMs: 20, seed: 7 }],
    ["1 MB, MTU 9000 to 576", MB, { delayMs: 1, mtu: [556, 8980] }],
  ])("%s", (_name, length, options) => {
    const r = download(length, options)
    expect(r).toMatchObject({ intact: true, length, left: 0 })
  })
})
