import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { FRAME_DOCUMENT, FRAME_SCRIPT, FRAME_SCRIPT_HASH } from "../../src/sandbox/frame.ts"

describe("the frame's document", () => {
  it("allows its own script by the right hash, and no other", () => {
    const hash = createHash("sha256").update(FRAME_SCRIPT).digest("base64")
    expect(FRAME_SCRIPT_HASH).toBe(`sha256-${hash}`)
    expect(FRAME_DOCUMENT).toContain(`<script>${FRAME_SCRIPT}</script>`)
    expect(FRAME_DOCUMENT).not.toMatch(/unsafe-inline|unsafe-eval/)
  })

  it("has its policy before its script, and allows no connection", () => {
    expect(FRAME_DOCUMENT.indexOf("Content-Security-Policy")).toBeLessThan(FRAME_DOCUMENT.indexOf("<script>"))
    expect(FRAME_DOCUMENT).toContain("default-src 'none'")
    expect(FRAME_DOCUMENT).toContain("connect-src 'none'")
  })
})
