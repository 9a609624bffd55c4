// URLs as far as curl and the browser pane need them: RFC 3986 of the kind http://host:port/path?query.

import { error, ok, type Result } from "../../result.ts"

/** Where to go, and what to ask for there. */
export interface Url {
  /** A name or a dotted quad, in lower case. */
  readonly host: string
  readonly port: number
  /** Host and port as the Host header has them: the port only if it is not 80. */
  readonly authority: string
  /** Path and query. */
  readonly target: string
}

/** Why a text is no URL that we can fetch, in curl's numbers and words. */
export interface UrlError {
  readonly code: 1 | 3
  readonly message: string
}

/** Parse `text`; without a scheme it is `http`. User, password and fragment are left out, as they are never sent in a target. */
export function parseUrl(text: string): Result<Url, UrlError> {
  const m = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([^#]*)/i.exec(text)
  const scheme = (m?.[1] ?? "http").toLowerCase()
  if (scheme !== "http") return error({ code: 1, message: `Protocol "${scheme}" not supported or disabled in libcurl` })
  const bad = error({ code: 3, message: "URL using bad/illegal format or missing URL" } as const)
  const authority = /^(?:[^@]*@)?([^:@[\]\s]+)(?::(\d*))?$/.exec(m?.[2] ?? "")
  const host = authority?.[1]?.toLowerCase()
  if (host === undefined) return bad
  const port = authority?.[2] ? Number(authority[2]) : 80
  if (port < 1 || port > 65535) return bad
  const rest = m?.[3] ?? ""
  // A control character or a blank in a target would break the request; others that need it are encoded, as browsers do.
  if (!rest.isWellFormed() || [...rest].some((c) => c <= " " || c === "\x7f")) return bad
  const target = encodeURI(rest.startsWith("/") ? rest : `/${rest}`).replaceAll(/%25([0-9a-f]{2})/gi, "%$1")
  return ok({ host, port, authority: port === 80 ? host : `${host}:${port}`, target })
}
