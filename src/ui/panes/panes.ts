// The tools beside a unikernel, defined together: a cell imports this file when it first needs one of them.

import { MirageBrowser } from "./mirage-browser.ts"
import { MiragePackets } from "./mirage-packets.ts"
import { MirageTerminal } from "./mirage-terminal.ts"

const define = (name: string, element: CustomElementConstructor) => {
  if (customElements.get(name) === undefined) customElements.define(name, element)
}

define("mirage-terminal", MirageTerminal)
define("mirage-browser", MirageBrowser)
define("mirage-packets", MiragePackets)
