// Messages of the protocol over the standard streams of a process in a WebContainer.
//
// There is one stream each way, of text. What comes from the process holds all that it and its children print, in pieces
// that may be cut anywhere, with what a terminal makes of it, and perhaps with what was typed at it, echoed. So a message
// is a row of pieces, each of them
//
//     ~ nonce direction more length payload nonce
//
//   nonce      32 hexadecimal digits, new for each process and known to the page and the guest alone: whatever a program
//              prints, it cannot print this. At the end it proves that nothing was written into the middle of the piece.
//              The page's first line to the guest is the nonce; an environment variable could be read by a program.
//   direction  `>` to the guest, `<` from it: an echo is not taken for an answer.
//   more       `+` if the message goes on in the next piece, `.` if not.
//   length     of the payload, 4 hexadecimal digits.
//
// The payload is JSON in printable ASCII: no terminal changes that, and no chunk's decoder finds half a character. A piece
// is shorter than what an operating system writes to a pipe at once, so that another process's output falls between
// pieces. All that is between them is the program's own output.

/** Which way a message goes. */
export type Direction = ">" | "<"

/** What the guest says first: it hears now, and nothing more is echoed. */
export const HELLO = "hello"

const SIGN = "~"
/** After the mark: more, and the length. */
const HEADER_LENGTH = 5
/** POSIX has writes of 512 bytes whole, Linux of 4096. */
const MAX_PAYLOAD = 2000

// The guest shares its realm with the program, which may change any of them.
const { stringify, parse } = JSON
const { btoa, atob } = globalThis
const { fromCharCode } = String

/** A nonce that nobody can guess. */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** The pieces of `message`, each to be written at once; `write` is called for each. */
export function writeMessage(
  message: unknown,
  nonce: string,
  direction: Direction,
  write: (piece: string) => void,
): void {
  const text = encodeValue(message)
  let at = 0
  do {
    const payload = text.slice(at, at + MAX_PAYLOAD)
    at += payload.length
    const more = at < text.length ? "+" : "."
    write(`${markOf(nonce, direction)}${more}${payload.length.toString(16).padStart(4, "0")}${payload}${nonce}`)
  } while (at < text.length)
}

/** What a piece begins with. */
function markOf(nonce: string, direction: Direction): string {
  return SIGN + nonce + direction
}

/** Who hears what a stream holds. */
export interface WireListener {
  message(message: unknown): void
  /** What is no message of this direction, as it comes. */
  foreign(text: string): void
  /** A message has been spoilt: something was written into it. */
  broken?(): void
}

/** Takes messages of one direction out of a stream of text. */
export class WireReader {
  readonly #nonce: string
  readonly #mark: string
  readonly #listener: WireListener
  /** The beginning of a mark, perhaps, at the end of what came. */
  #held = ""
  /** What has come of the piece after its mark, and how long it is to be; 0 between pieces. */
  #piece = ""
  #wanted = 0
  #message = ""

  constructor(nonce: string, direction: Direction, listener: WireListener) {
    this.#nonce = nonce
    this.#mark = markOf(nonce, direction)
    this.#listener = listener
  }

  push(text: string): void {
    let at = 0
    while (at < text.length) at = this.#wanted === 0 ? this.#search(text, at) : this.#fill(text, at)
  }

  /** No more comes: what was held back is no mark, and what is not whole is no piece, through nobody's fault. */
  end(): void {
    while (this.#wanted !== 0) this.#release()
    const rest = this.#held
    this.#held = ""
    this.#foreign(rest)
  }

  /** Look for a mark from `at` on. Returns where to go on. */
  #search(text: string, at: number): number {
    const all = this.#held + text.slice(at)
    const before = this.#held.length
    this.#held = ""
    const start = all.indexOf(this.#mark)
    if (start >= 0) {
      this.#foreign(all.slice(0, start))
      this.#wanted = HEADER_LENGTH
      return at + start + this.#mark.length - before
    }
    const last = all.lastIndexOf(SIGN)
    if (last >= 0 && this.#mark.startsWith(all.slice(last))) this.#held = all.slice(last)
    this.#foreign(all.slice(0, all.length - this.#held.length))
    return text.length
  }

  /** Take what the piece still wants. */
  #fill(text: string, at: number): number {
    const end = Math.min(text.length, at + this.#wanted - this.#piece.length)
    this.#piece += text.slice(at, end)
    if (this.#piece.length < this.#wanted) return end
    if (this.#wanted === HEADER_LENGTH) {
      const length = /^[+.]([0-9a-f]{4})$/.exec(this.#piece)?.[1]
      if (length === undefined) this.#spoilt()
      else this.#wanted += Number.parseInt(length, 16) + this.#nonce.length
    } else if (this.#piece.endsWith(this.#nonce)) this.#whole()
    else this.#spoilt()
    return end
  }

  #whole(): void {
    const piece = this.#piece
    this.#piece = ""
    this.#wanted = 0
    this.#message += piece.slice(HEADER_LENGTH, -this.#nonce.length)
    if (piece[0] === "+") return
    const text = this.#message
    this.#message = ""
    let message: unknown
    try {
      message = decodeValue(text)
    } catch {
      this.#listener.broken?.()
      return
    }
    this.#listener.message(message)
  }

  /** What began with a mark was no piece, or is none any more. */
  #spoilt(): void {
    this.#listener.broken?.()
    this.#release()
  }

  /** Take it for text. A whole piece may have begun within it. */
  #release(): void {
    const piece = this.#piece
    this.#piece = ""
    this.#wanted = 0
    this.#message = ""
    this.#foreign(this.#mark)
    this.push(piece)
  }

  #foreign(text: string): void {
    if (text !== "") this.#listener.foreign(text)
  }
}

/**
 * A reader of what comes from the guest. What was typed at it and comes back is taken out before, wherever it stands: a
 * terminal may put it into the middle of a message.
 */
export function readerOfGuest(nonce: string, listener: WireListener): Pick<WireReader, "push" | "end"> {
  const answers = new WireReader(nonce, "<", listener)
  const echoes = new WireReader(nonce, ">", { message() {}, foreign: (text) => answers.push(text) })
  return {
    push: (text) => echoes.push(text),
    end() {
      echoes.end()
      answers.end()
    },
  }
}

// What JSON has no word for is a string that begins with NUL: bytes, and numbers that are not finite, or -0. A string that
// itself begins so has one more before it.
const ESCAPE = "\0"

/** A message as JSON in printable ASCII. Uint8Arrays may be anywhere in it. */
export function encodeValue(value: unknown): string {
  const text = stringify(value, function (this: Record<string, unknown>, key) {
    // Not the second argument: by then a Buffer has made an object of itself.
    const one = this[key]
    if (typeof one === "string") return one.startsWith(ESCAPE) ? `${ESCAPE}s${one}` : one
    if (typeof one === "number")
      return Number.isFinite(one) && !Object.is(one, -0) ? one : `${ESCAPE}n${stringNumber(one)}`
    return one instanceof Uint8Array ? `${ESCAPE}b${toBase64(one)}` : one
  })
  return text.replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
}

/** What {@link encodeValue} was given. */
export function decodeValue(text: string): unknown {
  return parse(text, (_key, value: unknown) => {
    if (typeof value !== "string" || !value.startsWith(ESCAPE)) return value
    const rest = value.slice(2)
    return value[1] === "s" ? rest : value[1] === "n" ? Number(rest) : fromBase64(rest)
  }) as unknown
}

function stringNumber(n: number): string {
  return Object.is(n, -0) ? "-0" : String(n)
}

function toBase64(bytes: Uint8Array): string {
  let text = ""
  // So many arguments a call may have.
  for (let at = 0; at < bytes.length; at += 4096) text += fromCharCode(...bytes.subarray(at, at + 4096))
  return btoa(text)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
}
