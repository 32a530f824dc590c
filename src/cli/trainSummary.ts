import { durationText } from "./progress.ts"
import { shortNumber, textTable, wrapped } from "./textTable.ts"
import type { StoredTraining } from "./trainingFile.ts"

/** What `--json` prints of one training. */
export function trainSummary({ training, seconds }: StoredTraining) {
  const { market, learner, seed, agents, episodes, outcome, detail, converged, agentSteps, metrics, theory, learned, printed, rules, settings } = training
  return {
    market, learner, seed, agents, episodes, outcome, seconds, agent_steps_per_second: seconds > 0 ? agentSteps / seconds : null, metrics, theory,
    learned, ...(printed ? { printed } : {}), converged, detail, rules, settings,
  }
}

/** What a person reads of one training, as lines. */
export function trainLines({ training, seconds }: StoredTraining): string[] {
  const { market, learner, seed, agents, episodes, outcome, detail, agentSteps, metrics, theory, learned, printed } = training
  const percent = (x: number): string => `${shortNumber(100 * x)}%`
  return [
    `${market} by ${learner}, ${agents} agents, seed ${seed}`,
    ...wrapped(outcome, "  "), ...(detail === "" ? [] : wrapped(detail, "  ")),
    `  ${episodes} episodes, ${shortNumber(agentSteps)} agent-steps, ${durationText(seconds)}`,
    ...textTable(["", "learned", "theory", ...(printed ? ["as printed"] : []), "error", "spread"], [
      ["share", shortNumber(learned.price, 5), shortNumber(theory.price, 5), ...(printed ? [shortNumber(printed.price, 5)] : []), percent(metrics.price_error), percent(metrics.price_iqr)],
      ["bond", shortNumber(learned.bond, 5), shortNumber(theory.bond, 5), ...(printed ? [shortNumber(printed.bond, 5)] : []), percent(metrics.bond_error), ""],
    ]).map(line => "  " + line),
    `  Euler gap ${percent(metrics.euler_gap)}, trade rate ${shortNumber(metrics.trade_rate)} lots a step, gain of a best response ${percent(metrics.best_response_gain)}`,
  ]
}
