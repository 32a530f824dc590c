import type { Problem } from "../../model/problem.ts"
import { Mistake } from "../../run/mistake.ts"

/** The setting `points` of methods that work on a grid. */
export const POINTS = {
  value: "auto", numbers: { least: 10, most: 200_000, whole: true },
  is: "grid points: one number for every state, or one for each, as in 200,41; auto: 1000 for one state; for two, 240,31 where the first is marched along and 60,60 else; 20 for each of more",
} as const

/** Grid points of each state (`defaults` are those of `auto`, by the number of states), and how the setting is written in a solution. @throws Mistake where they do not fit the states. */
export function gridPoints(owner: string, problem: Problem, text: string, setting = "points", defaults?: readonly (readonly number[])[]): { points: number[]; shown: number | string } {
  const count = problem.states.length, names = problem.states.map(s => s.name).join(", ")
  const given = text === POINTS.value ? defaults?.[count - 1] ?? automatic(problem) : text.split(",").map(Number)
  if (given.length !== 1 && given.length !== count)
    throw new Mistake(`${owner}: \`${setting}\` is \`${text}\`; expected one number, or ${count === 1 ? "no more, as there is one state" : `one for each of the states ${names}`} (${POINTS.is})`)
  const points = problem.states.map((_, s) => given[given.length === 1 ? 0 : s])
  const size = points.reduce((a, b) => a * b, 1)
  if (size > POINTS.numbers.most) throw new Mistake(`${owner}: \`${setting}\` is \`${points.join(",")}\`, a grid of ${size} nodes; expected at most ${POINTS.numbers.most} in all`)
  return { points, shown: count === 1 ? points[0] : points.join(",") }
}

/** Prices have boundary layers and kinks along the state in which they are marched. */
function automatic({ states }: Problem): number[] {
  if (states.length === 1) return [1000]
  if (states.length > 2) return [20]
  return states[0].start ? [240, 31] : [60]
}
