import { expect, test } from "vitest"
import { Mistake } from "../../src/run/mistake.ts"
import { simulationPlan, type SimulationOptions } from "../../src/simulate/plan.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { benchmark } from "../solve/models.ts"

const compiled = problem(benchmark)

test("defaults: a month, each shock by -1, prices and shares", () => {
  const { settings, shocks, of, from, seed } = simulationPlan(compiled)
  expect(settings).toMatchObject({ years: 1000, paths: 2000, dt: 1 / 12, ends: "reflecting" })
  expect({ shocks, of, from, seed }).toEqual({ shocks: [{ index: 0, size: -1 }], of: ["q", "psi"], from: {}, seed: 0 })
})

const mistakes: [SimulationOptions, string][] = [
  [{ settings: { paths: 0 } }, "simulate: `paths` is `0`; expected a whole number at least 1"],
  [{ settings: { paths: 2.5 } }, "simulate: `paths` is `2.5`; expected a whole number"],
  [{ settings: { years: -1 } }, "simulate: `years` is `-1`; expected a number above 0"],
  [{ settings: { years: "many" } }, "simulate: `years` is `many`; expected a number"],
  [{ settings: { dt: -0.1 } }, "simulate: `dt` is `-0.1`; expected a number above 0"],
  [{ settings: { dt: 1, years: 0.5 } }, "simulate: `years` is `0.5`; expected at least one step, 1 years (`dt`)"],
  [{ settings: { horizon: 0.01 } }, "simulate: `horizon` is `0.01`; expected at least one step"],
  [{ settings: { burn: "-3" } }, "simulate: `burn` is `-3`; expected `auto` or a number from 0 on"],
  [{ settings: { ends: "sticky" } }, "simulate: `ends` is `sticky`; expected one of reflecting, absorbing"],
  [{ settings: { pahts: 3 } }, "simulate: unknown setting `pahts`; did you mean `paths`?"],
  [{ from: { z: 1.5 } }, "--from: z = `1.5` is outside the domain; expected a number from 0.001 to 0.999"],
  [{ from: { zz: 0.5 } }, "--from: `brunnermeier-sannikov-2016` has no state `zz`; did you mean `z`?"],
  [{ of: ["q", "psy"] }, "--of: `brunnermeier-sannikov-2016` has no unknown or definition `psy`; did you mean `psi`?"],
  [{ shocks: { K: 1 } }, "--shock: `brunnermeier-sannikov-2016` has no shock `K`"],
  [{ shocks: { Z: 0 } }, "--shock: Z = `0`; expected a number from -10 to 10 other than 0"],
]
test.each(mistakes)("%j is a mistake of the caller", (options, message) => {
  expect(() => simulationPlan(compiled, options)).toThrow(Mistake)
  expect(() => simulationPlan(compiled, options)).toThrow(message)
})
