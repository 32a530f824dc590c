import type { Solution } from "../solve/solution.ts"
import { sampled, type Setting } from "./setting.ts"

/** |second − first| at the first's nodes, relative to the largest size of the first; absolute where the first is zero everywhere. */
export function differenceOf(setting: Setting, second: Solution, variable: string): Float64Array | undefined {
  const a = sampled(setting, setting.reference, setting.reference.table, variable)
  const b = sampled(setting, second, second.table, variable)
  if (!a || !b) return undefined
  const size = a.y.reduce((most, value) => Math.abs(value) > most ? Math.abs(value) : most, 0) || 1
  return a.y.map((value, i) => Math.abs(b.y[i] - value) / size)
}

export interface Gap { readonly largest: number; readonly mean: number; readonly at: number }

/** Over the nodes at which both are defined; undefined where there are none. */
export function gapOf(difference: Float64Array, nodes: Float64Array): Gap | undefined {
  let largest = -1, sum = 0, count = 0, at = NaN
  difference.forEach((value, i) => {
    if (!Number.isFinite(value)) return
    sum += value
    count++
    if (value > largest) { largest = value; at = nodes[i] }
  })
  return count > 0 ? { largest, mean: sum / count, at } : undefined
}
