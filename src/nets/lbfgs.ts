import { strongWolfe, type RayPoint } from "./lineSearch.ts"

/** Returns the loss and writes its gradient, which arrives filled with zeros. */
export type Objective = (weights: Float64Array, gradient: Float64Array) => number

/** Plain data: a clone is a checkpoint. It holds for one objective; start again where that changes. */
export interface LbfgsState {
  readonly memory: number
  /** The last moves of the weights, the oldest first. */
  readonly moves: Float64Array[]
  /** Changes of the gradient over these moves. */
  readonly changes: Float64Array[]
  /** At the current weights; NaN before the first step. */
  loss: number
  readonly gradient: Float64Array
}

export interface LbfgsReport {
  readonly loss: number
  /** Largest size of an entry of the gradient. */
  readonly gradient: number
  /** Whether the weights moved: rounding hides any further descent where they did not. */
  readonly accepted: boolean
  readonly evaluations: number
}

/** For `n` weights; the last `memory` moves are kept, default 10. */
export function lbfgsStart(n: number, { memory = 10 }: { readonly memory?: number } = {}): LbfgsState {
  return { memory, moves: [], changes: [], loss: NaN, gradient: new Float64Array(n) }
}

/**
 * One step of L-BFGS (Nocedal and Wright, 2006, Algorithm 7.5) with a strong Wolfe line search, in place of `state` and `weights`.
 * The weights must be those the last step left. A direction that leads nowhere is tried once more as steepest descent.
 */
export function lbfgsStep(state: LbfgsState, weights: Float64Array, objective: Objective): LbfgsReport {
  let evaluations = 0
  const evaluate = (at: Float64Array, gradient: Float64Array) => {
    evaluations++
    return objective(at, gradient.fill(0))
  }
  if (Number.isNaN(state.loss)) state.loss = evaluate(weights, state.gradient)
  let accepted = search(state, weights, evaluate)
  if (!accepted && state.moves.length > 0) {
    state.moves.length = 0
    state.changes.length = 0
    accepted = search(state, weights, evaluate)
  }
  return { loss: state.loss, gradient: largest(state.gradient), accepted, evaluations }
}

/** Searches along the quasi-Newton direction; moves `weights` and remembers the move where it succeeds. */
function search(state: LbfgsState, weights: Float64Array, evaluate: Objective): boolean {
  const direction = descent(state)
  const slope = dot(direction, state.gradient)
  if (!(slope < 0)) return false
  const trial = new Float64Array(weights.length)
  const gradient = new Float64Array(weights.length)
  let last: RayPoint | undefined
  const along = (step: number): RayPoint => {
    for (let k = 0; k < trial.length; k++) trial[k] = weights[k] + step * direction[k]
    const value = evaluate(trial, gradient)
    last = { step, value, slope: dot(direction, gradient) }
    return last
  }
  // Without curvature known, a first step of at most unit length.
  const first = state.moves.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope))
  const found = strongWolfe(along, { step: 0, value: state.loss, slope }, first)
  if (found === undefined) return false
  // The search may end on an earlier step than its last: evaluate there again.
  state.loss = last === found ? found.value : along(found.step).value
  remember(state, trial.map((x, k) => x - weights[k]), gradient.map((g, k) => g - state.gradient[k]))
  weights.set(trial)
  state.gradient.set(gradient)
  return true
}

/** Minus the inverse Hessian times the gradient, by two loops (Algorithm 7.4). */
function descent({ moves, changes, gradient }: LbfgsState): Float64Array {
  const direction = gradient.map((g) => -g)
  const shares: number[] = []
  for (let k = moves.length - 1; k >= 0; k--) {
    shares[k] = dot(moves[k], direction) / dot(moves[k], changes[k])
    addTo(direction, -shares[k], changes[k])
  }
  const last = moves.length - 1
  if (last >= 0) {
    const scale = dot(moves[last], changes[last]) / dot(changes[last], changes[last])
    for (let k = 0; k < direction.length; k++) direction[k] *= scale
  }
  for (let k = 0; k < moves.length; k++)
    addTo(direction, shares[k] - dot(changes[k], direction) / dot(moves[k], changes[k]), moves[k])
  return direction
}

/** Keeps a pair of positive curvature, as the Wolfe conditions give but for rounding: only then is the next direction a descent. */
function remember(state: LbfgsState, move: Float64Array, change: Float64Array): void {
  if (!(dot(move, change) > 2 ** -52 * dot(change, change))) return
  state.moves.push(move)
  state.changes.push(change)
  if (state.moves.length > state.memory) {
    state.moves.shift()
    state.changes.shift()
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k]
  return sum
}

function addTo(a: Float64Array, scale: number, b: Float64Array): void {
  for (let k = 0; k < a.length; k++) a[k] += scale * b[k]
}

function largest(a: Float64Array): number {
  return a.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
}
