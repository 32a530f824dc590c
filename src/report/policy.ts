import { table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { axisOf } from "./axis.ts"
import { figureOf } from "./caption.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf } from "./ink.ts"
import type { Figure } from "./input.ts"
import { italic, plain } from "./markup.ts"
import { numberText } from "./number.ts"
import type { Curve } from "./panel.ts"
import { picture } from "./picture.ts"
import type { Setting } from "./setting.ts"
import { symbol } from "./symbol.ts"

/** States whose policies are drawn: this many, evenly through those there are. */
const DRAWN = 3

/** What the agent does and what holding is worth, over holdings of shares, at a few states. */
export function policyFigures({ input, state }: Setting, document: DrawingDocument): Figure[] {
  return input.solutions.flatMap(solution => (solution.policy ? [policyFigure(solution, state, document)] : []))
}

function policyFigure(solution: Solution, state: string, document: DrawingDocument): Figure {
  const { holding, next, value, [state]: at } = solution.policy!.columns
  const states = [...new Set(at)], many = Math.min(DRAWN, states.length)
  const chosen = Array.from({ length: many }, (_, k) => states[Math.round((k * (states.length - 1)) / Math.max(1, many - 1))])
  const rows = (x: number): number[] => Array.from(at.keys()).filter(i => at[i] === x)
  const of = (column: Float64Array, x: number): Float64Array => Float64Array.from(rows(x), i => column[i])
  const one = (x: number): number => value[rows(x).find(i => holding[i] === 1) ?? rows(x)[0]]
  const curves = (y: (x: number) => Float64Array, labelled: boolean): Curve[] => chosen.map((x, k) => {
    const values = y(x)
    const curve = { x: of(holding, x), y: values, pieces: [[0, values.length] as const], ink: inkOf(k) }
    return labelled ? { ...curve, label: `${symbol(state)} = ${numberText(x, 3)}` } : curve
  })
  const trade = curves(x => of(next, x).map((to, i) => to - of(holding, x)[i]), true)
  const worth = curves(x => of(value, x).map(v => v - one(x)), true)
  const s = axisOf([...holding], { tight: true }), all = (list: readonly Curve[]): number[] => list.flatMap(({ y }) => [...y])
  const method = plain(solution.method), title = `Policy and value over holdings, ${method}`
  const caption = `${title}: above, shares bought in a period by who holds ${italic("s")} of them, at the prices found, in ${many === 1 ? "the state" : `${many} states`}; `
    + `who holds one share trades nothing. Below, the value less that of holding one share.`
  const svg = picture([
    { x: s, y: axisOf(all(trade)), height: 196, curves: trade, yLabel: `${italic("s")}\u2032 \u2212 ${italic("s")}\u2002shares bought`, levels: [{ at: 0 }] },
    { x: s, y: axisOf(all(worth)), height: 220, curves: worth, xLabel: `${italic("s")}\u2002shares held`, yLabel: `${italic("V")}(${italic("s")}) \u2212 ${italic("V")}(1)` },
  ], [], document, title)
  return figureOf(`policy-${solution.method}`, title, caption, svg, table({ ...solution.policy!.columns }))
}
