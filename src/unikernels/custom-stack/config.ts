// The language, the types of devices, and the devices.
import { fn, foreign, register } from "mirage/config"
import { console, job, network } from "mirage/config"
import { defaultConsole, tap0 } from "mirage/config"

const main = foreign("Unikernel.Main", fn(console, network, job))

register("ethifv4", [main.$(defaultConsole, tap0)])
