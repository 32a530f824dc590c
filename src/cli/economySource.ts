import { isUtf8 } from "node:buffer"
import { existsSync, readFileSync, statSync } from "node:fs"
import { basename } from "node:path"
import { TomlError, parse } from "smol-toml"
import { catalogue, economyNamed } from "../economies/index.ts"
import { anyEconomyOf, type AnyEconomy } from "../model/economy.ts"
import { Mistake, didYouMean } from "../run/mistake.ts"

/** An economy and, where it was read from a file, that file's text. */
export interface EconomySource {
  readonly economy: AnyEconomy
  readonly text?: string
}

/** Far above any declaration; below what a mistaken path to a data set would cost to read. */
const LARGEST_FILE = 1_000_000

/** The economy of a catalogue name or of a TOML file. Throws a `Mistake` where there is none. */
export function economySource(nameOrFile: string): EconomySource {
  const economy = economyNamed(nameOrFile)
  if (economy) return { economy }
  if (/\.toml$|[/\\]/i.test(nameOrFile) || existsSync(nameOrFile)) return economyOfFile(nameOrFile)
  const names = Object.keys(catalogue)
  throw new Mistake(`unknown economy \`${shortened(nameOrFile)}\`${didYouMean(nameOrFile, names)}
Expected a name or a FILE.toml. The economies are ${names.join(", ")}.`)
}

/** Reads a declaration from a TOML file. `name` replaces the file's own name. */
export function economyOfFile(path: string, name = basename(path).replace(/\.toml$/i, "")): EconomySource {
  const text = readText(path)
  return { economy: anyEconomyOf(tomlOf(text, path), name), text }
}

/** The data of a TOML text; a syntax error becomes a `Mistake` with line, column and a caret. */
export function tomlOf(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const reason = error.message.split("\n")[0].replace(/^Invalid TOML document: /, "")
    throw new Mistake(`\`${path}\`, line ${error.line}, column ${error.column}: ${reason}\n${excerpt(text, error.line, error.column)}`)
  }
}

/** The text of a file of the user's. Throws a `Mistake` where it is absent, no plain file, too large or no text. */
export function readText(path: string): string {
  const bytes = bytesOf(path)
  if (bytes.includes(0) || !isUtf8(bytes)) throw new Mistake(`\`${path}\` is not text in UTF-8; expected a TOML file`)
  return bytes.toString("utf8")
}

function bytesOf(path: string): Buffer {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw new Mistake(`\`${path}\` is a folder; expected a TOML file`)
    if (!stats.isFile()) throw new Mistake(`\`${path}\` is not a plain file; expected a TOML file`)
    if (stats.size > LARGEST_FILE) throw new Mistake(`\`${path}\` has ${stats.size} bytes; expected a TOML file of at most ${LARGEST_FILE}`)
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Mistake(code === "ENOENT" || code === "ENOTDIR" ? `there is no file \`${path}\`` : `the file \`${path}\` cannot be read (${code})`)
  }
}

/** The line of a mistake with a caret below, cut to a window of a terminal's width. */
function excerpt(text: string, line: number, column: number): string {
  const whole = (text.split(/\r?\n/)[line - 1] ?? "").replaceAll("\t", " ")
  const from = Math.max(0, column - 50)
  return `  ${whole.slice(from, from + 74)}\n  ${" ".repeat(Math.max(0, column - 1 - from))}^`
}

function shortened(text: string): string {
  return text.length > 60 ? text.slice(0, 60) + "…" : text
}
