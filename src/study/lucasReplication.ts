import { GATE } from "../learn/metrics.ts"
import type { DrawingDocument } from "../report/drawingDocument.ts"
import { learningFigures } from "../report/training/learning.ts"
import { pathFigures } from "../report/training/paths.ts"
import { packed, unpacked, type Paths } from "./lucas/paths.ts"
import { PHASES, phasesOf, type Phase } from "./lucas/phases.ts"
import { PRINTED, rowsOf, THEORY, trained, type Curve, type Ended } from "./lucas/training.ts"
import { study } from "./study.ts"

type Cell = { readonly recipe: string; readonly market: string; readonly learner: string; readonly set: readonly string[]; readonly early: readonly number[] }
type Finding = Ended & { readonly curve: Curve; readonly paths: Paths }

/**
 * The dissertation's run: 1,200 agents, episodes of 300 steps, 25,000 of them or an early stop, which is not before the last episode that its Figures 8
 * to 11 show. They show episodes 1, 2,000, 4,000, 8,000 and 19,000 (sections 3.3 and 3.4).
 *
 * What it takes, in processor time of one core: the dissertation's recipe scores 441 pairs of prices with a network of 8,051 weights at every decision,
 * and as many for every item that it learns from: 5 TFLOP and about four minutes an episode. 8 minutes are 2 episodes, 8 hours some 120, all of it two
 * months: its cells are here to be right, not to be waited for. (`walras train lucas-posted --learner dqn-literal --set reading=literal --episodes 25000`
 * is the same and can be resumed; with `--agents 10` 19,000 episodes take eleven hours.) Ours takes two hours. `quick` keeps the ten agents that are
 * tracked and 11 prices of a bond, and shows the same fractions of 200 episodes: four minutes a recipe.
 */
const SHOWN = [1, 2000, 4000, 8000, 19_000], EPISODES = 25_000, QUICK_EPISODES = 200

const episodesShown = (quick: boolean): readonly number[] => quick ? SHOWN.map(episode => Math.max(1, Math.round((episode / SHOWN[SHOWN.length - 1]) * QUICK_EPISODES))) : SHOWN

/** Ours first: with few threads it would wait for months behind the others. */
const RECIPES: Readonly<Record<string, { readonly key: string; readonly learner: string; readonly set: readonly string[]; readonly quick: readonly string[] }>> = {
  "ours": { key: "ours", learner: "shadow", set: [], quick: ["agents=100"] },
  "dissertation": { key: "dissertation", learner: "dqn-literal", set: ["reading=literal"], quick: ["agents=10", "bondLevels=11", "tests=1"] },
  "dissertation, linear": { key: "dissertation-linear", learner: "dqn-literal", set: ["reading=literal", "gamma=0"], quick: ["agents=10", "bondLevels=11", "tests=1"] },
}

/** The dissertation's Figures 8 to 11, by its recipe and by ours. */
export const lucasReplication = study<Cell, Finding>({
  name: "lucas-replication",
  is: "the dissertation's Figures 8 to 11: prices and holdings of ten agents along the training, by its recipe and by ours",
  question: "Does the dissertation's recipe, taken at its word, show what its Figures 8 to 11 show, and does ours end where they should end? Drawn are prices posted for a share (Figure 8), shares relative to the start of an episode (9), prices posted for a bond (10) and bonds held (11) "
    + "of ten agents, with theory's prices as printed (0.845 and 1/beta) and put right (0.8515 and beta). The dissertation names no risk aversion: `linear` is the one with which its price is that of theory; the other has gamma = 2.",
  cells: quick => Object.fromEntries(Object.entries(RECIPES).map(([recipe, { learner, set, quick: small }]) => [recipe, {
    recipe, market: "lucas-posted", learner, early: quick ? [] : [SHOWN[SHOWN.length - 1], HELD],
    set: [...set, `episodes=${quick ? QUICK_EPISODES : EPISODES}`, `keep=${episodesShown(quick).join(",")}`, ...quick ? small : []],
  }])),
  compute(cell) {
    const [from, held] = cell.early
    const { training, ended, curve } = trained(cell, 0, cell.early.length === 2 ? { from, held } : undefined)
    return { ...ended, curve, paths: packed(training.tables.paths) }
  },
  conclude(done) {
    const phases = done.map(({ finding }) => phasesOf(finding.curve, THEORY.price))
    return {
      findings: done.map(({ cell, finding: f }, i) => {
        const seen = (Object.keys(PHASES) as Phase[]).filter(phase => phases[i][phase])
        return `${cell.recipe}: after ${f.episodes} episodes a median price of ${f.price.toFixed(4)} and ${f.bond.toFixed(4)} for a bond, ${Number(f.trade_rate.toPrecision(2))} lots traded by an agent in a step; phases seen: ${seen.join(", ") || "none"}${f.converged ? "; converged" : `; not converged (${f.detail})`}.`
      }),
      facts: Object.fromEntries(done.flatMap(({ cell, finding: f }) => [[`price: ${cell.recipe}`, f.price], [`bond: ${cell.recipe}`, f.bond], [`trade rate: ${cell.recipe}`, f.trade_rate]])),
      tables: [
        {
          name: "ends", title: "Where each recipe ends", head: ["recipe", "episodes", "converged", "price", "off 0.8515", "IQR", "bond", "Euler gap", "trade rate"],
          rows: done.map(({ cell, finding: f }) => [cell.recipe, f.episodes, f.converged ? "yes" : "no", f.price, f.price_off, f.price_iqr, f.bond, f.euler_gap, f.trade_rate]),
        },
        { name: "phases", title: "The dissertation's phases", head: ["phase", ...done.map(({ cell }) => cell.recipe)], rows: (Object.keys(PHASES) as Phase[]).map(phase => [PHASES[phase], ...phases.map(seen => seen[phase] ? "seen" : "not seen")]) },
      ],
      figures: (document: DrawingDocument) => done.flatMap(({ cell, finding }) => {
        const { key } = RECIPES[cell.recipe], about = { theory: finding.theory, ...PRINTED ? { printed: PRINTED } : {} }
        const paths = pathFigures(unpacked(finding.paths), about, document, `${key}-`).map((figure, i) => {
          const compare = ` To be held against the dissertation's Figure ${8 + i}, episodes 1, 2,000, 4,000, 8,000 and 19,000 of it.`
          return { ...figure, caption: figure.caption + compare, html: { ...figure.html, caption: figure.html.caption + compare } }
        })
        return [...paths, ...learningFigures([{ label: cell.recipe, rows: [rowsOf(finding.curve)] }], { ...about, gate: GATE }, document, { prefix: `${key}-` })].map(figure => ({ ...figure, section: cell.recipe }))
      }),
    }
  },
})

/** Greedy looks in a row that keep to the gate before an early stop. */
const HELD = 10
