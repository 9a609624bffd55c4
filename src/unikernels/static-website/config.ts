import {
  console,
  crunch,
  defaultConsole,
  directStackv4WithDefaultIpv4,
  fn,
  foreign,
  http,
  httpServer,
  job,
  kvRo,
  register,
  tap0,
} from "mirage/config"

const fs = crunch("./htdocs")
const stack = directStackv4WithDefaultIpv4(defaultConsole, tap0)
const server = httpServer(80, stack)

const main = foreign("Unikernel.Main", fn(console, kvRo, http, job))

register("www", [main.$(defaultConsole, fs, server)])
