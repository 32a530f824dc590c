import { textTable } from "../../src/cli/textTable.ts"
import { hasTorch, INSTALL, MACHINE, torch, walras } from "./programs.ts"

const ECONOMY = "brunnermeier-sannikov-2016"
const VARIABLES = ["J_e", "J_h", "q", "sigma_R"] as const
type Each<T> = Readonly<Record<(typeof VARIABLES)[number], T>>
const each = <T>(of: (name: (typeof VARIABLES)[number]) => T): Each<T> => ({ J_e: of("J_e"), J_h: of("J_h"), q: of("q"), sigma_R: of("sigma_R") })
const POINTS = Array.from({ length: 97 }, (_, k) => Math.round(1000 * (0.02 + 0.01 * k)) / 1000)
/** Volatility jumps at the switch: points this near say where the switch lies, which has its own column. */
const NEAR = 0.02

interface Solved {
  readonly program: string
  readonly seconds: number
  readonly steps: number
  readonly zStar: number
  readonly at: Each<readonly number[]>
}

function byWalras(method: string): Solved {
  const found = walras(["solve", ECONOMY, "--method", method, "--at", `z=${POINTS.join(",")}`, "--of", VARIABLES.join(","), "--quiet"]) as
    { seconds: number; steps: number; facts: { z_star: number }; at: Each<number>[] }
  return { program: `walras, ${method}`, seconds: found.seconds, steps: found.steps, zStar: found.facts.z_star, at: each(name => found.at.map(row => row[name])) }
}

function byTorch(): Solved {
  const { seconds, steps, z_star: zStar, at } = torch("solve.py", ["--at", POINTS.join(",")]) as { seconds: number; steps: number; z_star: number; at: Solved["at"] }
  return { program: "PyTorch, as the slides", seconds, steps, zStar, at }
}

/** The benchmark economy by walras on a grid and by nets, and by PyTorch the way of the lectures: seconds, and how far each is from the grid. */
export function compareSolutions(json: boolean): string {
  const reference = byWalras("fd")
  const rows = [reference, byWalras("aliens"), ...(hasTorch ? [byTorch()] : [])].map(({ program, seconds, steps, zStar, at }) => {
    const error = (name: (typeof VARIABLES)[number]): number => POINTS.reduce((most, z, k) =>
      name === "sigma_R" && Math.abs(z - reference.zStar) < NEAR ? most : Math.max(most, Math.abs(at[name][k] / reference.at[name][k] - 1)), 0)
    return { program, seconds, steps, z_star: zStar, errors: each(error) }
  })
  if (json) return JSON.stringify({ machine: MACHINE, economy: ECONOMY, rows })
  const percent = (x: number): string => `${(100 * x).toFixed(2)}%`
  return [
    MACHINE, "", `${ECONOMY}: largest difference to fd on [0.02, 0.98]; of sigma_R outside ${NEAR} of the switch`,
    ...textTable(["program", "seconds", "steps", "z_star", ...VARIABLES], rows.map(row => [row.program, Number(row.seconds.toFixed(1)), row.steps, Number(row.z_star.toFixed(4)), ...VARIABLES.map(name => percent(row.errors[name]))])),
    ...(hasTorch ? [] : [INSTALL]),
  ].join("\n")
}
