// Words and attributes as they are written after a fence's language and in directives: `cell=x.ts entry title="a b"`.

/** One word: a flag if it has no value. */
export interface Word {
  readonly name: string
  readonly value: string | undefined
}

/** Split `text` into words. A value with spaces stands between double or single quotes. */
export function words(text: string): Word[] {
  const found: Word[] = []
  for (const m of text.matchAll(/([^\s=]+)(?:=(?:"([^"]*)"|'([^']*)'|(\S*)))?/g)) {
    found.push({ name: m[1] as string, value: m[2] ?? m[3] ?? m[4] })
  }
  return found
}

/** HTML attributes; a flag has the empty value. */
export type Attributes = Readonly<Record<string, string>>

/** What a directive says, as attributes. */
export function attributesOf(text: string): Attributes {
  return Object.fromEntries(words(text).map((w) => [w.name, w.value ?? ""]))
}

/** Both; classes are united, of everything else `b` wins. */
export function mergeAttributes(a: Attributes, b: Attributes): Attributes {
  const merged = { ...a, ...b }
  const classes = [a["class"], b["class"]].filter((c) => c !== undefined && c !== "").join(" ")
  return classes === "" ? merged : { ...merged, class: classes }
}

/** Text as HTML, also between double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
}

/** ` class="a" data-z="1"`, with a space before each. */
export function showAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escapeHtml(value)}"`))
    .join("")
}

/** Put attributes on the first element of `html`; what is not an element stays as it is. */
export function withAttributes(html: string, attributes: Attributes): string {
  if (Object.keys(attributes).length === 0) return html
  return html.replace(
    /^(\s*<[a-zA-Z][\w-]*)((?:\s+[^\s=>/]+(?:="[^"]*"|='[^']*'|=[^\s>]+)?)*)(\s*\/?>)/,
    (_, tag, own, end) => {
      return `${tag}${showAttributes(mergeAttributes(unescaped(attributesOf(own)), attributes))}${end}`
    },
  )
}

function unescaped(attributes: Attributes): Attributes {
  const plain = (text: string) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&")
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plain(value)]))
}
