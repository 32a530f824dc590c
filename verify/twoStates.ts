import { catalogue } from "../src/economies/index.ts"
import { economy, type Economy } from "../src/model/economy.ts"
import { solve } from "../src/request.ts"
import type { Solution } from "../src/solve/solution.ts"
import { valueAt } from "../src/solve/valueAt.ts"
import { cosines, largest, orders } from "../test/solve/models.ts"
import { atMost, near, part, yes, type Line } from "./line.ts"

/** fd in two and three states: orders on closed forms; Di Tella's economy against others' numbers, its own limit, and a second formulation. */
export function* twoStates(): Generator<Line> {
  yield* closedForms()
  yield* diTella()
  yield* byNets()
}

/** \`network\` in two states against \`fd\`, and in four against the two-state model where growth and variance stand still. */
function* byNets(): Generator<Line> {
  const two = catalogue["gopalakrishna-2021"], four = catalogue["gopalakrishna-2021-aliens"]
  const [fd, nets] = ["fd", "network"].map(method => solve(two, { method }))
  yield yes("network, two states: converged", nets.converged)
  for (const [name, within] of [["q", 0.01], ["J_e", 0.02], ["J_h", 0.02]] as const) yield atMost(`network, two states: ${name} from fd, outside a band of 0.03 about the switch`, apart(fd, nets, name, {}), within)
  const limit = solve(two, { calibration: "paper", set: ["alpha=1", "varphi=0", "pi=0.5", "nu=8", `sigma=${0.15 * Math.sqrt(0.15)}`] })
  const still = solve(four, { method: "network", set: ["beta_g=0", "beta_s=0", "grid=120,5,5,15"] })
  yield yes("network, four states, growth and variance still: converged", still.converged)
  for (const [name, within] of [["q", 0.01], ["J_e", 0.1], ["J_h", 0.1]] as const) yield atMost(`network, four states: ${name} from fd in two, where growth and variance stand still`, apart(limit, still, name, { g: 0, s: 0.15 }), within)
  for (const { label, largest: size } of still.checks) if (label === "goods market") yield atMost("network, four states: goods market", size, 1e-12)
}

/** The largest relative difference from the first on its nodes, outside the band about its switch curve. */
function apart(first: Solution, second: Solution, name: string, held: Record<string, number>): number {
  const { z, a } = first.table.columns, stars = new Map(first.switches.map(s => [s.where!.a, s.at]))
  return largest(first.table.columns[name].map((x, i) => (Math.abs(z[i] - stars.get(a[i])!) < 0.03 ? 0 : valueAt(second, name, { z: z[i], a: a[i], ...held }) / x - 1)))
}

function* closedForms(): Generator<Line> {
  const error = (declared: Economy, points: number): number => {
    const { v, solution } = solve(declared, { set: [`points=${points}`] }).table.columns
    return largest(v.map((value, i) => value - solution[i]))
  }
  for (const correlation of [-0.9, 0, 0.9, 1]) yield near(`order of fd in two states, correlation ${correlation}`, orders([25, 49, 97].map(n => error(cosines(["x", "y"], correlation), n))).at(-1)!, 2, 0.1)
  yield near("order of fd in two states, no diffusion", orders([49, 97, 193].map(n => error(cosines(["x", "y"], 0, 0), n))).at(-1)!, 1, 0.1)
  yield near("order of fd in three states, correlation 0.3", orders([10, 19].map(n => error(cosines(["x", "y", "z"], 0.3), n)))[0], 2, 0.2)
}

type Numbers = readonly (readonly [name: string, x: number, nu: number, value: number])[]
const PRICES: Numbers = [["p", 0.1, 0.25, 6.6409], ["p", 0.05, 0.1, 6.6849], ["p", 0.05, 0.6, 6.1631], ["p", 0.2, 0.25, 6.7628], ["p", 0.2, 0.6, 6.4774]]
const OTHERS: Numbers = [["Q", 0.1, 0.25, 1.328], ["Q", 0.05, 0.6, 2.098], ["Q", 0.2, 0.1, 1.127], ["kappa", 0.1, 0.25, 0.187], ["sigma_R", 0.1, 0.25, 0.0247]]

function* diTella(): Generator<Line> {
  const declared = catalogue["di-tella-2017"], on = (e: Economy, points: number): Solution => solve(e, { set: [`points=${points}`] })
  const s = solve(declared)
  yield yes("fd di-tella, 60 x 60: converged", s.converged)
  yield atMost("fd di-tella, 60 x 60: residual", s.residual, 1e-9)
  for (const [numbers, within] of [[PRICES, 0.003], [OTHERS, 0.03]] as const) for (const [name, x, nu, value] of numbers) yield part(`fd di-tella, 60 x 60: ${name}(${x}, ${nu})`, valueAt(s, name, { x, nu }), value, within)
  for (const { label, largest: size } of s.checks) yield atMost(`fd di-tella, 60 x 60: ${label}`, size, 1e-9)
  // The price as a definition, by the formula for the root of the goods market, so that its derivatives follow from those of p_A and p_B.
  const { p: _, ...values } = declared.declaration.unknowns
  const second = economy("price-substituted", { ...declared.declaration, unknowns: values, equations: declared.declaration.equations
    .replace(/\[goods market\].*/, "").replace("growth =", "consumed = x/p_A + (1 - x)/p_B\n    p = -2*A*consumed + sqrt((2*A*consumed)^2 + B^2 + 4*A)\n    growth =") })
  const [coarse, fine] = [80, 160].map(points => on(declared, points)), twin = on(second, 160)
  yield yes("fd di-tella, price substituted: converged", twin.converged)
  for (const [name, x, nu, limit] of [["p", 0.1, 0.25, 6.6532], ["p", 0.05, 0.6, 6.1789], ["Q", 0.05, 0.6, 2.04]] as const) {
    const [a, b] = [coarse, fine].map(one => valueAt(one, name, { x, nu }))
    yield part(`fd di-tella: limit of ${name}(${x}, ${nu}) on 80 and 160 nodes; that of the first-order scheme on 30 and 60`, 2 * b - a, limit, name === "p" ? 0.0005 : 0.005)
    yield part(`fd di-tella, 160 x 160: ${name}(${x}, ${nu}); with the price substituted`, valueAt(twin, name, { x, nu }), b, 0.001)
  }
}
