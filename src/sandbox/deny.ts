// What a worker has that a cell is not to have. The frame's content security policy is the wall: it lets nothing out,
// whatever is called. This is for its words, so that a learner who tries `fetch` reads why it does not work, and against
// what the policy does not cover: workers of the worker's own, which Stop would have to find, and channels to other tabs.

const NETWORK = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "WebSocketStream",
  "EventSource",
  "WebTransport",
  "RTCPeerConnection",
]
const REFUSED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    NETWORK.map((name) => [
      name,
      `${name}: the sandbox has no network. Unikernels are on a simulated one: see 10.0.0.1 below the cell, and "mirage".`,
    ]),
  ),
  Worker: "Worker: a cell runs in one worker, and cannot make more.",
  SharedWorker: "SharedWorker: a cell runs in one worker, and cannot make more.",
  BroadcastChannel: "BroadcastChannel: the sandbox has no way to other pages.",
  importScripts: 'importScripts: import other cells by their path instead, import … from "./name.ts".',
  postMessage: "postMessage: there is nobody to post to. Print with console.log.",
  close: "close: a run ends by itself, or by Stop.",
}
// Objects rather than functions: code asks whether they are there.
const ABSENT = [
  "indexedDB",
  "caches",
  "cookieStore",
  "webkitRequestFileSystem",
  "webkitRequestFileSystemSync",
  "showOpenFilePicker",
]

/** Take from `scope`, the global object of a worker, what cells are not to have. */
export function deny(scope: object): void {
  for (const [name, message] of Object.entries(REFUSED)) {
    replace(scope, name, function refused() {
      throw new Error(message)
    })
  }
  for (const name of ABSENT) replace(scope, name, undefined)
}

/** On the object itself and on every prototype that has it: or it could be taken from there. */
function replace(scope: object, name: string, value: unknown): void {
  for (let object: object | null = scope; object !== null; object = Object.getPrototypeOf(object)) {
    if (!Object.hasOwn(object, name)) continue
    try {
      Object.defineProperty(object, name, { value, writable: false, configurable: false, enumerable: false })
    } catch {
      // Not configurable, in this browser: the policy has to do.
    }
  }
}
