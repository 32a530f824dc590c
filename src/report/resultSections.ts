import { BOUNDS } from "../model/discrete/declaration.ts"
import type { Solution } from "../solve/solution.ts"
import { differenceOf, gapOf } from "./difference.ts"
import { numberHtml, pointHtml, sectionHtml, symbolHtml, tableHtml } from "./html.ts"
import type { ReportInput } from "./input.ts"
import { escaped } from "./markup.ts"
import { differenceAt, gapAt } from "./plane/difference.ts"
import { planeOf } from "./plane/plane.ts"
import { settingOf } from "./setting.ts"
import { drawnVariables, wordsOf } from "./variables.ts"

/** The numbers of the solution, every method beside the others. */
export function factsSection({ economy, solutions }: ReportInput): string {
  const [reference, ...others] = solutions
  const names = Object.keys(reference.facts)
  const value = (facts: Readonly<Record<string, number>>, name: string) => Object.hasOwn(facts, name) ? facts[name] : NaN
  const rows = names.map(name => {
    const first = value(reference.facts, name)
    return [symbolHtml(name), escaped(economy.declaration.facts?.[name]?.is ?? BOUNDS[name] ?? ""), ...solutions.map(({ facts }) => numberHtml(value(facts, name), 5)),
      ...others.map(({ facts }) => numberHtml(first === 0 ? Math.abs(value(facts, name)) : Math.abs(value(facts, name) / first - 1), 2))]
  })
  const head = ["", "", ...solutions.map(({ method }) => escaped(method)), ...others.map(({ method }) => others.length > 1 ? `difference, ${escaped(method)}` : "difference")]
  return sectionHtml("Results", tableHtml(head, rows, head.map((_, i) => i).slice(2)) + (rows.length && others.length ? `<p class="small">Differences are relative to ${escaped(reference.method)}.</p>` : ""))
}

/** How far every other method is from the first, variable by variable. */
export function comparisonSection(input: ReportInput): string {
  const [reference, ...others] = input.solutions, gap = gapsOf(input)
  if (!gap) return ""
  const rows = others.flatMap(other => drawnVariables(input.economy, reference).flatMap(variable => {
    const found = gap(other, variable)
    return found ? [[symbolHtml(variable), escaped(wordsOf(input.economy, variable)), ...others.length > 1 ? [escaped(other.method)] : [], numberHtml(found.largest, 2), numberHtml(found.mean, 2), pointHtml(found.at)]] : []
  }))
  const shift = others.length > 1 ? 1 : 0
  const head = ["", "", ...shift ? ["method"] : [], "largest", "mean", "largest at"]
  const title = others.length === 1 ? `${others[0].method} against ${reference.method}` : `Other methods against ${reference.method}`
  return sectionHtml(title, rows.length ? tableHtml(head, rows, [2 + shift, 3 + shift])
    + `<p class="small">Absolute differences at the nodes of ${escaped(reference.method)}, relative to the largest absolute value of the variable there.</p>` : "")
}

/** The largest and mean difference of a method from the first, and where; undefined where there is nothing to look them up on. */
function gapsOf(input: ReportInput): ((other: Solution, variable: string) => { largest: number; mean: number; at: Record<string, number> } | undefined) | undefined {
  const setting = settingOf(input), plane = planeOf(input)
  if (setting) return (other, variable) => {
    const difference = differenceOf(setting, other, variable), gap = difference && gapOf(difference, setting.nodes)
    return gap && { ...gap, at: { [setting.state]: gap.at } }
  }
  if (plane) return (other, variable) => {
    const difference = differenceAt(plane, other, variable), gap = difference && gapAt(plane, difference)
    return gap && { ...gap, at: { [plane.states[0]]: gap.at[0], [plane.states[1]]: gap.at[1] } }
  }
  return undefined
}
