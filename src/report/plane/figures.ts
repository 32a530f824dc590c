import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { drawnVariables } from "../variables.ts"
import { activeFigures } from "./active.ts"
import { mapFigure } from "./maps.ts"
import type { Plane } from "./plane.ts"
import { planeResiduals } from "./residuals.ts"
import { sliceFigure } from "./slices.ts"
import { surfaceFigure } from "./surface.ts"

/** The economy over its two states: surfaces of what matters most, then each variable as a map beside its slices. */
export function planeFigures(plane: Plane, document: DrawingDocument): Figure[] {
  const variables = drawnVariables(plane.input.economy, plane.reference).filter(name => !isGiven(plane, name))
  return [
    ...planeSurfaces(plane),
    ...under("Maps and slices", variables.flatMap(name => [mapFigure(plane, name, document), sliceFigure(plane, name, document)])),
  ]
}

/** Surfaces of what matters most. */
export function planeSurfaces(plane: Plane): Figure[] {
  const variables = drawnVariables(plane.input.economy, plane.reference).filter(name => !isGiven(plane, name) && isMain(plane, name))
  return under("Surfaces", variables.map(name => surfaceFigure(plane, plane.reference, name, `surface-${name}`)))
}

/** The computation: where a method learned, and how well equations hold. */
export function planeComputation(plane: Plane, document: DrawingDocument): Figure[] {
  return [...under("Active learning", activeFigures(plane, document)), ...under("How well equations and identities hold, over the states", planeResiduals(plane, document))]
}

const under = (section: string, figures: readonly (Figure | undefined)[]): Figure[] => figures.flatMap(figure => figure ? [{ ...figure, section }] : [])

/** Unknowns, and variables whose extremes the economy names as facts. */
function isMain({ economy: { declaration: { unknowns, facts = {} } } }: Plane, name: string): boolean {
  return Object.hasOwn(unknowns, name) || Object.values(facts).some(({ max, min }) => max === name || min === name)
}

/** No unknown, and the same all along the first state: part of the law of motion of the second, or a constant. */
function isGiven({ economy: { declaration: { unknowns } }, reference: { states: [{ nodes: xs }, { nodes: ys }], table: { columns } } }: Plane, name: string): boolean {
  const values = columns[name], rows = ys.length, slack = 1e-12 * values.reduce((most, value) => Math.abs(value) > most ? Math.abs(value) : most, 0)
  return !Object.hasOwn(unknowns, name) && values.every((value, k) => k < rows * xs.length && Math.abs(value - values[k % rows]) <= slack)
}
