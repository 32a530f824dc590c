/**
 * The last steps of the agents that a learner follows, from which n-step items are made: at step t the one begun n steps before gives
 *   x_{t-n},  G = sum_{k<n} beta^k r_{t-n+1+k},  beta^n,  x_t.
 * After the last step of an episode every begun item is closed: a terminated one with no future (its last discount is zero), a truncated one with the
 * value of the last observation.
 */
export interface Trail {
  /** Numbers kept of each step, an entry an agent and number: `(step mod (n + 1))`, then `agent * width + k`. */
  readonly kept: Float64Array
  readonly rewards: Float64Array
  readonly discounts: Float64Array
  /** Steps recorded in this episode. */
  steps: number
}

export interface TrailShape {
  readonly agents: number
  readonly width: number
  /** n. */
  readonly steps: number
}

export function newTrail({ agents, width, steps }: TrailShape): Trail {
  const slots = steps + 1
  return { kept: new Float64Array(slots * agents * width), rewards: new Float64Array(slots * agents), discounts: new Float64Array(slots * agents), steps: 0 }
}

/** The row to write what is kept of agent `k` at the beginning of step `step` (0 for the first of the episode). */
export function keptOf(trail: Trail, { agents, width, steps }: TrailShape, step: number, k: number): Float64Array {
  const at = ((step % (steps + 1)) * agents + k) * width
  return trail.kept.subarray(at, at + width)
}

/** Records reward and discount of step `step`. */
export function record(trail: Trail, { agents, steps }: TrailShape, step: number, k: number, reward: number, discount: number): void {
  const at = (step % (steps + 1)) * agents + k
  trail.rewards[at] = reward
  trail.discounts[at] = discount
}

/** Calls `emit` with each item that steps up to `last` complete, for agent `k`: all begun ones where the episode has ended. */
export function close(trail: Trail, shape: TrailShape, last: number, ended: boolean, k: number, emit: (begun: number, returned: number, discount: number) => void): void {
  const { agents, steps } = shape
  const from = Math.max(0, last - steps + 1)
  for (let begun = from; begun <= (ended ? last : Math.min(from, last - steps + 1)); begun++) {
    let returned = 0, discount = 1
    for (let step = begun; step <= last; step++) {
      const at = (step % (steps + 1)) * agents + k
      returned += discount * trail.rewards[at]
      discount *= trail.discounts[at]
    }
    emit(begun, returned, discount)
  }
}
