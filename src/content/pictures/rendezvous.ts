// How two machines on one host find each other: names in XenStore, and then shared memory. The paths are those of conduit
// and of vchan.

import { connect } from "./arrow.ts"
import type { Box, Item, Scene, Step } from "./scene.ts"
import { lines } from "./text.ts"

const WIDTH = 1152
const HEIGHT = 470

const server: Box = {
  kind: "box",
  id: "server",
  name: "Server",
  says: "the machine with number 3. It is called www.",
  lines: [...lines("Server", 24, "bold"), ...lines("domain 3", 24)],
  tone: "sea",
  x: 932,
  y: 36,
  width: 220,
  height: 420,
}
const client: Box = {
  ...server,
  id: "client",
  name: "Client",
  says: "the machine with number 7.",
  lines: [...lines("Client", 24, "bold"), ...lines("domain 7", 24)],
  x: 0,
}
const store: Box = {
  kind: "box",
  shape: "area",
  id: "store",
  name: "XenStore",
  says: "a tree of small values that all machines of the host can see, each as far as it may, and watch.",
  lines: lines("XenStore", 24, "bold"),
  tone: "iris",
  x: 326,
  y: 0,
  width: 500,
  height: 272,
}

const entry = (id: string, path: string, y: number, from: number, says: string): Box => ({
  kind: "box",
  id,
  name: path.replace("\n", ""),
  says,
  lines: lines(path, 20, "code"),
  align: "start",
  tone: "plain",
  x: 346,
  y,
  width: 460,
  height: path.includes("\n") ? 66 : 48,
  from,
})

const name = entry("name", "/conduit/www = 3", 50, 1, "the name, and whose it is.")
const guest = entry("guest", "/conduit/www/listen/c1 = 7", 116, 2, "somebody wants to connect.")
const RING = "/local/domain/3/data/vchan/7/c1\n  ring-ref, event-channel"
const offer = entry("offer", RING, 182, 3, "where the shared pages are, and how to knock.")
const channel: Box = {
  kind: "box",
  id: "channel",
  name: "vchan",
  says: "a page with two rings in it, one for either way. XenStore and the hypervisor have no more part in it.",
  lines: [...lines("vchan: two rings in shared pages", 24, "bold"), ...lines("and an event channel", 24)],
  tone: "leaf",
  x: 346,
  y: 352,
  width: 460,
  height: 92,
  from: 4,
}

const at = (box: Box, y: number) => (y - box.y) / box.height
const now = (step: number) => ({ from: step, strong: { from: step, until: step + 1 } })
const label = (text: string, x: number, y: number): { label: Extract<Item, { kind: "label" }> } => ({
  label: { kind: "label", x, y, anchor: "middle", lines: lines(text, 24, "italic") },
})

const STEPS: readonly Step[] = [
  { title: "Two machines, one store", says: "Neither knows of the other. Both can reach XenStore." },
  { title: "A name", says: "The server writes down its name, and watches who comes." },
  {
    title: "A guest",
    says: "The client looks the name up, and leaves word that it wants to connect. The watch tells the server.",
  },
  { title: "An offer", says: "The server lends pages to the client, and says in XenStore where." },
  { title: "A channel", says: "From now on they talk by shared memory: no bridge, no TCP, no copies in between." },
]

/** From a name to a channel. */
export function rendezvous(): Scene {
  return {
    title: "A rendezvous by XenStore",
    description:
      "A server registers a name in XenStore, a client finds it and asks, the server offers shared pages, and both then talk through these pages alone.",
    width: WIDTH,
    height: HEIGHT,
    steps: STEPS,
    items: [
      store,
      client,
      server,
      name,
      guest,
      offer,
      channel,
      connect([server, "left", at(server, 74)], [name, "right"], "The server registers its name.", {
        ...now(1),
        ...label("registers", 879, 54),
      }),
      connect([client, "right", at(client, 74)], [name, "left"], "The client looks the name up.", {
        ...now(2),
        ...label("looks up", 273, 54),
      }),
      connect([client, "right", at(client, 140)], [guest, "left"], "The client asks to connect.", {
        ...now(2),
        ...label("asks", 273, 120),
      }),
      connect([guest, "right"], [server, "left", at(server, 140)], "A watch tells the server of it.", {
        ...now(2),
        style: "dashed",
        ...label("watch", 879, 120),
      }),
      connect([server, "left", at(server, 215)], [offer, "right"], "The server offers shared pages.", {
        ...now(3),
        ...label("offers", 879, 195),
      }),
      connect([offer, "left"], [client, "right", at(client, 215)], "The client reads where they are.", {
        ...now(3),
        ...label("reads", 273, 195),
      }),
      connect(
        [client, "right", at(client, 382)],
        [channel, "left", at(channel, 382)],
        "The client writes into one ring, and the server reads it.",
        { ...now(4) },
      ),
      connect(
        [channel, "right", at(channel, 382)],
        [server, "left", at(server, 382)],
        "The server gets what the client has written.",
        { ...now(4) },
      ),
      connect(
        [server, "left", at(server, 416)],
        [channel, "right", at(channel, 416)],
        "The server writes into the other ring.",
        { ...now(4) },
      ),
      connect(
        [channel, "left", at(channel, 416)],
        [client, "right", at(client, 416)],
        "The client gets what the server has written.",
        { ...now(4) },
      ),
    ],
  }
}
