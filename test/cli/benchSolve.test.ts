import { expect, test } from "vitest"
import { timings } from "../../src/cli/benchSolve.ts"

test("levels are passed in order, and a method that refuses an economy has no row", () => {
  let clock = 0
  const now = () => clock++
  for (const method of ["fd", "network"]) {
    const rows = timings("merton-1971", method, now)
    expect(rows.map(row => row.residual <= 1e-4)).toEqual([true, true, true])
    expect(rows[2].residual).toBeLessThanOrEqual(1e-8)
    for (let k = 1; k < 3; k++) expect(rows[k].seconds).toBeGreaterThanOrEqual(rows[k - 1].seconds)
  }
  expect(timings("basak-cuoco-1998", "aliens", now)).toEqual([])
})
