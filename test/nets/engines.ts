import { allowFastMath } from "../../src/cli/fastMath.ts"
import { machineCode } from "../../src/cli/machineCode.ts"
import type { JetEngine } from "../../src/nets/jet.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { hasKernels, offerNative, takeKernels, type KernelBuild } from "../../src/nets/kernelBuilds.ts"
import { NATIVE_BUILDS } from "../../src/nets/nativeKernels.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"

export interface NamedEngine {
  readonly name: string
  readonly engine: JetEngine
  /** Rounding of a few layers, relative to the largest entry. */
  readonly tolerance: number
}

allowFastMath()
offerNative(machineCode({}))
takeKernels("simd128")

/** An engine of a build. */
export function engineOf(build: KernelBuild, precision: "float32" | "float64"): JetEngine {
  takeKernels(build)
  const engine = kernelJets(precision)
  takeKernels("simd128")
  return engine
}

/** The builds that this machine runs. */
export const builds = (["simd128", "relaxed", ...NATIVE_BUILDS] as const).filter(hasKernels)

/** Every build of the kernels in every precision. */
export const kernelEngines: readonly NamedEngine[] = builds.flatMap(build => (["float64", "float32"] as const).map(precision => ({
  name: `${precision}, ${build}`, engine: engineOf(build, precision), tolerance: precision === "float64" ? 1e-13 : 1e-5,
})))

/** The oracle and the kernels. */
export const allEngines: readonly NamedEngine[] = [{ name: "oracle", engine: oracleJets, tolerance: 1e-13 }, ...kernelEngines]
