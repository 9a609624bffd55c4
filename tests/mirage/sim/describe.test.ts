import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Describer } from "../../../src/mirage/sim/describe.ts"
import { encodeArp } from "../../../src/mirage/wire/arp.ts"
import { encodeEthernet } from "../../../src/mirage/wire/ethernet.ts"
import { encodeIcmpv4, type Icmpv4Message } from "../../../src/mirage/wire/icmpv4.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { encodeIpv4, type Ipv4Datagram, pseudoHeaderSum } from "../../../src/mirage/wire/ipv4.ts"
import * as Macaddr from "../../../src/mirage/wire/macaddr.ts"
import { ACK, encodeTcp, FIN, PSH, RST, SYN, type TcpSegment } from "../../../src/mirage/wire/tcp.ts"
import { encodeUdp } from "../../../src/mirage/wire/udp.ts"
import { hex } from "../../support/hex.ts"

const A = Ipaddr.make(10, 0, 0, 1)
const B = Ipaddr.make(10, 0, 0, 2)
const MAC_A = Macaddr.ofStringExn("02:00:00:00:00:01")
const MAC_B = Macaddr.ofStringExn("02:00:00:00:00:02")

function ethernet(ethertype: number, payload: Uint8Array): Uint8Array {
  return encodeEthernet({ dst: MAC_B, src: MAC_A, ethertype, payload })
}

function ipv4(proto: number, payload: Uint8Array, fields: Partial<Ipv4Datagram> = {}): Uint8Array {
  const datagram = {
    tos: 0,
    id: 42,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 38,
    proto,
    src: A,
    dst: B,
    options: new Uint8Array(0),
    payload,
  }
  return ethernet(0x0800, encodeIpv4({ ...datagram, ...fields }))
}

function udp(srcPort: number, dstPort: number, payload: Uint8Array): Uint8Array {
  return ipv4(17, encodeUdp({ srcPort, dstPort, payload }, pseudoHeaderSum(A, B, 17, 8 + payload.length)))
}

const one = (frame: Uint8Array) => {
  const { from, to, protocol, info } = new Describer().describe(frame)
  return `${from} > ${to} ${protocol} ${info}`
}

describe("ARP", () => {
  const packet = { oper: "request", sha: MAC_A, spa: A, tha: 0 as Macaddr.t, tpa: B } as const
  const MACS = "02:00:00:00:00:01 > 02:00:00:00:00:02"
  it.each([
    [packet, "who-has 10.0.0.2 tell 10.0.0.1"],
    [{ ...packet, oper: "reply" as const }, "10.0.0.1 is-at 02:00:00:00:00:01"],
    [{ ...packet, tpa: A }, "announcement: 10.0.0.1 is-at 02:00:00:00:00:01"],
    [{ ...packet, spa: Ipaddr.any }, "who-has 10.0.0.2 (probe)"],
  ])("%o", (p, info) => {
    expect(one(ethernet(0x0806, encodeArp(p)))).toBe(`${MACS} ARP ${info}`)
  })

  it("that makes no sense", () => {
    expect(one(ethernet(0x0806, hex`0001`))).toBe(`${MACS} ARP bad packet: truncated`)
  })
})

describe("ICMP", () => {
  const original = new Uint8Array(28)
  it.each<[Icmpv4Message, string]>([
    [{ tag: "EchoRequest", id: 1, seq: 2, payload: new Uint8Array(56) }, "echo request id=1 seq=2 ttl=38 Len=64"],
    [{ tag: "EchoReply", id: 1, seq: 2, payload: new Uint8Array(0) }, "echo reply id=1 seq=2 ttl=38 Len=8"],
    [{ tag: "Unreachable", code: 3, nextHopMtu: 0, original }, "destination unreachable (port)"],
    [
      { tag: "Unreachable", code: 4, nextHopMtu: 576, original },
      "destination unreachable (needs fragmenting, MTU 576)",
    ],
    [{ tag: "Unreachable", code: 13, nextHopMtu: 0, original }, "destination unreachable (code 13)"],
    [{ tag: "TimeExceeded", code: 0, original }, "time exceeded (in transit)"],
    [{ tag: "Other", type: 13, code: 0, rest: new Uint8Array(16) }, "type 13 code 0, 20 bytes"],
  ])("%o", (message, info) => {
    expect(one(ipv4(1, encodeIcmpv4(message)))).toBe(`10.0.0.1 > 10.0.0.2 ICMP ${info}`)
  })
})

describe("UDP", () => {
  it.each([
    [4000, 9, "UDP"],
    [4000, 53, "DNS"],
    [68, 67, "DHCP"],
  ])("%i → %i", (srcPort, dstPort, name) => {
    expect(one(udp(srcPort, dstPort, hex`0102`))).toBe(`10.0.0.1 > 10.0.0.2 ${name} ${srcPort} → ${dstPort} Len=2`)
  })
})

describe("TCP", () => {
  /** Describe one conversation: who sends, and what. */
  function conversation(...segments: readonly (readonly ["a" | "b", Partial<TcpSegment> & { text?: string }])[]) {
    const describer = new Describer()
    return segments.map(([who, { text = "", ...fields }]) => {
      const [src, dst] = who === "a" ? [A, B] : [B, A]
      const [srcPort, dstPort] = who === "a" ? [49152, 80] : [80, 49152]
      const payload = new TextEncoder().encode(text)
      const bare = { srcPort, dstPort, seq: 0, ack: 0, flags: ACK, window: 100, urgent: 0, options: [], payload }
      const segment = { ...bare, ...fields }
      const length = encodeTcp(segment, 0).length
      const bytes = encodeTcp(segment, pseudoHeaderSum(src, dst, 6, length))
      const { protocol, info } = describer.describe(ipv4(6, bytes, { src, dst }))
      return `${protocol} ${info}`
    })
  }
  const mss = { kind: "mss", mss: 1460 } as const
  const scale = (shift: number) => ({ kind: "window-scale", shift }) as const

  it("counts from each direction's start, over the end of the numbers, and scales windows", () => {
    const [x, y] = [0xffffffff, 5000]
    expect(
      conversation(
        ["a", { flags: SYN, seq: x, window: 65535, options: [mss, scale(2)] }],
        ["b", { flags: SYN | ACK, seq: y, ack: 0, window: 5840, options: [mss, scale(0)] }],
        ["a", { seq: 0, ack: y + 1 }],
        ["a", { flags: PSH | ACK, seq: 0, ack: y + 1, text: "GET /x HTTP/1.1\r\nHost: b\r\n\r\n" }],
        ["b", { seq: y + 1, ack: 28, text: "HTTP/1.1 404 Not Found\r\n\r\n" }],
        ["b", { seq: y + 27, ack: 28, text: "and some more of it" }],
        ["b", { flags: FIN | ACK, seq: y + 46, ack: 28 }],
        ["a", { flags: RST, seq: 28 }],
      ),
    ).toEqual([
      "TCP 49152 → 80 [SYN] Seq=0 Win=65535 Len=0 MSS=1460 WS=4",
      "TCP 80 → 49152 [SYN, ACK] Seq=0 Ack=1 Win=5840 Len=0 MSS=1460 WS=1",
      "TCP 49152 → 80 [ACK] Seq=1 Ack=1 Win=400 Len=0",
      "HTTP GET /x HTTP/1.1",
      "HTTP HTTP/1.1 404 Not Found",
      "TCP 80 → 49152 [ACK] Seq=27 Ack=29 Win=100 Len=19",
      "TCP 80 → 49152 [FIN, ACK] Seq=46 Ack=29 Win=100 Len=0",
      "TCP 49152 → 80 [RST] Seq=29 Win=400 Len=0",
    ])
  })

  it("does not scale if only one side offered to", () => {
    const lines = conversation(
      ["a", { flags: SYN, seq: 1, options: [scale(7)] }],
      ["b", { flags: SYN | ACK, seq: 1, ack: 2 }],
      ["a", { seq: 2, ack: 2, window: 100 }],
    )
    expect(lines[2]).toBe("TCP 49152 → 80 [ACK] Seq=1 Ack=1 Win=100 Len=0")
  })

  it("starts anew with a new SYN for the same ports, and at 1 without one", () => {
    expect(
      conversation(
        ["a", { seq: 777, ack: 999 }],
        ["b", { seq: 999, ack: 787 }],
        ["a", { flags: SYN, seq: 5 }],
        ["a", { flags: SYN, seq: 5 }],
      ),
    ).toEqual([
      "TCP 49152 → 80 [ACK] Seq=1 Ack=1 Win=100 Len=0",
      "TCP 80 → 49152 [ACK] Seq=1 Ack=11 Win=100 Len=0",
      "TCP 49152 → 80 [SYN] Seq=0 Win=100 Len=0",
      "TCP 49152 → 80 [SYN] Seq=0 Win=100 Len=0",
    ])
  })
})

describe("what cannot be decoded", () => {
  it.each([
    ["a checksum that is wrong", ipv4(17, hex`0fa0 0009 000a 1234 0102`), "UDP bad datagram: bad-checksum"],
    ["a TCP header cut short", ipv4(6, hex`0102`), "TCP bad segment: truncated"],
    ["an ICMP message cut short", ipv4(1, hex`0102`), "ICMP bad message: truncated"],
    ["another protocol", ipv4(47, hex`0102`), "IPv4 protocol 47, 2 bytes"],
    [
      "a first fragment",
      ipv4(17, new Uint8Array(1480), { moreFragments: true }),
      "IPv4 fragment of UDP id=42, bytes 0..1480",
    ],
    [
      "a last fragment",
      ipv4(17, new Uint8Array(20), { fragmentOffset: 1480 }),
      "IPv4 fragment of UDP id=42, bytes 1480..1500, the last",
    ],
  ])("%s", (_, frame, line) => {
    expect(one(frame)).toBe(`10.0.0.1 > 10.0.0.2 ${line}`)
  })

  it.each([
    ["a bad IPv4 header", ethernet(0x0800, hex`45`), "IPv4 bad datagram: truncated"],
    ["IPv6", ethernet(0x86dd, hex`60`), "IPv6 1 bytes"],
    ["an EtherType", ethernet(0x88cc, hex`01`), "Ethernet type 0x88cc, 1 bytes"],
    ["802.3", hex`020000000002 020000000001 0003 010203`, "Ethernet not an Ethernet II frame: ieee-802.3"],
  ])("%s", (_, frame, line) => {
    expect(one(frame)).toBe(`02:00:00:00:00:01 > 02:00:00:00:00:02 ${line}`)
  })

  it("never throws, on any bytes", () => {
    const near = fc
      .tuple(fc.constantFrom(0x0800, 0x0806), fc.uint8Array({ maxLength: 80 }))
      .map(([type, payload]) => ethernet(type, payload))
    const nearer = fc
      .tuple(fc.constantFrom(1, 6, 17), fc.uint8Array({ maxLength: 80 }))
      .map(([proto, payload]) => ipv4(proto, payload))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), near, nearer), (bytes) => {
        const d = new Describer().describe(bytes)
        expect(d.info).not.toMatch(/undefined|NaN/)
      }),
    )
  })
})
