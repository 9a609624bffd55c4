// The guest in a classic worker, started by the frame (frame.ts). Classic, because a module worker cannot be made from a
// Blob in a frame of opaque origin. The first message brings the port to the page; nothing else is listened to.

import { deny } from "./deny.ts"
import { type Platform, startGuest } from "./guest.ts"
import type { ToGuest } from "./protocol.ts"

const scope = globalThis as unknown as Record<string, unknown> & EventTarget

function platformOf(port: MessagePort): Platform {
  // Taken now, because the reader's code may replace any of them.
  const post = port.postMessage.bind(port)
  const createObjectURL = URL.createObjectURL.bind(URL)
  const now = performance.now.bind(performance)
  const nativeSetTimeout = setTimeout
  const nativeClearTimeout = clearTimeout
  // A message to ourselves is a turn of the event loop without the milliseconds that nested timers are made to wait.
  const turns = new MessageChannel()
  const turn = turns.port2.postMessage.bind(turns.port2)
  // Not an array: the reader may have put something else in the place of `push`.
  const waiting: Record<number, () => void> = {}
  let first = 0
  let next = 0
  turns.port1.onmessage = () => {
    const f = waiting[first]
    delete waiting[first++]
    f?.()
  }
  return {
    link: (_name, code) => createObjectURL(new Blob([code], { type: "text/javascript" })),
    import: (url) => import(/* @vite-ignore */ url) as Promise<Record<string, unknown>>,
    post: (message) => post(message),
    now,
    setTimeout: (f, ms) => nativeSetTimeout(f, ms),
    clearTimeout: (handle) => nativeClearTimeout(handle),
    soon: (f) => {
      waiting[next++] = f
      turn(null)
    },
    onUncaught: (f) => {
      scope.addEventListener("error", (event) => {
        event.preventDefault()
        f((event as ErrorEvent).error, "exception")
      })
      scope.addEventListener("unhandledrejection", (event) => {
        event.preventDefault()
        f((event as PromiseRejectionEvent).reason, "unhandled-rejection")
      })
    },
    globals: scope,
  }
}

scope.addEventListener(
  "message",
  (event) => {
    const port = (event as MessageEvent).ports[0]
    if (port === undefined) return
    const receive = startGuest(platformOf(port))
    deny(scope)
    port.onmessage = ({ data }: MessageEvent<ToGuest>) => receive(data)
  },
  { once: true },
)
