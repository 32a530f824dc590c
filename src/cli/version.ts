import { readFileSync } from "node:fs"

/** The version of this package; sources and build lie equally deep below its root. */
export const VERSION = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version
