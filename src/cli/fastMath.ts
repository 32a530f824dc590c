import { setFlagsFromString } from "node:v8"
import { hasKernels } from "../nets/kernelBuilds.ts"

/** Has the engine compile relaxed SIMD, where it knows it but does not do so by itself (Node 20); nothing else changes. */
export function allowFastMath(): void {
  // Where there is no such flag the engine complains on stderr and goes on; it is told only where it might help.
  if (!hasKernels("relaxed")) setFlagsFromString("--experimental-wasm-relaxed-simd")
}
