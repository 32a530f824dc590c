import { table } from "../../run/table.ts"
import type { Solution } from "../../solve/solution.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { picture } from "../picture.ts"
import { symbol } from "../symbol.ts"
import { heatPanel, sizesOf } from "./heat.ts"
import type { Plane } from "./plane.ts"
import { switchKeys } from "./switches.ts"

const KINDS = [
  { prefix: "residual:", name: "residuals", title: "Residual of", size: "|residual|" },
  { prefix: "check:", name: "checks", title: "Identity that was not imposed:", size: "|left \u2212 right|" },
] as const

/** How well each equation and each unimposed identity holds at every node, on a log scale, one method below the other. */
export function planeResiduals(plane: Plane, document: DrawingDocument): Figure[] {
  const { input: { solutions }, states } = plane
  return KINDS.flatMap(({ prefix, name, title, size }) => {
    const labels = [...new Set(solutions.flatMap(({ table: { columns } }) => Object.keys(columns).filter(column => column.startsWith(prefix))))]
    return labels.flatMap(column => {
      const own = solutions.flatMap(solution => {
        const values = solution.table.columns[column]?.map(Math.abs)
        return values?.some(value => value > 0 && Number.isFinite(value)) ? [{ solution, values }] : []
      })
      if (own.length === 0) return []
      const label = plain(column.slice(prefix.length))
      const panels = own.map(({ solution, values }, i) => ({
        ...heatPanel(plane, solution, values, sizesOf([...values])), title: `${size} of \u201C${label}\u201D, ${plain(solution.method)}`,
        ...i === own.length - 1 ? {} : { xLabel: undefined, height: 286 },
      }))
      const caption = `${title} \u201C${label}\u201D at the nodes over ${states.map(symbol).join(" and ")}; white where it is zero${prefix === "check:" ? " or does not apply" : ""}.`
      return [figureOf(`${name}-${column.slice(prefix.length).toLowerCase()}`, `${title} ${label}`, caption, picture(panels, switchKeys(plane), document, `${title} ${label}`), rowsOf(plane, own))]
    })
  })
}

/** Nodes of the methods one below the other: their grids may differ. */
function rowsOf({ states }: Plane, own: readonly { solution: Solution; values: Float64Array }[]) {
  const joined = (of: (one: { solution: Solution; values: Float64Array }, i: number) => ArrayLike<number>) => Float64Array.from(own.flatMap((one, i) => Array.from(of(one, i))))
  return table({
    ...own.length > 1 ? { method: joined(({ values }, i) => values.map(() => i + 1)) } : {},
    ...Object.fromEntries(states.map(state => [state, joined(({ solution }) => solution.table.columns[state])])), size: joined(({ values }) => values),
  })
}
