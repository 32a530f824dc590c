import { table, type Table } from "../run/table.ts"
import type { Solution } from "./solution.ts"
import { motionColumns } from "./motion.ts"

/**
 * The stationary density of the one state: the Kolmogorov forward equation with no flux through the ends, discretised as
 * the birth-death chain of the exponentially fitted scheme (Scharfetter & Gummel 1969), which is positive and conserves
 * mass. For a chain detailed balance holds: p_i * up_i = p_{i+1} * down_{i+1}.
 * Columns: the state, `density` (mass 1 over the domain) and `mass` (probability of the cell about each node).
 */
export function stationaryDensity(solution: Solution): Table | undefined {
  const motion = motionColumns(solution)
  if (!motion) return undefined
  const [{ name, nodes }] = solution.states
  const n = nodes.length
  const logMass = new Float64Array(n)
  for (let i = 0; i + 1 < n; i++) logMass[i + 1] = logMass[i] + logRatio(nodes, motion, i)
  const top = logMass.reduce((a, b) => Math.max(a, b), -Infinity)
  const width = nodes.map((_, i) => (nodes[Math.min(i + 1, n - 1)] - nodes[Math.max(i - 1, 0)]) / 2)
  const density = logMass.map(l => Math.exp(l - top))
  const total = density.reduce((sum, d, i) => sum + d * width[i], 0)
  for (let i = 0; i < n; i++) density[i] /= total
  return table({ [name]: nodes.slice(), density, mass: density.map((d, i) => d * width[i]) })
}

/**
 * log p_{i+1}/p_i across a face: the flux (mu p) - (sigma^2 p / 2)' vanishes. With D = sigma^2/2 and the effective velocity
 * v = mu - D', p_{i+1}/p_i = exp(v h / D) where D is smooth; the diffusion at a jump enters as D_i p_i = D_{i+1} p_{i+1}.
 */
function logRatio(nodes: Float64Array, { drift, variance }: { drift: Float64Array; variance: Float64Array }, i: number): number {
  const h = nodes[i + 1] - nodes[i]
  const below = Math.max(variance[i] / 2, LEAST), above = Math.max(variance[i + 1] / 2, LEAST)
  const push = (h / 2) * (drift[i] / below + drift[i + 1] / above)
  return Math.min(MOST, Math.max(-MOST, push + Math.log(below / above)))
}

/** Where the diffusion vanishes the state only drifts: the ratio of two cells is then bounded instead of infinite. */
const LEAST = 1e-14
const MOST = 500
