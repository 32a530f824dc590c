/** A function along a ray: its value and slope at a step. */
export interface RayPoint {
  readonly step: number
  readonly value: number
  readonly slope: number
}

// Sufficient decrease, and a loose curvature as suits quasi-Newton directions: Nocedal and Wright, section 3.1.
const decrease = 1e-4
const curvature = 0.9
const mostDoublings = 20
const mostCuts = 30

/**
 * A step that meets the strong Wolfe conditions: Algorithms 3.5 and 3.6 of Nocedal and Wright (2006). Where rounding hides the
 * curvature condition, the best step of sufficient decrease; undefined where there is none. A value that is not finite is too high.
 */
export function strongWolfe(evaluate: (step: number) => RayPoint, start: RayPoint, first: number): RayPoint | undefined {
  const low = (p: RayPoint) => p.value <= start.value + decrease * p.step * start.slope
  const flat = (p: RayPoint) => Math.abs(p.slope) <= -curvature * start.slope
  let before = start
  for (let k = 0, step = first; k < mostDoublings; k++, step *= 2) {
    const p = evaluate(step)
    if (!low(p) || (k > 0 && p.value >= before.value)) return cut(evaluate, low, flat, before, p)
    if (flat(p)) return p
    if (p.slope >= 0) return cut(evaluate, low, flat, p, before)
    before = p
  }
  return before
}

/** Narrows an interval that holds an acceptable step; `best` is its end with the lower value. */
function cut(
  evaluate: (step: number) => RayPoint, low: (p: RayPoint) => boolean, flat: (p: RayPoint) => boolean, best: RayPoint, other: RayPoint,
): RayPoint | undefined {
  for (let k = 0; k < mostCuts; k++) {
    const p = evaluate(between(best, other))
    if (!low(p) || p.value >= best.value) other = p
    else {
      if (flat(p)) return p
      if (p.slope * (other.step - best.step) >= 0) other = best
      best = p
    }
  }
  return best.step > 0 ? best : undefined
}

/** The minimum of the cubic through both ends, kept a tenth off them so that the interval shrinks; the middle where there is none. */
function between(a: RayPoint, b: RayPoint): number {
  const length = b.step - a.step
  const mean = a.slope + b.slope - (3 * (b.value - a.value)) / length
  const root = Math.sqrt(mean * mean - a.slope * b.slope)
  const share = (root + mean - a.slope) / (b.slope - a.slope + 2 * root)
  return a.step + length * (Number.isFinite(share) ? Math.min(Math.max(share, 0.1), 0.9) : 0.5)
}
