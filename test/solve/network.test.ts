import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { catalogue, continuousTime } from "../../src/economies/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy } from "../../src/model/economy.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"
import { termsOf } from "../../src/math/chebyshev.ts"
import { philox } from "../../src/math/random.ts"
import { solve } from "../../src/request.ts"
import { COMPLEMENTARITY, type Complementarity } from "../../src/solve/network/complementarity.ts"
import { differences } from "../../src/solve/compare.ts"
import { METHODS } from "../../src/solve/index.ts"
import { secondsAsked } from "../../src/solve/network/points.ts"
import { netSystem } from "../../src/solve/network/system.ts"
import { pointsAt, valueNet } from "../../src/solve/valueNet.ts"

/** The system of an economy at random points of its inside and on its faces, with small random nets about its guesses. */
function system(name: string, seed: number, complementarity: Complementarity = "min") {
  const compiled = problem(continuousTime[name]), { states } = compiled, m = states.length
  const random = philox(seed, 0)
  const n = 7 + 2 * m
  const columns = states.map(({ from, to }) => Float64Array.from({ length: n }, () => from + (to - from) * (0.1 + 0.8 * random.next())))
  if (m === 1) columns[0].sort()
  const points = pointsAt(states, columns)
  const nets = compiled.unknowns.map((u, k) => valueNet(kernelJets("float64"), { states: m, hidden: [4], activation: "tanh", timed: false, kink: u.kind === "value" ? 2 : 1, second: secondsAsked(compiled, k) }, n))
  const size = m === 1 ? 1 : termsOf(m - 1, 3).length
  let offset = 0
  const unknowns = compiled.unknowns.map((u, k) => {
    const member = { net: nets[k], frame: (kink: readonly number[]) => ({ scale: 1, dt: 1, kinks: [[...kink]] }), log: u.positive, offset }
    offset += nets[k].weightCount
    return member
  })
  const weights = Float64Array.from([...nets.flatMap((net, k) => {
    const own = net.initial(random.next).map(w => 0.3 * w)
    own[own.length - 1] = compiled.unknowns[k].kind === "share" ? 0.6 : 0.1
    return [...own]
  }), ...Array.from({ length: size }, (_, k) => 0.05 / (1 + k))])
  const sizes = compiled.block.labels.map(() => [1, 0.5] as const)
  const values = compiled.unknowns.filter(u => u.kind === "value").length, starts = m === 1 ? 1 : 2
  const start = Float64Array.from({ length: starts * (compiled.unknowns.length - values) }, (_, k) => 0.2 + 0.1 * k)
  const balance = [...compiled.hjb.labels, ...compiled.block.labels, "start"].map((_, k) => 0.5 + k)
  const ends = values > 0 ? states.flatMap((_, s) => [s, s]) : []
  return { weights, total: offset + size, terms: balance.length, make: () => netSystem({ problem: compiled, unknowns, points, ends, start, rate: 0.3, sizes, switches: size, complementarity, balance: start.length > 0 ? balance : balance.slice(0, -1) }) }
}

const ECONOMIES = ["brunnermeier-sannikov-2016", "brunnermeier-sannikov-2016-ez", "he-krishnamurthy-2013", "merton-1971", "basak-cuoco-1998", "gopalakrishna-2021", "gopalakrishna-2021-aliens"]

describe("netSystem", () => {
  test.each(ECONOMIES.flatMap(name => COMPLEMENTARITY.map(by => [name, by] as const)))("%s, %s: its Jacobian is that of its residuals", (name, by) => {
    fc.assert(fc.property(fc.nat(1000), seed => {
      const { weights, total, make } = system(name, seed, by)
      const built = make()
      const base = new Float64Array(built.count), up = new Float64Array(built.count), down = new Float64Array(built.count)
      built.residuals(weights, base)
      const jacobian = new Float64Array(built.count * total)
      built.jacobian(weights, jacobian, 0, built.count)
      const step = 1e-6
      const last = total - Math.min(total, 12)
      for (let k = (total - 1) % 7; k < total; k += k < last ? 7 : 1) {
        const moved = weights.slice()
        moved[k] += step
        built.residuals(moved, up)
        moved[k] -= 2 * step
        built.residuals(moved, down)
        for (let r = 0; r < built.count; r++) {
          const slope = (up[r] - down[r]) / (2 * step)
          expect(Math.abs(jacobian[r * total + k] - slope)).toBeLessThan(2e-4 * (1 + Math.abs(slope)))
        }
      }
    }), { numRuns: 2, seed: 1 })
  })

  test.each(ECONOMIES)("%s: batches of rows are those of the whole Jacobian, and terms are its parts", name => {
    fc.assert(fc.property(fc.nat(1000), fc.integer({ min: 1, max: 13 }), (seed, height) => {
      const { weights, total, make, terms } = system(name, seed)
      const whole = make(), parts = make()
      const all = new Float64Array(whole.count * total), part = new Float64Array(height * total)
      whole.jacobian(weights, all, 0, whole.count)
      for (let from = 0; from < parts.count; from += height) {
        const to = Math.min(from + height, parts.count)
        parts.jacobian(weights, part, from, to)
        expect(part.subarray(0, (to - from) * total)).toEqual(all.subarray(from * total, to * total))
      }
      expect(whole.terms.length).toBeLessThanOrEqual(terms)
      whole.terms.forEach(({ from }, k) => expect(from).toBe(k === 0 ? 0 : whole.terms[k - 1].to))
      expect(whole.terms.at(-1)!.to).toBe(whole.count)
    }), { numRuns: 3, seed: 1 })
  })
})

describe("network", () => {
  test.each([
    ["merton-1971", "J", 0.005],
    ["basak-cuoco-1998", "q", 0.001],
    ["brunnermeier-sannikov-2014-log", "q", 0.002],
  ])("%s agrees with fd", (name, variable, tolerance) => {
    const found = solve(continuousTime[name], { method: "network", set: ["tolerance=1e-7"] })
    expect(found.converged).toBe(true)
    expect(differences(solve(continuousTime[name]), found, [variable])[0].largest).toBeLessThan(tolerance)
  })

  test("a grid whose slope is zero at an end is refused by the methods that differentiate nets in its coordinate", () => {
    const { declaration } = catalogue["merton-1971"]
    const flat = problem(economy("flat", { ...declaration, states: { w: { ...declaration.states.w, grid: "s^2" } } }))
    for (const name of ["aliens", "network"]) expect(METHODS[name].refuses(flat)).toMatch(/slope zero at an end; mix in an even part/)
    expect(METHODS.fd.refuses(flat)).toBeUndefined()
  })

  test("the same seed gives the same bits, another seed others", () => {
    const run = (seed: number) => solve(catalogue["merton-1971"], { method: "network", seed, set: ["maxSteps=30"] }).table.columns.J
    expect(run(3)).toEqual(run(3))
    expect(run(3)).not.toEqual(run(4))
  })
})
