// A page of the simulated network as a document that a sandboxed frame may show: nothing in it can fetch, run or
// navigate. Needs a browser (`DOMParser`); what does not is in inline-resources.ts.

import type { Fetched } from "../../sandbox/protocol.ts"
import { dataUrl, type Fetch, mediaType, Resources, textOf } from "./inline-resources.ts"

// The frame is sandboxed without scripts; this keeps it from loading anything as well.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:"

/** The text for `srcdoc`: the answer to a GET of `url`, with its style sheets and pictures put into it. */
export async function pageOf(answer: Fetched & { ok: true }, url: string, fetch: Fetch): Promise<string> {
  const type = mediaType(answer.headers, url, answer.body)
  if (type.startsWith("image/")) return wrap(`<img alt="" style="max-width:100%" src="${dataUrl(type, answer.body)}">`)
  const text = textOf(answer.headers, answer.body)
  if (type !== "text/html" && type !== "application/xhtml+xml") return wrap(`<pre>${escape(text)}</pre>`)
  const page = new DOMParser().parseFromString(text, "text/html")
  await inline(page, url, fetch)
  return wrap("", page)
}

async function inline(page: Document, url: string, fetch: Fetch): Promise<void> {
  const given = page.querySelector("base")?.getAttribute("href")
  const base = URL.canParse(given ?? "", url) ? new URL(given ?? "", url).href : url
  const resources = new Resources(fetch)
  // Scripts would not run; a refresh and a base would only confuse.
  for (const gone of page.querySelectorAll("script, base, meta[http-equiv], iframe, frame, object, embed"))
    gone.remove()
  const work: Promise<void>[] = []
  for (const link of page.querySelectorAll<HTMLLinkElement>("link")) {
    if (link.relList.contains("stylesheet")) {
      work.push(
        (async () => {
          const sheet = await resources.get(link.getAttribute("href") ?? "", base)
          const style = page.createElement("style")
          if (link.media !== "") style.media = link.media
          if (sheet !== undefined) {
            style.textContent = await resources.css(textOf(sheet.answer.headers, sheet.answer.body), sheet.url)
          }
          link.replaceWith(style)
        })(),
      )
    } else link.remove()
  }
  for (const style of page.querySelectorAll("style")) {
    work.push(
      resources.css(style.textContent ?? "", base).then((css) => {
        style.textContent = css
      }),
    )
  }
  for (const styled of page.querySelectorAll("[style]")) {
    const css = styled.getAttribute("style") ?? ""
    if (css.includes("url(")) work.push(resources.css(css, base).then((made) => styled.setAttribute("style", made)))
  }
  for (const image of page.querySelectorAll("img, input[type=image], source, video[poster]")) {
    image.removeAttribute("srcset")
    const name = image.hasAttribute("poster") ? "poster" : "src"
    const from = image.getAttribute(name)
    if (from === null) continue
    work.push(
      resources.data(from, base).then((data) => {
        // Without it the picture's alternative text is shown, as for one that is missing.
        if (data === undefined) image.removeAttribute(name)
        else image.setAttribute(name, data)
      }),
    )
  }
  await Promise.all(work)
  // Links become absolute: the document's own address is not the page's.
  for (const link of page.querySelectorAll("a[href], area[href]")) {
    const href = link.getAttribute("href") ?? ""
    if (!href.startsWith("#") && URL.canParse(href, base)) link.setAttribute("href", new URL(href, base).href)
    link.removeAttribute("target")
  }
}

function wrap(body: string, page?: Document): string {
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`
  if (page === undefined) return `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
  page.head.insertAdjacentHTML("afterbegin", head)
  return `<!doctype html>${page.documentElement.outerHTML}`
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
