import { describe, expect, it } from "vitest"
import { edgesAt, fieldOf, layoutOf } from "../../../src/report/plane/layout.ts"
import { meshesOf } from "../../../src/report/plane/mesh.ts"
import { MADE, planeSolution, starOf } from "./example.ts"

const solution = planeSolution("fd"), layout = layoutOf(solution)
const field = (name: string) => fieldOf(layout, solution.table.columns[name])

describe("fieldOf", () => {
  it("is the table at its nodes", () => {
    const { z, a, q } = solution.table.columns
    const found = field("q")
    z.forEach((x, k) => expect(found.at(x, a[k])).toBeCloseTo(q[k], 12))
  })

  it("keeps the two sides of a kink and of a jump apart, near the curve too", () => {
    for (const name of ["q", "sigma_R", "psi"]) for (const a of [0.1, 0.1134, 0.15, 0.1871, 0.2]) for (const dz of [-0.2, -0.01, -1e-3, 1e-3, 0.01, 0.3]) {
      const z = starOf(a) + dz
      expect(field(name).at(z, a), `${name} at ${z}, ${a}`).toBeCloseTo(MADE[name](z, a), 4)
    }
  })

  it("has both sides at the curve", () => {
    const jump = field("sigma_R"), a = 0.1234
    expect(jump.within(0, 1, a)).toBeCloseTo(0.1 + 0.2 * starOf(a) + a, 4)
    expect(jump.within(1, 0, a)).toBe(0.06)
  })

  it("does not know what the table does not", () => expect(fieldOf(layout, solution.table.columns["check:left"]).at(0.9, 0.15)).toBeNaN())
})

describe("layoutOf", () => {
  it("finds the curve between the rows", () => expect(edgesAt(layout, 0.1234)[1]).toBeCloseTo(starOf(0.1234), 9))

  it("lets a curve leave the domain by the nearer end", () => {
    const short = layoutOf({ ...solution, switches: solution.switches.filter(({ where }) => (where?.a ?? 0) < 0.155).map(s => ({ ...s, at: 0.9 })) })
    expect(short.curves[0].rows.filter(Number.isFinite)).toHaveLength(6)
    expect(short.edges.at(-1)).toEqual([0, 1, 1])
  })

  it("is one region without switches", () => expect(layoutOf({ ...solution, switches: [] }).edges[3]).toEqual([0, 1]))
})

it("meshes of the regions meet at the curve and cover the plane", () => {
  const [left, right] = meshesOf(layout, field("q")), m = left.y.length
  for (let j = 0; j < m; j++) {
    expect(left.x[j]).toBe(0)
    expect(left.x[(left.s.length - 1) * m + j]).toBeCloseTo(right.x[j], 12)
    expect(right.x[(right.s.length - 1) * m + j]).toBeCloseTo(1, 12)
  }
})
