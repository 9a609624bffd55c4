// The badge of a cell and its menu: what runs where, why, and the reader's choice.

import { describe, expect, it } from "vitest"
import { eventually } from "../../support/page.ts"
import type { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { type ContainerDeckOptions, useContainerTutorial } from "../../support/webcontainer/tutorial.ts"

const tutorial = useContainerTutorial()
const { settings } = tutorial
let deck: ContainerDeck

async function open(options: ContainerDeckOptions = {}): Promise<ContainerDeck> {
  deck = await tutorial.open({ slide: "using-it", ...options })
  return deck
}

const asked = (): number => tutorial.double.requests.length
const choice = (name: string) => deck.menu.getByRole("button", { name: new RegExp(`^${name}`) })
const CELL = "uses.ts"

describe("a reader who has chosen nothing", () => {
  it("gets nothing from another origin, and is told why a program runs in this page", async () => {
    const before = asked()
    await open({ allows: () => false })
    await deck.cell(CELL).run()
    expect(await deck.badge(CELL).innerText()).toBe("embedded")
    await deck.badge(CELL).click()
    await deck.menu.getByText("WebContainers are not switched on: choose them").waitFor()
    expect(await choice("Automatic").getAttribute("aria-pressed")).toBe("true")
    expect(await choice("In a WebContainer").innerText()).toContain(
      `fetched from ${new URL(tutorial.double.origin).host}`,
    )
    expect(asked()).toBe(before)
  })

  it("chooses a WebContainer, has it from then on, and can take that back", async () => {
    await open()
    await deck.badge(CELL).click()
    await choice("In a WebContainer").click()
    await deck.menu.getByText(/A WebContainer is up, with Node \d/).waitFor()
    await deck.page.keyboard.press("Escape")
    await eventually(() => deck.badge(CELL).innerText()).toBe("WebContainer")
    await deck.page.reload()
    await deck.alive()
    await deck.containerUp()

    await deck.badge(CELL).click()
    await choice("In this page").click()
    await deck.page.keyboard.press("Escape")
    const before = asked()
    await deck.page.reload()
    await deck.alive()
    await deck.cell(CELL).run()
    await deck.badge(CELL).click()
    await deck.menu.getByText("You have chosen this page.").waitFor()
    expect(asked()).toBe(before)
  })

  it("chooses by the address, for as long as it stands there", async () => {
    await open({ query: "?runtime=webcontainer" })
    await deck.containerUp()
    await deck.badge(CELL).click()
    await deck.menu.getByText("The address of this page says ?runtime=webcontainer").waitFor()
    expect(await deck.page.evaluate(() => localStorage.getItem("mirage-runtime"))).toBeNull()
  })
})

describe("the menu by keyboard", () => {
  it("opens at the badge, is gone through by Tab, and Escape closes it and gives the focus back", async () => {
    await open()
    await deck.badge(CELL).focus()
    await deck.page.keyboard.press("Enter")
    await eventually(() => deck.focused()).toBe(`h2 "Where programs run"`)
    expect(await deck.badge(CELL).getAttribute("aria-expanded")).toBe("true")
    for (const name of ["Automatic", "In this page", "In a WebContainer"]) {
      await deck.page.keyboard.press("Tab")
      expect(await deck.focused()).toContain(name)
      // Neither chooses anything nor turns a slide.
      await deck.page.keyboard.press("ArrowRight")
      await deck.page.keyboard.press("n")
    }
    await deck.page.keyboard.press("Escape")
    await eventually(() => deck.focused()).toMatch(/^button\.badge\.runtime/)
    expect(await deck.badge(CELL).getAttribute("aria-expanded")).toBe("false")
    expect(await deck.current()).toBe("using-it")
    expect(await deck.page.locator(".reveal.overview").count()).toBe(0)
    expect(await deck.page.evaluate(() => localStorage.getItem("mirage-runtime"))).toBeNull()
  })

  it("closes when its badge is pressed again, and when Tab leaves it", async () => {
    await open()
    await deck.badge(CELL).click()
    await deck.menu.waitFor()
    await deck.badge(CELL).click()
    await eventually(() => deck.menu.count()).toBe(0)
    await deck.badge(CELL).press("Enter")
    await choice("In a WebContainer").focus()
    await deck.page.keyboard.press("Tab")
    await eventually(() => deck.menu.count()).toBe(0)
  })

  it.each([
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
    { width: 390, height: 844 },
    { width: 844, height: 390 },
  ])("lies in the window of $width by $height, whatever the scale of the slide", async (viewport) => {
    await open({ viewport })
    await deck.badge(CELL).scrollIntoViewIfNeeded()
    await deck.badge(CELL).click()
    const box = await deck.menu.boundingBox()
    if (box === null) throw new Error("the menu is not shown")
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.y).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(viewport.width)
    expect(box.y + box.height).toBeLessThanOrEqual(viewport.height)
  })
})

describe("a program whose author means it for a WebContainer", () => {
  const meant = () => deck.cell(CELL).root.evaluate((cell) => cell.setAttribute("runtime", "webcontainer"))

  it("asks, and runs there if the reader says so", async () => {
    await open()
    await meant()
    const before = asked()
    await deck.cell(CELL).runButton.click()
    await deck.menu.getByText("Its author means this program for a WebContainer").waitFor()
    expect(asked()).toBe(before)
    await choice("In a WebContainer").click()
    await deck.cell(CELL).ends("done")
    expect(await deck.badge(CELL).innerText()).toBe("WebContainer")
  })

  it("runs in this page if the reader says so, and does not ask again", async () => {
    await open()
    await meant()
    await deck.cell(CELL).runButton.click()
    await choice("In this page").click()
    await deck.cell(CELL).ends("done")
    expect(await deck.badge(CELL).innerText()).toBe("embedded")
    await deck.cell(CELL).run()
    expect(await deck.menu.count()).toBe(0)
  })

  it("does not run if the reader turns away", async () => {
    await open()
    await meant()
    await deck.cell(CELL).runButton.click()
    await deck.menu.waitFor()
    await deck.page.keyboard.press("Escape")
    await eventually(() => deck.cell(CELL).status()).toBe("stopped")
    expect(await deck.focused()).toMatch(/^button\.run/)
  })
})

describe("a container that is on its way", () => {
  it("is waited for by who has chosen it, who may call it off", async () => {
    let arrive: () => void = () => {}
    tutorial.double.fault = { tag: "slow", until: new Promise<void>((resolve) => (arrive = resolve)) }
    await open({ query: "?runtime=webcontainer" })
    const cell = deck.cell(CELL)
    await cell.runButton.click()
    await eventually(() => cell.root.locator(".hint").innerText()).toBe("Waiting for the WebContainer")
    await cell.runButton.click()
    await cell.ends("stopped")
    await cell.runButton.click()
    await eventually(() => deck.badge(CELL).innerText()).toBe("WebContainer…")
    arrive()
    await cell.ends("done")
    expect(await deck.badge(CELL).innerText()).toBe("WebContainer")
  })

  it("keeps nobody waiting where it comes by itself", async () => {
    settings.use = "on"
    tutorial.double.fault = { tag: "slow", until: new Promise<void>(() => {}) }
    const before = asked()
    await open()
    await eventually(() => asked()).toBeGreaterThan(before)
    await deck.cell(CELL).run()
    expect(await deck.badge(CELL).innerText()).toBe("embedded")
    await deck.badge(CELL).click()
    await deck.menu.getByText("is being started, and nobody waits for it").waitFor()
  })

  it("and refused, is asked for again when the reader says so", async () => {
    tutorial.double.fault = { tag: "refuses", message: "this key is not known" }
    await open({ runtime: "webcontainer" })
    await deck.badge(CELL).click()
    await deck.menu
      .getByText(/this key is not known/)
      .first()
      .waitFor()
    tutorial.double.fault = undefined
    await deck.menu.getByRole("button", { name: "Try again" }).click()
    await deck.menu.getByText(/A WebContainer is up/).waitFor()
  })
})

it("is not there where the owner has said no", async () => {
  settings.use = "off"
  await open({ runtime: "webcontainer" })
  await deck.badge(CELL).click()
  await deck.menu.getByText("its owner has switched them off").waitFor()
  expect(await deck.menu.getByRole("button").count()).toBe(0)
})

it("a window that follows the presenter's wants none", async () => {
  await open({ query: "?presenter", runtime: "worker" })
  // Another page of the same browser: it has chosen a container since.
  await deck.page.evaluate(() => localStorage.setItem("mirage-runtime", "webcontainer"))
  const screen = await deck.page.context().newPage()
  const foreign: string[] = []
  screen.on("request", (request) => {
    if (tutorial.double.owns(new URL(request.url()).origin)) foreign.push(request.url())
  })
  await screen.goto(`${tutorial.site.url}#/using-it`)
  await screen.locator(":root[data-mirrored]").waitFor({ state: "attached" })
  await screen.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
  await deck.cell(CELL).run()
  await screen.locator(`mirage-cell[file="${CELL}"][status="done"]`).waitFor()
  expect(foreign).toEqual([])
  expect(await screen.getByRole("button", { name: "Shell in the WebContainer" }).count()).toBe(0)
})
