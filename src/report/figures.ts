import { convergenceFigures } from "./convergence.ts"
import { variableFigures } from "./curves.ts"
import { densityFigures } from "./density.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import type { Figure, ReportInput } from "./input.ts"
import { numberText } from "./number.ts"
import { planeComputation, planeFigures, planeSurfaces } from "./plane/figures.ts"
import { planeOf } from "./plane/plane.ts"
import { policyFigures } from "./policy.ts"
import { residualFigures } from "./residuals.ts"
import { sampleFigures } from "./sample.ts"
import { settingOf } from "./setting.ts"
import { simulationFigures } from "./simulation/figures.ts"
import { sliceOf } from "./slice.ts"

/**
 * Every picture that makes sense for these solutions: what their paths do, variables over the state or the two states, density,
 * convergence, training points, residuals. Over more than two states: what matters most over the first and each other, at the middle of the rest.
 */
export function figures(input: ReportInput, document: DrawingDocument): Figure[] {
  const setting = settingOf(input), plane = planeOf(input)
  const followed = simulationFigures(input, document)
  const drawn = setting ? [...variableFigures(setting, document), ...policyFigures(setting, document), ...followed.length > 0 ? [] : densityFigures(setting, document)]
    : plane ? planeFigures(plane, document) : sliceFigures(input)
  const late = setting ? [...sampleFigures(setting, document), ...residualFigures(setting, document)] : plane ? planeComputation(plane, document) : []
  return named([...followed, ...drawn, ...convergenceFigures(input, document), ...late])
}

/** Surfaces over the first state and each other, where there are more than two; every title says where the rest is held. */
function sliceFigures(input: ReportInput): Figure[] {
  const [{ states }] = input.solutions
  return states.length < 3 ? [] : states.slice(1).flatMap(({ name }, k) => {
    const slices = input.solutions.map(solution => sliceOf(solution, k + 1)), [first, ...others] = slices.map(({ solution }) => solution)
    const plane = planeOf({ ...input, solutions: [first, ...others] })
    const at = ` Held: ${Object.entries(slices[0].rest).map(([state, x]) => `${state} = ${numberText(x)}`).join(", ")}.`
    return (plane ? planeSurfaces(plane) : []).map(figure => ({
      ...figure, name: `${figure.name}-over-${name}`, caption: figure.caption + at, html: { ...figure.html, caption: figure.html.caption + at },
    }))
  })
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
