import { solve } from "../src/request.ts"
import { largest, manufactured, manufacturedValue, neoclassicalGrowth, orders, twoTrees, twoTreesPrice } from "../test/solve/models.ts"
import { near, type Line } from "./line.ts"

/** Orders of convergence of fd, measured on closed forms at the two finest grids. */
export function* convergence(): Generator<Line> {
  const trees = [201, 401, 801, 1601].map(points => {
    const { x, v } = solve(twoTrees(0, 1, "3*s^2 - 2*s^3"), { set: [`points=${points}`, "tolerance=1e-8"] }).table.columns
    return largest(v.map((value, i) => (x[i] < 0.2 || x[i] > 0.8 ? 0 : value - twoTreesPrice(x[i]))))
  })
  yield near("order of fd, two Lucas trees, inside", orders(trees).at(-1)!, 2, 0.1)
  for (const [sigma, order] of [[0.3, 2], [0, 1]]) {
    const errors = [101, 201, 401, 801].map(points => {
      const { x, v } = solve(manufactured(sigma), { set: [`points=${points}`] }).table.columns
      return largest(v.map((value, i) => value - manufacturedValue(x[i])))
    })
    yield near(`order of fd, linear problem, sigma = ${sigma}`, orders(errors).at(-1)!, order, 0.1)
  }
  for (const name of ["v", "c"]) {
    const errors = [200, 400, 800, 1600].map(points => {
      const [fd, exact] = ["fd", "exact"].map(method => solve(neoclassicalGrowth, { method, set: [`points=${points}`] }).table.columns)
      return largest(fd[name].map((y, i) => (fd.k[i] < 1 || fd.k[i] > 15 ? 0 : y / exact[name][i] - 1)))
    })
    yield near(`order of fd, neoclassical growth, ${name === "v" ? "value" : "consumption"}`, orders(errors).at(-1)!, 1, 0.1)
  }
}
