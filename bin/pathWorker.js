// Starts a thread that follows paths: from the sources in a clone, from the build in an installed package.
import { existsSync } from "node:fs"
import { parentPort, workerData } from "node:worker_threads"

const source = new URL("../src/cli/pathMember.ts", import.meta.url)
const fromSource = existsSync(source)

// A thread does not take over the loaders of the thread that made it.
if (fromSource) (await import("tsx/esm/api")).register()

const { servePaths } = await import((fromSource ? source : new URL("../dist/cli/pathMember.js", import.meta.url)).href)
servePaths(workerData, () => parentPort.postMessage("ready"))
