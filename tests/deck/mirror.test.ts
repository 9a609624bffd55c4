// Two ends, and between them a channel that delivers when the test says so, as a browser delivers when it likes.

import { beforeEach, describe, expect, it } from "vitest"
import { type Channel, Following, Presenting } from "../../src/deck/mirror.ts"
import { type CellAct, channelName, type Envelope, envelopeOf, type Place } from "../../src/ui/mirror-protocol.ts"

/** The channels of one name. */
class Air {
  readonly ends = new Set<Wire>()
  readonly said: Envelope[] = []
  #waiting: (() => void)[] = []

  say(from: Wire, message: Envelope): void {
    this.said.push(message)
    // As in a browser: nobody hears themselves, and what is said is copied.
    for (const end of this.ends) {
      if (end !== from) this.#waiting.push(() => end.onmessage?.({ data: structuredClone(message) } as MessageEvent))
    }
  }

  /** Deliver everything, and what is said in answer. */
  settle(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next()
  }
}

class Wire implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null
  readonly #air: Air
  constructor(air: Air) {
    this.#air = air
    air.ends.add(this)
  }
  postMessage(message: Envelope): void {
    this.#air.say(this, message)
  }
  close(): void {
    this.#air.ends.delete(this)
  }
}

class Show {
  at: Place
  went = 0
  constructor(slide: string) {
    this.at = { slide, step: -1, paused: false }
  }
  place(): Place {
    return this.at
  }
  go(place: Place): void {
    this.at = place
    this.went++
  }
}

class Cells {
  readonly heard: string[] = []
  text(project: string, file: string, text: string): void {
    this.heard.push(`${project}/${file}: ${text}`)
  }
  perform(project: string, file: string, act: CellAct): void {
    this.heard.push(`${project}/${file} ${act.tag}`)
  }
}

let air: Air
beforeEach(() => {
  air = new Air()
})

function presenter(slide: string): { show: Show; end: Presenting } {
  const show = new Show(slide)
  return { show, end: new Presenting(new Wire(air), show, () => {}) }
}

function room(slide: string): { show: Show; cells: Cells; end: Following; changes: boolean[] } {
  const show = new Show(slide)
  const cells = new Cells()
  const changes: boolean[] = []
  const end: Following = new Following(new Wire(air), show, cells, () => changes.push(end.led))
  return { show, cells, end, changes }
}

const turn = (window: { show: Show; end: Presenting | Following }, place: Partial<Place>): void => {
  window.show.at = { ...window.show.at, ...place }
  window.end.moved()
}

describe("a presenter's window and the room's", () => {
  it("find each other, whichever is first, and the presenter's slide is the one", () => {
    const early = room("a")
    const desk = presenter("c")
    const late = room("b")
    air.settle()
    expect([early.show.at.slide, late.show.at.slide]).toEqual(["c", "c"])
    expect(desk.end.followers).toBe(2)
    late.end.close()
    air.settle()
    expect(desk.end.followers).toBe(1)
  })

  it("turn together, both ways, and nothing comes back", () => {
    const one = room("a")
    const two = room("a")
    const desk = presenter("a")
    air.settle()
    turn(desk, { slide: "b", step: 2 })
    air.settle()
    expect([one.show.at, two.show.at]).toEqual([desk.show.at, desk.show.at])
    const said = air.said.length
    // Going somewhere is itself a move, of which the show tells.
    one.end.moved()
    two.end.moved()
    air.settle()
    expect(air.said.length).toBe(said)

    turn(one, { slide: "c", step: -1, paused: true })
    air.settle()
    expect(desk.show.at).toEqual({ slide: "c", step: -1, paused: true })
    desk.end.moved()
    air.settle()
    expect(two.show.at).toEqual(desk.show.at)
    expect(one.show.went).toBe(1)
  })

  it("end at the presenter's last place, though messages cross", () => {
    const screen = room("a")
    const desk = presenter("a")
    air.settle()
    for (const slide of ["b", "c", "d"]) turn(desk, { slide })
    // The room's window tells of each move it has made when the next messages are already under way.
    const go = screen.show.go.bind(screen.show)
    screen.show.go = (place) => {
      go(place)
      screen.end.moved()
    }
    air.settle()
    expect([desk.show.at.slide, screen.show.at.slide]).toEqual(["d", "d"])
  })

  it("show the same texts and acts, and a late one is told what it has missed: texts first", () => {
    const desk = presenter("a")
    const early = room("a")
    air.settle()
    desk.end.act("deck", "a file.ts", { tag: "begin" })
    desk.end.text("deck", "a file.ts", "one")
    desk.end.text("deck", "a file.ts", "two")
    air.settle()
    expect(early.cells.heard).toEqual(["deck/a file.ts begin", "deck/a file.ts: one", "deck/a file.ts: two"])
    const late = room("a")
    air.settle()
    expect(late.cells.heard).toEqual(["deck/a file.ts: two", "deck/a file.ts begin"])
  })

  it("part when the presenter's is closed", () => {
    const screen = room("a")
    const desk = presenter("b")
    air.settle()
    expect(screen.end.led).toBe(true)
    desk.end.close()
    air.settle()
    expect(screen.end.led).toBe(false)
    expect(screen.changes).toEqual([true, false])
    const said = air.said.length
    turn(screen, { slide: "c" })
    expect(air.said.length).toBe(said)
  })
})

describe("windows without a presenter", () => {
  it("leave each other alone", () => {
    const one = room("a")
    const two = room("b")
    air.settle()
    turn(one, { slide: "c" })
    air.settle()
    expect(two.show.at.slide).toBe("b")
    expect(air.said.map((e) => e.message.tag)).toEqual(["arrived", "arrived"])
  })
})

describe("a message", () => {
  const good = { version: 1, from: "x", message: { tag: "arrived" } }
  it("is one of this protocol, or none", () => {
    expect(envelopeOf(good)).toEqual(good)
    for (const bad of [
      undefined,
      null,
      3,
      "arrived",
      {},
      { ...good, version: 2 },
      { ...good, from: 1 },
      { ...good, message: {} },
    ])
      expect(envelopeOf(bad)).toBeUndefined()
  })

  it("reaches the pages of one folder only", () => {
    expect(channelName("/a/b/index.html")).toBe(channelName("/a/b/"))
    expect(channelName("/a/b/")).not.toBe(channelName("/a/c/"))
  })
})
