/**
 * Functions that are zero just where 0 <= f _|_ g >= 0: both at least zero, and one of them zero. Both have a generalised derivative
 * everywhere, so that a semismooth Newton method converges superlinearly (Qi and Sun, 1993).
 */
export const COMPLEMENTARITY = ["min", "fischer-burmeister"] as const
export type Complementarity = (typeof COMPLEMENTARITY)[number]

export const isComplementarity = (name: string): name is Complementarity => (COMPLEMENTARITY as readonly string[]).includes(name)

/** What a report calls it. */
export const FORMULAS: Readonly<Record<Complementarity, string>> = {
  "min": "min(f, g) = 0",
  "fischer-burmeister": "f + g - sqrt(f^2 + g^2) = 0 (Fischer-Burmeister)",
}

/**
 * min(f, g), or f + g - sqrt(f^2 + g^2) (Fischer, 1992), which is smooth but where both are zero and is close to the smaller
 * where the other is far above it.
 */
export function complement(by: Complementarity, f: number, g: number): number {
  if (by === "min") return Math.min(f, g)
  const root = Math.hypot(f, g)
  // f + g - root loses all digits where f is tiny beside g.
  return f + g > 0 ? (2 * f * g) / (f + g + root) : f + g - root
}

/** Its derivative with respect to f (side 0) or g (side 1); at a tie of min that of f, at both zero that along f = g. */
export function complementSlope(by: Complementarity, f: number, g: number, side: 0 | 1): number {
  if (by === "min") return (f <= g) === (side === 0) ? 1 : 0
  const root = Math.hypot(f, g)
  return 1 - (root > 0 ? (side === 0 ? f : g) / root : Math.SQRT1_2)
}
