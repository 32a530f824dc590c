import { createRequire } from "node:module"
import type { NativeModule } from "../nets/nativeKernels.ts"
import { Mistake } from "../run/mistake.ts"

/** Which kernels nets compute by: `webassembly`, or (unset, or `best`) machine code where it runs. The bits are the same. */
const VARIABLE = "WALRAS_KERNELS"

/** The kernels in machine code that come with walras for this kind of machine; undefined where there are none, or they cannot be loaded. @throws Mistake */
export function machineCode(env: Readonly<Record<string, string | undefined>>): NativeModule | undefined {
  const wanted = env[VARIABLE] ?? "best"
  if (wanted !== "best" && wanted !== "webassembly") throw new Mistake(`the environment variable ${VARIABLE} is \`${wanted}\`; expected \`webassembly\` or \`best\`, or leave it unset`)
  if (wanted === "webassembly") return undefined
  try {
    return createRequire(import.meta.url)(`../../native/${process.platform}-${process.arch}.node`) as NativeModule
  } catch {
    // No such file for this machine, or a host that loads no machine code.
    return undefined
  }
}
