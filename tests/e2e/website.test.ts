// The tutorial's point: a unikernel boots in the page, and the reader's own machine pings it, gets pages from it, and sees
// every frame.

import { describe, expect, it } from "vitest"
import { type Cell, type Deck, type DeckOptions, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

/** A deck whose unikernel is up. */
async function boot(slide: string, file: string, options: DeckOptions = {}): Promise<Cell> {
  deck = await tutorial.open({ slide, ...options })
  const cell = deck.cell(file)
  await cell.boot()
  return cell
}

const website = (): Promise<Cell> => boot("boot-it", "www/config.ts")

/** Type a command into the terminal pane, and wait for its end. Resolves with all that the terminal shows. */
async function type(cell: Cell, line: string): Promise<string> {
  await openTab(cell, "Terminal")
  const input = cell.root.getByLabel("Command for 10.0.0.1")
  await input.fill(line)
  await input.press("Enter")
  await cell.root.locator("mirage-terminal form button", { hasText: "Enter" }).waitFor()
  await eventually(() => cell.root.getByRole("log", { name: "Terminal" }).innerText()).toContain(`$ ${line}`)
  await cell.root.locator("mirage-terminal form button", { hasText: "Enter" }).waitFor()
  return cell.root.getByRole("log", { name: "Terminal" }).innerText()
}

async function openTab(cell: Cell, name: string | RegExp): Promise<void> {
  const tab = cell.root.getByRole("tab", { name })
  await tab.click()
  await eventually(() => tab.getAttribute("aria-selected")).toBe("true")
}

/** The page that the browser pane shows. */
function shownPage(cell: Cell) {
  return cell.root.frameLocator("mirage-browser iframe")
}

describe("the terminal", () => {
  it("pings the unikernel, and the first answer takes a way there and back, and ARP", async () => {
    const cell = await website()
    const text = await type(cell, "ping -c 3 10.0.0.2")
    expect(text).toContain("PING 10.0.0.2")
    expect(text).toMatch(/3 packets transmitted, 3 (packets )?received, 0(\.0)?% packet loss/)
    const times = [...text.matchAll(/time=([\d.]+) ms/g)].map(([, ms]) => Number(ms))
    expect(times.length).toBe(3)
    // Simulated time: an eighth of a millisecond a wire, however long the page has been waiting.
    for (const ms of times) expect(ms).toBeLessThan(3)
  })

  it("gets the page, and 404 for one that is not there, and the server goes on", async () => {
    const cell = await website()
    expect(await type(cell, "curl -i http://10.0.0.2/")).toMatch(
      /HTTP\/1\.1 200 OK[^]*content-type: text\/html[^]*<h1>Hello from a unikernel<\/h1>/,
    )
    expect(await type(cell, "curl -i http://10.0.0.2/nowhere")).toContain("HTTP/1.1 404 Not Found")
    expect(await type(cell, "curl -i http://10.0.0.2/style.css")).toContain("content-type: text/css")
    await openTab(cell, "Output")
    await eventually(() => cell.outputRegion.innerText()).toMatch(/GET \/\n[^]*GET \/nowhere\n[^]*GET \/style\.css/)
  })

  it("has help, and says what it does not know", async () => {
    const cell = await website()
    const text = await type(cell, "help")
    for (const command of ["ping", "curl", "nc", "arp", "help"]) expect(text).toContain(command)
    expect(await type(cell, "emacs")).toMatch(/emacs: (command )?not found|emacs.*help/)
  })

  it("Ctrl+C interrupts, and the next command runs", async () => {
    const cell = await website()
    await openTab(cell, "Terminal")
    const input = cell.root.getByLabel("Command for 10.0.0.1")
    const screen = cell.root.getByRole("log", { name: "Terminal" })
    await input.fill("ping 10.0.0.2")
    await input.press("Enter")
    await eventually(() => screen.innerText()).toMatch(/icmp_seq=\d/)
    await input.focus()
    await deck.page.keyboard.press("Control+c")
    await eventually(() => screen.innerText()).toMatch(/\^C[^]*packets transmitted/)
    expect(await type(cell, "arp")).toContain("02:00:00:00:00:02")
    // Up gives the last line back.
    await input.press("ArrowUp")
    expect(await input.inputValue()).toBe("arp")
    expect(await deck.current()).toBe("boot-it")
  })

  it("takes the show's keys as text", async () => {
    const cell = await website()
    await openTab(cell, "Terminal")
    const input = cell.root.getByLabel("Command for 10.0.0.1")
    await input.pressSequentially("hbn osf?")
    expect(await input.inputValue()).toBe("hbn osf?")
    await input.press("Home")
    expect(await deck.current()).toBe("boot-it")
  })

  it("says that the network is down when the run is over", async () => {
    const cell = await website()
    await openTab(cell, "Terminal")
    await cell.root.getByRole("button", { name: /^Stop/ }).click()
    await cell.ends("stopped")
    await eventually(() => cell.root.getByRole("log", { name: "Terminal" }).innerText()).toContain(
      "The simulated network is down: press Run to start it again.",
    )
    expect(await type(cell, "ping 10.0.0.2")).toContain("Nothing is running: press Run first.")
  })
})

describe("the browser", () => {
  it("shows the page with its style, in a frame that runs and loads nothing", async () => {
    const cell = await website()
    await cell.root.getByRole("button", { name: "Open its page" }).click()
    const heading = shownPage(cell).locator("h1")
    await eventually(() => heading.innerText()).toBe("Hello from a unikernel")
    // The style sheet came over the simulated network as well.
    await eventually(() => heading.evaluate((h) => getComputedStyle(h).color)).toBe("rgb(11, 100, 119)")
    expect(await cell.root.locator("mirage-browser iframe").getAttribute("sandbox")).not.toContain("allow-scripts")
  })

  it("shows an edited page after the next boot, whose scripts do not run", async () => {
    const cell = await website()
    await cell.root.getByRole("button", { name: /^Stop/ }).click()
    await cell.tab("htdocs/index.html").click()
    await eventually(() => cell.code.innerText()).toContain("<h1>Hello from a unikernel</h1>")
    await cell.edit()
    await cell.paste(`<!doctype html>
<title>Mine</title>
<h1>Edited</h1>
<p id="by">static</p>
<script>document.getElementById("by").textContent = "by a script"; parent.document.title = "stolen"</script>
<img src="http://example.com/pixel.png" alt="">
<a href="/nowhere">away</a>`)
    await cell.runButton.click()
    await cell.root.locator(".serving").waitFor()
    await cell.root.getByRole("button", { name: "Open its page" }).click()
    await eventually(() => shownPage(cell).locator("h1").innerText()).toBe("Edited")
    expect(await shownPage(cell).locator("#by").innerText()).toBe("static")
    expect(await deck.page.title()).not.toBe("stolen")
    await shownPage(cell).getByRole("link", { name: "away" }).click()
    await cell.root.locator("mirage-browser .says").filter({ hasText: "404 Not Found" }).waitFor()
    await cell.root.locator("mirage-browser").getByRole("button", { name: "Back" }).click()
    await eventually(() => shownPage(cell).locator("h1").innerText()).toBe("Edited")
    // The sandbox of the frame says in the console that it kept the script from running.
    expect(deck.complaints.filter((c) => !/Blocked script execution|sandboxed/.test(c))).toEqual([])
    deck.complaints.length = 0
  })

  it("says why an address does not answer", async () => {
    const cell = await website()
    await openTab(cell, "Browser")
    const address = cell.root.getByLabel("Address")
    await address.fill("http://10.0.0.2:81/")
    await address.press("Enter")
    await cell.root
      .locator("mirage-browser .says.failed")
      .filter({ hasText: "Failed to connect to 10.0.0.2 port 81" })
      .waitFor()
    await address.fill("https://example.com/")
    await address.press("Enter")
    await cell.root
      .locator("mirage-browser .says.failed")
      .filter({ hasText: "is not on the simulated network" })
      .waitFor()
  })
})

describe("the frames", () => {
  it("are listed with time, from, to, protocol and what they say; their bytes on demand", async () => {
    const cell = await website()
    await type(cell, "ping -c 1 10.0.0.2")
    await type(cell, "curl http://10.0.0.2/")
    await openTab(cell, /^Frames/)
    const grid = cell.root.getByRole("grid", { name: "Frames on the simulated network" })
    await grid.locator("tbody tr[data-position]").first().waitFor()
    await grid.evaluate((table) => table.parentElement?.scrollTo({ top: 0 }))
    const rows = async () =>
      grid
        .locator("tbody tr[data-position]")
        .evaluateAll((all) =>
          all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent?.trim() ?? "")),
        )
    const seen = new Map<string, string[]>()
    const scroller = cell.root.locator("mirage-packets .rows")
    // Only the rows that can be seen exist: scroll through all of them.
    await eventually(async () => {
      for (const row of await rows()) seen.set(row.join("|"), row)
      await scroller.evaluate((s) => s.scrollBy(0, s.clientHeight / 2))
      return new Set([...seen.values()].map((row) => row[3]))
    }).toSatisfy((protocols: Set<string>) => ["ARP", "ICMP", "TCP", "HTTP"].every((p) => protocols.has(p)))
    const all = [...seen.values()]
    for (const [time, from, to] of all) {
      expect(time).toMatch(/^\d+\.\d+$/)
      expect(from).not.toBe("")
      expect(to).not.toBe("")
    }
    expect(all.some((row) => row[3] === "ICMP" && /echo request/i.test(row[4] ?? ""))).toBe(true)
    expect(all.some((row) => row[3] === "TCP" && row[4]?.includes("SYN"))).toBe(true)
    expect(all.some((row) => row[3] === "HTTP" && row[4]?.includes("GET /"))).toBe(true)

    const http = grid.locator("tbody tr[data-position]").filter({ hasText: "GET /" }).first()
    await eventually(async () => {
      if ((await http.count()) > 0) return true
      await scroller.evaluate((s) => {
        s.scrollTop = s.scrollTop + s.clientHeight >= s.scrollHeight - 2 ? 0 : s.scrollTop + s.clientHeight / 2
      })
      return false
    }).toBe(true)
    await http.click()
    const bytes = cell.root.locator("mirage-packets .bytes")
    await bytes.waitFor()
    // The end of the TCP header, and the request: in figures and in letters.
    expect(await bytes.innerText()).toMatch(/^0030 .* 47 45 {2}54 20 2f 20 .*GET \/ HTTP$/m)
    expect(await deck.current()).toBe("boot-it")
  })

  it("can be gone through by keyboard, and the slide stays", async () => {
    const cell = await website()
    await type(cell, "ping -c 1 10.0.0.2")
    await openTab(cell, /^Frames/)
    const rows = cell.root.locator("mirage-packets tbody tr[data-position]")
    await rows.first().focus()
    await deck.page.keyboard.press("End")
    await deck.page.keyboard.press("ArrowUp")
    await deck.page.keyboard.press("Enter")
    await cell.root.locator("mirage-packets .bytes").waitFor()
    expect(await deck.current()).toBe("boot-it")
  })
})

describe("the other unikernels", () => {
  it("the console prints hello five times, in red, and world, in green", async () => {
    deck = await tutorial.open({ slide: "hello-unikernel" })
    const cell = deck.cell("console/config.ts")
    await cell.root.getByLabel("How simulated time passes").selectOption("max. speed")
    const output = await cell.run()
    expect(output).toMatch(/\n(hello\n){5}world$/)
    const colours = (text: string) =>
      cell.root
        .locator(".printed .line span", { hasText: text })
        .first()
        .evaluate((e) => getComputedStyle(e).color)
    const plain = await cell.root.locator(".printed").evaluate((e) => getComputedStyle(e).color)
    const [hello, world] = [await colours("hello"), await colours("world")]
    expect(new Set([hello, world, plain]).size).toBe(3)
  })

  it("the custom stack answers curl and nc, in colours, and refuses another port", async () => {
    const cell = await boot("boot-the-stack", "stack/config.ts")
    expect(await type(cell, "curl -i http://10.0.0.2/")).toMatch(
      /HTTP\/1\.1 200 OK[^]*Hello from a stack of your own\./,
    )
    expect(await type(cell, "nc 10.0.0.2 80 hello")).toContain("Hello from a stack of your own.")
    expect(await type(cell, "nc -v 10.0.0.2 81")).toMatch(/Connection refused/)
    await type(cell, "nc -u 10.0.0.2 53 hello")
    await openTab(cell, "Output")
    const line = (text: string | RegExp) => cell.root.locator(".printed .line span").filter({ hasText: text }).first()
    const colour = (text: string | RegExp) => line(text).evaluate((e) => getComputedStyle(e).color)
    await line("UDP from 10.0.0.1").waitFor()
    const colours = [
      await colour("new connection from 10.0.0.1"),
      await colour(/read \d+ bytes/),
      await colour("UDP from 10.0.0.1"),
    ]
    expect(new Set(colours).size).toBe(3)
    await eventually(() => cell.outputRegion.innerText()).toMatch(/Ethernet connected\nIPv4 connected/)
  })

  it("two that serve at once do not know of each other", async () => {
    const www = await website()
    await deck.slide("boot-the-stack")
    const stack = deck.cell("stack/config.ts")
    await stack.boot()
    expect(await stack.shell("curl http://10.0.0.2/")).toContain("Hello from a stack of your own.")
    expect(await www.shell("curl http://10.0.0.2/")).toContain("<h1>Hello from a unikernel</h1>")
    expect(await stack.status()).toBe("running")
    await stack.root.getByRole("button", { name: /^Stop/ }).click()
    await stack.ends("stopped")
    expect(await www.status()).toBe("running")
    expect(await www.shell("ping -c 1 10.0.0.2")).toContain("1 packets transmitted, 1 ")
  })
})

describe("on the slide", () => {
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
    { width: 1024, height: 600 },
  ]) {
    it(`the cell and its panes stay above the page's bar, at ${viewport.width} by ${viewport.height}`, async () => {
      const cell = await boot("boot-it", "www/config.ts", { viewport })
      const bar = await deck.page.locator(".deck-bar").boundingBox()
      for (const name of ["Terminal", "Browser", "Output"]) {
        await openTab(cell, name)
        await eventually(async () => {
          const box = await cell.root.locator(".cell").boundingBox()
          return (box?.y ?? 0) + (box?.height ?? 0)
        }).toBeLessThanOrEqual((bar?.y ?? 0) + 1)
      }
    })
  }
})
