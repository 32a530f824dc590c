import { adamStart, adamStep } from "../nets/adam.ts"
import { kernelBuild, type KernelBuild } from "../nets/kernelBuilds.ts"
import { startCrew } from "./crew.ts"
import { profileStep, type Profile } from "./benchProfile.ts"
import { secondsOf } from "./benchTiming.ts"
import { STEP_POINTS, STEP_SHAPE, STEP_SHOCKS, stepWork } from "./benchWork.ts"

export const PRECISIONS = ["float32", "float64"] as const
export const THREADS = [1, 2] as const

export interface StepResult {
  readonly work: Readonly<Record<string, unknown>>
  /** The build that ran. */
  readonly kernels: KernelBuild
  /** By precision and number of threads. */
  readonly points_per_second: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Where the time goes, by precision; where it was asked for. */
  readonly profile?: Readonly<Record<string, Profile>>
}

/** Training steps of the ALIENs loss: loss and gradient, then an update by Adam. */
export async function benchStep(now: () => number, profile = false): Promise<StepResult> {
  const rates: Record<string, Record<string, number>> = {}
  for (const precision of PRECISIONS) {
    rates[precision] = {}
    for (const threads of THREADS) rates[precision][threads] = Math.round(STEP_POINTS / await stepSeconds(now, precision, threads))
  }
  return {
    work: {
      points: STEP_POINTS, inputs: STEP_SHAPE.inputs, hidden: STEP_SHAPE.hidden, activation: STEP_SHAPE.activation,
      derivatives: ["J", "J_z", "J_a", "J_t", "J_zz", "J_aa", "J_za"], formulation: "generator directions",
      loss: "mean(f^2) + mean((J-1)^2), f linear in these with coefficients known at each point", optimiser: "adam",
    },
    kernels: kernelBuild(),
    points_per_second: rates,
    ...(profile ? { profile: Object.fromEntries(PRECISIONS.map(precision => [precision, profileStep(now, precision)])) } : {}),
  }
}

/** Seconds of one step. */
export async function stepSeconds(now: () => number, precision: (typeof PRECISIONS)[number], threads: number): Promise<number> {
  const { weights, batch } = stepWork()
  const crew = await startCrew(batch, { precision, shapes: [STEP_SHAPE], shocks: STEP_SHOCKS, threads })
  const state = adamStart(weights.length), gradient = new Float64Array(weights.length)
  try {
    return secondsOf(now, () => {
      crew.gradient(weights, gradient)
      adamStep(state, weights, gradient, { rate: 1e-3 })
    })
  } finally {
    await crew.close()
  }
}
