// Wireshark as the judge: a capture of a simulated exchange is written as pcapng and decoded by tshark, which has to find
// the checksums good, nothing malformed, and the same addresses, protocols and numbers as we do.

import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as HttpClient from "../../src/mirage/http/client.ts"
import * as HttpServer from "../../src/mirage/http/server.ts"
import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import { Describer } from "../../src/mirage/sim/describe.ts"
import type { FrameRow } from "../../src/mirage/sim/observation.ts"
import { encodePcapng } from "../../src/mirage/sim/pcapng.ts"
import { encodeEthernet } from "../../src/mirage/wire/ethernet.ts"
import { encodeIcmpv4 } from "../../src/mirage/wire/icmpv4.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import { encodeIpv4, type Ipv4Datagram } from "../../src/mirage/wire/ipv4.ts"
import * as Macaddr from "../../src/mirage/wire/macaddr.ts"
import { virtualNetwork } from "../support/virtual-network.ts"

const present = spawnSync("tshark", ["--version"]).status === 0
if (!present) {
  if (process.env["CI"] === "true")
    throw new Error("tshark is not installed, and CI must not skip: apt-get install tshark")
  console.warn("skipped: tshark is not installed (apt-get install tshark)")
}

/** Preferences under which tshark looks at every checksum. */
const CHECK = ["ip.check_checksum", "udp.check_checksum", "tcp.check_checksum"].flatMap((p) => ["-o", `${p}:TRUE`])

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "mirage-tshark-"))
})
afterAll(() => {
  rmSync(dir, { recursive: true })
})

/** What tshark says of each frame of `file`: the columns `fields`, empty where the frame has no such field. */
function tshark(pcapng: Uint8Array, fields: readonly string[], more: readonly string[] = []): string[][] {
  const path = join(dir, "capture.pcapng")
  writeFileSync(path, pcapng)
  const columns = fields.flatMap((f) => ["-e", f])
  const args = [
    "-r",
    path,
    "-n",
    ...CHECK,
    ...more,
    "-T",
    "fields",
    "-E",
    "separator=/t",
    "-E",
    "occurrence=f",
    ...columns,
  ]
  const out = execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
  return out
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t"))
}

/** The same frames as tshark decoded them, `field: value`, without the fields that are missing. */
function decoded(pcapng: Uint8Array, fields: readonly string[]): Record<string, string>[] {
  return tshark(pcapng, fields).map((values) =>
    Object.fromEntries(fields.map((f, i) => [f, values[i] ?? ""]).filter(([, v]) => v !== "")),
  )
}

/** Every frame's checksums are good or absent, and none is malformed or suspicious. */
function expectClean(pcapng: Uint8Array, frames: number): void {
  const fields = ["ip.checksum.status", "udp.checksum.status", "tcp.checksum.status", "icmp.checksum.status"]
  const statuses = decoded(pcapng, fields)
  expect(statuses).toHaveLength(frames)
  for (const status of statuses) for (const [field, value] of Object.entries(status)) expect(value, field).toBe("1")
  const bad = "_ws.malformed || _ws.expert.severity == error || tcp.analysis.flags"
  expect(tshark(pcapng, ["frame.number", "_ws.expert.message"], ["-Y", bad])).toEqual([])
}

async function pair() {
  const net = virtualNetwork({ link: { latencyMs: 1 } })
  const a = await net.host("10.0.0.1/24")
  const b = await net.host("10.0.0.2/24")
  await net.sleep(1)
  return { net, a, b }
}

/** What our own list says, in tshark's terms. */
function ours(row: FrameRow): Record<string, string> {
  const time = (row.time / 1000).toFixed(9)
  return { from: row.from, to: row.to, protocol: row.protocol, time, length: String(row.bytes.length) }
}

/** What tshark's columns say of the same. */
function theirs(pcapng: Uint8Array): Record<string, string>[] {
  const fields = ["_ws.col.Source", "_ws.col.Destination", "_ws.col.Protocol", "frame.time_epoch", "frame.len"]
  return tshark(pcapng, fields).map(([from, to, protocol, time, length]) => ({
    from: from ?? "",
    to: to ?? "",
    protocol: protocol ?? "",
    time: time ?? "",
    length: length ?? "",
  }))
}

describe.skipIf(!present)("tshark decodes what we send", () => {
  it("ARP and ping", async () => {
    const { net, a, b } = await pair()
    for (let seq = 1; seq <= 2; seq++) await net.run(net.Icmp.ping(a.icmp, b.address, { id: 77, seq }))
    const file = net.capture.pcapng()
    const rows = net.capture.rows()
    expectClean(file, 8)
    expect(theirs(file)).toEqual(rows.map(ours))
    const fields = ["arp.opcode", "arp.src.proto_ipv4", "arp.src.hw_mac", "arp.dst.proto_ipv4", "arp.isannouncement"]
    expect(decoded(file, fields).slice(0, 4)).toEqual([
      announcement("10.0.0.1", "02:00:00:00:00:01"),
      announcement("10.0.0.2", "02:00:00:00:00:02"),
      arp("1", "10.0.0.1", "02:00:00:00:00:01", "10.0.0.2"),
      arp("2", "10.0.0.2", "02:00:00:00:00:02", "10.0.0.1"),
    ])
    const echo = ["icmp.type", "icmp.ident", "icmp.seq", "ip.ttl", "icmp.resp_to"]
    // icmp.resp_to: tshark itself pairs each reply with its request.
    expect(decoded(file, echo).slice(4)).toEqual([
      { "icmp.type": "8", "icmp.ident": "77", "icmp.seq": "1", "ip.ttl": "38" },
      { "icmp.type": "0", "icmp.ident": "77", "icmp.seq": "1", "ip.ttl": "38", "icmp.resp_to": "5" },
      { "icmp.type": "8", "icmp.ident": "77", "icmp.seq": "2", "ip.ttl": "38" },
      { "icmp.type": "0", "icmp.ident": "77", "icmp.seq": "2", "ip.ttl": "38", "icmp.resp_to": "7" },
    ])
  })

  it("UDP of every length to 64, odd ones too", async () => {
    const { net, a, b } = await pair()
    b.onUdp(40001, () => Lwt.return(undefined))
    for (let length = 0; length <= 64; length++) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff)
      await net.run(net.U.write(a.udp, { srcPort: 40000, dst: b.address, dstPort: 40001 }, data))
    }
    await net.sleep(1)
    const file = net.capture.pcapng()
    expectClean(file, 65 + 4)
    const lengths = decoded(file, ["udp.srcport", "udp.dstport", "udp.length"]).slice(4)
    expect(lengths).toEqual(
      Array.from({ length: 65 }, (_, n) => ({
        "udp.srcport": "40000",
        "udp.dstport": "40001",
        "udp.length": String(8 + n),
      })),
    )
  })

  it("HTTP over TCP: the numbers of our list are tshark's", async () => {
    const { net, a, b } = await pair()
    const Server = HttpServer.Make({ TCPV4: net.T, listenTcpv4: () => undefined })
    const body = "x".repeat(20_000)
    b.onTcp(
      80,
      Server.callback({
        callback: (_, request) =>
          request.path === "/" ? Server.respondString({ body }) : Server.respondNotFound({ path: request.path }),
      }),
    )
    const Client = HttpClient.Make(net.T, net.engine)
    for (const target of ["/", "/missing"]) {
      const r = await net.run(Client.request(a.tcp, { address: b.address, target }))
      expect(r.ok && r.value.status).toBe(target === "/" ? 200 : 404)
    }
    await net.sleep(120)
    const file = net.capture.pcapng()
    const rows = net.capture.rows()
    expectClean(file, rows.length)

    const fields = ["tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.seq", "tcp.ack", "tcp.window_size", "tcp.len"]
    const tcp = tshark(file, fields)
    let segments = 0
    for (const [i, row] of rows.entries()) {
      const [src, dst, flags, seq, ack, window, length] = tcp[i] ?? []
      if (row.protocol !== "TCP") continue
      segments++
      const hasAck = (Number(flags) & 0x10) !== 0
      const numbers = `Seq=${seq} ${hasAck ? `Ack=${ack} ` : ""}Win=${window} Len=${length}`
      expect(row.info, `frame ${i + 1}`).toMatch(`${src} → ${dst} [`)
      expect(row.info, `frame ${i + 1}`).toContain(numbers)
    }
    expect(segments).toBeGreaterThan(20)

    const http = rows.filter((r) => r.protocol === "HTTP").map((r) => r.info)
    expect(http).toEqual(["GET / HTTP/1.1", "HTTP/1.1 200 OK", "GET /missing HTTP/1.1", "HTTP/1.1 404 Not Found"])
    const messages = tshark(file, ["http.request.method", "http.request.uri", "http.response.code"], ["-Y", "http"])
    expect(messages).toEqual([
      ["GET", "/", ""],
      ["", "", "200"],
      ["GET", "/missing", ""],
      ["", "", "404"],
    ])
    // tshark puts the body together from its segments.
    const length = tshark(file, ["http.content_length", "http.file_data"], ["-Y", "http.response.code == 200"])
    expect(length[0]?.[0]).toBe("20000")
  })

  it("IPv4 options and fragments, and ICMP errors", () => {
    const datagram = (fields: Partial<Ipv4Datagram>): Uint8Array => {
      const [src, dst] = [Ipaddr.make(10, 0, 0, 1), Ipaddr.make(10, 0, 0, 2)]
      const bare = { tos: 0, id: 9, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 38, proto: 1 }
      const payload = new Uint8Array(0)
      return encodeIpv4({ ...bare, src, dst, options: new Uint8Array(0), payload, ...fields })
    }
    const echo = encodeIcmpv4({ tag: "EchoRequest", id: 1, seq: 1, payload: new Uint8Array(100).fill(7) })
    const original = datagram({ payload: echo.subarray(0, 8), id: 1 })
    const datagrams = [
      datagram({ payload: echo, options: Uint8Array.of(0x94, 4, 0, 0), id: 1 }),
      datagram({ payload: echo.subarray(0, 64), moreFragments: true, id: 2 }),
      datagram({ payload: echo.subarray(64), fragmentOffset: 64, id: 2 }),
      datagram({ payload: encodeIcmpv4({ tag: "Unreachable", code: 4, nextHopMtu: 576, original }), id: 3 }),
      datagram({ payload: encodeIcmpv4({ tag: "TimeExceeded", code: 0, original }), id: 4 }),
    ]
    const frames = datagrams.map((payload, i) => ({
      time: i,
      bytes: encodeEthernet({
        dst: Macaddr.ofStringExn("02:00:00:00:00:02"),
        src: Macaddr.ofStringExn("02:00:00:00:00:01"),
        ethertype: 0x0800,
        payload,
      }),
    }))
    const fields = ["ip.hdr_len", "ip.flags.mf", "ip.reassembled.length", "icmp.type", "icmp.code", "icmp.mtu"]
    const rows = tshark(encodePcapng(frames), fields)
    expect(rows).toEqual([
      ["24", "0", "", "8", "0", ""],
      ["20", "1", "", "", "", ""],
      // With the last fragment, tshark decodes the whole datagram.
      ["20", "0", "108", "8", "0", ""],
      ["20", "0", "", "3", "4", "576"],
      ["20", "0", "", "11", "0", ""],
    ])
    const describer = new Describer()
    expect(frames.map((f) => describer.describe(f.bytes).info)).toEqual([
      "echo request id=1 seq=1 ttl=38 Len=108",
      "fragment of ICMP id=2, bytes 0..64",
      "fragment of ICMP id=2, bytes 64..108, the last",
      "destination unreachable (needs fragmenting, MTU 576)",
      "time exceeded (in transit)",
    ])
  })

  it("finds fault where there is one: the judge is awake", async () => {
    const { net, a, b } = await pair()
    await net.run(net.Icmp.ping(a.icmp, b.address))
    const frames = net.capture.rows().map((r) => ({ time: r.time, bytes: r.bytes.slice() }))
    const last = frames.at(-1)!.bytes
    last[last.length - 1] = last[last.length - 1]! ^ 1
    expect(() => expectClean(encodePcapng(frames), frames.length)).toThrow("icmp.checksum.status")
  })
})

function arp(opcode: string, spa: string, sha: string, tpa: string): Record<string, string> {
  return {
    "arp.opcode": opcode,
    "arp.src.proto_ipv4": spa,
    "arp.src.hw_mac": sha,
    "arp.dst.proto_ipv4": tpa,
  }
}

function announcement(ip: string, mac: string): Record<string, string> {
  return { ...arp("1", ip, mac, ip), "arp.isannouncement": "1" }
}
