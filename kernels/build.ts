// Compiles the kernels, for each build and precision, into src/nets/kernels.generated.ts.
// Run with `npm run kernels` after a change in this folder.

import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import asc from "assemblyscript/asc"

type Precision = "float32" | "float64"
/** Plain SIMD128, whose bits are the same everywhere; and relaxed, with multiply-adds that round once where the machine has them. */
type Build = "simd128" | "relaxed"

const folder = dirname(fileURLToPath(import.meta.url))
const target = join(folder, "..", "src", "nets", "kernels.generated.ts")

/** The module of one precision: `precision.ts` is read from the file of that name. */
async function compile(precision: Precision, build: Build): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const said: string[] = []
  const entries = precision === "float64" ? ["jets.ts", "dense.ts"] : ["jets.ts"]
  const { error } = await asc.main(
    [...entries, "--outFile", "out.wasm", "-O3", "--converge", "--noAssert", "--runtime", "stub",
      "--enable", build === "relaxed" ? "simd,relaxed-simd" : "simd", "--use", "abort="],
    {
      readFile: (name) => {
        const file = name === "precision.ts" ? `${precision}.ts` : name
        try {
          return readFileSync(join(folder, file), "utf8")
        } catch {
          return null
        }
      },
      writeFile: (name, contents) => {
        if (name === "out.wasm") binary = contents as Uint8Array
      },
      listFiles: () => [],
      stdout: { write: (text: string) => { said.push(text) } },
      stderr: { write: (text: string) => { said.push(text) } },
    } as Parameters<typeof asc.main>[1],
  )
  if (error !== null || binary === undefined) throw new Error(`the kernels do not compile:\n${said.join("")}`)
  return binary
}

/** The generated file, as text. */
export async function generated(): Promise<string> {
  const lines = ["// Made by kernels/build.ts; do not edit.", "", "/** WebAssembly modules in base64, by build and precision. */", "export const binaries = {"]
  for (const build of ["simd128", "relaxed"] as const) {
    lines.push(`  ${build}: {`)
    for (const precision of ["float32", "float64"] as const)
      lines.push(`    ${precision}: "${Buffer.from(await compile(precision, build)).toString("base64")}",`)
    lines.push("  },")
  }
  lines.push("}", "")
  return lines.join("\n")
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, await generated())
