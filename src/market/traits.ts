/** What agents carry of their own, an entry an agent. Nothing in the market assumes that they are equal. */
export interface Traits {
  /** Relative risk aversion gamma. */
  readonly riskAversion: Float64Array
  /** Discount factor beta. */
  readonly patience: Float64Array
  /** Weight in the split of a trade's surplus, relative to the other side's. */
  readonly power: Float64Array
  /** How much of the dividend's deviation from its mean is seen before trading: 0 none, 1 all. */
  readonly information: Float64Array
}

/** Traits of `n` equal agents. */
export function equalTraits(n: number, riskAversion: number, patience: number): Traits {
  const all = (value: number): Float64Array => new Float64Array(n).fill(value)
  return { riskAversion: all(riskAversion), patience: all(patience), power: all(1), information: all(1) }
}

/** Whether an array holds one number only: the common case, for which loops are shorter. */
export function isUniform(values: Float64Array): boolean {
  return values.every(value => value === values[0])
}
