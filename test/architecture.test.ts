import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, posix, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..")
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8")

/** Files below a folder of the repository, as paths from its root with `/`. */
const filesIn = (folder: string): string[] => !existsSync(join(ROOT, folder)) ? []
  : readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/")).toSorted()

/** The part of `src` a file belongs to: its folder, or its own name. */
const partOf = (file: string): string => file.split("/")[1]

/**
 * What each part of `src` may import, types included; `types` are parts of which it may import types only. Siblings of a
 * layer are in no row of each other. `packages` are the only ones it may use; only the rim (cli, studio) may name a host.
 */
interface Allowed { readonly layer: number; readonly parts: readonly string[]; readonly types?: readonly string[]; readonly packages?: readonly string[] }
const BELOW_RIM = ["math", "formula", "nets", "run", "model", "market", "markets", "economies", "solve", "learn", "simulate", "report", "request.ts", "trainRequest.ts", "study", "index.ts"]
const ALLOWED: Readonly<Record<string, Allowed>> = {
  math: { layer: 0, parts: [] },
  formula: { layer: 1, parts: ["math"] },
  nets: { layer: 1, parts: ["math"] },
  run: { layer: 1, parts: ["math"] },
  model: { layer: 2, parts: ["formula", "run", "math"], packages: ["zod"] },
  market: { layer: 2, parts: ["run", "math"] },
  markets: { layer: 3, parts: ["market", "run", "math"] },
  economies: { layer: 3, parts: ["model", "market"] },
  solve: { layer: 3, parts: ["model", "nets", "run", "math"] },
  learn: { layer: 3, parts: ["market", "nets", "run", "math"] },
  simulate: { layer: 3.5, parts: ["solve", "model", "run", "math"] },
  report: { layer: 4, parts: ["run", "formula", "model", "math"], types: ["simulate", "solve", "learn"], packages: ["@observablehq/plot", "katex"] },
  "request.ts": { layer: 4, parts: ["economies", "solve", "learn", "model", "market", "nets", "run"] },
  "trainRequest.ts": { layer: 4, parts: ["markets", "learn", "market", "run"] },
  study: { layer: 4.5, parts: ["request.ts", "trainRequest.ts", "report", "simulate", "economies", "solve", "markets", "learn", "model", "market", "run", "math"], packages: ["@observablehq/plot"] },
  "index.ts": { layer: 4.7, parts: BELOW_RIM.filter(part => part !== "index.ts") },
  cli: { layer: 5, parts: BELOW_RIM, packages: ["node:*", "commander", "smol-toml", "zod", "@resvg/resvg-js", "happy-dom"] },
  studio: { layer: 5, parts: BELOW_RIM, packages: ["*"] },
}
const CORE = Object.keys(ALLOWED).filter(part => ALLOWED[part].layer < 5)

interface Import { readonly from: string; readonly types: boolean }

/** What a file imports or exports again: static, for side effects, and dynamic. */
function importsOf(text: string): Import[] {
  const clauses = [...text.matchAll(/^\s*(?:import|export)\s+(type\b)?([\w\s*{},$]*?)\s*\bfrom\s*["']([^"']+)["']/gm)].map(([, type, clause, from]) => {
    const named = clause.trim().match(/^\{([^}]*)\}$/)?.[1].split(",").map(name => name.trim()).filter(Boolean)
    return { from, types: type !== undefined || (named !== undefined && named.length > 0 && named.every(name => name.startsWith("type "))) }
  })
  const others = [/^\s*import\s*["']([^"']+)["']/gm, /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g, /\brequire\s*\(\s*["'`]([^"'`]+)["'`]/g]
  return [...clauses, ...others.flatMap(pattern => [...text.matchAll(pattern)].map(([, from]) => ({ from, types: false })))]
}

const sources = filesIn("src").filter(file => /\.[cm]?tsx?$/.test(file))
const uncommented = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1")
const lines = (file: string): number => read(file).trimEnd().split("\n").length

test("the reader of imports sees them all", () => {
  expect(importsOf(`import a from "./a.ts"\nimport type { B } from './b.ts'\nimport { type C, type D } from "./c.ts"\nimport { type E, f } from "./e.ts"\nimport * as g from "g"\nexport {\n  h,\n} from "./h.ts"\nimport "i"\nawait import("j")\nexport type { K } from "./k.ts"\nexport * from "./l.ts"\nconst m = 'from "m"'`)).toEqual([
    { from: "./a.ts", types: false }, { from: "./b.ts", types: true }, { from: "./c.ts", types: true }, { from: "./e.ts", types: false }, { from: "g", types: false },
    { from: "./h.ts", types: false }, { from: "./k.ts", types: true }, { from: "./l.ts", types: false }, { from: "i", types: false }, { from: "j", types: false }])
})

describe("layers", () => {
  test("the table itself: imports point downward, siblings never import each other", () => {
    for (const [part, { layer, parts, types = [] }] of Object.entries(ALLOWED)) for (const below of [...parts, ...types]) expect(ALLOWED[below].layer, `${part} -> ${below}`).toBeLessThan(layer)
  })

  test("every part of src has its row", () => {
    expect([...new Set(sources.map(partOf))].filter(part => !(part in ALLOWED))).toEqual([])
  })

  test("every import of every file is in the row of its part", () => {
    const wrong = sources.flatMap(file => {
      const part = partOf(file), { parts = [], types = [], packages = [] } = ALLOWED[part] ?? {}
      return importsOf(read(file)).filter(({ from, types: typesOnly }) => {
        if (!from.startsWith(".")) return !packages.some(name => name === "*" || name === from || from.startsWith(`${name}/`) || (name === "node:*" && from.startsWith("node:")))
        const target = partOf(posix.normalize(posix.join(posix.dirname(file), from)))
        return target !== part && !parts.includes(target) && !(typesOnly && types.includes(target))
      }).map(({ from, types: typesOnly }) => `${file} imports ${typesOnly ? "types of " : ""}${from}`)
    })
    expect(wrong).toEqual([])
  })

  test("an economy imports the public name of the model alone", () => {
    const wrong = sources.filter(file => partOf(file) === "economies" && !file.endsWith("/index.ts")).flatMap(file => importsOf(read(file)).filter(({ from }) => from !== "../model/economy.ts").map(({ from }) => `${file} imports ${from}`))
    expect(wrong).toEqual([])
  })

  test("relative imports name a file that exists, with its extension", () => {
    const wrong = sources.flatMap(file => importsOf(read(file)).filter(({ from }) => from.startsWith(".") && !existsSync(join(ROOT, posix.join(posix.dirname(file), from)))).map(({ from }) => `${file} imports ${from}`))
    expect(wrong).toEqual([])
  })
})

describe("the core touches no host", () => {
  const core = sources.filter(file => CORE.includes(partOf(file)))
  const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
    ["Node", /["'`]node:/], ["require", /\brequire\s*\(/], ["process", /\bprocess\s*[.[?]/], ["console", /\bconsole\b/], ["a clock", /\bnew Date\b|\bDate\s*[.(]|\bperformance\s*\./],
    ["Math.random", /\bMath\s*\.\s*random\b/], ["timers", /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\brequestAnimationFrame\b/], ["the network", /\bfetch\s*\(|\bXMLHttpRequest\b|\bWebSocket\b/],
    ["the DOM", /\bwindow\s*[.[]|\bnavigator\s*\.|\blocalStorage\b/], ["globals", /\bglobalThis\b/], ["eval", /\beval\s*\(|\bnew Function\b|\bFunction\s*\(/], ["asynchrony", /\basync\b|\bawait\b|\bPromise\b/],
  ]
  test.each(FORBIDDEN)("%s", (_, pattern) => {
    expect(core.flatMap(file => uncommented(read(file)).split("\n").filter(line => pattern.test(line)).map(line => `${file}: ${line.trim()}`))).toEqual([])
  })

  // Engines do not agree on `**`. Squares are exact products on all, and powers of two exact; their exponents are whole by what is around them.
  test("powers are those of src/math/power.ts", () => {
    const allowed: Readonly<Record<string, string>> = { "src/formula/tokens.ts": "the notation of formulas", "src/math/sparse.ts": "a count of products, which is only shown" }
    const inexact = (line: string): boolean => /\bMath\s*\.\s*pow\b/.test(line) || line.replace(/\*\* 2(?![\w.])/g, "").replace(/(?<![\w.])2 \*\* /g, "").includes("**")
    expect(["x ** 3", "y * x ** 2.5", "x2 ** k", "1.2 ** k", "Math.pow(x, 2)", "x ** -2", "x **= 2"].filter(line => !inexact(line))).toEqual([])
    expect(["x ** 2", "(a - b) ** 2 / n", "2 ** -53", "w * 2 ** 26 + 1", "i / 2 ** level"].filter(inexact)).toEqual([])
    const files = core.filter(file => partOf(file) !== "report" && !(file in allowed))
    expect(files.flatMap(file => uncommented(read(file)).split("\n").filter(inexact).map(line => `${file}: ${line.trim()}`))).toEqual([])
  })

  test("a document to draw on is handed in", () => {
    const used = core.filter(file => /\bdocument\b/.test(uncommented(read(file)).replace(/"[^"\n]*"/g, "")))
    expect(used.filter(file => !/\bdocument: DrawingDocument\b/.test(read(file)))).toEqual([])
  })

  test("and the compiler is told so, for every part", () => {
    const { compilerOptions, include } = JSON.parse(read("tsconfig.core.json")) as { compilerOptions: { types: string[]; lib?: string[] }; include: string[] }
    const { lib } = (JSON.parse(read("tsconfig.json")) as { compilerOptions: { lib: string[] } }).compilerOptions
    expect(compilerOptions.types).toEqual([])
    expect(compilerOptions.lib ?? lib).toEqual(["ES2023"])
    expect([...new Set(core.map(partOf))].filter(part => !include.includes(`src/${part}`))).toEqual([])
  })
})

describe("shape", () => {
  test("no file above 400 lines, half of them at most 150", () => {
    const sizes = sources.map(file => [lines(file), file] as const).toSorted(([a], [b]) => a - b)
    expect(sizes.filter(([size]) => size > 400)).toEqual([])
    expect(sizes[Math.floor(sizes.length / 2)][0]).toBeLessThanOrEqual(150)
  })

  test("no drawer for odds and ends", () => {
    expect(filesIn("src").filter(file => /\/(?:utils?|helpers?|common|misc|managers?|base|types|core|shared)(?:\/|\.ts$)/i.test(file))).toEqual([])
  })

  test("files are named in camelCase", () => {
    expect(sources.filter(file => !/^[a-z][A-Za-z0-9]*(?:\.generated)?\.tsx?$/.test(posix.basename(file)))).toEqual([])
  })

  test("no default export, nothing exported by a star, no `any`, no empty catch", () => {
    for (const pattern of [/^\s*export\s+default\b/m, /^\s*export\s*\*/m, /(?:[:<|&,]|\bas)\s*any\b(?!\s*[:(])/, /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/])
      expect(sources.filter(file => pattern.test(uncommented(read(file)))), String(pattern)).toEqual([])
  })

  test("index.ts is a contents page", () => {
    expect(lines("src/index.ts")).toBeLessThanOrEqual(60)
    const rest = uncommented(read("src/index.ts")).replace(/export (?:type )?\{[^}]*\} from "[^"]+"/g, "").trim()
    expect(rest).toBe("")
  })

  test("no path of a machine", () => {
    const path = new RegExp(`(?:^|[\\s"'\`(=])(?:/(?:${["work", "home", "root", "Users", "tmp", "mnt"].join("|")})/|[A-Z]:\\\\\\\\)`, "m")
    const all = [...["src", "test", "bin", "kernels", "studies", ".ci"].flatMap(filesIn).filter(file => /\.(?:ts|tsx|js|mjs|json|css|html|md|toml|sh)$|\/run$/.test(file)), ...["README.md", "ARCHITECTURE.md", "package.json"].filter(file => existsSync(join(ROOT, file)))]
    expect(all.filter(file => path.test(read(file)))).toEqual([])
  })

  test("tests stand beside what they test", () => {
    const parts = [...new Set(sources.map(partOf))].filter(part => !part.endsWith(".ts"))
    expect(parts.filter(part => part !== "studio" && filesIn(`test/${part}`).length === 0)).toEqual([])
  })
})

describe("packages", () => {
  const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string> | undefined>
  const dependencies = ["dependencies", "optionalDependencies", "peerDependencies"].flatMap(kind => Object.keys(manifest[kind] ?? {}))

  test("what src imports is a dependency, and every dependency is used", () => {
    const texts = sources.map(read)
    const used = new Set(texts.flatMap(importsOf).map(({ from }) => from).filter(from => !/^\.|^node:/.test(from)).map(from => from.split("/").slice(0, from.startsWith("@") ? 2 : 1).join("/")))
    expect([...used].filter(name => !dependencies.includes(name))).toEqual([])
    // A package may be reached by name only (resolved for its files).
    expect(dependencies.filter(name => !used.has(name) && !texts.some(text => text.includes(`"${name}`)))).toEqual([])
  })
})

describe("ARCHITECTURE.md", () => {
  const map = existsSync(join(ROOT, "ARCHITECTURE.md")) ? read("ARCHITECTURE.md") : undefined
  const absent = "ARCHITECTURE.md is not written yet"
  /** Whether a line names it, as code or as a path, and says something of it. */
  const captioned = (text: string, name: string): boolean => text.split("\n").some(line =>
    new RegExp(`(?:^|[\\s\`/|*(])${name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}(?:[\\s\`/|*,):]|$)`).test(line) && line.replace(name, "").split(/[^A-Za-z]+/).filter(Boolean).length >= 3)

  test("fits on a few screens", ({ skip }) => {
    if (map === undefined) return skip(absent)
    expect(map.trimEnd().split("\n").length).toBeLessThanOrEqual(150)
  })

  test("captions every part of src", ({ skip }) => {
    if (map === undefined) return skip(absent)
    expect([...new Set(sources.map(partOf))].filter(part => !captioned(map, part))).toEqual([])
  })

  test("gives a reason for every dependency", ({ skip }) => {
    if (map === undefined) return skip(absent)
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(read("package.json")) as Record<string, Record<string, string> | undefined>
    expect(Object.keys({ ...dependencies, ...optionalDependencies }).filter(name => !captioned(map, name))).toEqual([])
  })
})
