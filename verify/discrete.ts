import { discreteTime } from "../src/economies/index.ts"
import { marketTheory } from "../src/math/lucasTree.ts"
import { solve } from "../src/request.ts"
import { agreements } from "../src/solve/compare.ts"
import { valueAt } from "../src/solve/valueAt.ts"
import { atMost, near, part, yes, type Line } from "./line.ts"

const { "lucas-tree": tree, "lucas-tree-growth": growth, "mehra-prescott-1985": mehra } = discreteTime

/** Economies in discrete time: closed forms, published numbers, and five methods held to their bounds. */
export function* discrete(seeds: readonly number[]): Generator<Line> {
  yield* closedForms()
  yield* published()
  for (const [economy, calibration] of [...Object.keys(tree.declaration.calibrations!).map(name => [tree, name] as const), [growth, undefined] as const, [mehra, undefined] as const]) yield* agreement(economy, calibration)
  yield* learned(seeds)
}

function* closedForms(): Generator<Line> {
  const market = solve(tree), sure = solve(tree, { calibration: "sure", set: ["gamma=3"] })
  yield near("lucas-tree: price at constant marginal utility, 19 e^1.5/100 (printed in the source: .845)", market.facts.price, 0.19 * Math.exp(1.5), 1e-8)
  yield near("lucas-tree: its bond, beta (printed in the source: 1/beta)", market.facts.bond_middle, 0.95, 1e-8)
  yield near("lucas-tree sure: price at any risk aversion", sure.facts.price, 0.19 * Math.exp(1.5), 1e-8)
  for (const [calibration, gamma, mean] of [["income-1", 1, 0.8037], ["income-10", 1, 0.8452], ["income-1", 2, 0.7682]] as const) {
    const { facts } = solve(tree, { calibration, set: [`gamma=${gamma}`] })
    yield near(`lucas-tree ${calibration}, gamma ${gamma}: mean price`, facts.price, mean, 5e-5)
    yield near(`lucas-tree ${calibration}, gamma ${gamma}: mean price against the market's own closed form`, facts.price, marketTheory("L2", { gamma, income: calibration === "income-1" ? 1 : 10 }).meanPrice, 1e-8)
  }
  const endowment = solve(tree, { calibration: "endowment" })
  yield near("lucas-tree endowment: p(.03) = 19 y", valueAt(endowment, "p", { y: 0.03 }), 0.57, 1e-8)
  yield near("lucas-tree endowment: bond at the mean dividend", endowment.facts.bond_middle, marketTheory("L3").bond(Math.exp(1.5) / 100), 1e-8)
}

function* published(): Generator<Line> {
  for (const method of ["exact", "euler", "howard", "value"]) {
    const found = solve(tree, { method, calibration: "quantecon" })
    for (const [y, p] of [[0.5, 6.13211], [1, 19.41703], [1.5, 38.79331], [2, 63.85392]]) yield part(`lucas-tree quantecon, ${method}: p(${y})`, valueAt(found, "p", { y }), p, 1e-6)
  }
  for (const chain of ["gauss-hermite", "rouwenhorst", "tauchen"]) {
    const found = solve(tree, { method: "euler", calibration: "quantecon", set: [`chain=${chain}`, "nodes=101"] })
    yield part(`lucas-tree quantecon, euler on 101 states, ${chain}: p(1)`, valueAt(found, "p", { y: 1 }), 19.41703, 1e-3)
  }
  for (const [beta, gamma, equity, safe] of [[0.99, 10, 0.15793, 0.13104], [0.95, 2, 0.08987, 0.08689], [0.99, 2, 0.04584, 0.04297], [0.99, 1, 0.02828, 0.02702]]) {
    const { facts } = solve(mehra, { set: [`beta=${beta}`, `gamma=${gamma}`] })
    yield near(`mehra-prescott-1985 at ${beta}, ${gamma}: equity`, facts.equity_return, equity, 5.1e-6)
    yield near(`mehra-prescott-1985 at ${beta}, ${gamma}: risk-free`, facts.risk_free_rate, safe, 5.1e-6)
  }
  const { facts } = solve(growth)
  yield near("lucas-tree-growth mehra: equity", facts.equity_return, 0.14117, 5.1e-6)
  yield near("lucas-tree-growth mehra: risk-free", facts.risk_free_rate, 0.12699, 5.1e-6)
}

function* agreement(economy: typeof tree, calibration: string | undefined): Generator<Line> {
  const exact = solve(economy, { method: "exact", calibration })
  for (const method of ["euler", "howard", "value", "q-learning"]) {
    const found = solve(economy, { method, calibration })
    const who = `${economy.name} ${exact.calibration}, ${method}`
    yield yes(`${who}: converged`, found.converged)
    yield atMost(`${who}: largest difference to exact over the sum of both bounds, of p, q and V`, Math.max(...agreements(exact, found).map(({ largest }) => largest)), 1)
    yield atMost(`${who}: bound on the price, relative`, found.facts.price_bound, method === "q-learning" ? 0.02 : 3e-7)
  }
}

/** A statistical bound may fail; five standard errors should not in so few seeds. */
function* learned(seeds: readonly number[]): Generator<Line> {
  const exact = solve(tree, { calibration: "income-1" })
  const off = seeds.map(seed => Math.max(...agreements(exact, solve(tree, { method: "q-learning", calibration: "income-1", seed })).map(({ largest }) => largest)))
  yield atMost(`lucas-tree income-1, q-learning, ${seeds.length} seeds: the largest difference over the bounds`, Math.max(...off), 1)
}
