// The graph of modules under an application: three ways down from the same HTTP. Every module stands where it stands in all
// three; what is above TCP never changes, and that is the point.

import { connect, type End } from "./arrow.ts"
import type { Box, Edge, Item, Scene, Step, Tone } from "./scene.ts"
import { lines } from "./text.ts"

const WIDTH = 1152
const HEIGHT = 500
const BOX = { width: 200, height: 66 }

/** Three ways, as slides call them. */
export const WAYS = ["sockets", "direct", "xen"] as const
export type Way = (typeof WAYS)[number]

const module = (id: string, type: string, tone: Tone, x: number, y: number, from: number, says: string): Box => ({
  kind: "box",
  id,
  name: `${id} : ${type}`,
  says,
  lines: [...lines(id, 24, "bold"), ...lines(type, 20, "code")],
  tone,
  x: x - BOX.width / 2,
  y: y - BOX.height / 2,
  ...BOX,
  ...(from === 0 ? {} : { from }),
})

/** Columns and rows, so that the three ways share them. */
const SOCKET = 110
const STACK = 320
const MIDDLE = 550
const XEN = 930
const ROWS = [44, 142, 246, 350, 456] as const

const UnixELF = module("UnixELF", "UNIX", "sand", MIDDLE, ROWS[0], 0, "the program as Unix starts it.")
const UnixSocket = module("UnixSocket", "TCP(UNIX)", "sand", SOCKET, ROWS[1], 0, "TCP as the sockets of Unix.")
const Cohttp = module("Cohttp", "HTTP(TCP)", "leaf", STACK, ROWS[4], 0, "HTTP over any TCP.")
const MyHomePage = module("MyHomePage", "APP(HTTP)", "plain", MIDDLE, ROWS[4], 0, "the application.")
const UnixTuntap = module("UnixTuntap", "NETIF(UNIX)", "sand", MIDDLE, ROWS[1], 1, "frames by a tap device.")
const MirNet = module("MirNet", "ETH(NETIF)", "leaf", MIDDLE, ROWS[3], 1, "Ethernet over any network interface.")
const MirTCP = module("MirTCP", "TCP(ETH)", "leaf", STACK, ROWS[3], 1, "our own TCP.")
const XenBoot = module("XenBoot", "XEN", "iris", XEN, ROWS[0], 2, "the kernel as Xen starts it.")
const XenStore = module("XenStore", "XS(XEN)", "iris", XEN - 105, ROWS[1], 2, "the registry that machines share.")
const XenEvtchn = module("XenEvtchn", "EVENT(XEN)", "iris", XEN + 105, ROWS[1], 2, "interrupts between machines.")
const XenRing = module("XenRing", "RING(XS,EVENT)", "iris", XEN, ROWS[2], 2, "requests and answers in shared memory.")
const XenNetif = module("XenNetif", "NETIF(XEN,RING)", "iris", XEN, ROWS[3], 2, "frames by such a ring.")

const edge = (a: End, b: End, from: number, strong: Edge["strong"], via: Edge["points"] = []): Edge =>
  connect(a, b, `${b[0].id} is built on ${a[0].id}.`, {
    via,
    ...(from === 0 ? {} : { from }),
    ...(strong === undefined ? {} : { strong }),
  })

/** Bold in the first way only, and so on. */
const SOCKETS = { until: 1 }
const DIRECT = { from: 1, until: 2 }
const OWN = { from: 1 }
const KERNEL = { from: 2 }
const ALWAYS = {}

const STEPS: readonly Step[] = [
  {
    title: "A Unix process with sockets",
    says: "The application needs HTTP, HTTP needs some TCP, and here TCP is that of Unix.",
  },
  {
    title: "A Unix process with a network stack of its own",
    says: "TCP and Ethernet are ours now, and Unix gives frames only. HTTP and the application have not changed.",
  },
  {
    title: "A Xen kernel",
    says: "The frames come from Xen's shared rings. Ethernet, TCP, HTTP and the application have not changed.",
  },
]

const grown: readonly Item[] = [
  edge([UnixELF, "left"], [UnixSocket, "top"], 0, SOCKETS, [{ x: SOCKET, y: ROWS[0] }]),
  edge([UnixSocket, "bottom"], [Cohttp, "left"], 0, SOCKETS, [{ x: SOCKET, y: ROWS[4] }]),
  edge([UnixELF, "bottom"], [UnixTuntap, "top"], 1, DIRECT),
  edge([UnixTuntap, "bottom"], [MirNet, "top"], 1, DIRECT),
  edge([MirNet, "left"], [MirTCP, "right"], 1, OWN),
  edge([MirTCP, "bottom"], [Cohttp, "top"], 1, OWN),
  edge([XenBoot, "bottom", 0.35], [XenStore, "top", 0.7], 2, KERNEL),
  edge([XenBoot, "bottom", 0.65], [XenEvtchn, "top", 0.3], 2, KERNEL),
  edge([XenStore, "bottom", 0.7], [XenRing, "top", 0.35], 2, KERNEL),
  edge([XenEvtchn, "bottom", 0.3], [XenRing, "top", 0.65], 2, KERNEL),
  edge([XenRing, "bottom"], [XenNetif, "top"], 2, KERNEL),
  edge([XenBoot, "left"], [XenNetif, "left", 0.3], 2, KERNEL, [
    { x: 688, y: ROWS[0] },
    { x: 688, y: ROWS[3] - BOX.height * 0.2 },
  ]),
  edge([XenNetif, "left", 0.65], [MirNet, "right", 0.65], 2, KERNEL),
  edge([Cohttp, "right"], [MyHomePage, "left"], 0, ALWAYS),
  UnixELF,
  UnixSocket,
  Cohttp,
  MyHomePage,
  UnixTuntap,
  MirNet,
  MirTCP,
  XenBoot,
  XenStore,
  XenEvtchn,
  XenRing,
  XenNetif,
  ...STEPS.map(
    ({ title }, i): Item => ({
      kind: "label",
      x: WIDTH - 36,
      // Above the last row's middle, which is that of two lines or of one.
      y: ROWS[4] - (title.includes(" with ") ? 15 : 0),
      anchor: "end",
      tone: "strong",
      lines: lines(title.replace(" with a ", "\nwith a ").replace(" with sockets", "\nwith sockets"), 24, "bold"),
      ...(i === 0 ? {} : { from: i }),
      ...(i === STEPS.length - 1 ? {} : { until: i + 1 }),
    }),
  ),
]

/** The whole graph, growing. */
export function modules(): Scene {
  return {
    title: "Modules under a home page",
    description:
      "A graph of modules, each built on those below it. Three ways lead from a platform to the same HTTP and the same application: whatever stands under TCP can be changed without them.",
    width: WIDTH,
    height: HEIGHT,
    items: grown,
    steps: STEPS,
  }
}
