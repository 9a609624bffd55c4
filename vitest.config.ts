import { defineConfig } from "vitest/config"

/** One project a kind of test; `tests/run.mjs` runs them all, `npx vitest run --project unit` one of them. */
const project = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  test: { name, include, ...more },
  resolve: {
    alias: [
      { find: /^mirage\/config$/, replacement: new URL("src/mirage/config.ts", import.meta.url).pathname },
      { find: /^mirage\/host$/, replacement: new URL("src/mirage/host.ts", import.meta.url).pathname },
      { find: /^mirage$/, replacement: new URL("src/mirage/mirage.ts", import.meta.url).pathname },
    ],
  },
})

export default defineConfig({
  test: {
    projects: [
      project(
        "unit",
        ["tests/{mirage,unikernels,toolchain,sandbox,site,cli,content,ui,deck}/**/*.test.ts", "tests/*.test.ts"],
        {
          exclude: ["tests/content/**/*.run.test.ts"],
        },
      ),
      project("content", ["tests/content/**/*.run.test.ts"], { testTimeout: 120_000, hookTimeout: 180_000 }),
      project("conformance", ["tests/conformance/**/*.test.ts"], {
        testTimeout: 60_000,
        hookTimeout: 180_000,
        fileParallelism: false,
      }),
      project("interop", ["tests/interop/**/*.test.ts"], {
        testTimeout: 120_000,
        hookTimeout: 180_000,
        fileParallelism: false,
      }),
      project("e2e", ["tests/e2e/**/*.test.ts"], {
        testTimeout: 60_000,
        // On a machine shared with others a browser may be starved for seconds; a second try is reported as such.
        retry: 1,
        hookTimeout: 180_000,
        fileParallelism: false,
      }),
    ],
  },
})
