// `npm test`: everything, in order of how soon it fails. `npm run check`: format, lint and types alone.
// The last line is always `N passed, N failed`.

import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync } from "node:fs"
import process from "node:process"
import { installNeeds } from "./support/needs.mjs"

const OUTPUT = "tests/.output"
const RESULTS = `${OUTPUT}/results.json`

const CHECKS = [
  ["format", "biome", ["format", "."]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["types", "tsc", ["-b"]],
]

const onlyCheck = process.argv[2] === "check"
const totals = { passed: 0, failed: 0, skipped: 0 }

function step(name, program, args) {
  console.log(`\n── ${name}`)
  const { status } = spawnSync("npx", ["--no-install", program, ...args], { stdio: "inherit" })
  if (status === 0) totals.passed++
  else {
    totals.failed++
    console.log(`${name} failed`)
  }
  return status === 0
}

mkdirSync(OUTPUT, { recursive: true })
if (!onlyCheck) installNeeds()
for (const [name, program, args] of CHECKS) step(name, program, args)
if (!onlyCheck && step("build", "vite", ["build"])) runTests()
finish()

function runTests() {
  // One kind after the other: what drives a browser or the kernel should not have to share the machine with the rest.
  for (const project of ["unit", "content", "conformance", "interop", "e2e"]) runProject(project)
}

function runProject(project) {
  console.log(`\n── ${project}`)
  rmSync(RESULTS, { force: true })
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`]
  spawnSync("npx", ["--no-install", "vitest", ...args], { stdio: "inherit" })
  let results
  try {
    results = JSON.parse(readFileSync(RESULTS, "utf8"))
  } catch (failure) {
    console.log(`${project} left no results: ${failure.message}`)
    totals.failed++
    return
  }
  totals.passed += results.numPassedTests
  totals.failed += results.numFailedTests
  totals.skipped += results.numPendingTests
  for (const file of results.testResults) {
    const name = file.name.replace(`${process.cwd()}/`, "")
    const failures = file.assertionResults.filter((test) => test.status === "failed")
    for (const test of failures) console.log(`failed: ${name} > ${test.fullName}`)
    // A file that could not be loaded has no test that failed.
    if (file.status === "failed" && failures.length === 0) {
      console.log(`failed: ${name}: ${file.message}`)
      totals.failed++
    }
  }
}

function finish() {
  if (process.env.CI === "true" && totals.skipped > 0) {
    console.log(`${totals.skipped} skipped, which CI does not allow`)
    totals.failed += totals.skipped
  } else if (totals.skipped > 0) console.log(`${totals.skipped} skipped`)
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  process.exit(totals.failed === 0 ? 0 : 1)
}
