import { console, defaultConsole, fn, foreign, job, register } from "mirage/config"

const main = foreign("Unikernel.Main", fn(console, job))

register("console", [main.$(defaultConsole)])
