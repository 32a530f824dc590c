import { Window } from "happy-dom"
import { expect, test } from "vitest"
import { catalogue } from "../../src/economies/index.ts"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"
import { figures } from "../../src/report/figures.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { page } from "../../src/report/page.ts"
import { methodsFor, solve } from "../../src/request.ts"
import { table } from "../../src/run/table.ts"
import type { AnyEconomy } from "../../src/model/economy.ts"

const document = new Window().document as unknown as DrawingDocument

function inputOf(economy: AnyEconomy, methods: readonly string[], calibration?: string): ReportInput {
  const [first, ...others] = methods.map(method => solve(economy, { method, calibration }))
  return { economy, solutions: [first, ...others], rows: { value: table({ residual: Float64Array.of(1, 0.1, 0.01) }) }, methods: methodsFor(economy), made: { version: "0", seconds: {}, machine: "" } }
}

test("a tree: prices, value, returns, policy, bounds and convergence, each drawn once", () => {
  const input = inputOf(catalogue["lucas-tree"], ["exact", "value"], "income-1")
  const drawn = figures(input, document)
  expect(drawn.map(({ name }) => name)).toEqual(["p", "q", "V", "R", "R_f", "premium", "policy-value", "convergence-value", "residuals", "bounds"])
  const policy = drawn.find(({ name }) => name === "policy-value")!
  expect(Object.keys(policy.table.columns)).toEqual(["holding", "y", "next", "value"])
  expect(policy.caption).toContain("who holds one share trades nothing")
  // The state varies by e^8: its axis is logarithmic, from end to end of the domain.
  expect(drawn[0].svg).toMatch(/10<tspan[^>]*>−3/)
  const html = page(input, drawn)
  for (const part of ["price of a share of the tree", "Euler equation (2.6)", "<math", "bound on the error of the price", "law of the state", "Benveniste-Scheinkman", "market clearing"]) expect(html).toContain(part)
  expect(html).not.toMatch(/NaN|undefined/)
})

test("a chain of two states is drawn as two points, with nothing between", () => {
  const drawn = figures(inputOf(catalogue["mehra-prescott-1985"], ["exact", "euler"]), document)
  const price = drawn.find(({ name }) => name === "p")!
  expect(Array.from(price.table.columns.lambda)).toEqual([0.982, 1.054])
  expect(price.svg.match(/<circle/g)!.length).toBeGreaterThanOrEqual(4)
})
