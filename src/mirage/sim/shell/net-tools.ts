// arp(8), and the three objects of ip(8) that a machine with one network card has.

import * as Lwt from "../../lwt/lwt.ts"
import * as Ipaddr from "../../wire/ipaddr.ts"
import * as Macaddr from "../../wire/macaddr.ts"
import { type Command, getoptComplaint, type Machine } from "./command.ts"

/** arp: the neighbour table in net-tools' columns. */
export const arp: Command = {
  name: "arp",
  synopsis: "[-n]",
  summary: "show whose Ethernet address is known (the ARP cache)",
  options: { short: "na" },
  badOption: getoptComplaint("arp", "Usage: arp [-n]     show the ARP cache, with -n no names"),
  run(machine, options, terminal) {
    const rows = machine.neighbours().map(({ ip, mac }) => {
      const name = options.has("n") ? undefined : nameOf(machine, ip)
      const address = (name ?? Ipaddr.toString(ip)).padEnd(24)
      return mac === undefined
        ? `${address} ${"".padEnd(7)} (incomplete)${"".padEnd(30)}${machine.interface}`
        : `${address} ether   ${Macaddr.toString(mac).padEnd(19)} C                     ${machine.interface}`
    })
    if (rows.length > 0)
      terminal.print(
        `Address                  HWtype  HWaddress           Flags Mask            Iface\n${rows.join("\n")}\n`,
      )
    return Lwt.return(0)
  },
}

function nameOf(machine: Machine, ip: Ipaddr.V4): string | undefined {
  for (const [name, address] of machine.hosts) if (address === ip) return name
  return undefined
}

const OBJECTS: readonly string[] = ["address", "route", "neighbour"]

/** ip: `ip address`, `ip route`, `ip neighbour`, each by any beginning of its name. */
export const ip: Command = {
  name: "ip",
  synopsis: "[addr | route | neigh]",
  summary: "show the network card, the routes, the neighbours",
  options: { short: "4" },
  badOption: (option) => `Option "-${option}" is unknown, try "ip -help".\n`,
  run(machine, options, terminal) {
    const [object = "address", verb = "show"] = options.operands
    // "neigh" and "neighbor" are what people type.
    const wanted = OBJECTS.find((o) => o.startsWith(object) || (o === "neighbour" && "neighbor".startsWith(object)))
    if (wanted === undefined) {
      terminal.complain(`Object "${object}" is unknown, try "ip help".\n`)
      return Lwt.return(1)
    }
    if (!["show", "list", "ls"].some((v) => v.startsWith(verb))) {
      terminal.complain(`Command "${verb}" is unknown, try "ip ${wanted} help".\n`)
      return Lwt.return(255)
    }
    terminal.print(
      wanted === "address" ? addresses(machine) : wanted === "route" ? routes(machine) : neighbours(machine),
    )
    return Lwt.return(0)
  },
}

function addresses(machine: Machine): string {
  const { cidr } = machine
  return [
    `2: ${machine.interface}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu ${machine.mtu} state UP`,
    `    link/ether ${Macaddr.toString(machine.mac)} brd ff:ff:ff:ff:ff:ff`,
    `    inet ${Ipaddr.toString(cidr.address)}/${cidr.bits} brd ${Ipaddr.toString(Ipaddr.broadcastOf(cidr))} scope global ${machine.interface}`,
    "",
  ].join("\n")
}

function routes(machine: Machine): string {
  const { address, bits } = machine.cidr
  const net = Ipaddr.toString(Ipaddr.ofInt32(address & Ipaddr.netmask(bits)))
  return `${net}/${bits} dev ${machine.interface} proto kernel scope link src ${Ipaddr.toString(address)}\n`
}

function neighbours(machine: Machine): string {
  return machine
    .neighbours()
    .map((n) => {
      const where = `${Ipaddr.toString(n.ip)} dev ${machine.interface}`
      return n.mac === undefined
        ? `${where} INCOMPLETE\n`
        : `${where} lladdr ${Macaddr.toString(n.mac)} ${n.kind === "static" ? "PERMANENT" : "REACHABLE"}\n`
    })
    .join("")
}
