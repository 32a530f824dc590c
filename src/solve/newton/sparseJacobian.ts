import { solveMany } from "../../math/dense.ts"
import { sparseLu, type SparseLu } from "../../math/sparse.ts"
import { stridesOf } from "../grid/behind.ts"
import { residualAt, sideAt, type Group, type Jacobian } from "./jacobian.ts"
import { regimeOf, type Lattice } from "../grid/lattice.ts"
import type { Stencil } from "../grid/stencil.ts"

/**
 * Newton's matrix in several states. Where the equations of the static block at a node hold no derivative, they determine
 * prices and shares there from the value functions there (implicit function theorem): dx = e + E dv. These are put into all
 * other equations, so that the sparse system holds the value functions, and prices only where the block is a differential
 * equation. The pattern is analysed once for each set of sides that bind.
 */
export function sparseJacobian(grid: Lattice, groups: readonly Group[]): Jacobian {
  const { problem, size: n, values: nv } = grid, m = problem.unknowns.length, mb = m - nv
  const local = localIn(groups)
  const effects = new Float64Array(n * mb * (nv + 1))
  const matrix = new Float64Array(mb * mb), work = new Float64Array(mb * (nv + 1))
  let system: System | undefined

  const isSame = (sides: Uint8Array): boolean => system !== undefined && system.version === grid.version && system.sides.every((s, i) => s === sides[i])
  /** e and E at every node where the block is local; false where it does not determine its unknowns. */
  const determine = ({ isLocal }: System): boolean => {
    const [, { rows, out }] = groups
    for (let i = 0; i < n; i++) {
      if (isLocal[i] === 0) continue
      matrix.fill(0)
      work.fill(0)
      for (const p of rows.partials) {
        if (p.side !== sideAt(rows, out, p.row, i)) continue
        const u = problem.jets[p.jet].unknown
        if (u >= nv) matrix[p.row * mb + u - nv] += out[p.output][i]
        else work[p.row * (nv + 1) + 1 + u] -= out[p.output][i]
      }
      for (let row = 0; row < mb; row++) work[row * (nv + 1)] = -residualAt(rows, out, row, i)
      if (!solveMany(matrix, work, mb, nv + 1)) return false
      effects.set(work, i * mb * (nv + 1))
    }
    return true
  }

  return {
    solve: (dt, right) => {
      const sides = mb > 0 ? regimeOf(groups[1].rows, groups[1].out, n) : new Uint8Array(n)
      if (!isSame(sides)) system = build(grid, groups, sides, local)
      const { lu, entries, change, id, isLocal, terms } = system!
      if (!determine(system!)) return false
      entries.fill(0)
      for (const { rows, base, out } of groups) for (let row = 0; row < rows.labels.length; row++) for (let i = 0; i < n; i++) {
        const at = id[i * m + base + row]
        if (at >= 0) change[at] = -residualAt(rows, out, row, i)
      }
      for (const { group, output, row, unknown, time, by, slots, active } of terms) {
        const d = groups[group].out[output]
        for (let i = 0; i < n; i++) {
          if (active[i] === 0 || d[i] === 0) continue
          const factor = time ? -d[i] / dt : d[i]
          const reach = by ? by.reach : 1
          for (let k = i * reach, end = k + reach; k < end; k++) {
            const weight = by ? factor * by.weights[k] : factor, node = by ? by.columns[k] : i
            if (weight === 0) continue
            if (unknown < nv || isLocal[node] === 0) entries[slots[k]] += weight
            else {
              const at = (node * mb + unknown - nv) * (nv + 1)
              for (let v = 0; v < nv; v++) entries[slots[k] + v] += weight * effects[at + 1 + v]
              change[id[i * m + row]] -= weight * effects[at]
            }
          }
        }
      }
      if (!lu.factor(entries)) return false
      lu.solve(change)
      for (let i = 0; i < n; i++) for (let u = 0; u < m; u++) {
        if (id[i * m + u] >= 0) right[i * m + u] = change[id[i * m + u]]
        else {
          const at = (i * mb + u - nv) * (nv + 1)
          let sum = effects[at]
          for (let v = 0; v < nv; v++) sum += effects[at + 1 + v] * right[i * m + v]
          right[i * m + u] = sum
        }
      }
      return true
    },
  }
}

interface System {
  readonly version: number
  /** The sides that bind, by node. */
  readonly sides: Uint8Array
  readonly isLocal: Uint8Array
  /** The number of an unknown (and of the row that bears its number) in the sparse system; -1 where it is determined locally. */
  readonly id: Int32Array
  readonly lu: SparseLu
  readonly entries: Float64Array
  readonly change: Float64Array
  readonly terms: readonly Term[]
}

/** A derivative of one side of a row by one jet, with where it goes: `slots[k]` for place k of the stencil; where that node is local, the first of as many as there are value functions. */
interface Term {
  readonly group: number
  readonly output: number
  readonly row: number
  readonly unknown: number
  readonly time: boolean
  readonly by: Stencil | undefined
  readonly active: Uint8Array
  readonly slots: Int32Array
}

/** Whether the block holds no derivative where these sides bind. */
function localIn(groups: readonly Group[]): (grid: Lattice, bits: number) => boolean {
  const { residuals, partials } = groups[1].rows
  const bitOf = residuals.map((r, row) => (r.second < 0 ? -1 : residuals.slice(0, row).filter(p => p.second >= 0).length))
  return ({ problem }, bits) => !partials.some(p => problem.jets[p.jet].kind !== "value" && (bitOf[p.row] < 0 || ((bits >> bitOf[p.row]) & 1 ? 0 : 1) === p.side))
}

function build(grid: Lattice, groups: readonly Group[], sides: Uint8Array, local: (grid: Lattice, bits: number) => boolean): System {
  const { problem, size: n, values: nv, axes } = grid, m = problem.unknowns.length
  const known = new Map<number, number>()
  const isLocal = sides.map(bits => { const held = known.get(bits) ?? Number(local(grid, bits)); known.set(bits, held); return held })
  const id = new Int32Array(n * m).fill(-1)
  let size = 0
  for (let i = 0; i < n; i++) for (let u = 0; u < m; u++) if (u < nv || isLocal[i] === 0) id[i * m + u] = size++

  const terms = groups.flatMap(({ rows, reader, base, out }, group) => rows.partials.map((p): Term => {
    const jet = problem.jets[p.jet], by = grid.stencil(jet, reader), row = base + p.row, active = new Uint8Array(n)
    for (let i = 0; i < n; i++) active[i] = Number(id[i * m + row] >= 0 && p.side === sideAt(rows, out, p.row, i))
    return { group, output: p.output, row, unknown: jet.unknown, time: jet.kind === "time", by, active, slots: new Int32Array(n * (by ? by.reach : 1)) }
  }))
  const byRow = Array.from({ length: m }, (_, row) => terms.filter(t => t.row === row))
  const starts = new Int32Array(size + 1), seen = new Int32Array(size).fill(-1), slot = new Int32Array(size), found = new Int32Array(size)
  let columns = new Int32Array(64 * size), end = 0
  for (let i = 0; i < n; i++) for (let r = 0; r < m; r++) {
    const at = id[i * m + r]
    if (at < 0) continue
    seen[at] = at
    found[0] = at
    let count = 1
    for (const { active, by, unknown } of byRow[r]) {
      if (active[i] === 0) continue
      const reach = by ? by.reach : 1
      for (let k = i * reach; k < (i + 1) * reach; k++) {
        const node = by ? by.columns[k] : i, own = id[node * m + unknown]
        // A price that is determined locally stands for the value functions there.
        for (let c = own >= 0 ? own : id[node * m], last = own >= 0 ? own : c + nv - 1; c <= last; c++) if (seen[c] !== at) { seen[c] = at; found[count++] = c }
      }
    }
    const row = found.subarray(0, count).sort()
    if (end + count > columns.length) { const longer = new Int32Array(2 * columns.length); longer.set(columns); columns = longer }
    columns.set(row, end)
    for (let k = 0; k < count; k++) slot[row[k]] = end + k
    end += count
    starts[at + 1] = end
    for (const { active, by, unknown, slots } of byRow[r]) {
      if (active[i] === 0) continue
      const reach = by ? by.reach : 1
      for (let k = i * reach; k < (i + 1) * reach; k++) {
        const node = by ? by.columns[k] : i, own = id[node * m + unknown]
        slots[k] = slot[own >= 0 ? own : id[node * m]]
      }
    }
  }
  const strides = stridesOf(axes), places = axes.map(() => new Int32Array(size))
  id.forEach((at, k) => { if (at >= 0) axes.forEach((axis, s) => { places[s][at] = Math.floor(Math.floor(k / m) / strides[s]) % axis.length }) })
  const lu = sparseLu({ size, starts, columns: columns.slice(0, end) }, places)
  return { version: grid.version, sides, isLocal, id, lu, entries: new Float64Array(end), change: new Float64Array(size), terms }
}
