import { console, defaultConsole, fn, foreign, job, network, register, tap0 } from "mirage/config"

const main = foreign("Unikernel.Main", fn(console, network, job))

register("ethifv4", [main.$(defaultConsole, tap0)])
