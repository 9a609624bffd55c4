// Who says what to whom while a unikernel is booted by the first request for it: Jitsu, as of NSDI 2015.

import { connect, port } from "./arrow.ts"
import type { Box, Edge, Scene, Step, Tone } from "./scene.ts"
import { lines } from "./text.ts"

const WIDTH = 1120
const HEIGHT = 510
const HEAD_HEIGHT = 52
const LINE = 12

/** A head, and the life line under it. */
const life = (id: string, name: string, tone: Tone, x: number, top: number, says: string, from: number = 0) => {
  const since = from === 0 ? {} : { from }
  const common = { kind: "box", tone, ...since } as const
  const head: Box = {
    ...common,
    id,
    says,
    lines: lines(name, 24, "bold"),
    x: x - 105,
    y: top,
    width: 210,
    height: HEAD_HEIGHT,
  }
  const y = top + HEAD_HEIGHT
  const line: Box = {
    ...common,
    shape: "cell",
    id: `${id}-line`,
    partOf: id,
    lines: [],
    x: x - LINE / 2,
    y,
    width: LINE,
    height: HEIGHT - y,
  }
  return { head, line }
}

/** When the machine has been made, and its line begins. */
const BORN = 190

const LIVES = {
  client: life("client", "Client", "plain", 105, 0, "a browser somewhere."),
  jitsu: life("jitsu", "Jitsu", "leaf", 405, 0, "answers for names, and for machines that do not run yet."),
  xen: life("xen", "Xen, XenStore", "iris", 705, 0, "builds machines, and has a registry for them."),
  unikernel: life("unikernel", "Unikernel", "sea", 1010, BORN, "is not there before it is asked for.", 2),
}

type Who = keyof typeof LIVES

const message = (step: number, a: Who, b: Who, y: number, text: string, says: string, labelX?: number): Edge => {
  const source = LIVES[a].line
  const target = LIVES[b].line
  const right = source.x < target.x
  const along = (box: Box) => (y - box.y) / box.height
  const start = port(source, right ? "right" : "left", along(source))
  const end = port(target, right ? "left" : "right", along(target))
  return connect(
    [source, right ? "right" : "left", along(source)],
    [target, right ? "left" : "right", along(target)],
    says,
    {
      from: step,
      strong: { from: step, until: step + 1 },
      label: {
        kind: "label",
        x: labelX ?? (start.x + end.x) / 2,
        y: y - 18,
        anchor: "middle",
        lines: lines(text, 24),
      },
    },
  )
}

const STEPS: readonly Step[] = [
  { title: "Nothing runs yet", says: "There is a client, there is Jitsu, there is Xen, and no machine that serves." },
  { title: "The question", says: "A request begins with a name: the client asks for its address." },
  {
    title: "Two things at once",
    says: "The answer goes out at once, and beside that Xen boots the machine that the address will be of.",
  },
  {
    title: "Early guests",
    says: "The client connects before the machine is there. A proxy beside Jitsu takes its SYN and keeps it in XenStore.",
  },
  {
    title: "The machine is there",
    says: "It finds the SYN in XenStore, plays it to its own TCP, and goes on as if it had been there.",
  },
  {
    title: "The answer",
    says: "The first page has come by the time in which a machine boots, and the client saw a slow connection only.",
  },
]

/** The five messages' worth of a cold start. */
export function bootSequence(): Scene {
  return {
    title: "Booted by a question",
    description:
      "Life lines of a client, Jitsu, Xen and a unikernel. The answer to the client's DNS query and the boot go on in parallel, and the first SYN waits in XenStore for the machine.",
    width: WIDTH,
    height: HEIGHT,
    steps: STEPS,
    items: [
      ...Object.values(LIVES).flatMap(({ head, line }) => [line, head]),
      message(1, "client", "jitsu", 110, "DNS: where is www?", "The client asks Jitsu by DNS where www is."),
      message(2, "jitsu", "client", 166, "at 10.0.0.2", "Jitsu answers the client at once, with an address."),
      message(2, "jitsu", "xen", 166, "boot it", "Jitsu has Xen boot the unikernel at the same time."),
      connect(
        [LIVES.xen.line, "right", (BORN + HEAD_HEIGHT / 2 - LIVES.xen.line.y) / LIVES.xen.line.height],
        [LIVES.unikernel.head, "left"],
        "Xen builds the machine of the unikernel.",
        {
          from: 2,
          strong: { from: 2, until: 3 },
          label: { kind: "label", x: 806, y: BORN + 6, anchor: "middle", lines: lines("builds it", 24) },
        },
      ),
      message(
        3,
        "client",
        "jitsu",
        258,
        "SYN to 10.0.0.2",
        "The client's SYN, sent too early, is taken by the proxy beside Jitsu.",
      ),
      message(3, "jitsu", "xen", 284, "SYN, to be kept", "The proxy writes the SYN into XenStore."),
      message(
        4,
        "xen",
        "unikernel",
        338,
        "the SYN, played again",
        "XenStore gives the unikernel the SYN, which it plays to its own TCP.",
      ),
      message(4, "unikernel", "client", 392, "SYN, ACK", "The unikernel answers the client itself: SYN, ACK.", 255),
      message(5, "client", "unikernel", 440, "GET /", "The client asks the unikernel for a page.", 255),
      message(
        5,
        "unikernel",
        "client",
        490,
        "200 OK, and the page",
        "The unikernel sends the page to the client.",
        255,
      ),
    ],
  }
}
