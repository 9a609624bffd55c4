import { describe, expect, it } from "vitest"
import { applyTheme, Choices, nextTheme } from "../../src/deck/choices.ts"
import type { KeepingStorage } from "../../src/ui/kept.ts"

/** A storage that can be turned off, wholly or for writing. */
class FakeStorage implements KeepingStorage {
  readonly kept = new Map<string, string>()
  full = false
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError")
    this.kept.set(key, value)
  }
  removeItem(key: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError")
    this.kept.delete(key)
  }
}

const denied = (): KeepingStorage => {
  throw new DOMException("denied", "SecurityError")
}

describe("choices", () => {
  it("are the system's theme and letters until somebody chooses", () => {
    const choices = new Choices(() => new FakeStorage())
    expect(choices.theme).toBe("system")
    expect(choices.letters).toBe(true)
  })

  it("survive a reload", () => {
    const storage = new FakeStorage()
    const before = new Choices(() => storage)
    before.theme = "dark"
    before.letters = false
    const after = new Choices(() => storage)
    expect(after.theme).toBe("dark")
    expect(after.letters).toBe(false)
    after.theme = "system"
    after.letters = true
    expect(storage.kept.size).toBe(0)
  })

  it("hold for the page where storage is denied", () => {
    const choices = new Choices(denied)
    expect(choices.theme).toBe("system")
    choices.theme = "light"
    choices.letters = false
    expect(choices.theme).toBe("light")
    expect(choices.letters).toBe(false)
    choices.theme = "system"
    expect(choices.theme).toBe("system")
  })

  it("hold for the page where storage can be read only", () => {
    const storage = new FakeStorage()
    storage.kept.set("mirage-theme", "dark")
    storage.full = true
    const choices = new Choices(() => storage)
    expect(choices.theme).toBe("dark")
    choices.theme = "system"
    expect(choices.theme).toBe("system")
  })

  it("take nothing from a storage that somebody else has written", () => {
    const storage = new FakeStorage()
    storage.kept.set("mirage-theme", "'><script>")
    expect(new Choices(() => storage).theme).toBe("system")
  })
})

it("goes through all themes and comes back", () => {
  expect(nextTheme("system")).toBe("light")
  expect(nextTheme("light")).toBe("dark")
  expect(nextTheme("dark")).toBe("contrast")
  expect(nextTheme("contrast")).toBe("system")
})

it("says the theme on the root element, and says nothing for the system's", () => {
  const root = { dataset: {} as Record<string, string> } as unknown as HTMLElement
  applyTheme("dark", root)
  expect(root.dataset["theme"]).toBe("dark")
  applyTheme("system", root)
  expect("theme" in root.dataset).toBe(false)
})
