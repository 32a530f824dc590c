import { solveMany } from "../../math/dense.ts"
import { residualAt, sideAt, type Group, type Jacobian } from "./jacobian.ts"
import { regimeOf, type Lattice } from "../grid/lattice.ts"
import { localIn, sparseSystem, type System, type Term } from "./sparseSystem.ts"

/**
 * Newton's matrix in several states. Where the equations of the static block at a node hold no derivative, they determine
 * prices and shares there from the value functions there (implicit function theorem): dx = e + E dv. These are put into all
 * other equations, so that the sparse system holds the value functions, and prices only where the block is a differential
 * equation. The pattern is analysed once for each set of sides that bind.
 */
export function sparseJacobian(grid: Lattice, groups: readonly Group[]): Jacobian {
  const { problem, size: n, values } = grid, unknowns = problem.unknowns.length
  const local = localIn(groups)
  const effects: Effects = { values, blocks: unknowns - values, numbers: new Float64Array(n * (unknowns - values) * (values + 1)) }
  let system: System | undefined, factored = false

  const isSame = (sides: Uint8Array): boolean => system !== undefined && system.version === grid.version && system.sides.every((s, i) => s === sides[i])
  return {
    keeps: true,
    solve: (dt, right, again = false) => {
      const sides = effects.blocks > 0 ? regimeOf(groups[1].rows, groups[1].out, n) : new Uint8Array(n)
      if (!isSame(sides)) { system = sparseSystem(grid, groups, sides, local); factored = false }
      const { lu, entries, change, terms } = system!
      if (!determine(grid, groups[1], system!, effects)) return false
      rightSide(groups, system!, n, unknowns)
      const reuse = again && factored
      entries.fill(0)
      // The right side takes e only, from the terms in prices.
      for (const term of terms) if (!reuse || term.unknown >= values) addTerm(term, groups[term.group].out[term.output], dt, system!, effects, n)
      if (!reuse) factored = lu.factor(entries)
      if (!factored) return false
      lu.solve(change)
      spread(system!, effects, right, n)
      return true
    },
  }
}

/** By node and price: e, then E by the value functions there. */
interface Effects { readonly values: number; readonly blocks: number; readonly numbers: Float64Array }

/** Finds e and E at every node where the block is local; false where it does not determine its unknowns. */
function determine({ problem, size: n }: Lattice, { rows, out }: Group, { isLocal }: System, { values, blocks, numbers }: Effects): boolean {
  const width = values + 1, matrix = new Float64Array(blocks * blocks), work = new Float64Array(blocks * width)
  const partials = rows.partials.map(p => ({ ...p, unknown: problem.jets[p.jet].unknown }))
  for (let i = 0; i < n; i++) {
    if (isLocal[i] === 0) continue
    matrix.fill(0)
    work.fill(0)
    for (const p of partials) {
      if (p.side !== sideAt(rows, out, p.row, i)) continue
      if (p.unknown >= values) matrix[p.row * blocks + p.unknown - values] += out[p.output][i]
      else work[p.row * width + 1 + p.unknown] -= out[p.output][i]
    }
    for (let row = 0; row < blocks; row++) work[row * width] = -residualAt(rows, out, row, i)
    if (!solveMany(matrix, work, blocks, width)) return false
    numbers.set(work, i * blocks * width)
  }
  return true
}

function rightSide(groups: readonly Group[], { change, id }: System, n: number, unknowns: number): void {
  for (const { rows, base, out } of groups) for (let row = 0; row < rows.labels.length; row++) for (let i = 0; i < n; i++) {
    const at = id[i * unknowns + base + row]
    if (at >= 0) change[at] = -residualAt(rows, out, row, i)
  }
}

/** One derivative by a jet, `d` at the nodes, times the stencil of the jet. */
function addTerm({ row, unknown, time, by, slots, active }: Term, d: Float64Array, dt: number, { entries, change, id, isLocal }: System, { values, blocks, numbers }: Effects, n: number): void {
  const isValue = unknown < values, width = values + 1, unknowns = values + blocks
  if (!by) for (let i = 0; i < n; i++) {
    if (active[i] === 0 || d[i] === 0) continue
    const weight = time ? -d[i] / dt : d[i]
    if (isValue || isLocal[i] === 0) entries[slots[i]] += weight
    else {
      const at = (i * blocks + unknown - values) * width
      for (let v = 0; v < values; v++) entries[slots[i] + v] += weight * numbers[at + 1 + v]
      change[id[i * unknowns + row]] -= weight * numbers[at]
    }
  }
  else {
    const { reach, columns, weights } = by
    for (let i = 0; i < n; i++) {
      const factor = d[i]
      if (active[i] === 0 || factor === 0) continue
      for (let k = i * reach, end = k + reach; k < end; k++) {
        const weight = factor * weights[k], node = columns[k]
        if (weight === 0) continue
        if (isValue || isLocal[node] === 0) entries[slots[k]] += weight
        else {
          const at = (node * blocks + unknown - values) * width
          for (let v = 0; v < values; v++) entries[slots[k] + v] += weight * numbers[at + 1 + v]
          change[id[i * unknowns + row]] -= weight * numbers[at]
        }
      }
    }
  }
}

/** The change of every unknown from that of the system's. */
function spread({ change, id }: System, { values, blocks, numbers }: Effects, right: Float64Array, n: number): void {
  const unknowns = values + blocks
  for (let i = 0; i < n; i++) for (let u = 0; u < unknowns; u++) {
    const own = id[i * unknowns + u]
    if (own >= 0) right[i * unknowns + u] = change[own]
    else {
      const at = (i * blocks + u - values) * (values + 1)
      let sum = numbers[at]
      for (let v = 0; v < values; v++) sum += numbers[at + 1 + v] * right[i * unknowns + v]
      right[i * unknowns + u] = sum
    }
  }
}
