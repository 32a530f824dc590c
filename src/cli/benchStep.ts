import { adamStart, adamStep } from "../nets/adam.ts"
import { kernelBuild, type KernelBuild } from "../nets/kernelBuilds.ts"
import { startCrew, type Crew } from "./crew.ts"
import { profileStep, type Profile } from "./benchProfile.ts"
import { secondsOfEach } from "./benchTiming.ts"
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
    const seconds = await withSteps(precision, steps => secondsOfEach(now, steps))
    rates[precision] = Object.fromEntries(THREADS.map((threads, k) => [threads, Math.round(STEP_POINTS / seconds[k])]))
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

/** What `use` finds with the step by as many threads as `THREADS` says. */
export async function withSteps<T>(precision: (typeof PRECISIONS)[number], use: (steps: readonly (() => void)[]) => T): Promise<T> {
  const crews: Crew[] = []
  try {
    const steps: (() => void)[] = []
    for (const threads of THREADS) {
      const { weights, batch } = stepWork(), crew = await startCrew(batch, { precision, shapes: [STEP_SHAPE], shocks: STEP_SHOCKS, threads })
      crews.push(crew)
      const state = adamStart(weights.length), gradient = new Float64Array(weights.length)
      steps.push(() => {
        crew.gradient(weights, gradient)
        adamStep(state, weights, gradient, { rate: 1e-3 })
      })
    }
    return use(steps)
  } finally {
    for (const crew of crews) await crew.close()
  }
}
