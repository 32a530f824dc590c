import { allowFastMath } from "../../src/cli/fastMath.ts"
import type { JetEngine } from "../../src/nets/jet.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { takeKernels, type KernelBuild } from "../../src/nets/webAssembly.ts"
import { wasmJets } from "../../src/nets/wasmJets.ts"

export interface NamedEngine {
  readonly name: string
  readonly engine: JetEngine
  /** Rounding of a few layers, relative to the largest entry. */
  readonly tolerance: number
}

allowFastMath()

function of(build: KernelBuild, precision: "float32" | "float64", tolerance: number): NamedEngine {
  takeKernels(build)
  const engine = wasmJets(precision)
  takeKernels("simd128")
  return { name: `${precision}, ${build}`, engine, tolerance }
}

/** Every build of the kernels in every precision. */
export const kernelEngines: readonly NamedEngine[] = [
  of("simd128", "float64", 1e-13), of("simd128", "float32", 1e-5), of("relaxed", "float64", 1e-13), of("relaxed", "float32", 1e-5),
]

/** The oracle and the kernels. */
export const allEngines: readonly NamedEngine[] = [{ name: "oracle", engine: oracleJets, tolerance: 1e-13 }, ...kernelEngines]
