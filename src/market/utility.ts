import { power } from "../math/power.ts"

/**
 * Constant relative risk aversion: u(c) = c^(1-gamma)/(1-gamma), log c at gamma = 1, c at gamma = 0.
 * Consumption below `floor` counts as the floor where gamma > 0: with lumpy trades an agent can be left with nothing. The floor is slack
 * in the markets as they are set, where income alone is far above it.
 */
export function utility(gamma: number, consumption: number, floor: number): number {
  if (gamma === 0) return consumption
  const c = consumption > floor ? consumption : floor
  return gamma === 1 ? Math.log(c) : power(c, 1 - gamma) / (1 - gamma)
}

/** u'(c), with the same floor. */
export function marginalUtility(gamma: number, consumption: number, floor: number): number {
  if (gamma === 0) return 1
  return power(consumption > floor ? consumption : floor, -gamma)
}
