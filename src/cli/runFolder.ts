import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { Mistake } from "../run/mistake.ts"
import { ECONOMY_FILE } from "./runConfig.ts"
import { writeAtomic } from "./writeAtomic.ts"

/** The folders inside a run folder. */
export const PARTS = ["checkpoints", "tables", "figures"] as const

/**
 * Makes a folder ready for a run and writes its configuration there, before any computing. A folder that holds this very run is
 * taken as it is. Throws a `Mistake` where the folder cannot be made or written, or holds something else.
 */
export function makeRunFolder(path: string, config: string, economyText?: string): void {
  onDisk(path, () => { refuseOther(path, config, economyText) })
  makeFolders(path, PARTS)
  onDisk(path, () => {
    if (economyText !== undefined) writeAtomic(join(path, ECONOMY_FILE), economyText)
    writeAtomic(join(path, "config.toml"), config)
  })
}

/** Makes a folder with folders inside. Throws a `Mistake` where it cannot. */
export function makeFolders(path: string, parts: readonly string[]): void {
  onDisk(path, () => {
    makeFolder(path)
    for (const part of parts) makeFolder(join(path, part))
  })
}

/** With its parents. `mkdirSync` can do that too, but never returns where a file system refuses as /proc does. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  mkdirSync(path)
}

/** Whether a path holds a run, finished or not. */
export function isRunFolder(path: string): boolean {
  return existsSync(join(path, "config.toml"))
}

function refuseOther(path: string, config: string, economyText: string | undefined): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (!isRunFolder(path)) {
    if (readdirSync(path).every(name => (PARTS as readonly string[]).includes(name) || name.endsWith(".tmp"))) return
    throw new Mistake(`the folder \`${path}\` is not empty and holds no run; expected a new or empty folder after --out`)
  }
  const economyPath = join(path, ECONOMY_FILE)
  const before = existsSync(economyPath) ? readFileSync(economyPath, "utf8") : undefined
  if (readFileSync(join(path, "config.toml"), "utf8") !== config || before !== economyText)
    throw new Mistake(`the folder \`${path}\` holds another run (see its config.toml); name another folder after --out, or remove it`)
}

/** What the file system refuses here is about a path that the user gave: a `Mistake`. */
export function onDisk(path: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Mistake(`the folder \`${path}\` cannot be written (${REASONS[code] ?? code}); name another folder after --out`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied", EPERM: "not permitted", EROFS: "the file system is read-only", ENOSPC: "no space is left", EEXIST: "a file is in the way",
  ENOTDIR: "a file is in the way", ENOENT: "no folder can be made there", ENAMETOOLONG: "the name is too long", EISDIR: "a folder is in the way of a file",
  EDQUOT: "the quota is used up", ELOOP: "too many links",
}
