// Starts a thread of the command line: from the sources in a clone, from the build in an installed package.
import { existsSync } from "node:fs"
import { parentPort, workerData } from "node:worker_threads"

const { member, order } = workerData
const source = new URL(`../src/cli/${member}.ts`, import.meta.url)
const fromSource = existsSync(source)

// A thread does not take over the loaders of the thread that made it.
if (fromSource) (await import("tsx/esm/api")).register()

const { serve } = await import((fromSource ? source : new URL(`../dist/cli/${member}.js`, import.meta.url)).href)
serve(order, parentPort)
