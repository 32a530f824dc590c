import { solve } from "../src/request.ts"
import type { Solution } from "../src/solve/solution.ts"
import { valueAt } from "../src/solve/valueAt.ts"
import { firstOrderMarch } from "../test/solve/firstOrderMarch.ts"
import { basakCuoco, benchmark, cutAt, elastic, merton, wealthConsumption } from "../test/solve/models.ts"
import { interpolate } from "../src/math/interpolate.ts"
import { atMost, near, part, yes, type Line } from "./line.ts"

/** fd and exact against numbers that others computed. */
export function* references(): Generator<Line> {
  yield* course()
  yield* thesis()
  yield* identities()
  yield* elasticities()
  yield* closedForms()
}

function* course(): Generator<Line> {
  const s = solve(benchmark)
  yield yes("fd course: converged", s.converged)
  yield* table("fd course", s, "z", { q: [[0.05, 0.98774], [0.1, 1.05076], [0.2, 1.14866], [0.3, 1.2]], psi: [[0.1, 0.53363], [0.2, 0.83955], [0.3, 1]] }, 0.002)
  yield* table("fd course", s, "z", { J_e: [[0.1, 9.51e-3], [0.5, 1.836e-2], [0.9, 2.842e-2]], J_h: [[0.1, 2.523e-2], [0.5, 2.277e-2], [0.9, 1.15e-2]] }, 0.005)
  yield part("fd course: psi(0.05); its first-order number on 1000 nodes is .33668", valueAt(s, "psi", { z: 0.05 }), marchLimit(s, 0.05), 0.002)
  yield near("fd course: z_star", s.facts.z_star, 0.2613, 0.001)
  yield near("fd course: sigma_R_max", s.facts.sigma_R_max, 0.1186, 0.001)
}

function* thesis(): Generator<Line> {
  const s = solve(benchmark, { calibration: "thesis" })
  yield yes("fd thesis: converged", s.converged)
  yield* table("fd thesis", s, "z", { q: [[0.1, 1.3185], [0.2, 1.4], [0.5, 1.4]] }, 0.002)
  yield part("fd thesis: psi(0.1); its first-order number on 1000 nodes is .84328", valueAt(s, "psi", { z: 0.1 }), marchLimit(s, 0.1), 0.002)
  yield* table("fd thesis", s, "z", { J_e: [[0.1, 1.518e-2], [0.5, 2.989e-2], [0.9, 4.723e-2]], J_h: [[0.1, 6.434e-2], [0.5, 5.125e-2], [0.9, 2.826e-2]], zeta_e: [[0.9, 0.3]], zeta_h: [[0.9, 0.3]] }, 0.005)
  yield near("fd thesis: z_star", s.facts.z_star, 0.1299, 0.001)
  yield near("fd thesis: sigma_R_max", s.facts.sigma_R_max, 0.2057, 0.001)
}

function* identities(): Generator<Line> {
  for (const calibration of Object.keys(benchmark.declaration.calibrations!)) {
    const s = solve(benchmark, { calibration })
    const of = (label: string): number => s.checks.find(c => c.label === label)!.largest
    yield atMost(`fd ${calibration}: r from experts and from households in the crisis`, of("no arbitrage"), 1e-6)
    yield atMost(`fd ${calibration}: Walras' law`, of("Walras' law"), 1e-9)
  }
}

function* elasticities(): Generator<Line> {
  const s = solve(elastic)
  yield yes("fd -ez: converged", s.converged)
  yield* table("fd -ez", s, "x", {
    q: [[0.05, 1.22586], [0.1, 1.37345], [0.2, 1.56111], [0.3, 1.54592], [0.5, 1.52818]],
    p_e: [[0.1, 14.09], [0.2, 19.57], [0.3, 22.23], [0.5, 24.725]], p_h: [[0.05, 32.92], [0.1, 33.15], [0.2, 32.91], [0.5, 29.083]],
  }, 0.005)
  const ratios = solve(cutAt(wealthConsumption, 0.001), { set: ["points=600"] })
  yield part("fd -ez: p_e(0.05) as in the wealth-consumption form; its first-order number on 800 nodes is 10.433", valueAt(s, "p_e", { x: 0.05 }), valueAt(ratios, "p_e", { x: 0.05 }), 0.005)
  yield near("fd -ez: x_star", s.facts.x_star, 0.176, 0.003)
}

function* closedForms(): Generator<Line> {
  const exact = solve(merton, { method: "exact" }), fd = solve(merton)
  yield near("exact merton: portfolio share", exact.facts.portfolio_share, 5 / 12, 1e-8)
  yield near("exact merton: consumption rate", exact.facts.consumption_rate, 0.04361111111111, 1e-8)
  yield part("exact merton: J", valueAt(exact, "J", { w: 1 }), 12056.147, 1e-7)
  for (const [name, known] of Object.entries({ J: 0.04361111111111 ** -3, c_w: 0.04361111111111, theta: 5 / 12 }))
    yield part(`fd merton: ${name}, worst node`, fd.table.columns[name].reduce((worst, y) => (Math.abs(y - known) > Math.abs(worst - known) ? y : worst)), known, 0.001)
  // The nodes .01, .02, ... hold those asked for.
  const { columns } = solve(basakCuoco, { method: "exact", set: ["points=99"] }).table
  yield near("exact basak-cuoco: q", columns.q[49], 1.3125, 1e-8)
  yield near("exact basak-cuoco: Sharpe ratio at 0.2", columns.sharpe[19], 0.5, 1e-8)
  yield near("exact basak-cuoco: r at 0.2", columns.r[19], 0.01 + Math.log(1.3125) / 10 - 0.05, 1e-8)
}

function* table(who: string, s: Solution, state: string, known: Readonly<Record<string, readonly (readonly [number, number])[]>>, within: number): Generator<Line> {
  for (const [name, pairs] of Object.entries(known)) for (const [at, value] of pairs) yield part(`${who}: ${name}(${at})`, valueAt(s, name, { [state]: at }), value, within)
}

/** psi in the limit of the published codes' first-order march at the value functions of a solution, by Richardson's extrapolation. */
function marchLimit(s: Solution, z: number): number {
  const of = (name: string, at: number): number => valueAt(s, name, { z: at })
  const [coarse, fine] = [8000, 16000].map(n => {
    const march = firstOrderMarch(s.parameters, n, 1e-3, 1 - 1e-3, at => of("J_h_z", at) / of("J_h", at) - of("J_e_z", at) / of("J_e", at))
    return interpolate(march.z, march.psi, z)
  })
  return 2 * fine - coarse
}
