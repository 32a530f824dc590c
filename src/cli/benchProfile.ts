import { compile } from "../formula/compile.ts"
import { graph } from "../formula/graph.ts"
import { lower } from "../formula/lower.ts"
import { parseExpression } from "../formula/parse.ts"
import { philox } from "../math/random.ts"
import { adamStart, adamStep } from "../nets/adam.ts"
import { reduceSlots, shardRunner, shardStarts, slotsFor } from "../nets/shards.ts"
import { squaresAt } from "../nets/squares.ts"
import { kernelJets } from "../nets/kernelJets.ts"
import { secondsOf } from "./benchTiming.ts"
import { COEFFICIENTS, STEP_POINTS, STEP_SHAPE, STEP_SHOCKS, batchOf, stepWork, type Coefficients } from "./benchWork.ts"

/** Where the time of one training step goes, in microseconds and as parts of the whole. */
export interface Profile {
  readonly microseconds: Readonly<Record<Part | "whole", number>>
  readonly share: Readonly<Record<Part, number>>
}

export const PARTS = ["kernels", "formulas", "optimiser", "sampling", "overhead"] as const
type Part = (typeof PARTS)[number]

/** The coefficients as an economy would write them. */
const FORMULAS: Readonly<Record<(typeof COEFFICIENTS)[number], string>> = {
  value: "-0.05*(1 + 0.1*z)", z: "0.1*(1 - z)*(1 + a^2)", a: "0.2*(0.5 - a)", t: "1",
  zz: "0.05*z*(1 - z)/(0.2 + a)", za: "0.01*sqrt(z*(1 - z))", aa: "0.05*exp(-a)",
}

/**
 * One training step on one thread as a method takes it, with all that `bench step` has done before: 1024 fresh points, the coefficients of the
 * equation from their formulas, directions from these; then the loss, its gradient, and an update by Adam.
 *   kernels: the net with its derivatives, forward and back    formulas: coefficients, directions, the loss and its derivatives
 *   sampling: the points    overhead: what the whole takes beyond its parts, such as sums over shards
 */
export function profileStep(now: () => number, precision: "float32" | "float64"): Profile {
  const n = STEP_POINTS, { weights } = stepWork(), random = philox(1, 0), formulas = formulaKernel()
  const points = new Float64Array(STEP_SHAPE.inputs * n), rows = COEFFICIENTS.map(() => new Float64Array(n))
  const coefficients = Object.fromEntries(COEFFICIENTS.map((name, k) => [name, rows[k]])) as Coefficients
  const state = adamStart(weights.length), gradient = new Float64Array(weights.length), slots = new Float64Array(slotsFor(n, weights.length))
  const engine = kernelJets(precision), net = engine.generator(STEP_SHAPE, STEP_SHOCKS, n), run = shardRunner(net, 1, n)
  const shards = shardStarts(n).length - 1

  const sample = () => { for (let k = 0; k < points.length; k++) points[k] = random.next() }
  const evaluate = () => {
    formulas.run([points.subarray(0, n), points.subarray(n, 2 * n), points.subarray(2 * n)], n, rows)
    return batchOf(points, coefficients)
  }
  const update = () => adamStep(state, weights, gradient, { rate: 1e-3 })
  sample()
  const out = new Float64Array(2 * n).fill(1), cotangent = new Float64Array(2 * n)
  const batch = evaluate(), none = { ...batch, squares: [] }
  const runAll = (of: typeof batch) => { for (let shard = 0; shard < shards; shard++) run(weights, of, shard, slots) }

  const seconds = {
    whole: secondsOf(now, () => {
      sample()
      runAll(evaluate())
      reduceSlots(slots, n, gradient.fill(0))
      update()
    }),
    kernels: secondsOf(now, () => runAll(none)),
    formulas: secondsOf(now, evaluate) + secondsOf(now, () => { squaresAt(batch.squares, 1, n, 0, n, out, cotangent) }),
    optimiser: secondsOf(now, update),
    sampling: secondsOf(now, sample),
  }
  const overhead = seconds.whole - seconds.kernels - seconds.formulas - seconds.optimiser - seconds.sampling
  const microseconds = Object.fromEntries(Object.entries({ ...seconds, overhead }).map(([part, s]) => [part, Math.round(1e6 * s)])) as Profile["microseconds"]
  return { microseconds, share: Object.fromEntries(PARTS.map(part => [part, microseconds[part] / microseconds.whole])) as Profile["share"] }
}

function formulaKernel() {
  const g = graph(), scope = { name: (name: string) => g.sym(name) }
  const nodes = COEFFICIENTS.map(name => {
    const { ast, faults } = parseExpression(FORMULAS[name])
    if (ast === undefined) throw new Error(`the formula of \`${name}\` cannot be read: ${faults.map(({ message }) => message).join("; ")}`)
    return lower(g, ast, scope)
  })
  return compile(nodes, ["z", "a", "t"])
}
