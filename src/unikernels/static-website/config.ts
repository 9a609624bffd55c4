// The language, the types of devices, and the devices.
import { fn, foreign, register } from "mirage/config"
import { console, http, job, kvRo } from "mirage/config"
import { crunch, defaultConsole, tap0 } from "mirage/config"
import { directStackv4WithDefaultIpv4, httpServer } from "mirage/config"

const fs = crunch("./htdocs")
const stack = directStackv4WithDefaultIpv4(defaultConsole, tap0)
const server = httpServer(80, stack)

const main = foreign("Unikernel.Main", fn(console, kvRo, http, job))

register("www", [main.$(defaultConsole, fs, server)])
