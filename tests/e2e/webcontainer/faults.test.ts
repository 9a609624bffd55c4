// Each way in which a WebContainer fails: cells go on, the badge says why, and edits are kept.

import { describe, expect, it } from "vitest"
import { eventually } from "../../support/page.ts"
import type { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { useContainerTutorial } from "../../support/webcontainer/tutorial.ts"

const tutorial = useContainerTutorial()
let deck: ContainerDeck

const HELLO = "hello.ts"
const SAID = "Hello from Mirage!"

describe("a WebContainer that cannot be had", () => {
  it.each(["404", "no-corp", "no-coep", "never-answers"] as const)(
    "because of %s: cells run in the page, and the badge says why",
    async (tag) => {
      tutorial.settings.use = "on"
      tutorial.double.fault = { tag }
      const before = tutorial.double.requests.length
      deck = await tutorial.open({
        slide: "finding-your-way",
        // Its fifteen seconds are not waited for.
        prepare: (page) => page.clock.install(),
      })
      await eventually(() => tutorial.double.requests.slice(before).map(({ path }) => path)).toContain("/headless")
      await deck.page.clock.fastForward(15_000)
      expect(await deck.cell(HELLO).run()).toContain(SAID)
      expect(await deck.badge(HELLO).innerText()).toBe("embedded")
      await deck.badge(HELLO).click()
      const host = new URL(tutorial.double.origin).host
      await deck.menu
        .getByText(
          `The WebContainer did not answer within 15 seconds: the connection is slow, or this network or browser keeps ${host} from being loaded.`,
        )
        .first()
        .waitFor()
      // What the browser says of it is no complaint of ours.
      deck.complaints.length = 0
    },
  )

  it("because it is refused: the badge says what it was told", async () => {
    tutorial.settings.use = "on"
    tutorial.double.fault = { tag: "refuses", message: "this key is for another site" }
    deck = await tutorial.open({ slide: "finding-your-way" })
    expect(await deck.cell(HELLO).run()).toContain(SAID)
    await deck.badge(HELLO).click()
    await deck.menu.getByText("The WebContainer could not be started: this key is for another site").first().waitFor()
    expect(await deck.badge(HELLO).innerText()).toBe("embedded")
  })

  it("because it dies as soon as it is asked for something: cells run in the page", async () => {
    tutorial.settings.use = "on"
    tutorial.double.fault = { tag: "dies-after-boot", how: "with-error" }
    const before = tutorial.double.calls.length
    deck = await tutorial.open({ slide: "finding-your-way" })
    await eventually(() => tutorial.double.calls.slice(before).map(({ name }) => name)).toContain("run")
    expect(await deck.cell(HELLO).run()).toContain(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("embedded")
  })
})

const EDIT = `console.log("half")
await new Promise((resolve) => setTimeout(resolve, 60_000))
`

/** A run that is in the middle, in a WebContainer. */
async function half(): Promise<void> {
  deck = await tutorial.open({ slide: "finding-your-way", runtime: "webcontainer" })
  await deck.containerUp()
  const cell = deck.cell(HELLO)
  await cell.setValue(EDIT)
  await cell.runButton.click()
  await eventually(() => cell.output()).toBe("half")
  expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
}

describe("a run in the middle", () => {
  it("whose container dies fails with a clear word, keeps the edits, and the next one runs", async () => {
    await half()
    tutorial.double.die("with-error")
    const cell = deck.cell(HELLO)
    await cell.ends("failed")
    expect(await cell.output()).toMatch(
      /^half\n.*The WebContainer went away \(it told of an error: the double died\)\. Your text is kept\./,
    )
    expect(await cell.value()).toBe(EDIT)
    await cell.setValue(`console.log("whole")`)
    expect(await cell.run()).toBe("whole")
    // It comes back by itself, and runs are there again.
    await deck.containerUp()
    expect(await cell.run()).toBe("whole")
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })

  it("whose container falls silent ends when it is stopped, and so does the container", async () => {
    await half()
    tutorial.double.die("silent")
    const cell = deck.cell(HELLO)
    await cell.runButton.click()
    await cell.ends("stopped")
    // What cannot be killed is thrown away.
    await deck.shellButton.waitFor({ state: "hidden" })
    await cell.setValue(`console.log("whole")`)
    expect(await cell.run()).toBe("whole")
  })

  it("whose process is killed fails and says so, and the next one runs in the container", async () => {
    await half()
    tutorial.double.killProcesses()
    const cell = deck.cell(HELLO)
    await cell.ends("failed")
    expect(await cell.output()).toMatch(/^half\n.*The process that ran the program ended with code 137\./)
    expect(await cell.value()).toBe(EDIT)
    await cell.setValue(`console.log("whole")`)
    expect(await cell.run()).toBe("whole")
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })
})
