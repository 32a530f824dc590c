import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { distributionFigures } from "./distributions.ts"
import type { Trained, TrainingInput } from "./input.ts"
import { learningFigures, type CurveGroup } from "./learning.ts"
import { pathFigures } from "./paths.ts"
import { policyFigures } from "./policy.ts"
import { sliceFigures } from "./slices.ts"

/**
 * Every picture of trainings in one market: learning curves with bands over those that differ in their seeds alone, paths of tracked agents,
 * distributions over agents, policies, and what the learner says of itself. Paths, policy and slices are those of the first.
 */
export function trainingFigures(input: TrainingInput, document: DrawingDocument): Figure[] {
  const { trainings, gate } = input, [{ training }] = trainings
  const { theory, printed, tables } = training, about = { theory, gate, ...(printed ? { printed } : {}) }
  const slices = Object.fromEntries(Object.entries(tables).flatMap(([name, slice]) => (name.startsWith("slice-") ? [[name.slice("slice-".length), slice]] : [])))
  const under = (section: string, figures: readonly Figure[]): Figure[] => figures.map(figure => ({ ...figure, section }))
  return [
    ...under("Learning", learningFigures(groupsOf(trainings), about, document)),
    ...under("Paths of tracked agents", Object.hasOwn(tables, "paths") ? pathFigures(tables.paths, about, document) : []),
    ...under("Distributions over agents", distributionFigures(trainings.flatMap(one => (Object.hasOwn(one.training.tables, "agents") ? [one.training.tables.agents] : [])), about, document, { incomes: Number(training.rules.incomeGap) > 0 })),
    ...under("What was learned", [...Object.hasOwn(tables, "policy") ? policyFigures(tables.policy, about, document) : [], ...sliceFigures(slices, about, document)]),
  ]
}

/** Trainings that differ in their seeds alone go together; a group is named by its learner, with a number where that is not enough. */
function groupsOf(trainings: readonly Trained[]): CurveGroup[] {
  const groups = new Map<string, Trained[]>()
  for (const one of trainings) {
    const { learner, rules, settings } = one.training, key = JSON.stringify([learner, rules, settings])
    groups.set(key, [...groups.get(key) ?? [], one])
  }
  const learners = [...groups.values()].map(([{ training }]) => training.learner)
  return [...groups.values()].map((own, g) => ({
    label: learners.filter(name => name === learners[g]).length > 1 ? `${learners[g]} ${learners.slice(0, g + 1).filter(name => name === learners[g]).length}` : learners[g],
    rows: own.map(({ rows }) => rows),
  }))
}
