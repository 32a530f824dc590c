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
    ...under("Surfaces", variables.filter(name => isMain(plane, name)).map(name => surfaceFigure(plane, plane.reference, name, `surface-${name}`))),
    ...under("Maps and slices", variables.flatMap(name => [mapFigure(plane, name, document), sliceFigure(plane, name, document)])),
  ]
}

/** The computation: where a method learned, and how well equations hold. */
export function planeComputation(plane: Plane, document: DrawingDocument): Figure[] {
  return [...under("Active learning", activeFigures(plane, document)), ...under("How well equations and identities hold, over the states", planeResiduals(plane, document))]
}

const under = (section: string, figures: readonly (Figure | undefined)[]): Figure[] => figures.flatMap(figure => figure ? [{ ...figure, section }] : [])

/** Unknowns, and variables whose extremes the economy names as facts. */
function isMain({ input: { economy: { declaration: { unknowns, facts = {} } } } }: Plane, name: string): boolean {
  return Object.hasOwn(unknowns, name) || Object.values(facts).some(({ max, min }) => max === name || min === name)
}

/** The same in every row and column, or all along the first state: no outcome, but part of the law of motion of the second. */
function isGiven({ reference: { states: [{ nodes: xs }, { nodes: ys }], table: { columns } } }: Plane, name: string): boolean {
  const values = columns[name], rows = ys.length
  return Array.from(ys.keys()).every(j => Array.from(xs.keys()).every(i => Object.is(values[i * rows + j], values[j])))
}
