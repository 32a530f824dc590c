import { table, type Table } from "../run/table.ts"
import { axisOf } from "./axis.ts"
import { figureOf, listed } from "./caption.ts"
import { methodKeys } from "./curves.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf, SYMBOLS } from "./ink.ts"
import type { Figure } from "./input.ts"
import { plain } from "./markup.ts"
import { numberText } from "./number.ts"
import type { Curve } from "./panel.ts"
import { picture } from "./picture.ts"
import { piecesOf } from "./pieces.ts"
import { switchRules, type Setting } from "./setting.ts"
import { symbol } from "./symbol.ts"

/** How often the state is where in the long run, with the region below the first switch shaded and its probability. */
export function densityFigures(setting: Setting, document: DrawingDocument): Figure[] {
  const { input: { solutions, density = {} }, state } = setting
  const densities = solutions.flatMap((solution, index) => {
    const found = Object.hasOwn(density, solution.method) ? density[solution.method] : undefined
    const x = found?.columns[state], y = found?.columns.density
    return found && x && y?.some(Number.isFinite) ? [{ solution, index, found, x, y, switches: solution.switches.map(({ at }) => at) }] : []
  })
  if (densities.length === 0) return []
  const curves = densities.map(({ x, y, index, switches }): Curve => {
    const curve = { x, y, pieces: piecesOf(x, y, switches), ink: inkOf(0) }
    return index > 0 ? { ...curve, symbol: SYMBOLS[(index - 1) % SYMBOLS.length] } : curve
  })
  const values = densities.flatMap(({ y }) => [...y])
  const x = axisOf([...setting.nodes], { tight: true })
  const [first] = setting.switches.toSorted((a, b) => a.at - b.at)
  const shares = first ? densities.map(({ solution, x, y }) => `${numberText(below(x, y, first.at), 3)}${densities.length > 1 ? ` (${plain(solution.method)})` : ""}`) : []
  const words = first && ` Shaded: below ${first.symbol} = ${numberText(first.at)}, where \u201C${first.label}\u201D changes side; its probability is ${listed(shares)}.`
  const title = `Stationary density of ${symbol(state)}`
  const svg = picture([{
    x, y: axisOf(values, { zero: true }), height: 300, curves, xLabel: setting.stateLabel, yLabel: `density of ${symbol(state)}`,
    bands: first ? [[x.domain[0], first.at]] : [], switches: switchRules(setting),
  }], densities.length > 1 ? methodKeys(setting) : [], document, title)
  return [figureOf("density", title, `${title}.${words ?? ""}`, svg, drawn(densities, state))]
}

/** Densities one below the other (their grids may differ), numbered by method where there are several. */
function drawn(densities: readonly { found: Table; x: Float64Array; y: Float64Array }[], state: string): Table {
  if (densities.length === 1) return table({ [state]: densities[0].x, density: densities[0].y })
  const joined = (part: (d: { x: Float64Array; y: Float64Array }, i: number) => ArrayLike<number>) => Float64Array.from(densities.flatMap((d, i) => Array.from(part(d, i))))
  return table({ method: joined((d, i) => d.x.map(() => i + 1)), [state]: joined(d => d.x), density: joined(d => d.y) })
}

/** The share of the density's mass below a point, by the trapezoidal rule. */
function below(x: Float64Array, y: Float64Array, at: number): number {
  let part = 0, all = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const width = x[i + 1] - x[i], mass = width * (y[i] + y[i + 1]) / 2
    if (!Number.isFinite(mass)) continue
    all += mass
    const share = Math.min(1, Math.max(0, (at - x[i]) / width))
    part += width * share * (y[i] + share * (y[i + 1] - y[i]) / 2)
  }
  return part / all
}
