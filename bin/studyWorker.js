// Starts a thread that computes cells of a study: from the sources in a clone, from the build in an installed package.
import { existsSync } from "node:fs"
import { parentPort, workerData } from "node:worker_threads"

const source = new URL("../src/cli/studyMember.ts", import.meta.url)
const fromSource = existsSync(source)

// A thread does not take over the loaders of the thread that made it.
if (fromSource) (await import("tsx/esm/api")).register()

const { serveCells } = await import((fromSource ? source : new URL("../dist/cli/studyMember.js", import.meta.url)).href)
serveCells(workerData, parentPort)
