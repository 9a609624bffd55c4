// The only two names of the host that the library OS uses beyond ECMAScript: pure functions, present in browsers, workers
// and Node alike.

interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}
declare var TextEncoder: { new (): TextEncoder }

interface TextDecoder {
  decode(input?: Uint8Array, options?: { stream?: boolean }): string
}
declare var TextDecoder: { new (label?: string, options?: { fatal?: boolean }): TextDecoder }
