import { table, type Table } from "../run/table.ts"
import { fieldReader } from "./field.ts"
import { driftChannel, noiseChannel } from "./law.ts"
import { OCCUPATION } from "./occupation.ts"
import type { Preparation } from "./preparation.ts"
import { walker } from "./walker.ts"

/** Years of the path that is kept. */
const KEPT_YEARS = 150

/** The first path of the long run over its first years after the burn-in: `year`, the states, `crisis` 0 or 1. */
export function pathTable({ problem, tasks: [task], plan: { settings: { dt, years } }, fault }: Preparation): Table {
  if (task.kind !== "occupation") throw new Error("the first task is the long run")
  const { walk, start, burn } = task.of
  const looks = fault === "" ? Math.round(Math.min(KEPT_YEARS, years) / dt) + 1 : 0
  const columns: Record<string, Float64Array> = { year: Float64Array.from({ length: looks }, (_, i) => i * dt) }
  for (const { name } of problem.states) columns[name] = new Float64Array(looks)
  columns.crisis = new Float64Array(looks)
  const legs = walker(walk, OCCUPATION)
  legs.point.set(start)
  for (let period = 0, alive = true; period < burn + looks && looks > 0; period++) {
    const crisis = legs.look()
    if (period >= burn) {
      problem.states.forEach(({ name }, s) => { columns[name][period - burn] = legs.point[s] })
      columns.crisis[period - burn] = crisis ? 1 : 0
    }
    if (alive) alive = legs.period(0, period)
  }
  return table(columns)
}

/** Points of each of two states in a phase diagram. */
const PHASE_POINTS = [25, 21]

/**
 * The law of motion: along the one state at the nodes of the solution and on both sides of every break, `region` by region; on
 * an even grid of two states; nothing for more. Columns: the states, `drift:x` and `volatility:x` for each, `region`.
 */
export function motionTable({ problem, law }: Preparation): Table {
  const { field, states, shocks } = law
  const points: number[][] = []
  const regions: number[] = []
  if (states === 1)
    field.nodes.forEach((nodes, region) => {
      const low = region > 0 ? field.breaks[region - 1][0] : field.from[0], high = region < field.breaks.length ? field.breaks[region][0] : field.to[0]
      for (const xi of nodes) { points.push([low + xi * (high - low)]); regions.push(region) }
    })
  if (states === 2)
    for (let i = 0; i < PHASE_POINTS[0]; i++)
      for (let j = 0; j < PHASE_POINTS[1]; j++) {
        points.push([i, j].map((k, s) => field.from[s] + ((k + 0.5) / PHASE_POINTS[s]) * (field.to[s] - field.from[s])))
        regions.push(-1)
      }
  const reader = fieldReader(field), out = new Float64Array(field.channels)
  const rows = points.map((point, i) => {
    if (regions[i] >= 0) reader.inRegion(point, regions[i], out)
    else regions[i] = reader.at(point, out)
    const drift = point.map((_, s) => out[driftChannel(s)])
    const volatility = point.map((_, s) => Math.hypot(...Array.from({ length: shocks }, (_, k) => out[noiseChannel(law, s, k)])))
    return { drift, volatility }
  })
  return table({
    ...Object.fromEntries(problem.states.map(({ name }, s) => [name, Float64Array.from(points, p => p[s])])),
    ...Object.fromEntries(problem.states.flatMap(({ name }, s) => [
      [`drift:${name}`, Float64Array.from(rows, r => r.drift[s])], [`volatility:${name}`, Float64Array.from(rows, r => r.volatility[s])]])),
    region: Float64Array.from(regions),
  })
}

/** Breaks inside the domain, row by row: the states along them, and `break`, which numbers them. */
export function breaksTable({ problem, law: { field } }: Preparation): Table {
  const { marched, others, breaks, from, to } = field
  const rows = breaks.flatMap((along, b) => Array.from(along, (at, row) => {
    const point: number[] = []
    for (let j = others.length - 1, rest = row; j >= 0; rest = Math.floor(rest / others[j].length), j--) point.unshift(others[j][rest % others[j].length])
    point.splice(marched, 0, at)
    return { b, point, inside: at > from[marched] && at < to[marched] }
  }).filter(row => row.inside))
  return table({
    ...Object.fromEntries(problem.states.map(({ name }, s) => [name, Float64Array.from(rows, r => r.point[s])])),
    break: Float64Array.from(rows, r => r.b),
  })
}
