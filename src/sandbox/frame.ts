// The frame in which workers are made: its document, and what is said over its port.
//
// Why a frame: a worker made by the page itself has the page's origin, and with it the page's storage and cookies, and
// could fetch whatever the page can. A frame with `sandbox="allow-scripts"`, and without `allow-same-origin`, has an
// origin of its own that nothing shares; its workers inherit that, and its content security policy, which allows no
// connection at all. `srcdoc` needs no second site and no header, so this works on any static host and offline.

/** Page to frame. The first message to the window brings the port; the rest goes over it. */
export type ToFrame =
  /** The text of the guest, once. */
  | { readonly tag: "guest"; readonly code: string }
  /** Make worker `id`. The port that comes with this is its line to the page. */
  | { readonly tag: "spawn"; readonly id: number }
  | { readonly tag: "kill"; readonly id: number }

/** Frame to page. */
export type FromFrame =
  | { readonly tag: "hello"; readonly workers: boolean }
  | { readonly tag: "killed"; readonly id: number }
  /** The worker could not be made, or has ended by itself. */
  | { readonly tag: "lost"; readonly id: number; readonly reason: string }

/**
 * The frame's script. It stands here as text, because the policy allows it by its hash alone, and a bundler must not
 * change a letter of it.
 */
export const FRAME_SCRIPT = `"use strict"
addEventListener("message", function first(event) {
  if (event.source !== parent || event.ports.length === 0) return
  removeEventListener("message", first)
  const port = event.ports[0]
  const workers = new Map()
  let url
  const spawn = (id, line) => {
    const lost = (reason) => port.postMessage({ tag: "lost", id, reason })
    try {
      const worker = new Worker(url)
      workers.set(id, worker)
      worker.onerror = (error) => {
        error.preventDefault()
        lost(error.message || "the worker ended")
      }
      worker.postMessage(null, [line])
    } catch (thrown) {
      lost(String(thrown))
    }
  }
  port.onmessage = ({ data, ports }) => {
    if (data.tag === "guest") url = URL.createObjectURL(new Blob([data.code], { type: "text/javascript" }))
    else if (data.tag === "spawn") spawn(data.id, ports[0])
    else if (data.tag === "kill") {
      const worker = workers.get(data.id)
      if (worker) worker.terminate()
      workers.delete(data.id)
      port.postMessage({ tag: "killed", id: data.id })
    }
  }
  port.postMessage({ tag: "hello", workers: typeof Worker === "function" })
})
`

/** SHA-256 of {@link FRAME_SCRIPT}, as a policy spells it; a test keeps it right. A site's own policy can name it too. */
export const FRAME_SCRIPT_HASH = "sha256-/g60KZe2Zo/toolo6hbE9S4FaKpj87K3U5zWs10Hy18="

const POLICY = [
  "default-src 'none'",
  // blob: is what workers are made from, and what they import.
  `script-src '${FRAME_SCRIPT_HASH}' blob:`,
  "worker-src blob:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ")

/** The frame's document. */
export const FRAME_DOCUMENT: string = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>Sandbox</title><script>${FRAME_SCRIPT}</script>`
