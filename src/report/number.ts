import { superscript } from "./markup.ts"

const MINUS = "\u2212"

/** A number as markup: `0.2617`, `1.3×10^−5`; a dash where it is not defined. */
export function numberText(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "\u2013"
  if (!Number.isFinite(value)) return value > 0 ? "\u221E" : MINUS + "\u221E"
  const rounded = Number(value.toPrecision(digits)), size = Math.abs(rounded)
  if (size === 0 || (size >= 1e-3 && size < 1e6)) return signed(String(rounded))
  const [mantissa, exponent] = rounded.toExponential().split("e")
  const power = powerOfTen(Number(exponent))
  return mantissa === "1" ? power : mantissa === "-1" ? MINUS + power : `${signed(mantissa)}\u00D7${power}`
}

export const powerOfTen = (exponent: number) => exponent === 0 ? "1" : exponent === 1 ? "10" : "10" + superscript(signed(String(exponent)))

/** With so many decimals, and a true minus sign. */
export const decimals = (value: number, count: number) => signed((Math.abs(value) < 0.5 * 10 ** -count ? 0 : value).toFixed(count))

const signed = (text: string) => text.replace("-", MINUS)
