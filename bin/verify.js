#!/usr/bin/env node
// Runs the slow checks of accuracy, from the sources in a clone.
// Node 20 does not read TypeScript; a clone has tsx among its development tools.
(await import("tsx/esm/api")).register()

const { main } = await import(new URL("../verify/main.ts", import.meta.url).href)
process.exitCode = main(process.argv.slice(2), process.stdout)
