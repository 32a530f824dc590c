/** A number for people: at most `digits` significant ones, no trailing zeros, powers of ten only far from 1. */
export function numberText(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "not a number" : x > 0 ? "infinity" : "-infinity"
  if (x === 0) return "0"
  const size = Math.abs(x)
  if (size >= 1e-3 && size < 1e6) return String(Number(x.toPrecision(digits)))
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e")
  return `${Number(mantissa)}e${Number(exponent)}`
}
