import { GATE } from "../learn/metrics.ts"
import { wilsonInterval } from "../math/wilson.ts"
import type { DrawingDocument } from "../report/drawingDocument.ts"
import { dotFigure } from "../report/dots.ts"
import type { ReadingTable } from "../report/study.ts"
import { learningFigures } from "../report/training/learning.ts"
import { medianOf } from "./lucas/numbers.ts"
import { PHASES, phasesOf, type Phase } from "./lucas/phases.ts"
import { PRINTED, rowsOf, THEORY, trained, type Curve, type Ended } from "./lucas/training.ts"
import { study, type Done } from "./study.ts"

/** How one seed of one recipe is trained, and how it ended. */
type Cell = { readonly recipe: string; readonly market: string; readonly learner: string; readonly set: readonly string[]; readonly seed: number }
type Finding = Ended & { readonly curve: Curve }

interface Recipe { readonly key: string; readonly market: string; readonly learner: string; readonly set: readonly string[]; readonly quick: readonly string[] }

/**
 * The dissertation's recipe, scaled down: 10 agents (the number that its figures follow, each with a network of its own) instead of 1,200, 60 episodes
 * of 300 steps instead of 25,000, 11 prices of a bond instead of 21. A seed takes a minute of one core; at full scale, two months.
 */
const SCALED = ["reading=literal", "agents=10", "episodes=60", "bondLevels=11", "tests=1", "keep=1"]

/** The same market with the grids of the recommended one: the dissertation names none, and on a coarse one 0.798, where a horizon that ends the world leads, is not told from 0.85. */
const FINE = ["reading=literal", "priceHigh=2", "priceLevels=161", "bondHigh=1.5", "bondLevels=151"]

/** `linear` is gamma = 0: the only utility under which the price that the dissertation aims at is that of its economy. */
const RECIPES: Readonly<Record<string, Recipe>> = {
  "dissertation": { key: "dissertation", market: "lucas-posted", learner: "dqn-literal", set: SCALED, quick: ["episodes=12"] },
  "dissertation, linear": { key: "dissertation-linear", market: "lucas-posted", learner: "dqn-literal", set: [...SCALED, "gamma=0"], quick: ["episodes=12"] },
  "its market, shadow": { key: "literal-shadow", market: "lucas-posted", learner: "shadow", set: FINE, quick: ["agents=100", "episodes=20"] },
  "its market, linear, shadow": { key: "literal-linear-shadow", market: "lucas-posted", learner: "shadow", set: [...FINE, "gamma=0"], quick: ["agents=100", "episodes=20"] },
  "posted, shadow": { key: "posted-shadow", market: "lucas-posted", learner: "shadow", set: [], quick: ["agents=100", "episodes=20"] },
  "auction, shadow": { key: "auction-shadow", market: "lucas-auction", learner: "shadow", set: [], quick: ["agents=100", "episodes=15"] },
}

const SEEDS = 16, QUICK_SEEDS = 4

/** Which share of seeds ends at theory's prices, recipe by recipe. */
export const lucasReliability = study<Cell, Finding>({
  name: "lucas-reliability",
  is: "the share of seeds that learn theory's prices, by the dissertation's recipe and by ours",
  question: "How reliably do learning traders of the Lucas tree end at the prices of theory? Each recipe is trained from several seeds; a seed counts as converged where, against the theory of its market, median price and bond are within 2.5%, "
    + "the prices' interquartile range is within 5%, and the Euler gap within 2.5%. `off` is the distance from 0.8515, the price that the dissertation aims at, put right: its market has that theory with linear utility alone. "
    + "The dissertation's recipe is scaled down to 10 agents, 60 episodes and 11 prices of a bond. Intervals are Wilson's at 95%.",
  // Ours first, since they take minutes; then seed after seed.
  cells: quick => Object.fromEntries([true, false].flatMap(ours => Array.from({ length: quick ? QUICK_SEEDS : SEEDS }, (_, seed) => seed).flatMap(seed =>
    Object.entries(RECIPES).filter(([, { set }]) => (set.length === 0) === ours).map(([recipe, { market, learner, set, quick: small }]) =>
      [`${recipe}, seed ${seed}`, { recipe, market, learner, set: quick ? [...set, ...small] : set, seed }] as const)))),
  compute(cell) {
    const { ended, curve } = trained(cell, cell.seed)
    return { ...ended, curve }
  },
  conclude(done) {
    const groups = Object.entries(RECIPES).map(([recipe, { key }]) => ({ recipe, key, own: done.filter(({ cell }) => cell.recipe === recipe) })).filter(({ own }) => own.length > 0)
    const lines = groups.map(({ recipe, key, own }) => {
      const converged = own.filter(({ finding }) => finding.converged).length, [low, high] = wilsonInterval(converged, own.length)
      const middle = (of: (finding: Finding) => number): number => medianOf(own.map(({ finding }) => of(finding)))
      return { recipe, key, seeds: own.length, converged, low, high, price: middle(f => f.price), off: middle(f => f.price_off), bond: middle(f => f.bond), trades: middle(f => f.trade_rate), seen: seenOf(own) }
    })
    return {
      findings: [
        ...lines.map(({ recipe, seeds, converged, low, high, price, trades }) => `${recipe}: ${converged} of ${seeds} seeds converged (95%: ${(100 * low).toFixed(0)}% to ${(100 * high).toFixed(0)}%); median price ${price.toFixed(4)}, ${Number(trades.toPrecision(2))} lots traded by an agent in a step.`),
        ...lines.filter(({ recipe }) => recipe.startsWith("dissertation")).map(({ recipe, seeds, seen }) => `${recipe}, phases seen: ${(Object.keys(PHASES) as Phase[]).map(phase => `${phase} in ${seen[phase]}`).join(", ")} of ${seeds} seeds.`),
      ],
      facts: Object.fromEntries(lines.flatMap(({ recipe, converged, seeds, price }) => [[`share converged: ${recipe}`, converged / seeds], [`median price: ${recipe}`, price]])),
      tables: [
        {
          name: "recipes", title: "Share of seeds that converged", head: ["recipe", "seeds", "converged", "share", "from", "to", "price", "off", "bond", "trade rate"],
          rows: lines.map(({ recipe, seeds, converged, low, high, price, off, bond, trades }) => [recipe, seeds, converged, converged / seeds, low, high, price, off, bond, trades]),
        },
        {
          name: "phases", title: "Seeds that show the dissertation's phases", head: ["phase", ...lines.map(({ recipe }) => recipe)],
          rows: (Object.keys(PHASES) as Phase[]).map(phase => [PHASES[phase], ...lines.map(({ seen, seeds }) => `${seen[phase]} of ${seeds}`)]),
        },
        seedTable(done),
      ],
      figures: (document: DrawingDocument) => [
        dotFigure("price-errors", "Distance of learned prices from theory", `Distance of the median price from 0.8515, relative to it, a dot a seed; bars are medians. Dotted: the gate, ${100 * GATE.price_error}%. What is smaller than the axis lies on its end.`,
          { rows: groups.map(({ recipe, own }, group) => ({ label: recipe, values: own.map(({ finding }) => finding.price_off), group })), xLabel: "|median price / 0.8515 \u2212 1|", gate: { at: GATE.price_error, label: "gate" } }, document),
        ...groups.flatMap(({ recipe, key, own }) => learningFigures([{ label: recipe, rows: own.map(({ finding }) => rowsOf(finding.curve)) }], { theory: own[0].finding.theory, ...PRINTED ? { printed: PRINTED } : {}, gate: GATE }, document, { prefix: `${key}-` })
          .map(figure => ({ ...figure, section: recipe }))),
      ],
    }
  },
})

/** How many seeds show each phase. */
function seenOf(own: readonly Done<Cell, Finding>[]): Readonly<Record<Phase, number>> {
  const shown = own.map(({ finding }) => phasesOf(finding.curve, THEORY.price))
  const count = (phase: Phase): number => shown.filter(one => one[phase]).length
  return { dispersed: count("dispersed"), race: count("race"), common: count("common"), arrival: count("arrival") }
}

const seedTable = (done: readonly Done<Cell, Finding>[]): ReadingTable => ({
  name: "seeds", title: "Every seed", head: ["recipe", "seed", "converged", "price", "off", "price error", "IQR", "bond", "bond error", "Euler gap", "trade rate", "gain"],
  rows: done.map(({ cell, finding: f }) => [cell.recipe, cell.seed, f.converged ? "yes" : "no", f.price, f.price_off, f.price_error, f.price_iqr, f.bond, f.bond_error, f.euler_gap, f.trade_rate, f.best_response_gain]),
})
