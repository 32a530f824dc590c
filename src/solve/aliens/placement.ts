import type { Random } from "../../math/random.ts"
import type { State } from "../../model/problem.ts"
import type { Placement } from "./sample.ts"
import { unitBox, type Columns } from "../sampling/box.ts"
import { rarD } from "../sampling/rarD.ts"
import { rarG } from "../sampling/rarG.ts"
import { uniform } from "../sampling/uniform.ts"
import { pointsAt, type Points } from "../valueNet.ts"

/** Where the points of the active losses lie. All draw as many points, so that they can be held against each other. */
export const SAMPLINGS = ["active", "uniform", "rar-g", "rar-d", "simulation"] as const
export type Sampling = (typeof SAMPLINGS)[number]

/** Candidates for each point that residuals choose. */
const POOL = 10

/** How many points are looked at to choose n. */
export const candidates = (sampling: Sampling, n: number): number => (sampling === "rar-g" || sampling === "rar-d" ? POOL * n : n)

export interface PlacementInput {
  readonly states: readonly State[]
  readonly dt: number
  readonly random: Random
  /** How badly the PDE (f) or the terminal value (j) is met at points. */
  readonly score: (points: Points, term: "f" | "j") => Float64Array
  /** Simulated points by state (`ergodicPaths.ts`). */
  readonly paths: readonly Float64Array[]
}

/**
 * The placement that a sampling stands for. Residuals choose points once, at the first draw: those stay while the others are drawn anew.
 * `simulation` puts the points of all losses but the boundary's onto simulated paths.
 */
export function placementOf(sampling: Sampling, { states, dt, random, score, paths }: PlacementInput): Placement {
  const stateRows = (box: Columns): Float64Array[] => states.map(({ coordinate }, s) => coordinate.stateAt(box[s]))
  if (sampling === "active") return {}
  if (sampling === "uniform") return { active: n => ({ states: stateRows(uniform(unitBox(states.length), n, random)) }) }
  if (sampling === "simulation") {
    const domain = (n: number): Float64Array[] => {
      const at = Array.from({ length: n }, () => Math.floor(random.next() * paths[0].length))
      return paths.map(path => Float64Array.from(at, k => path[k]))
    }
    return { domain, active: n => ({ states: domain(n) }) }
  }
  const choose = sampling === "rar-g" ? rarG : rarD
  const chosen = new Map<string, { states: Float64Array[]; t: Float64Array }>()
  return {
    active: (n, terminal) => {
      const key = `${n} ${terminal}`, held = chosen.get(key)
      if (held) return held
      const placed = (box: Columns): { states: Float64Array[]; t: Float64Array } => ({ states: stateRows(box), t: terminal ? new Float64Array(box[0].length).fill(dt) : box[states.length].map(u => u * dt) })
      const box = choose(unitBox(states.length + (terminal ? 0 : 1)), n, candidates(sampling, n), pool => {
        const { states: rows, t } = placed(pool)
        return score(pointsAt(states, rows, t), terminal ? "j" : "f")
      }, random)
      const found = placed(box)
      chosen.set(key, found)
      return found
    },
  }
}
