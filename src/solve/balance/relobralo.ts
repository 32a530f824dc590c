import type { Random } from "../../math/random.ts"

/** Plain data: a clone is a checkpoint. Empty before the first losses. */
export interface RelobraloState {
  /** The losses of the first step and of the last. */
  first: number[]
  last: number[]
  weights: number[]
}

export interface RelobraloOptions {
  /** Temperature of the softmax, default 0.1. */
  readonly temperature?: number
  /** How much of the past is kept, default 0.999. */
  readonly memory?: number
  /** How often the past is the running weights, and not the progress since the first step, default 0.999. */
  readonly lookback?: number
}

export const relobraloStart = (): RelobraloState => ({ first: [], last: [], weights: [] })

/**
 * Relative loss balancing with random lookback (ReLoBRaLo: Bischof and Kraus, 2021, "Multi-objective loss balancing for physics-informed
 * deep learning", equations 9 to 11): with b(t, s) = m softmax(L_i(t) / (T L_i(s))) for the m losses,
 *
 *   weights(t) = a (rho weights(t-1) + (1 - rho) b(t, first)) + (1 - a) b(t, t-1),    rho = 1 with the probability `lookback`, else 0.
 *
 * A loss that has fallen less than the others weighs more. The weights sum to m. Returns them, and keeps them in `state`; one each at
 * the first step.
 */
export function relobralo(state: RelobraloState, losses: readonly number[], random: Pick<Random, "next">, { temperature = 0.1, memory = 0.999, lookback = 0.999 }: RelobraloOptions = {}): number[] {
  // One uniform a step, so that the stream does not depend on what is drawn.
  const kept = random.next() < lookback ? 1 : 0
  if (state.weights.length === 0) {
    state.first = [...losses]
    state.weights = losses.map(() => 1)
  } else {
    const sinceFirst = progress(losses, state.first, temperature), sinceLast = progress(losses, state.last, temperature)
    state.weights = state.weights.map((w, i) => memory * (kept * w + (1 - kept) * sinceFirst[i]) + (1 - memory) * sinceLast[i])
  }
  state.last = [...losses]
  return [...state.weights]
}

/** m softmax(L_i / (T L'_i)); a loss that was zero counts as unchanged where it still is, and as fully risen where it is not. */
function progress(losses: readonly number[], before: readonly number[], temperature: number): number[] {
  const exponents = losses.map((loss, i) => (before[i] > 0 ? loss / before[i] : loss > 0 ? Number.MAX_VALUE : 1) / temperature)
  const most = Math.max(...exponents)
  const parts = exponents.map(x => Math.exp(x - most))
  const total = parts.reduce((sum, x) => sum + x, 0)
  return parts.map(x => (losses.length * x) / total)
}
