/** Mean and standard deviation of a variable. NaN where it has none. */
export interface Moments {
  readonly mean: number
  readonly sd: number
}

export interface ConditionalMoments extends Moments {
  readonly crisis?: Moments
  readonly normal?: Moments
}

/** Moments of values with weights; `keep` chooses among them. */
export function momentsOf(values: ArrayLike<number>, weights: ArrayLike<number>, keep: (i: number) => boolean = () => true): Moments {
  let mass = 0, sum = 0
  for (let i = 0; i < values.length; i++) if (keep(i) && weights[i] > 0) { mass += weights[i]; sum += weights[i] * values[i] }
  const mean = sum / mass
  let squares = 0
  for (let i = 0; i < values.length; i++) if (keep(i) && weights[i] > 0) squares += weights[i] * (values[i] - mean) ** 2
  return { mean, sd: Math.sqrt(squares / mass) }
}

/** Unconditional moments, and those in crisis and out of it where there is a crisis region. */
export function conditionalMoments(values: ArrayLike<number>, weights: ArrayLike<number>, crisis: Uint8Array | undefined): ConditionalMoments {
  const all = momentsOf(values, weights)
  return crisis ? { ...all, crisis: momentsOf(values, weights, i => crisis[i] === 1), normal: momentsOf(values, weights, i => crisis[i] === 0) } : all
}

/** Half the sum of the distances of two distributions over the same bins: the largest difference of the probabilities they give to any event. */
export const totalVariation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i])
  return sum / 2
}
