import { table, type Table } from "../run/table.ts"
import { fieldReader, type Field } from "./field.ts"
import { pathLength, type Forecast } from "./forecast.ts"

/** The quantiles of a fan chart, in percent. */
export const QUANTILES = [5, 25, 50, 75, 95] as const

/**
 * What many paths do, date by date: columns `year` and, for each state and each channel of a field, `x:mean` and the quantiles
 * `x:5` to `x:95`; `crisis:mean` is the part of the paths in crisis. NaN where a variable is not defined on a path.
 */
export function fanOf(forecast: Forecast, paths: Float64Array, states: readonly string[], variables: readonly string[], field: Field, isCrisis: (point: Float64Array) => boolean): Table {
  const { dates, every, walk: { dt } } = forecast, stride = pathLength(forecast), n = states.length
  const count = paths.length / stride
  const names = [...states, ...variables]
  const columns: Record<string, Float64Array> = { year: Float64Array.from({ length: dates + 1 }, (_, d) => d * every * dt) }
  for (const name of names) for (const part of ["mean", ...QUANTILES]) columns[`${name}:${part}`] = new Float64Array(dates + 1)
  columns["crisis:mean"] = new Float64Array(dates + 1)
  const reader = fieldReader(field), point = new Float64Array(n), out = new Float64Array(field.channels)
  const values = names.map(() => new Float64Array(count))
  for (let date = 0; date <= dates; date++) {
    let crises = 0
    for (let p = 0; p < count; p++) {
      for (let s = 0; s < n; s++) values[s][p] = point[s] = paths[p * stride + date * n + s]
      if (isCrisis(point)) crises++
      reader.at(point, out)
      for (let c = 0; c < variables.length; c++) values[n + c][p] = out[c]
    }
    columns["crisis:mean"][date] = crises / count
    names.forEach((name, i) => {
      columns[`${name}:mean`][date] = values[i].reduce((sum, x) => sum + x, 0) / count
      const sorted = values[i].sort()
      for (const q of QUANTILES) columns[`${name}:${q}`][date] = quantile(sorted, q / 100)
    })
  }
  return table(columns)
}

/** Of sorted values, linear between them. */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1), i = Math.min(sorted.length - 2, Math.floor(at))
  return sorted.length === 1 ? sorted[0] : sorted[i] + (at - i) * (sorted[i + 1] - sorted[i])
}
