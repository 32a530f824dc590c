import type { Economy } from "../src/model/economy.ts"
import { solve } from "../src/request.ts"
import type { Solution } from "../src/solve/solution.ts"
import { valueAt } from "../src/solve/valueAt.ts"
import { benchmark, elastic, merton } from "../test/solve/models.ts"
import { atMost, near, yes, type Line } from "./line.ts"

/** aliens against fd, or a closed form, for each of the seeds. */
export function* learned(seeds: readonly number[]): Generator<Line> {
  const fd = solve(benchmark)
  for (const seed of seeds) {
    const s = solve(benchmark, { method: "aliens", seed }), who = `aliens course, seed ${seed}`
    yield yes(`${who}: converged`, s.converged)
    for (const name of ["J_e", "J_h"]) yield atMost(`${who}: ${name} relative to fd, on [.02, .98]`, worst(s, fd, name), 0.01)
    yield atMost(`${who}: q relative to fd, outside a band of .02 about z_star`, worst(s, fd, "q", z => Math.abs(z - fd.facts.z_star) > 0.02), 0.005)
    yield near(`${who}: z_star`, s.facts.z_star, fd.facts.z_star, 0.005)
  }
  yield* against(elastic, ["J_e", "J_h", "q", "p_e", "p_h"], "fd")
  yield* against(merton, ["J", "c_w", "theta"], "exact")
}

function* against(economy: Economy, names: readonly string[], method: string): Generator<Line> {
  const reference = solve(economy, { method }), s = solve(economy, { method: "aliens" }), who = `aliens ${economy.name}, seed 0`
  yield yes(`${who}: converged`, s.converged)
  for (const name of names) yield atMost(`${who}: ${name} relative to ${method}`, worst(s, reference, name), 0.01)
}

/** The largest relative difference on 193 even points from .02 to .98 of the domain. */
function worst(s: Solution, reference: Solution, name: string, counts: (x: number) => boolean = () => true): number {
  const [{ name: state, nodes }] = reference.states
  // States of the unit interval are cut at .02 and .98 themselves.
  const unit = nodes[0] >= 0 && nodes[nodes.length - 1] <= 1, from = unit ? 0 : nodes[0], width = unit ? 1 : nodes[nodes.length - 1] - from
  let most = 0
  for (let k = 0; k <= 192; k++) {
    const x = from + width * (0.02 + 0.005 * k)
    if (counts(x)) most = Math.max(most, Math.abs(valueAt(s, name, { [state]: x }) / valueAt(reference, name, { [state]: x }) - 1))
  }
  return most
}
