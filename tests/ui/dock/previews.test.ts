import { describe, expect, it } from "vitest"
import { previewsOf } from "../../../src/ui/dock/previews.ts"

const server = (port: number, generation = 1) => ({ port, url: `https://p${port}.example/`, generation })

describe("previews", () => {
  it("open once for a server that is new, and say so", () => {
    const first = previewsOf([], [server(8080)])
    expect(first.open).toBe(8080)
    expect(first.said).toEqual(["A server is up on port 8080. Its page is in the panel."])
    const again = previewsOf(first.previews, [server(8080)])
    expect(again).toEqual({ previews: first.previews, said: [] })
  })

  it("stay when their server stops, and come back with it", () => {
    const { previews } = previewsOf([], [server(8080)])
    const stopped = previewsOf(previews, [])
    expect(stopped.previews).toEqual([{ ...server(8080), up: false }])
    expect(stopped.said).toEqual(["The server on port 8080 has stopped."])
    expect(previewsOf(stopped.previews, []).said).toEqual([])
    const back = previewsOf(stopped.previews, [server(8080, 2)])
    expect(back.previews).toEqual([{ ...server(8080, 2), up: true }])
    expect(back.said).toEqual(["The server on port 8080 is up again."])
    expect(back.open).toBeUndefined()
  })

  it("are loaded again when a server was started again between two looks", () => {
    const { previews } = previewsOf([], [server(80)])
    expect(previewsOf(previews, [server(80, 2)]).previews[0]?.generation).toBe(2)
  })

  it("are one for each port, in the order of their coming", () => {
    const { previews } = previewsOf([], [server(8080)])
    const both = previewsOf(previews, [server(80), server(8080)])
    expect(both.previews.map((p) => p.port)).toEqual([8080, 80])
    expect(both.open).toBe(80)
  })
})
