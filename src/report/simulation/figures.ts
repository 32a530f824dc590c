import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure, ReportInput } from "../input.ts"
import { fanFigures } from "./fan.ts"
import { longRunFigures } from "./longRun.ts"
import { motionFigures } from "./motion.ts"
import { pathFigures } from "./path.ts"
import { planeFigures } from "./plane.ts"
import { responseFigures } from "./response.ts"
import { followedOf } from "./setting.ts"

/** All pictures of a simulation; none where there is none. */
export function simulationFigures(input: ReportInput, document: DrawingDocument): Figure[] {
  const followed = followedOf(input)
  if (!followed) return []
  return [longRunFigures, planeFigures, motionFigures, pathFigures, fanFigures, responseFigures].flatMap(draw => draw(followed, document))
}
