import { sparseLu, type SparseLu } from "../../math/sparse.ts"
import { stridesOf } from "../grid/behind.ts"
import type { Lattice } from "../grid/lattice.ts"
import type { Stencil } from "../grid/stencil.ts"
import { sideAt, type Group } from "./jacobian.ts"

/** The sparse system of Newton's step as far as it depends on the sides that bind, and not on numbers; with the place of its numbers. */
export interface System {
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
export interface Term {
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
export function localIn(groups: readonly Group[]): (grid: Lattice, bits: number) => boolean {
  const { residuals, partials } = groups[1].rows
  const bitOf = residuals.map((r, row) => (r.second < 0 ? -1 : residuals.slice(0, row).filter(p => p.second >= 0).length))
  return ({ problem }, bits) => !partials.some(p => problem.jets[p.jet].kind !== "value" && (bitOf[p.row] < 0 || ((bits >> bitOf[p.row]) & 1 ? 0 : 1) === p.side))
}

export function sparseSystem(grid: Lattice, groups: readonly Group[], sides: Uint8Array, local: (grid: Lattice, bits: number) => boolean): System {
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
    const row = sorted(found, count)
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

/** The first numbers of an array, increasing: by insertion, as stencils list their columns nearly in order. */
function sorted(array: Int32Array, count: number): Int32Array {
  for (let k = 1; k < count; k++) {
    const x = array[k]
    let at = k
    for (; at > 0 && array[at - 1] > x; at--) array[at] = array[at - 1]
    array[at] = x
  }
  return array.subarray(0, count)
}
