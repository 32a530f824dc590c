import { convergenceFigures } from "./convergence.ts"
import { variableFigures } from "./curves.ts"
import { densityFigures } from "./density.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import type { Figure, ReportInput } from "./input.ts"
import { planeComputation, planeFigures } from "./plane/figures.ts"
import { planeOf } from "./plane/plane.ts"
import { policyFigures } from "./policy.ts"
import { residualFigures } from "./residuals.ts"
import { sampleFigures } from "./sample.ts"
import { settingOf } from "./setting.ts"
import { simulationFigures } from "./simulation/figures.ts"

/**
 * Every picture that makes sense for these solutions: what their paths do, variables over the state or the two states, density,
 * convergence, training points, residuals. For more than two states only convergence: nothing rather than a wrong slice.
 */
export function figures(input: ReportInput, document: DrawingDocument): Figure[] {
  const setting = settingOf(input), plane = planeOf(input)
  const followed = simulationFigures(input, document)
  const drawn = setting ? [...variableFigures(setting, document), ...policyFigures(setting, document), ...followed.length > 0 ? [] : densityFigures(setting, document)]
    : plane ? planeFigures(plane, document) : []
  const late = setting ? [...sampleFigures(setting, document), ...residualFigures(setting, document)] : plane ? planeComputation(plane, document) : []
  return named([...followed, ...drawn, ...convergenceFigures(input, document), ...late])
}

/** Names fit for files, each once. */
function named(figures: readonly Figure[]): Figure[] {
  const taken = new Set<string>()
  return figures.map(figure => {
    const base = figure.name.replace(/[^A-Za-z0-9_-]+/g, "-") || "figure"
    let name = base
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${base}-${i}`
    taken.add(name.toLowerCase())
    return { ...figure, name }
  })
}
