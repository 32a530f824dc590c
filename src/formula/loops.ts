import type { Op } from "./ops.ts"
import { powers } from "../math/power.ts"

/** `n` values from address `o` of the memory `m` on, computed from those at the addresses `a`, `b` and `c`. */
export type Loop = (m: Float64Array, o: number, a: number, b: number, c: number, n: number) => void

/**
 * One loop for each operation. They are written out: a loop that calls the operation as an argument is not inlined and
 * boxes every number.
 */
export const LOOPS: Readonly<Record<Op, Loop>> = {
  "+": (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] + m[b + i] },
  "-": (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] - m[b + i] },
  "*": (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] * m[b + i] },
  "/": (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] / m[b + i] },
  "^": (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) powers(m, o + i, a + i, b + i, 1) },
  neg: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = -m[a + i] },
  log: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.log(m[a + i]) },
  exp: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.exp(m[a + i]) },
  sqrt: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.sqrt(m[a + i]) },
  abs: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.abs(m[a + i]) },
  sign: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.sign(m[a + i]) },
  tanh: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.tanh(m[a + i]) },
  sin: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.sin(m[a + i]) },
  cos: (m, o, a, _b, _c, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.cos(m[a + i]) },
  min: (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.min(m[a + i], m[b + i]) },
  max: (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = Math.max(m[a + i], m[b + i]) },
  less: (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] < m[b + i] ? 1 : 0 },
  lessEqual: (m, o, a, b, _, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] <= m[b + i] ? 1 : 0 },
  select: (m, o, a, b, c, n) => { for (let i = 0; i < n; i++) m[o + i] = m[a + i] !== 0 ? m[b + i] : m[c + i] },
}

/** Loops whose first argument is one number, at the address `a`. */
export const SCALAR_FIRST: Readonly<Partial<Record<Op, Loop>>> = {
  "+": (m, o, a, b, _, n) => { for (let i = 0, s = m[a]; i < n; i++) m[o + i] = s + m[b + i] },
  "-": (m, o, a, b, _, n) => { for (let i = 0, s = m[a]; i < n; i++) m[o + i] = s - m[b + i] },
  "*": (m, o, a, b, _, n) => { for (let i = 0, s = m[a]; i < n; i++) m[o + i] = s * m[b + i] },
  "/": (m, o, a, b, _, n) => { for (let i = 0, s = m[a]; i < n; i++) m[o + i] = s / m[b + i] },
}

/** Loops whose second argument is one number, at the address `b`. */
export const SCALAR_SECOND: Readonly<Partial<Record<Op, Loop>>> = {
  "+": (m, o, a, b, _, n) => { for (let i = 0, s = m[b]; i < n; i++) m[o + i] = m[a + i] + s },
  "-": (m, o, a, b, _, n) => { for (let i = 0, s = m[b]; i < n; i++) m[o + i] = m[a + i] - s },
  "*": (m, o, a, b, _, n) => { for (let i = 0, s = m[b]; i < n; i++) m[o + i] = m[a + i] * s },
  "/": (m, o, a, b, _, n) => { for (let i = 0, s = m[b]; i < n; i++) m[o + i] = m[a + i] / s },
  "^": (m, o, a, b, _, n) => powers(m, o, a, b, n),
}
