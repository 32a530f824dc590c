import { quantile } from "../../math/select.ts"

/** The median of what is finite, else NaN. */
export function medianOf(values: readonly number[]): number {
  return quantile(Float64Array.from(values.filter(Number.isFinite)), 0.5)
}
