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
  console.log("\n── tests")
  rmSync(RESULTS, { force: true })
  spawnSync(
    "npx",
    ["--no-install", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`],
    {
      stdio: "inherit",
    },
  )
  let results
  try {
    results = JSON.parse(readFileSync(RESULTS, "utf8"))
  } catch (failure) {
    console.log(`the tests left no results: ${failure.message}`)
    totals.failed++
    return
  }
  totals.passed += results.numPassedTests
  totals.failed += results.numFailedTests
  totals.skipped += results.numPendingTests
  // A file that could not be loaded has no test that failed.
  totals.failed += results.testResults.filter(
    (f) => f.status === "failed" && f.assertionResults.every((t) => t.status !== "failed"),
  ).length
  for (const file of results.testResults)
    for (const test of file.assertionResults)
      if (test.status === "failed")
        console.log(`failed: ${file.name.replace(`${process.cwd()}/`, "")} > ${test.fullName}`)
}

function finish() {
  if (process.env.CI === "true" && totals.skipped > 0) {
    console.log(`${totals.skipped} skipped, which CI does not allow`)
    totals.failed += totals.skipped
  } else if (totals.skipped > 0) console.log(`${totals.skipped} skipped`)
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  process.exit(totals.failed === 0 ? 0 : 1)
}
