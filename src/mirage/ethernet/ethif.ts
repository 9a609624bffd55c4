// Ethernet II over a NETWORK (RFC 894), the deck's `Ethif.Make(N)`; `Ethernet.Make` in MirageOS 3 and later.
//
// Not implemented: IEEE 802.3 framing (LLC/SNAP), VLAN tags, multicast filtering (every group is accepted, as a network
// card in all-multicast mode does; IPv4 does the choosing).

import * as Lwt from "../lwt/lwt.ts"
import { ok } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { ETHIF } from "../signatures/ethernet.ts"
import type { NETWORK } from "../signatures/network.ts"
import {
  decodeEthernet,
  type EthernetError,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  encodeEthernet,
} from "../wire/ethernet.ts"
import * as Macaddr from "../wire/macaddr.ts"

/** Frames that {@link ETHIF.input} let fall, by reason. `unclaimed`: nobody wanted its EtherType. */
export type EthifDrops = Record<EthernetError | "not-for-us" | "unclaimed", number>

/** An Ethernet interface over the network `netif`. */
export interface t<N> {
  readonly netif: N
  readonly drops: EthifDrops
  /** See {@link ETHIF.takeArpv4}. */
  arpv4: ((payload: Uint8Array) => Lwt.t<void>) | undefined
}

/** What {@link Make} gives. */
export interface Ethif<N> extends ETHIF<t<N>> {
  /** Never refuses. Frames arrive once the network is told to `listen` to `input`. */
  connect(netif: N): Connected<t<N>>
}

/** Ethernet over the network module `N`. */
export function Make<N>(N: NETWORK<N>): Ethif<N> {
  return {
    connect(netif) {
      const drops = { truncated: 0, "ieee-802.3": 0, "not-for-us": 0, unclaimed: 0 }
      return Lwt.return(ok({ netif, drops, arpv4: undefined }))
    },

    disconnect(_t) {
      return Lwt.return()
    },

    write(t, dst, ethertype, payload) {
      const mtu = N.mtu(t.netif)
      if (payload.length > mtu)
        throw new RangeError(`an Ethernet payload of ${payload.length} bytes: the MTU is ${mtu}`)
      return N.write(t.netif, encodeEthernet({ dst, src: N.mac(t.netif), ethertype, payload }))
    },

    input(t, handlers) {
      const handlerOf = (ethertype: number) => {
        switch (ethertype) {
          case ETHERTYPE_ARP:
            return handlers.arpv4 ?? t.arpv4
          case ETHERTYPE_IPV4:
            return handlers.ipv4
          case ETHERTYPE_IPV6:
            return handlers.ipv6
          default:
            return undefined
        }
      }
      return (buf) => {
        const frame = decodeEthernet(buf)
        if (!frame.ok) return drop(t, frame.error)
        const { dst, ethertype, payload } = frame.value
        // Broadcast has the group bit set too. A switch floods frames whose address it has not learnt, so ours is not
        // the only address that turns up here.
        if (dst !== N.mac(t.netif) && !Macaddr.isMulticast(dst)) return drop(t, "not-for-us")
        const handler = handlerOf(ethertype)
        return handler === undefined ? drop(t, "unclaimed") : handler(payload)
      }
    },

    takeArpv4(t, arpv4) {
      t.arpv4 = arpv4
    },

    mac(t) {
      return N.mac(t.netif)
    },

    mtu(t) {
      return N.mtu(t.netif)
    },
  }
}

function drop<N>(t: t<N>, why: keyof EthifDrops): Lwt.t<void> {
  t.drops[why]++
  return Lwt.return()
}
