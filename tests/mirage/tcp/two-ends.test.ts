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

describe("a download arrives intact, and leaves no connection behind", { timeout: 60_000 }, () => {
  // The last column is how long it took, in seconds of virtual time. It changes only if what is sent, or when, does.
  it.each<[string, number, TcpPairOptions, number]>([
    ["10 MB, no delay", 10 * MB, {}, 0],
    ["10 MB, 5 ms", 10 * MB, { delayMs: 5 }, 0.59],
    ["1 MB, 5 ms, 100 Mbit/s", MB, { delayMs: 5, bandwidth: 12_500 }, 0.146],
    ["1 MB, 5 ms, 1 % loss", MB, { delayMs: 5, loss: 0.01 }, 3.33],
    ["1 MB, 5 ms, 10 % loss", MB, { delayMs: 5, loss: 0.1, seed: 2 }, 76.787],
    ["1 MB, 5 ms, 20 % duplicated", MB, { delayMs: 5, duplicate: 0.2 }, 0.11],
    ["1 MB, 5 ms, 20 % overtaken", MB, { delayMs: 5, reorder: 0.2, reorderMs: 3 }, 1.327],
    [
      "1 MB, 5 ms, all of it",
      MB,
      { delayMs: 5, loss: 0.03, duplicate: 0.05, reorder: 0.1, reorderMs: 20, seed: 7 },
      7.049,
    ],
    ["1 MB, MTU 9000 to 576", MB, { delayMs: 1, mtu: [556, 8980] }, 0.024],
  ])("%s", (_name, length, options, seconds) => {
    const r = download(length, options)
    expect(r).toMatchObject({ intact: true, length, left: 0 })
    expect(r.took).toBeCloseTo(seconds, 3)
  })

  it("and a cable that was out for a second after the first megabyte", () => {
    const p = tcpPair({ delayMs: 1 })
    let bytes = 0
    let until = 0
    p.wire.filter = (_from, segment) => {
      bytes += segment.payload.length
      if (until === 0 && bytes > MB) until = p.time.now() + 1000
      return until === 0 || p.time.now() >= until
    }
    const data = pattern(4 * MB)
    p.listeners.set(80, (flow) => writeAll(p.T, flow, data))
    expect(Buffer.compare(p.time.run(readAll(p.T, p.connect(80))), data)).toBe(0)
    // The timer expires after 667 ms and again after 1334: the second time, the cable is in.
    expect(p.time.now()).toBeLessThan(2500)
  })
})
