// Loaded into every Node of a double before its program (NODE_OPTIONS): gives it the network of a container, which belongs to
// it alone. A server listens on whichever port this machine has free, is told the one that it asked for, and is announced
// to the double; a connection to this machine's own address finds it there.
//
//   PORTS/8080          a file with the port of this machine behind 8080
//   PORTS/reports       a socket to the double: "open 8080 43211", "close 8080"; what is not closed is closed by its end

import { readFileSync, writeFileSync } from "node:fs"
import net from "node:net"
import process from "node:process"

const PORTS = process.env.WEBCONTAINER_PORTS
const LOCAL = new Set([undefined, "", "localhost", "127.0.0.1", "0.0.0.0", "::1", "::"])

let reports
function report(line) {
  reports ??= net
    .createConnection({ path: `${PORTS}/reports` })
    .on("error", () => {})
    .unref()
  reports.write(`${line}\n`)
}

/** The port of this machine that another program of the container has behind one of its own. */
function behind(port) {
  try {
    return Number(readFileSync(`${PORTS}/${port}`, "utf8"))
  } catch {
    return undefined
  }
}

const { listen, address } = net.Server.prototype
const { connect } = net.Socket.prototype
const asked = new WeakMap()

net.Server.prototype.listen = function (...args) {
  const [first] = args
  const options = first !== null && typeof first === "object" && "port" in first ? { ...first } : undefined
  const port = Number(options === undefined ? first : options.port)
  if (!Number.isInteger(port) || port <= 0 || port > 65535) {
    this.once("listening", () => {
      const at = address.call(this)
      if (at !== null && typeof at === "object") announce(this, at.port, at.port)
    })
    return listen.apply(this, args)
  }
  asked.set(this, port)
  // Where somebody listens already, the system is let say so.
  const real = behind(port) ?? 0
  this.once("listening", () => announce(this, port, address.call(this).port))
  return options === undefined
    ? listen.call(this, real, ...args.slice(1))
    : listen.call(this, { ...options, port: real }, ...args.slice(1))
}

function announce(server, port, real) {
  writeFileSync(`${PORTS}/${port}`, String(real))
  report(`open ${port} ${real}`)
  server.once("close", () => report(`close ${port}`))
}

net.Server.prototype.address = function () {
  const at = address.call(this)
  const port = asked.get(this)
  return at === null || typeof at !== "object" || port === undefined ? at : { ...at, port }
}

net.Socket.prototype.connect = function (...args) {
  if (typeof args[0] === "number") {
    const [port, host] = args
    return this.connect({ port, host: typeof host === "string" ? host : undefined }, args.findLast(isFunction))
  }
  // What net.connect hands on is one array: its options, and what to call.
  const given = Array.isArray(args[0]) ? args[0][0] : args[0]
  if (given !== null && typeof given === "object" && given.port !== undefined && LOCAL.has(given.host)) {
    const real = behind(Number(given.port))
    if (real !== undefined) given.port = real
  }
  return connect.apply(this, args)
}

const isFunction = (value) => typeof value === "function"
