import { wilsonInterval } from "../math/wilson.ts"
import { computationOf, trainRequestOf } from "../trainRequest.ts"
import { runToEnd } from "../run/run.ts"
import type { ReadingTable } from "../report/study.ts"
import { study, type Done } from "./study.ts"

/** How one seed of one recipe ended. */
type Cell = { readonly recipe: string; readonly market: string; readonly learner: string; readonly set: readonly string[]; readonly seed: number }
type Finding = {
  readonly converged: boolean; readonly outcome: string; readonly detail: string; readonly episodes: number
  readonly price_error: number; readonly price_iqr: number; readonly bond_error: number; readonly euler_gap: number; readonly trade_rate: number; readonly price: number; readonly bond: number
}

/** A market, a learner and their settings, as one would train them by hand. */
interface Recipe { readonly is: string; readonly market: string; readonly learner: string; readonly set: readonly string[]; readonly quick: readonly string[] }

const RECIPES: Readonly<Record<string, Recipe>> = {
  "auction, shadow prices": { is: "call auction, shadow prices", market: "lucas-auction", learner: "shadow", set: [], quick: ["agents=100", "episodes=15"] },
}

const SEEDS = 16, QUICK_SEEDS = 4

/** Which share of seeds ends at theory's prices, recipe by recipe. */
export const lucasReliability = study<Cell, Finding>({
  name: "lucas-reliability",
  is: "the share of seeds that learn theory's prices, by the dissertation's recipe and by ours",
  question: "How reliably do learning traders of the Lucas tree end at the prices of theory? Each recipe is trained from several seeds; a seed counts as converged where median price and bond are within 2.5% of theory, the prices' interquartile range is within 5%, and the Euler gap within 2.5%. Intervals are Wilson's at 95%.",
  cells: quick => Object.fromEntries(Object.entries(RECIPES).flatMap(([recipe, { market, learner, set, quick: small }]) =>
    Array.from({ length: quick ? QUICK_SEEDS : SEEDS }, (_, seed) => [`${recipe}, seed ${seed}`, { recipe, market, learner, set: quick ? [...set, ...small] : set, seed }] as const))),
  compute({ market, learner, set, seed }) {
    const request = trainRequestOf(market, { learner, set, seed })
    const { procedure, maxSteps } = computationOf(request)
    const { converged, outcome, detail, episodes, metrics, learned } = runToEnd(procedure, { seed, maxSteps })
    const { price_error, price_iqr, bond_error, euler_gap, trade_rate } = metrics
    return { converged, outcome, detail, episodes, price_error, price_iqr, bond_error, euler_gap, trade_rate, price: learned.price, bond: learned.bond }
  },
  conclude(done) {
    const lines = Object.keys(RECIPES).map(recipe => [recipe, done.filter(({ cell }) => cell.recipe === recipe)] as const).filter(([, own]) => own.length > 0).map(([recipe, own]) => {
      const converged = own.filter(({ finding }) => finding.converged).length, [low, high] = wilsonInterval(converged, own.length)
      return { recipe, seeds: own.length, converged, low, high }
    })
    return {
      findings: lines.map(({ recipe, seeds, converged, low, high }) => `${recipe}: ${converged} of ${seeds} seeds converged (95%: ${(100 * low).toFixed(0)}% to ${(100 * high).toFixed(0)}%).`),
      facts: Object.fromEntries(lines.map(({ recipe, converged, seeds }) => [`share converged: ${recipe}`, converged / seeds])),
      tables: [{ name: "recipes", title: "Share of seeds that converged", head: ["recipe", "seeds", "converged", "share", "from", "to"], rows: lines.map(({ recipe, seeds, converged, low, high }) => [recipe, seeds, converged, converged / seeds, low, high]) }, seedTable(done)],
      figures: () => [],
    }
  },
})

const seedTable = (done: readonly Done<Cell, Finding>[]): ReadingTable => ({
  name: "seeds", title: "Every seed", head: ["recipe", "seed", "converged", "price", "price error", "IQR", "bond error", "Euler gap", "trade rate"],
  rows: done.map(({ cell, finding: f }) => [cell.recipe, cell.seed, f.converged ? "yes" : "no", f.price, f.price_error, f.price_iqr, f.bond_error, f.euler_gap, f.trade_rate]),
})
