import type { Settings } from "../../run/settings.ts"
import { numberHtml, sectionHtml, tableHtml } from "../html.ts"
import { galleries, htmlPage } from "../htmlPage.ts"
import type { Figure } from "../input.ts"
import { escaped } from "../markup.ts"
import type { Trained, TrainingInput } from "./input.ts"

/** One HTML page of trainings in one market: how far from theory, figures, rules and settings, how to do it again. */
export function trainingPage(input: TrainingInput, figures: readonly Figure[]): string {
  const { market: { name, is, source, notes }, trainings, made } = input
  const warnings = trainings.filter(({ training }) => !training.converged).map(({ training: { learner, seed, outcome, detail } }) =>
    `<p class="warning"><b>${escaped(learner)}${trainings.length > 1 ? `, seed ${seed},` : ""} did not pass the gate:</b> ${escaped(outcome)}${detail ? ` (${escaped(detail)})` : ""}.</p>`).join("\n")
  return htmlPage({ name: `${name} by ${[...new Set(trainings.map(({ training }) => training.learner))].join(", ")}`, is, source, warnings },
    gapSection(input) + sectionHtml("Figures", galleries(figures, 1)) + settingsSection(input)
    + sectionHtml("Notes", notes.length > 0 ? `<ul>${notes.map(note => `<li>${escaped(note)}</li>`).join("")}</ul>` : "")
    + sectionHtml("To reproduce", `<pre><code>${escaped(made.command)}</code></pre>\n<p class="small">Made by walras ${escaped(made.version)}${made.machine && ` on ${escaped(made.machine)}`}.</p>`))
}

const percent = (x: number): string => (Number.isFinite(x) ? `${numberHtml(100 * x, 3)}%` : numberHtml(x))

/** The gap to theory: prices, then the measures and their bounds. */
function gapSection({ trainings, gate }: TrainingInput): string {
  const several = trainings.length > 1, [{ training: { printed } }] = trainings
  const prices = trainings.flatMap(({ training: { seed, learner, learned, theory, metrics, printed: as } }) => ([["share", "price", metrics.price_error, metrics.price_iqr], ["bond", "bond", metrics.bond_error, NaN]] as const)
    .map(([asset, of, error, spread]) => [...several ? [escaped(learner), String(seed)] : [], asset, numberHtml(learned[of], 5), numberHtml(theory[of], 5), ...printed ? [numberHtml(as?.[of] ?? NaN, 5)] : [], percent(error), percent(spread)]))
  const head = [...several ? ["learner", "seed"] : [], "price of a", "learned", "theory", ...printed ? ["as printed"] : [], "error", "spread"]
  const names = Object.keys(trainings[0].training.metrics) as (keyof Trained["training"]["metrics"])[]
  const measures = names.map(name => {
    const bound = Object.hasOwn(gate, name) ? gate[name] : undefined
    const value = (one: Trained): number => one.training.metrics[name]
    return [escaped(MEASURES[name]), ...trainings.map(one => (name === "trade_rate" ? numberHtml(value(one), 3) : percent(value(one)))), bound === undefined ? "\u2013" : percent(bound),
      bound === undefined ? "\u2013" : `${trainings.filter(one => value(one) <= bound).length} of ${trainings.length}`]
  })
  const rows = trainings.map(({ training: { learner, seed, agents, episodes, agentSteps, outcome }, seconds }) =>
    [escaped(learner), String(seed), String(agents), String(episodes), numberHtml(agentSteps, 6), numberHtml(seconds, 3), escaped(outcome)])
  return sectionHtml("Gap to theory", tableHtml(head, prices, head.map((_, i) => i).slice(several ? 3 : 1))
    + `<p class="small">Medians of what is posted in greedy episodes after training, against the means of theory's prices over dividends. Spread: interquartile range over theory's price.</p>`
    + tableHtml(["measure", ...trainings.map(({ training: { learner, seed } }) => several ? `${escaped(learner)} ${seed}` : "value"), "bound", "kept by"], measures, measures[0].map((_, i) => i).slice(1))
    + sectionHtml("Trainings", tableHtml(["learner", "seed", "agents", "episodes", "agent-steps", "seconds", "outcome"], rows, [1, 2, 3, 4, 5]), 3))
}

const MEASURES: Readonly<Record<keyof Trained["training"]["metrics"], string>> = {
  price_error: "error of the price of a share", price_iqr: "spread of the prices of a share", bond_error: "error of the price of a bond", euler_gap: "Euler gap",
  trade_rate: "lots traded by an agent in a step", best_response_gain: "gain of a best response, of a lot's price",
}

/** Rules of the market, settings of each learner: values that differ between trainings side by side. */
function settingsSection({ market, learners, trainings }: TrainingInput): string {
  const tableOf = (own: readonly Trained[], of: "rules" | "settings", known: Settings): string => {
    const lines = Object.keys(own[0].training[of]).map(name => [`<code>${escaped(name)}</code>`, [...new Set(own.map(({ training }) => valueText(training[of][name])))].join(" | "), escaped(Object.hasOwn(known, name) ? known[name].is : "")])
    return tableHtml(["setting", "value", ""], lines, [1])
  }
  const byLearner = [...new Set(trainings.map(({ training }) => training.learner))].map(learner => {
    const own = trainings.filter(({ training }) => training.learner === learner), known = Object.hasOwn(learners, learner) ? learners[learner] : undefined
    return sectionHtml(known ? `${learner}: ${known.is}` : learner, tableOf(own, "settings", known?.settings ?? {}), 3)
  })
  return sectionHtml("Rules and settings", sectionHtml(`Rules of ${market.name}`, tableOf(trainings, "rules", market.settings), 3) + byLearner.join(""))
}

const valueText = (value: number | string | boolean | undefined): string => (value === undefined ? "\u2013" : typeof value === "number" ? numberHtml(value, 8) : escaped(String(value)))
