#!/usr/bin/env node
// The `mirage` command in a clone of this repository, from its sources. In the package `mirage` it is one file.

import { fileURLToPath } from "node:url"
import { register } from "tsx/esm/api"

register({ tsconfig: fileURLToPath(new URL("../src/cli/tsconfig.json", import.meta.url)) })
await import("../src/cli/main.ts")
