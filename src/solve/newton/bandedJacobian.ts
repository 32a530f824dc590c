import { banded, solveBanded } from "../../math/banded.ts"
import { residualAt, type Group, type Jacobian } from "./jacobian.ts"
import type { Lattice } from "../grid/lattice.ts"

/** Newton's matrix in one state: a band, as derivatives of prices look back two nodes and all others reach one. */
export function bandedJacobian(grid: Lattice, groups: readonly Group[]): Jacobian {
  const { problem, size: n } = grid, m = problem.unknowns.length
  const matrix = banded(n * m, 3 * m - 1, 2 * m - 1), { data, lower, upper } = matrix, width = 2 * lower + upper + 1
  return {
    keeps: false,
    solve: (dt, right) => {
      data.fill(0)
      for (const { rows, reader, base, out } of groups) {
        for (const p of rows.partials) {
          const jet = problem.jets[p.jet], by = grid.stencil(jet, reader), d = out[p.output], u = jet.unknown
          const { first, second } = rows.residuals[p.row], f = out[first], g = second >= 0 ? out[second] : f
          for (let i = 0; i < n; i++) {
            if (d[i] === 0 || (g[i] < f[i] ? 1 : 0) !== p.side) continue
            const row = i * m + base + p.row, at = row * width + lower - row + u
            if (!by) data[at + i * m] += jet.kind === "time" ? -d[i] / dt : d[i]
            else for (let k = i * by.reach, end = k + by.reach; k < end; k++) if (by.weights[k] !== 0) data[at + by.columns[k] * m] += d[i] * by.weights[k]
          }
        }
        for (let row = 0; row < rows.labels.length; row++) for (let i = 0; i < n; i++) right[i * m + base + row] = -residualAt(rows, out, row, i)
      }
      return solveBanded(matrix, right) < 0
    },
  }
}
