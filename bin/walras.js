#!/usr/bin/env node
// Starts the command line: from the sources in a clone, from the build in an installed package.
import { existsSync } from "node:fs"

const source = new URL("../src/cli/main.ts", import.meta.url)
const built = new URL("../dist/cli/main.js", import.meta.url)
const fromSource = existsSync(source)

// Node 20 does not read TypeScript; a clone has tsx among its development tools.
if (fromSource) (await import("tsx/esm/api")).register()

const { main, nodeHost } = await import((fromSource ? source : built).href)
process.exitCode = await main(process.argv.slice(2), nodeHost())
