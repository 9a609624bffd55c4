// Files for hosts, each of which has its own way to be told of headers. All are made from the same list, and lie in the build.

import { type Header, isolationHeaders } from "./headers.ts"
import type { SiteSettings } from "./settings.ts"

/** The files for a site whose host isolates its pages: path in the build -> text. None for any other site. */
export function hostFiles(settings: SiteSettings): Readonly<Record<string, string>> {
  const headers = isolationHeaders(settings)
  if (headers.length === 0 || settings.webcontainer.isolation !== "headers") return {}
  return {
    _headers: netlify(headers),
    "vercel.json": vercel(headers),
    "hosting/nginx.conf": nginx(headers),
    "hosting/apache.conf": apache(headers),
  }
}

// Netlify and Cloudflare Pages read it in the first folder of what is published.
function netlify(headers: readonly Header[]): string {
  return lines("/*", ...headers.map(([name, value]) => `  ${name}: ${value}`))
}

function vercel(headers: readonly Header[]): string {
  const all = { source: "/(.*)", headers: headers.map(([key, value]) => ({ key, value })) }
  return lines(JSON.stringify({ headers: [all] }, null, 2))
}

function nginx(headers: readonly Header[]): string {
  return lines(
    "# For nginx: include this file in the location that serves the site, or in the server if it serves nothing else.",
    "# A location with an add_header of its own does not inherit these: it has to include the file itself.",
    ...headers.map(([name, value]) => `add_header ${name} ${quoted(value)} always;`),
  )
}

function apache(headers: readonly Header[]): string {
  return lines(
    "# For Apache, with mod_headers (a2enmod headers): Include this file in the Directory or the VirtualHost of the site. It may",
    "# also be the site's .htaccess, where AllowOverride has FileInfo.",
    ...headers.map(([name, value]) => `Header always set ${name} ${quoted(value)}`),
  )
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`
}
