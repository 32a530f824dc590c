import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chebyshev } from "../../src/math/chebyshev.ts"
import { interpolate } from "../../src/math/interpolate.ts"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy, type Economy } from "../../src/model/economy.ts"
import type { Problem } from "../../src/model/problem.ts"
import { behind } from "../../src/solve/grid/behind.ts"
import { kinkOf } from "../../src/solve/aliens/curves.ts"
import { inputsFor, outputsFor } from "../../src/solve/pointInputs.ts"
import { staticBlock, type StaticBlock, type ValueJets } from "../../src/solve/block/staticBlock.ts"
import { applyStencil } from "../../src/solve/grid/stencil.ts"
import { pointsAt } from "../../src/solve/valueNet.ts"
import { firstOrderMarchTwoStates } from "./firstOrderMarch.ts"
import { benchmark, cutAt, largest, misallocation, orders } from "./models.ts"

type Options = Parameters<typeof problem>[1]
/** A value function of (z, a): value, by z, by a, by zz, za, aa. */
type Jet = (z: number, a: number) => readonly number[]
const one: Jet = () => [1, 0, 0, 0, 0, 0]

interface Marched { readonly p: Problem; readonly axes: Float64Array[]; readonly jets: readonly ValueJets[]; readonly block: StaticBlock; readonly q: Float64Array[]; readonly psi: Float64Array[] }

/** The static block at given value functions, its prices and shares by rows of one productivity. */
function march(options: Options, n: number, rows: number, values: readonly [Jet, Jet] = [one, one], declared: Economy = misallocation): Marched {
  const p = problem(declared, options), axes = [p.states[0].nodes(n), p.states[1].nodes(rows)]
  const jets = values.map((jet): ValueJets => {
    const at = Array.from(axes[0]).flatMap(z => Array.from(axes[1], a => jet(z, a))), row = (k: number): Float64Array => Float64Array.from(at, j => j[k])
    return { value: row(0), first: [row(1), row(2)], second: [row(3), row(4), row(5)] }
  })
  const block = staticBlock(p, axes, jets)
  const byRow = (column: Float64Array): Float64Array[] => Array.from({ length: rows }, (_, j) => axes[0].map((_, i) => column[i * rows + j]))
  return { p, axes, jets, block, q: byRow(block.values[0]), psi: byRow(block.values[1]) }
}

/** All definitions at the nodes, prices differentiated as in the block. */
function definitions({ p, axes, jets, block }: Marched): (name: string) => Float64Array {
  const rows = axes[1].length, size = axes[0].length * rows, back = behind(axes, p.states[0].start!.at)
  for (let j = 0; j < rows; j++) for (let i = 0; i < axes[0].length; i++) back.set(i * rows + j, block.regime)
  const inputs = inputsFor(p, size)
  for (let node = 0; node < size; node++) {
    inputs.states[0][node] = axes[0][Math.floor(node / rows)]
    inputs.states[1][node] = axes[1][node % rows]
  }
  p.jets.forEach(({ unknown, kind, by }, k) => {
    const given = unknown < jets.length ? jets[unknown] : undefined
    if (kind === "value") inputs.jets[k].set(given ? given.value : block.values[unknown - jets.length])
    else if (given && kind !== "time") inputs.jets[k].set(kind === "second" ? given.second[by[0] + by[1]] : given.first[by[0]])
    // Where the march starts, q and psi are the same in every row.
    else if (!given && kind === "first") applyStencil(back.stencils[by[0]], block.values[unknown - jets.length], inputs.jets[k], block.start.slice((unknown - jets.length) * rows, (unknown - jets.length + 1) * rows))
  })
  const out = outputsFor(p.defined, size)
  p.defined.run(inputs.all, size, out)
  return name => out[p.definitions.indexOf(name)]
}

/** The static block in one state at the parameters of the other economy and one productivity. */
function oneState(parameters: Readonly<Record<string, number>>, a_e: number, z: Float64Array, values: readonly [Jet, Jet]): StaticBlock {
  const { rho, a_h, alpha, kappa, delta, sigma, gamma, z_bar, lambda_d } = parameters
  const p = problem(benchmark, { parameters: { rho_e: rho, rho_h: rho, a_e, a_h, alpha, kappa, delta, sigma, gamma, z_bar, lambda_d } })
  return staticBlock(p, [z], values.map(jet => ({ value: z.map(x => jet(x, a_e)[0]), first: [z.map(x => jet(x, a_e)[1])], second: [z.map(x => jet(x, a_e)[3])] })))
}

/** Where the share, continued from the last three nodes below, reaches one. */
function switchOf(z: Float64Array, psi: Float64Array): number {
  const i = psi.findIndex(share => share >= 1), [x0, x1, x2] = [i - 3, i - 2, i - 1].map(k => z[k]), [y0, y1, y2] = [i - 3, i - 2, i - 1].map(k => psi[k])
  const slope = (y2 - y1) / (x2 - x1), bend = (slope - (y1 - y0) / (x1 - x0)) / (x2 - x0)
  const at = (x: number): number => y2 + slope * (x - x2) + bend * (x - x2) * (x - x1)
  let [low, high] = [x2, z[i] + (z[i] - x2)]
  for (let k = 0; k < 60; k++) { const middle = (low + high) / 2; if (at(middle) < 1) low = middle; else high = middle }
  return low
}

/** With productivities evenly spaced, as in those codes. */
const evenly = ({ name, declaration }: Economy): Economy => economy(name, { ...declaration, states: { ...declaration.states, a: { ...declaration.states.a, grid: "s" } } })

const CALIBRATIONS = Object.keys(misallocation.declaration.calibrations!)
/** log J = c . (z, z^2, z y, y, y^2) with y = 10 a, small. */
const curved = (c: readonly number[]): Jet => (z, a) => {
  const y = 10 * a, j = Math.exp(c[0] * z + c[1] * z * z + c[2] * z * y + c[3] * y + c[4] * y * y)
  const [nz, na, nzz, nza, naa] = [c[0] + 2 * c[1] * z + c[2] * y, 10 * (c[2] * z + c[3] + 2 * c[4] * y), 2 * c[1], 10 * c[2], 200 * c[4]]
  return [j, j * nz, j * na, j * (nzz + nz * nz), j * (nza + nz * na), j * (naa + na * na)]
}
const curvature = fc.array(fc.double({ min: -0.15, max: 0.15, noNaN: true }), { minLength: 5, maxLength: 5 })

/** Every row is the block in one state: values, sides and start. */
function expectRow({ axes, block, q, psi }: Marched, j: number, known: StaticBlock): void {
  const rows = axes[1].length
  expect(known.failure).toBeUndefined()
  ;[q[j], psi[j]].forEach((column, k) => expect(largest(column.map((x, i) => x - known.values[k][i]))).toBeLessThan(1e-8))
  expect(known.regime.map((_, i) => block.regime[i * rows + j])).toEqual(known.regime)
  known.start.forEach((x, k) => expect(block.start[k * rows + j]).toBeCloseTo(x, 12))
}

describe("staticBlock in two states", () => {
  it.each(CALIBRATIONS)("where the risk of productivity vanishes, at its ends, it is the block in one state: %s", calibration => {
    const found = march({ calibration }, 120, 9)
    expect(found.block.failure).toBeUndefined()
    for (const j of [0, 8]) expectRow(found, j, oneState(found.p.parameters, found.axes[1][j], found.axes[0], [one, one]))
  })

  it("there too at value functions that are not constants, in both states", () => {
    fc.assert(fc.property(curvature, curvature, (e, h) => {
      const values = [curved(e), curved(h)] as const, found = march({ calibration: "course" }, 80, 7, values)
      expect(found.block.failure).toBeUndefined()
      for (const j of [0, 6]) expectRow(found, j, oneState(found.p.parameters, found.axes[1][j], found.axes[0], values))
    }), { numRuns: 10 })
  })

  it("without risk of productivity each row is the block in one state of its productivity", () => {
    for (const calibration of ["course", "slides"]) {
      const found = march({ calibration, parameters: { nu: 0, pi: 0 } }, 100, 6)
      for (let j = 0; j < 6; j++) expectRow(found, j, oneState(found.p.parameters, found.axes[1][j], found.axes[0], [one, one]))
    }
  })

  it("meets the reference at both ends: part of the risk sold, and all of it kept", () => {
    const found = march({ calibration: "paper" }, 400, 9), sigmaR = definitions(found)("sigma_R_k")
    // Each number with its part allowed: .003, or how far the reference, of first order on 1000 nodes, is from its own limit (staticBlock.test.ts).
    const ends: [number, number, Record<string, [number, number][]>][] = [
      [0, 0.1419, { q: [[1.0444, 0.003], [1.13579, 0.003]], psi: [[0.51375, 0.006], [0.79935, 0.003]], sigma_R_k: [[0.14033, 0.003]] }],
      [8, 0.1888, { q: [[1.18428, 0.003], [1.35368, 0.003]], psi: [[0.42261, 0.006], [0.65789, 0.004]], sigma_R_k: [[0.2222, 0.004]] }],
    ]
    for (const [j, switchAt, known] of ends) {
      const columns: Record<string, Float64Array> = { q: found.q[j], psi: found.psi[j], sigma_R_k: found.axes[0].map((_, i) => sigmaR[i * 9 + j]) }
      expect(Math.abs(switchOf(found.axes[0], found.psi[j]) - switchAt)).toBeLessThan(0.002)
      for (const [name, values] of Object.entries(known)) values.forEach(([value, part], k) => {
        const z = [0.05, 0.1][k]
        expect(Math.abs(interpolate(found.axes[0], columns[name], z) / value - 1), `${name}(${z}), row ${j}`).toBeLessThan(part)
      })
    }
    expect(Math.abs(Math.max(...found.axes[0].map((_, i) => sigmaR[i * 9 + 8])) / 0.2401 - 1)).toBeLessThan(0.003)
    const kept = march({ calibration: "slides" }, 400, 9)
    expect(Math.abs(switchOf(kept.axes[0], kept.psi[0]) - 0.2458)).toBeLessThan(0.002)
    expect(Math.abs(switchOf(kept.axes[0], kept.psi[8]) - 0.3097)).toBeLessThan(0.002)
  })

  it.each(["paper", "slides", "course"])("is of second order inside, in both states at once: %s", calibration => {
    const found = Array.from({ length: 3 }, (_, k) => march({ calibration }, 50 * 2 ** k + 1, 8 * 2 ** k + 1))
    // Nodes that all grids share, below the curve.
    for (const i of [6, 10, 12]) for (const j of [2, 4, 6]) for (const name of ["q", "psi"] as const) {
      const at = found.map((m, k) => m[name][j * 2 ** k][i * 2 ** k])
      expect(found[0].psi[j][i]).toBeLessThan(0.999)
      for (const order of orders(at.slice(1).map((x, k) => Math.abs(x - at[k])))) {
        expect(order, `${name}, node ${i}, row ${j}`).toBeGreaterThan(1.9)
        expect(order, `${name}, node ${i}, row ${j}`).toBeLessThan(3)
      }
    }
  })

  it("is the limit of the first-order scheme of the published codes at productivities inside", () => {
    // An edge at .001 is worth as much as the rest of the error: the first step, from 0, is not refined with the grid.
    const found = march({ calibration: "paper" }, 501, 33, [one, one], evenly(cutAt(misallocation, 1e-4))), sigmaR = definitions(found)("sigma_R_k")
    const [coarse, fine] = [17, 33].map(rows => firstOrderMarchTwoStates(found.p.parameters, 125 * (rows - 1), rows, 1 / (125 * (rows - 1))))
    for (const part of [0.25, 0.5, 0.75]) {
      const j = 32 * part, [a, b] = [coarse[16 * part], fine[j]]
      const columns = { q: found.q[j], psi: found.psi[j], sigmaR: found.axes[0].map((_, i) => sigmaR[i * 33 + j]) }
      expect(Math.abs(switchOf(found.axes[0], columns.psi) - b.switchAt)).toBeLessThan(5e-4)
      for (const z of [0.05, 0.1, 0.13]) for (const name of ["q", "psi", "sigmaR"] as const) {
        const limit = 2 * interpolate(b.z, b[name], z) - interpolate(a.z, a[name], z), scheme = interpolate(b.z, b[name], z)
        const off = Math.abs(interpolate(found.axes[0], columns[name], z) / limit - 1)
        expect(off, `${name}(${z}), row ${j}`).toBeLessThan(3e-4)
        // Which the scheme itself is not yet.
        if (name === "psi") expect(Math.abs(scheme / limit - 1)).toBeGreaterThan(off)
      }
    }
  })

  it("stays on the branch that the march can follow, whatever the steps in the two states", () => {
    for (const [calibration, ...grids] of [["paper", [51, 9], [51, 65]], ["slides", [51, 65]]] as const) {
      const known = march({ calibration }, 201, 9)
      for (const [n, rows] of grids) {
        const found = march({ calibration }, n, rows), where = `${calibration}, ${n} x ${rows} nodes`
        expect(found.block.failure).toBeUndefined()
        const rises = found.psi.flatMap(row => Array.from(row.subarray(1), (share, i) => share - row[i]))
        expect(Math.min(...rises), where).toBeGreaterThan(-1e-12)
        const off = known.psi.map((row, j) => Array.from({ length: 51 }, (_, i) => found.psi[j * ((rows - 1) / 8)][i * ((n - 1) / 50)] - row[4 * i]))
        expect(largest(off.flat()), where).toBeLessThan(0.025)
      }
    }
  })

  it("solves every equation at every node, also where experts sell risk freely", () => {
    fc.assert(fc.property(curvature, curvature, (e, h) => {
      const found = march({ calibration: "course" }, 100, 9, [curved(e), curved(h)]), of = definitions(found)
      const { p, block, axes } = found, { rho, a_h, alpha, kappa } = p.parameters
      expect(block.failure).toBeUndefined()
      const [q, psi] = block.values, a = q.map((_, node) => axes[1][node % 9])
      const [chi, premiumE, premiumH, amplification] = ["chi", "premium_e", "premium_h", "amplification"].map(of)
      expect(largest(q.map((q, k) => rho * q + (q - 1) / kappa - psi[k] * a[k] - (1 - psi[k]) * a_h))).toBeLessThan(1e-11)
      expect(largest(q.map((q, k) => Math.min(1 - psi[k], (a[k] - a_h) / q - alpha * (premiumE[k] - premiumH[k]))))).toBeLessThan(1e-9)
      expect(block.regime).toEqual(Uint8Array.from(psi, share => (share === 1 ? 1 : 0)))
      expect(Math.min(...amplification)).toBeGreaterThan(0)
      // Where the bound on what experts keep is slack both ask one premium.
      const free = Array.from(chi.keys()).filter(k => chi[k] > alpha * psi[k] + 1e-9)
      expect(free.length).toBeGreaterThan(100)
      expect(largest(free.map(k => premiumE[k] - premiumH[k]))).toBeLessThan(1e-10)
    }), { numRuns: 8 })
  })

  it("refuses what it cannot follow: with a negative correlation the characteristics run down from higher productivity", () => {
    for (const [n, rows] of [[51, 9], [101, 33]]) {
      const { block } = march({ calibration: "course", parameters: { varphi: -0.5 } }, n, rows)
      expect(block.failure?.label).toBe("capital market")
      expect(march({ calibration: "course", parameters: { varphi: 0 } }, n, rows).block.failure).toBeUndefined()
    }
  })

  it("experts who sell risk freely ask households' premium, whatever the slopes of the price and of the value functions", () => {
    const p = problem(misallocation), n = 2000, random = philox(5, 0), inputs = inputsFor(p, n)
    const between = (low: number, high: number): number => low + (high - low) * random.next()
    const known: Record<string, [number, number]> = { J_e: [0.5, 2], J_h: [0.5, 2], q: [0.8, 1.6], psi: [0, 0.4], q_z: [-0.5, 1], q_a: [-2, 4] }
    for (let k = 0; k < n; k++) {
      inputs.states[0][k] = between(0.2, 0.8)
      inputs.states[1][k] = between(0.1, 0.2)
      p.jets.forEach((jet, j) => { inputs.jets[j][k] = jet.kind === "time" ? 0 : between(...(known[jet.symbol] ?? [-0.3, 0.3])) })
    }
    const out = outputsFor(p.defined, n)
    p.defined.run(inputs.all, n, out)
    const [chi, premiumE, premiumH, hedge] = ["chi", "premium_e", "premium_h", "hedge"].map(name => out[p.definitions.indexOf(name)])
    const psi = inputs.jets[p.jets.findIndex(jet => jet.symbol === "psi")]
    const free = Array.from({ length: n }, (_, k) => k).filter(k => chi[k] > p.parameters.alpha * psi[k] + 1e-6)
    expect(free.length).toBeGreaterThan(500)
    expect(largest(hedge)).toBeGreaterThan(0.01)
    expect(largest(free.map(k => premiumE[k] - premiumH[k]))).toBeLessThan(1e-11)
  })

  it.each(CALIBRATIONS)("has a switch curve that nets can follow, met to 1e-4 of the domain: %s", calibration => {
    const { p, axes, psi } = march({ calibration }, 101, 33), rows = Float64Array.from(psi, row => switchOf(axes[0], row))
    const kink = kinkOf(p, axes, { rows }), { x } = pointsAt(p.states, [rows, axes[1]]), c = chebyshev()
    expect(Math.max(...rows) - Math.min(...rows)).toBeGreaterThan(0.03)
    expect(largest(rows.map((_, j) => {
      c.at(kink, [x[1][j]])
      return (c.value - x[0][j]) / 2
    }))).toBeLessThan(1e-4)
  })
})
