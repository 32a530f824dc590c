import { philox } from "../math/random.ts"
import type { Channels } from "../nets/jet.ts"
import { layerSizes, type Shape } from "../nets/mlp.ts"
import { kernelJets } from "../nets/kernelJets.ts"
import { bytesOfVectors, hasKernels, instantiate, kernelBuild, takeKernels, type KernelBuild } from "../nets/kernelBuilds.ts"
import { peakChains } from "../nets/kernels.ts"
import { PRECISIONS, THREADS, withSteps } from "./benchStep.ts"
import { secondsOfEach } from "./benchTiming.ts"
import { STEP_POINTS, STEP_SHAPE, STEP_SHOCKS, stepWork } from "./benchWork.ts"

export interface JetsRow {
  readonly precision: string
  /** The build that ran; the peak is its own. */
  readonly kernels: KernelBuild
  readonly threads: number
  readonly net: string
  readonly derivatives: string
  readonly points_per_second: number
  /** Of the products alone: what else is done counts for nothing. */
  readonly gflops: number
  /** Multiply-adds of this build that wait for nothing, on as many threads. */
  readonly peak_gflops: number
  readonly share: number
}

const ALL: Channels = { first: [0, 1, 2], second: [[0, 0], [1, 1], [0, 1]] }

/**
 * Value, derivatives and gradient of the net of the step, by generator directions and with seven channels: by the kernels in WebAssembly, and
 * by those in machine code where there are some.
 */
export async function benchJets(now: () => number, fastMath: boolean): Promise<JetsRow[]> {
  const best = kernelBuild(), portable = !fastMath ? "simd128" : hasKernels("relaxed") ? "relaxed" : best, rows: JetsRow[] = []
  for (const build of new Set([portable, best] as const)) {
    takeKernels(build)
    rows.push(...await rowsOfBuild(now))
  }
  takeKernels(best)
  return rows
}

async function rowsOfBuild(now: () => number): Promise<JetsRow[]> {
  const rows: JetsRow[] = []
  for (const precision of PRECISIONS) {
    // All in turn, so that the peak is that of the machine while it did the rest.
    const [peakSeconds, sevenSeconds, ...seconds] = await withSteps(precision, steps => secondsOfEach(now, [peakRounds(precision), sevenChannels(precision), ...steps]))
    const peak = peakOperations(precision) / peakSeconds / 1e9
    const row = (threads: number, derivatives: string, channels: number, seconds: number): void => {
      const gflops = (STEP_POINTS * flopsOfPoint(STEP_SHAPE, channels)) / seconds / 1e9
      const [, ...widths] = [0, STEP_SHAPE.inputs, ...STEP_SHAPE.hidden, 1]
      rows.push({
        precision, kernels: kernelBuild(), threads, net: widths.join("-"), derivatives, points_per_second: Math.round(STEP_POINTS / seconds),
        gflops, peak_gflops: peak * threads, share: gflops / (peak * threads),
      })
    }
    THREADS.forEach((threads, k) => row(threads, "value, generator of two shocks", 2 + STEP_SHOCKS, seconds[k]))
    row(1, "value, 3 first, 3 second", 7, sevenSeconds)
  }
  return rows
}

/** Multiplications and additions for each point: every weight counts once forward and twice back, but for the first layer's inputs. */
export function flopsOfPoint(shape: Shape, channels: number): number {
  const products = layerSizes(shape).reduce((sum, { fanIn, units }, layer) => sum + (layer === 0 ? 2 : 3) * fanIn * units, 0)
  return 2 * channels * products
}

function sevenChannels(precision: "float32" | "float64"): () => void {
  const { weights, batch: { flow: { points, n } } } = stepWork()
  const net = kernelJets(precision).net(STEP_SHAPE, ALL, n)
  const { next } = philox(1, 0), cotangent = Float64Array.from({ length: 7 * n }, next), gradient = new Float64Array(weights.length)
  return () => net.backward(weights, points, n, cotangent, gradient)
}

const PEAK_ROUNDS = 100_000

function peakRounds(precision: "float32" | "float64"): () => void {
  const kernels = instantiate(precision)
  return () => { kernels.peak(PEAK_ROUNDS, 0.999, 0.001) }
}

/** Of all its rounds, on one thread. */
function peakOperations(precision: "float32" | "float64"): number {
  return PEAK_ROUNDS * peakChains * 2 * bytesOfVectors(kernelBuild()) / (precision === "float32" ? 4 : 8)
}
