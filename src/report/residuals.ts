import { table } from "../run/table.ts"
import { logAxis } from "./axis.ts"
import { figureOf } from "./caption.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf } from "./ink.ts"
import type { Figure } from "./input.ts"
import { plain } from "./markup.ts"
import type { Curve, Panel } from "./panel.ts"
import { picture } from "./picture.ts"
import { piecesOf } from "./pieces.ts"
import { sampled, stateAxis, switchRules, switchSentence, type Setting } from "./setting.ts"

const KINDS = [
  { prefix: "residual:", name: "residuals", title: "Residuals of the equations", yLabel: "|residual|" },
  { prefix: "bound:", name: "bounds", title: "Bounds on the errors", yLabel: "bound" },
  { prefix: "check:", name: "checks", title: "Identities that were not imposed", yLabel: "|left \u2212 right|" },
] as const

/** How well equations and unimposed identities hold over the state, on a log axis, a panel for each method. */
export function residualFigures(setting: Setting, document: DrawingDocument): Figure[] {
  return KINDS.flatMap(({ prefix, name, title, yLabel }) => {
    const columns: Record<string, Float64Array> = { [setting.state]: setting.nodes }
    const panels = setting.input.solutions.flatMap((solution): Panel[] => {
      const labels = Object.keys(solution.table.columns).filter(column => column.startsWith(prefix))
      const curves = labels.flatMap((column, index): Curve[] => {
        const y = sampled(setting, solution, solution.table, column)?.y.map(value => Math.abs(value) > 0 ? Math.abs(value) : NaN)
        if (!y?.some(Number.isFinite)) return []
        columns[`${column.slice(prefix.length)}:${solution.method}`] = y
        const curve = { x: setting.nodes, y, pieces: piecesOf(setting.nodes, y, []), ink: inkOf(index) }
        return [labels.length > 1 ? { ...curve, label: shortened(plain(column.slice(prefix.length))) } : curve]
      })
      if (curves.length === 0) return []
      const values = curves.flatMap(({ y }) => [...y])
      return [{ x: stateAxis(setting), y: logAxis(values), height: 230, curves, yLabel: `${yLabel}${labels.length === 1 ? ` of ${plain(labels[0].slice(prefix.length))}` : ""}, ${plain(solution.method)}`, switches: setting.switches.map(({ at }) => ({ at })) }]
    })
    if (panels.length === 0) return []
    const stacked = panels.map((panel, i) => ({
      ...panel, ...i === 0 ? { switches: switchRules(setting) } : {}, ...i === panels.length - 1 ? { xLabel: setting.stateLabel } : { height: panel.height - 24 },
    }))
    return [figureOf(name, title, `${title}, over the state.${switchSentence(setting)}`, picture(stacked, [], document, title), table(columns))]
  })
}

const shortened = (label: string) => label.length > 18 ? label.slice(0, 17) + "\u2026" : label
