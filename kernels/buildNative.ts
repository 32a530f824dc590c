// Compiles the kernels in machine code into native/. Run with `npm run kernels:native` after a change in native/, on Linux on
// x86-64, with the compiler that `COMPILER` names: others make other bytes.

import { execFileSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const folder = join(dirname(fileURLToPath(import.meta.url)), "native")
export const NATIVE_FILE = join(folder, "..", "..", "native", "linux-x64.node")

/** What made the bytes in native/: the first lines of `gcc --version` and `ld --version`. */
export const COMPILER = ["gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "GNU ld (GNU Binutils for Debian) 2.40"]

// Contractions would round multiply-adds once.
const FLAGS = [
  "-O2", "-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-unused-function", "-Werror", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off", "-fno-trapping-math",
  "-fno-math-errno", "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
]
const LINK = ["-shared", "-nostdlib", "-s", "-Wl,--build-id=none,-z,noexecstack,-z,relro,-z,now"]
const MACHINES = [["avx2", 32, ["-mavx2"]], ["avx512", 64, ["-mavx512f", "-mavx512dq", "-mavx512vl", "-mprefer-vector-width=512"]]] as const
const ROUNDINGS = [["", 0, []], ["Fma", 1, ["-mfma"]]] as const

/** What is missing to make the same bytes; undefined where nothing is. */
export function whatIsMissing(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "Linux on x86-64"
  const missing = ["gcc", "ld"].findIndex((tool, k) => firstLine(tool) !== COMPILER[k])
  return missing >= 0 ? COMPILER[missing] : existsSync(headers()) ? undefined : `the headers of Node in ${headers()}`
}

function firstLine(tool: string): string | undefined {
  try {
    return execFileSync(tool, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n")[0]
  } catch {
    return undefined
  }
}

const headers = (): string => join(dirname(process.execPath), "..", "include", "node", "node_api.h")

/** Makes the module at `target`. */
export function buildNative(target: string): void {
  const place = mkdtempSync(join(tmpdir(), "walras-kernels-"))
  const compile = (source: string, name: string, ...flags: readonly string[]): string => {
    const object = join(place, `${name}.o`)
    execFileSync("gcc", [...FLAGS, ...flags, "-c", source, "-o", object], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] })
    return object
  }
  try {
    const objects = ROUNDINGS.flatMap(([suffix, fused, rounding]) => [
      ...MACHINES.flatMap(([name, wide, machine]) => [32, 64].map(precision => {
        const own = `${name}${suffix}Float${precision}`
        return compile("jetsBuild.c", own, ...machine, ...rounding, `-DPRECISION=${precision}`, `-DWIDE=${wide}`, `-DFUSED=${fused}`, `-DNAME=${own}`)
      })),
      compile("denseBuild.c", `dense${suffix}`, "-mavx2", ...rounding, "-DPRECISION=64", "-DWIDE=32", `-DFUSED=${fused}`, `-DNAME=dense${suffix}`),
    ])
    const module = compile("module.c", "module", "-I", dirname(headers())), made = join(place, "made.node")
    execFileSync("gcc", [...LINK, "-o", made, module, ...objects], { stdio: ["ignore", "inherit", "inherit"] })
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(made, target)
  } finally {
    rmSync(place, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildNative(NATIVE_FILE)
