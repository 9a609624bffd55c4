// The programs of the system that the tests use, and how to get them on Debian.

import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import process from "node:process"

/** What a test needs, the Debian packages that bring it, and what goes without. */
const NEEDS = [
  { has: () => existsSync("/usr/bin/chromium"), packages: ["chromium"], for: "e2e and conformance in a real browser" },
  { has: () => onPath("pdftotext"), packages: ["poppler-utils"], for: "reading the printed deck back" },
  { has: () => onPath("curl"), packages: ["curl"], for: "the unikernels over a TAP device" },
  { has: () => onPath("ip"), packages: ["iproute2"], for: "network namespaces" },
  { has: () => onPath("ping"), packages: ["iputils-ping"], for: "the kernel's ping over a TAP device" },
  { has: () => onPath("tshark"), packages: ["tshark"], for: "decoding our captures with Wireshark" },
  {
    has: () => onPath("ocamlfind") && spawnSync("ocamlfind", ["query", "lwt.unix"]).status === 0,
    packages: ["ocaml-nox", "ocaml-findlib", "liblwt-ocaml-dev"],
    for: "the differential against the real Lwt",
  },
]

function onPath(program) {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0
}

/** Install what is missing if we may. Says what it does, and what will be skipped if it may not. */
export function installNeeds() {
  const missing = NEEDS.filter((need) => !need.has())
  if (missing.length === 0) return
  const packages = missing.flatMap((need) => need.packages)
  const debian = onPath("apt-get")
  if (!debian || process.getuid?.() !== 0) {
    for (const need of missing)
      console.log(`missing: ${need.packages.join(" ")} (${need.for}). Tests of it are skipped.`)
    console.log(
      debian ? `To install: sudo apt-get install ${packages.join(" ")}` : "They are named as Debian names them.",
    )
    return
  }
  console.log(`installing ${packages.join(" ")}`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  apt(["update", "-qq"], env)
  apt(["install", "-y", "-qq", "--no-install-recommends", ...packages], env)
}

function apt(args, env) {
  const { status, stdout, stderr } = spawnSync("apt-get", args, {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
  if (status !== 0) console.log(`apt-get ${args.join(" ")} failed (${status}):\n${stdout}${stderr}`)
}
