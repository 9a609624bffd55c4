// What the double's page and the test server say to each other, over one WebSocket for each boot. The page only passes calls
// of the client on; files, processes and servers are on the server's side.
//
//   length of the JSON, 4 bytes | JSON, in which bytes are { "#bytes": [offset, length] } | all the bytes

/** From the page to the server. */
export type ToServer =
  | { readonly tag: "call"; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly tag: "write"; readonly process: number; readonly text: string }
  | { readonly tag: "kill"; readonly process: number }
  | { readonly tag: "resize"; readonly process: number; readonly cols: number; readonly rows: number }
  | { readonly tag: "unwatch"; readonly watcher: number }

/** From the server to the page. */
export type ToPage =
  | { readonly tag: "answer"; readonly id: number; readonly value: unknown }
  | { readonly tag: "refusal"; readonly id: number; readonly message: string }
  | { readonly tag: "output"; readonly process: number; readonly bytes: Uint8Array }
  | { readonly tag: "exit"; readonly process: number; readonly code: number }
  | { readonly tag: "changed"; readonly watcher: number; readonly event: string; readonly file: string | null }
  /** An event of `WebContainer.on`. */
  | { readonly tag: "event"; readonly name: string; readonly args: readonly unknown[] }
  /** From here on nothing answers. */
  | { readonly tag: "dead" }

const MARK = "#bytes"

/** A message as bytes. */
export function encodeMessage(message: ToServer | ToPage): Uint8Array<ArrayBuffer> {
  const blobs: Uint8Array[] = []
  let offset = 0
  const json = new TextEncoder().encode(
    JSON.stringify(message, (_key, value: unknown) => {
      if (!(value instanceof Uint8Array)) return value
      const place = [offset, value.length]
      blobs.push(value)
      offset += value.length
      return { [MARK]: place }
    }),
  )
  const bytes = new Uint8Array(4 + json.length + offset)
  new DataView(bytes.buffer).setUint32(0, json.length)
  bytes.set(json, 4)
  let at = 4 + json.length
  for (const blob of blobs) {
    bytes.set(blob, at)
    at += blob.length
  }
  return bytes
}

/** The message in bytes that `encodeMessage` made. */
export function decodeMessage(bytes: Uint8Array): ToServer | ToPage {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const blobs = bytes.subarray(4 + length)
  return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || !(MARK in value)) return value
    const [offset, size] = value[MARK] as [number, number]
    return blobs.slice(offset, offset + size)
  }) as ToServer | ToPage
}
