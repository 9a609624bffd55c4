// The TCP/IP stacks and the web server of MirageOS 2.0, by the names of the deck's config.ml.

import * as Http from "../http/server.ts"
import * as Lwt from "../lwt/lwt.ts"
import { error } from "../result.ts"
import * as Stackv4 from "../stack/stackv4.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import { device, linking, unsupported } from "./devices.ts"
import type { Impl } from "./impl.ts"
import { Key } from "./key.ts"
import { callerLocation, ConfigError } from "./location.ts"
import type { Modules } from "./target.ts"
import * as Typ from "./typ.ts"

/** OCaml's `ipv4_config`: addresses as text, `10.0.0.2`. */
export interface Ipv4Config {
  readonly address: string
  readonly netmask: string
  readonly gateways: readonly string[]
}

/** What a stack has when nobody says otherwise: 10.0.0.2/24, gateway 10.0.0.1. */
export const DEFAULT_IPV4: Ipv4Config = { address: "10.0.0.2", netmask: "255.255.255.0", gateways: ["10.0.0.1"] }

/** The library OS's own stack on `net`, at 10.0.0.2/24 with the gateway 10.0.0.1. */
export function directStackv4WithDefaultIpv4(console: Impl<"console">, net: Impl<"network">): Impl<"stackv4"> {
  return directStack("directStackv4WithDefaultIpv4", [], DEFAULT_IPV4, console, net)
}

/** The library OS's own stack on `net`, at an address of one's choice. */
export function directStackv4WithStaticIpv4(
  console: Impl<"console">,
  net: Impl<"network">,
  config: Ipv4Config,
): Impl<"stackv4"> {
  const name = "directStackv4WithStaticIpv4"
  checkAddresses(name, [config.address, config.netmask, ...config.gateways])
  return directStack(name, [config.address, config.netmask, config.gateways.join(" ")], config, console, net)
}

function directStack(
  name: string,
  parameters: readonly string[],
  config: Ipv4Config,
  console: Impl<"console">,
  net: Impl<"network">,
): Impl<"stackv4"> {
  return device(
    {
      name,
      module: "Tcpip_stack_direct",
      typ: Typ.stackv4,
      parameters,
      needs: [Typ.console, Typ.network],
      connect: (target, [, netif]) => {
        const S = Stackv4.Make(netif.module, target.time, target.clock, target.random)
        // The machine wants to know which ports are served, so that it can say so.
        const module: typeof S = {
          ...S,
          listenTcpv4(s, on, callback) {
            S.listenTcpv4(s, on, callback)
            target.listening(on.port)
          },
        }
        const { address, netmask, gateways } = config
        const connected = S.connect(netif.device, {
          address: Ipaddr.ofStringExn(address),
          netmask: Ipaddr.ofStringExn(netmask),
          gateways: gateways.map(Ipaddr.ofStringExn),
        })
        return linking<"stackv4", Stackv4.t<unknown>>(module as Modules["stackv4"], connected)
      },
      overSockets: () => hostStack(console),
    },
    [console, net],
  )
}

/** A stack that asks for its address. */
export function directStackv4WithDhcp(console: Impl<"console">, net: Impl<"network">): Impl<"stackv4"> {
  return device(
    {
      name: "directStackv4WithDhcp",
      module: "Tcpip_stack_direct",
      typ: Typ.stackv4,
      needs: [Typ.console, Typ.network],
      connect: () =>
        unsupported<"stackv4">(
          "DHCP is not part of this version of the library OS, and nobody on this network would answer. Use directStackv4WithDefaultIpv4(defaultConsole, tap0)",
        ),
      overSockets: () => hostStack(console),
    },
    [console, net],
  )
}

/**
 * What a direct stack is on a host's sockets. Its own address was for a network that only this host is on; the host's
 * nearest to that is the one that nobody else can reach.
 */
function hostStack(console: Impl<"console">): Impl<"stackv4"> {
  return socketStackv4(console, [Ipaddr.toString(Ipaddr.localhost)])
}

/** The host's own stack, through its sockets, at these addresses of the host's. `0.0.0.0` is all that it has. */
export function socketStackv4(console: Impl<"console">, addresses: readonly string[]): Impl<"stackv4"> {
  checkAddresses("socketStackv4", addresses)
  return device(
    {
      name: "socketStackv4",
      module: "Tcpip_stack_socket",
      typ: Typ.stackv4,
      parameters: [addresses.join(" ")],
      needs: [Typ.console],
      connect: (target) =>
        target.sockets?.(addresses) ??
        unsupported<"stackv4">(
          "it needs the sockets of a host such as Node, and a cell has none. Use directStackv4WithDefaultIpv4(defaultConsole, tap0)",
        ),
    },
    [console],
  )
}

/** A web server on TCP port `port` of `stack`. Throws {@link ConfigError} for a port that is none. */
export function httpServer(port: number | Key<number>, stack: Impl<"stackv4">): Impl<"http"> {
  if (!(port instanceof Key) && !isPort(port))
    throw new ConfigError(`httpServer(${port}, …): ${NOT_A_PORT}`, callerLocation())
  return device(
    {
      name: "httpServer",
      module: "HTTP.Make",
      typ: Typ.http,
      parameters: [port],
      needs: [Typ.stackv4],
      connect: (target, [{ module: S, device: stack }]) => {
        const module = Http.Make(S)
        const number = port instanceof Key ? port.value(target.environment) : port
        if (!isPort(number)) return Lwt.return(error({ kind: "bad-port", message: NOT_A_PORT }))
        return linking<"http", Http.t<unknown, unknown>>(
          module as Modules["http"],
          module.connect(stack, { port: number }),
        )
      },
    },
    [stack],
  )
}

function checkAddresses(name: string, addresses: readonly string[]): void {
  for (const address of addresses)
    if (!Ipaddr.ofString(address).ok)
      throw new ConfigError(
        `${name}: "${address}" is not an IPv4 address: expected four numbers 0..255, as in 10.0.0.2`,
        callerLocation(),
      )
}

const NOT_A_PORT = "a port is a whole number from 1 to 65535"

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535
}
