import { table, type Table } from "../../run/table.ts"
import { axisOf, isOn, linearAxis } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import type { Cloud, Panel } from "../panel.ts"
import { picture, type Key } from "../picture.ts"
import type { Priced, Theory } from "./input.ts"
import { farSentence, theoryKeys, theoryLines, withinReach } from "./theory.ts"

const PRICES: readonly { readonly column: string; readonly title: string; readonly axis: string; readonly priced: Priced }[] = [
  { column: "posted_price", title: "Policy: the price posted for a share", axis: "price of a share", priced: "price" },
  { column: "posted_bond_price", title: "Policy: the price posted for a bond", axis: "price of a bond", priced: "bond" },
]

/** Features in words, in the units in which agents see them. */
const WORDS: Readonly<Record<string, string>> = {
  shares: "shares held", bonds: "bonds held", dividend: "dividend", cash: "goods at hand", time: "time", price: "the last price met", income: "income",
}

/** What is posted over each thing that is seen, in greedy episodes: a dot an agent and step. `policy` has a column a feature, posted_price and posted_bond_price. */
export function policyFigures(policy: Table, about: Theory, document: DrawingDocument, prefix = ""): Figure[] {
  const features = Object.keys(policy.columns).filter(name => !name.startsWith("posted_") && varies(policy.columns[name]))
  // Income has two values: a colour says them.
  const { income } = policy.columns, coloured = income !== undefined && varies(income)
  const drawn = features.filter(name => name !== "income")
  return drawn.length === 0 ? [] : PRICES.filter(({ column }) => Object.hasOwn(policy.columns, column)).map(({ column, title, axis, priced }) => {
    const posted = policy.columns[column], every = Math.max(1, Math.ceil(policy.length / DOTS))
    const lines = theoryLines(priced, about), near = withinReach(lines, [...posted])
    const yAxis = axisOf([...posted, ...near.map(({ at }) => at)]), y = linearAxis(...yAxis.domain, 4)
    const kept = Array.from(posted.keys()).filter(i => i % every === 0)
    const cloud = (name: string, of: (i: number) => boolean, colour: string): Cloud => ({ points: kept.filter(i => of(i) && isOn(axes[drawn.indexOf(name)], policy.columns[name][i])).map(i => [policy.columns[name][i], posted[i]]), colour, symbol: "filled" })
    const axes = drawn.map(name => axisOf(bulkOf(policy.columns[name]), { tight: true }))
    const beyond = kept.filter(i => drawn.some((name, d) => !isOn(axes[d], policy.columns[name][i]))).length
    const panels = drawn.map((name, i): Panel => ({
      x: axes[i], y, height: i === 0 ? 197 : 178, curves: [], xLabel: `${plain(WORDS[name] ?? name)}, as seen`, yLabel: i === 0 ? axis : "",
      clouds: coloured ? [cloud(name, i => income[i] < 0, LOW), cloud(name, i => income[i] > 0, HIGH)] : [cloud(name, () => true, HIGH)],
      levels: near.map(({ at, ink }) => ({ at, ink })),
      ...(i === 0 ? { title: "" } : {}),
    }))
    const keys: Key[] = [...coloured ? [{ text: "low income", ink: { colour: LOW, dash: "" }, symbol: "filled" } as const, { text: "high income", ink: { colour: HIGH, dash: "" }, symbol: "filled" } as const] : [], ...theoryKeys(near, false)]
    const caption = `${title}, over what agents see; ${kept.length} agents and steps of greedy episodes. Lines: ${lines.map(({ label }) => label).join(", ")}.${beyond > 0 ? ` ${beyond} lie beyond an axis.` : ""}${farSentence(lines, near)}`
    return figureOf(`${prefix}policy-${column.slice("posted_".length)}`, title, caption, picture(panels, keys, document, title), table({ ...Object.fromEntries(features.map(name => [name, policy.columns[name]])), [column]: posted }))
  })
}

/** All values, or those up to the 99th percentile where the largest is far beyond it: a few draws would push all others together. */
function bulkOf(values: Float64Array): number[] {
  const sorted = [...values].sort((a, b) => a - b), high = sorted[Math.floor(0.99 * (sorted.length - 1))]
  return sorted[sorted.length - 1] > 5 * Math.abs(high) ? sorted.filter(value => value <= high) : sorted
}

const varies = (values: Float64Array): boolean => values.some(value => value !== values[0])

const LOW = "#d08a2e", HIGH = "#2f5f8f"
/** Dots of a panel. */
const DOTS = 700
