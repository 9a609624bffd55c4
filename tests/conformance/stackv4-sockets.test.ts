// The host's sockets, on its loopback network: all of 127.0.0.0/8 is this machine.

import { randomInt } from "node:crypto"
import { afterEach, describe } from "vitest"
import { entering, startMachine } from "../../src/cli/machine.ts"
import { type SocketHost, SocketStack, Stack } from "../../src/cli/sockets/stack.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import { stackv4Suite } from "./stackv4-suite.ts"

describe("STACKV4 on the host's sockets", () => {
  let stacks: SocketStack[] = []
  afterEach(() => {
    for (const stack of stacks) stack.disconnect()
    stacks = []
  })

  stackv4Suite(async () => {
    const engine = startMachine(() => {})
    const waiting = new Set<() => void>()
    let asked = 0
    let opened = 0
    const host: SocketHost = {
      port(port) {
        asked++
        return port
      },
      opened() {
        opened++
        for (const look of waiting) look()
      },
      refused: (on) => {
        throw new Error(on.message)
      },
      connection() {},
    }
    const stack = (address: string): SocketStack => {
      const made = new SocketStack([address], host, entering(engine))
      stacks.push(made)
      return made
    }
    // An address of its own for each server, so that no port is anybody else's. The kernel calls from 127.0.0.1.
    const address = `127.${randomInt(1, 255)}.${randomInt(255)}.${randomInt(2, 255)}`
    const client = stack("127.0.0.1")
    const server = stack(address)
    return {
      S: {
        ...Stack,
        listenUdpv4(s, on, callback) {
          asked++
          Stack.listenUdpv4(s, on, callback)
        },
      },
      client,
      server,
      clientAddress: Ipaddr.localhost,
      address: Ipaddr.ofStringExn(address),
      run: (p) => engine.attend(p),
      open: () =>
        new Promise((resolve) => {
          const look = (): void => {
            if (opened === asked) resolve()
          }
          waiting.add(look)
          look()
        }),
    }
  })
})
