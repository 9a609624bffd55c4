// What the service worker does with requests and answers: no more than a host with the headers would do.

import type { Header } from "./headers.ts"

/** What of a request decides. */
export type Asked = Pick<Request, "method" | "destination" | "url" | "headers">

/** What is loaded into a place with a policy of its own; scripts, styles, fonts and data have that of the place they are loaded into. */
const PLACES: ReadonlySet<RequestDestination> = new Set(["document", "iframe", "frame", "worker", "sharedworker"])

/** Whether the answer to a request needs headers: if not, the browser asks the host as if there were no worker. */
export function wantsIsolation({ method, destination, url, headers }: Asked, origin: string): boolean {
  // A piece of a file is none of these, and only the browser knows what it has already.
  return method === "GET" && PLACES.has(destination) && new URL(url).origin === origin && !headers.has("range")
}

/** The answer with `added` among its headers. A redirection, an error page and an answer that hides its headers are as they were. */
export function isolatedResponse(answer: Response, added: readonly Header[]): Response {
  if (!answer.ok || answer.redirected || answer.type === "opaque" || answer.type === "opaqueredirect") return answer
  const headers = new Headers(answer.headers)
  for (const [name, value] of added) headers.set(name, value)
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers })
}
