// RFC 9110, HTTP semantics: requests and responses as values; and the bytes of a message's head (RFC 9112 sections 2 to 5).
// http.ts reads them again.

/** Header names are lower case; a repeated header's values are joined with ", " (RFC 9110 5.2). */
export type HttpHeaders = ReadonlyMap<string, string>

/** A request, read whole. */
export interface HttpRequestMessage {
  readonly method: string
  /** As sent: a path and a query, a whole URL, or `*`. */
  readonly target: string
  readonly version: "1.0" | "1.1"
  readonly headers: HttpHeaders
  readonly body: Uint8Array
}

/** A response, read whole. */
export interface HttpResponseMessage {
  readonly version: "1.0" | "1.1"
  readonly status: number
  /** The text after the status, which means nothing and may be empty. */
  readonly reason: string
  readonly headers: HttpHeaders
  readonly body: Uint8Array
}

/** What a method or a header's name is made of: RFC 9110 5.6.2. */
export const TOKEN: RegExp = /^[!#$%&'*+.^_`|~\w-]+$/
/** What a header's value is made of: visible characters, obs-text, spaces and tabs: RFC 9110 5.5. */
export const FIELD_VALUE: RegExp = /^[\t -~\x80-\xff]*$/

/** RFC 9112 6.3, rule 1: which responses never have a body. */
export function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304
}

/** The bytes of a request's head, with its empty line. Throws `RangeError` for a name or value that would break it. */
export function encodeRequestHead(r: Omit<HttpRequestMessage, "body">): Uint8Array {
  if (!TOKEN.test(r.method)) throw new RangeError(`"${r.method}" is not an HTTP method`)
  if (!/^[!-~\x80-\xff]+$/.test(r.target)) throw new RangeError(`"${r.target}" is not an HTTP request target`)
  return encodeHead(`${r.method} ${r.target} HTTP/${r.version}`, r.headers)
}

/** The bytes of a response's head, with its empty line. Throws `RangeError` for a name or value that would break it. */
export function encodeResponseHead(r: Omit<HttpResponseMessage, "body">): Uint8Array {
  if (!Number.isInteger(r.status) || r.status < 100 || r.status > 999)
    throw new RangeError(`${r.status} is not an HTTP status`)
  if (!FIELD_VALUE.test(r.reason)) throw new RangeError(`"${r.reason}" is not an HTTP reason phrase`)
  return encodeHead(`HTTP/${r.version} ${r.status} ${r.reason}`, r.headers)
}

function encodeHead(start: string, headers: HttpHeaders): Uint8Array {
  let text = `${start}\r\n`
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) throw new RangeError(`"${name}" is not a header name`)
    if (!FIELD_VALUE.test(value)) throw new RangeError(`the value of the header ${name} has characters that it may not`)
    text += `${name}: ${value}\r\n`
  }
  text += "\r\n"
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** The path of a request target, percent-decoded; `undefined` if it has none or is not UTF-8 then. RFC 9112 3.2. */
export function pathOfTarget(target: string): string | undefined {
  const m = /^(?:https?:\/\/[^/?#]+)?([^?#]*)/i.exec(target)
  const path = m?.[1] ?? ""
  if (target === "*") return "*"
  if (path !== "" && !path.startsWith("/")) return undefined
  try {
    return path === "" ? "/" : decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** The reason phrase that RFC 9110 section 15 gives a status; empty for others. */
export function reasonOf(status: number): string {
  return REASONS[status] ?? ""
}

const REASONS: Readonly<Record<number, string>> = {
  100: "Continue",
  101: "Switching Protocols",
  200: "OK",
  201: "Created",
  202: "Accepted",
  203: "Non-Authoritative Information",
  204: "No Content",
  205: "Reset Content",
  206: "Partial Content",
  300: "Multiple Choices",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  418: "I'm a teapot",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
}
