import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import { regionOf } from "../../src/model/measure.ts"
import { normalQuantile } from "../../src/math/normal.ts"
import { solve } from "../../src/request.ts"
import { OUTCOMES } from "../../src/run/outcome.ts"
import { run, runToEnd } from "../../src/run/run.ts"
import { simulationPlan, type SimulationOptions } from "../../src/simulate/plan.ts"
import { alone as aloneOn } from "../../src/simulate/pathTask.ts"
import { prepare } from "../../src/simulate/preparation.ts"
import { simulate, simulation, simulationSteps } from "../../src/simulate/simulate.ts"
import { benchmark } from "../solve/models.ts"
import { process, type Process } from "./synthetic.ts"

const k = 0.5, s = 0.3
const linear = process({ states: { x: { is: "x", from: -3, to: 3, drift: "-k*x", risk: "s" } }, parameters: { k, s }, points: [61] })
const small = { years: 100, paths: 300, fanPaths: 2000, horizon: 10 }
const of = ({ problem, solution }: Process, options: SimulationOptions = {}) => simulate(problem, solution, { ...options, settings: { ...small, ...options.settings } })

describe("a process of Ornstein and Uhlenbeck", () => {
  const found = of(linear, { from: { x: 1 }, shocks: { Z: -1 } })
  const sd = s / Math.sqrt(2 * k)

  it("has its moments under both densities, which agree", () => {
    const { mean, sd: spread, simulated } = found.moments.x
    expect(mean).toBeCloseTo(0, 6)
    expect(spread / sd).toBeCloseTo(1, 3)
    // 300 paths of 100 years, with an autocorrelation of 1/k years.
    const draws = (300 * 100 * k) / 2
    expect(Math.abs(simulated.mean)).toBeLessThan(4 * sd / Math.sqrt(draws))
    expect(Math.abs(simulated.sd / sd - 1)).toBeLessThan(0.02 + 4 / Math.sqrt(2 * draws))
    expect(found.totalVariation).toBeLessThan(0.03)
    expect(found.autocorrelationYears.x).toBeCloseTo(1 / k, 2)
    expect(found.density.columns["mass:simulated"].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(found.density.columns["mass:kolmogorov"].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  })

  it("has a fan that decays to the mean and widens to the long run: normal quantiles on every date", () => {
    const { columns, length } = found.fan
    expect(columns.year[length - 1]).toBeCloseTo(10, 9)
    for (const date of [0, 12, 60, 120]) {
      const t = columns.year[date], mean = Math.exp(-k * t), spread = sd * Math.sqrt(1 - Math.exp(-2 * k * t))
      expect(Math.abs(columns["x:mean"][date] - mean)).toBeLessThan(0.02 + 4 * spread / Math.sqrt(2000))
      for (const q of [5, 25, 50, 75, 95]) expect(Math.abs(columns[`x:${q}`][date] - mean - spread * normalQuantile(q / 100))).toBeLessThan(0.02 + 10 * spread / Math.sqrt(2000))
    }
  })

  it("answers a shock by its loading, which then decays on every path alike", () => {
    const [response] = found.responses
    expect(response).toMatchObject({ shock: "Z", size: -1 })
    expect(response.to.x).toBeCloseTo(1 - s, 9)
    // Euler's own decay: (1 - k dt) a month. The paths meet the same noise, so that nothing else differs.
    for (const date of [0, 6, 100]) expect(response.fan.columns["x:mean"][date] - found.fan.columns["x:mean"][date]).toBeCloseTo(-s * (1 - k / 12) ** date, 9)
  })

  it("keeps a path, the law of motion, and what was asked", () => {
    expect(found.path.length).toBe(12 * 100 + 1)
    expect([...found.motion.columns["drift:x"]]).toEqual([...found.motion.columns.x].map(x => expect.closeTo(-k * x, 12)))
    expect([...found.motion.columns["volatility:x"]].every(v => Math.abs(v - s) < 1e-12)).toBe(true)
    expect(found.settings).toMatchObject({ years: 100, paths: 300, dt: 1 / 12, ends: "reflecting", burn: 50 })
    expect(found).toMatchObject({ seed: 0, outcome: OUTCOMES.converged, converged: true, from: { x: 1 } })
    expect(found.crisis).toBeUndefined()
    expect(found.notes.join()).toContain("there is no crisis region")
  })
})

describe("a crisis region by formula", () => {
  it("has its probability by both ways, its entries and its lengths: below one standard deviation of a normal", () => {
    const sd = s / Math.sqrt(2 * k)
    const crisis = regionOf(linear.problem.economy, linear.problem, `x < -${sd}`, "--crisis")
    const found = of(linear, { crisis, settings: { paths: 600, years: 200 } }).crisis!
    expect(found.is).toBe(`x < -${sd}`)
    expect(found.probabilityDensity).toBeCloseTo(0.158655, 3)
    expect(Math.abs(found.probabilitySimulated - found.probabilityDensity)).toBeLessThan(4 * found.standardError + 0.002)
    expect(found.standardError).toBeLessThan(0.002)
    expect(Math.abs(found.perCentury / found.perCenturyDensity - 1)).toBeLessThan(0.04)
    expect(Math.abs(found.meanDurationYears / found.meanDurationYearsDensity - 1)).toBeLessThan(0.04)
    // Time in crisis is entries times length.
    expect((found.perCentury / 100) * found.meanDurationYears).toBeCloseTo(found.probabilitySimulated, 12)
  })
})

describe("the benchmark", () => {
  const solution = solve(benchmark, { set: ["points=300"] })
  const found = simulate(problem(benchmark), solution, { settings: { ...small, years: 400 }, of: ["q", "sigma_R"], shocks: { Z: -4 } })

  it("is in crisis as often by simulation as by density; drifts add up to nothing in the long run", () => {
    const { is, probabilitySimulated, probabilityDensity, standardError, yearsUntil } = found.crisis!
    expect(is).toBe("psi < 1")
    expect(probabilityDensity).toBeCloseTo(0.0227, 3)
    expect(Math.abs(probabilitySimulated - probabilityDensity)).toBeLessThan(4 * standardError)
    expect(yearsUntil).toBeGreaterThan(50)
    expect(found.totalVariation).toBeLessThan(0.03)
    expect(Math.abs(found.moments.mu_z.mean)).toBeLessThan(1e-5)
    // Out of crisis experts hold all capital, and volatility is fundamental.
    expect(found.moments.psi.normal!.mean).toBeCloseTo(1, 9)
    expect(found.moments.sigma_R.normal!.mean).toBeCloseTo(0.06, 9)
    expect(found.moments.sigma_R.crisis!.mean).toBeGreaterThan(0.1)
  })

  it("the switch is a point of the law of motion with two volatilities", () => {
    const { z, "volatility:z": volatility, region } = found.motion.columns
    const i = region.findIndex(r => r === 1)
    expect(z[i]).toBeCloseTo(z[i - 1], 12)
    expect(z[i]).toBeCloseTo(found.breaks.columns.z[0], 12)
    expect(volatility[i - 1] / volatility[i]).toBeGreaterThan(1.8)
  })

  it("a very bad shock lowers the share and the price, and makes returns volatile", () => {
    const [{ to, fan }] = found.responses
    expect(to.z).toBeLessThan(found.from.z)
    expect(fan.columns["q:mean"][4]).toBeLessThan(found.fan.columns["q:mean"][4])
    expect(fan.columns["sigma_R:mean"][4]).toBeGreaterThan(found.fan.columns["sigma_R:mean"][4])
  })
})

describe("the procedure", () => {
  const preparation = prepare(linear.problem, linear.solution, simulationPlan(linear.problem, { settings: { ...small, years: 20, paths: 37, fanPaths: 50 } }))

  it("goes on from a clone of its state to the same bits, as every procedure does", () => {
    const whole = runToEnd(simulation(preparation), { maxSteps: simulationSteps(preparation) })
    const steps = run(simulation(preparation), { maxSteps: simulationSteps(preparation) })
    for (let i = 0; i < 13; i++) steps.next()
    const { value } = steps.next()
    if (!value || !("state" in value)) throw new Error("the run is over too early")
    const from = { state: structuredClone(value.state), steps: value.step }
    expect(runToEnd(simulation(preparation), { maxSteps: simulationSteps(preparation), from })).toEqual(whole)
  })

  it("gives the same bits however the paths are divided", () => {
    const [whole, ...others] = [20, 37, 7].map(paths => {
      const counts = simulation(preparation, { run: (task, first, end, out) => {
        const runner = preparation.tasks[task]
        expect(runner.kind === "occupation" || runner.kind === "forecast").toBe(true)
        // Divided into runs of so many paths, last first.
        const cuts: number[] = []
        for (let at = first; at < end; at += paths) cuts.push(at)
        for (const at of cuts.toReversed()) divided(task, at, Math.min(end, at + paths), first, end, out)
      } })
      return runToEnd(counts, { maxSteps: simulationSteps(preparation) })
    })
    for (const other of others) expect(other).toEqual(whole)
    expect(whole).toEqual(runToEnd(simulation(preparation), { maxSteps: simulationSteps(preparation) }))
  })

  const divided = (task: number, from: number, to: number, first: number, end: number, out: Float64Array): void => {
    const each = out.length / (end - first)
    aloneOn(preparation.tasks).run(task, from, to, preparation.tasks[task].kind === "occupation" ? out : out.subarray(each * (from - first), each * (to - first)))
  }
})

describe("what cannot be followed", () => {
  it("a law of motion that is no number ends the run with its place", () => {
    const broken = process({ states: { x: { is: "x", from: 0, to: 1, drift: "sqrt(x - 0.5)", risk: "0.1" } }, points: [11] })
    const found = of(broken)
    expect(found.outcome).toBe(OUTCOMES.notFinite)
    expect(found.detail).toBe("the drift of x is NaN at x = 0")
    expect(found.converged).toBe(false)
  })

  it("a solution that did not converge is said so", () => {
    const { problem, solution } = linear
    const found = simulate(problem, { ...solution, converged: false, outcome: OUTCOMES.outOfSteps }, { settings: small })
    expect(found.converged).toBe(false)
    expect(found.notes[0]).toContain("did not converge")
  })

  it("three states have no forward equation but paths all the same", () => {
    const three = process({
      states: Object.fromEntries(["x", "y", "w"].map(name => [name, { is: name, from: -2, to: 2, drift: `-${name}`, risk: { [name.toUpperCase()]: "0.4" } }])),
      shocks: ["X", "Y", "W"], points: [5, 5, 5],
    })
    const found = of(three, { settings: { paths: 100, years: 50, fanPaths: 100 } })
    expect(found.totalVariation).toBeNaN()
    expect(found.notes.join()).toContain("the forward equation is solved for one or two states")
    for (const name of ["x", "y", "w"]) expect(found.moments[name].sd).toBeCloseTo(0.4 / Math.sqrt(2), 1)
  })

  it("an economy that tends to an end of its domain says that its long run is there", () => {
    const tending = process({ states: { x: { is: "x", from: 0, to: 1, drift: "0.1*(1 - x)", risk: "0.1*(1 - x)" } }, points: [51] })
    expect(of(tending, { settings: { paths: 50, years: 20 } }).notes.join()).toContain("the economy tends to that end")
  })

  it("absorbing ends: how many paths ended, and when", () => {
    const free = process({ states: { x: { is: "x", from: 0, to: 1, drift: "0", risk: "0.5" } }, points: [5] })
    const { absorption, totalVariation } = of(free, { settings: { ends: "absorbing", paths: 2000, years: 30 }, from: { x: 0.5 } })
    expect(absorption!.share).toBe(1)
    expect(Math.abs(absorption!.meanYears - 1)).toBeLessThan(0.07)
    expect(totalVariation).toBeNaN()
  })
})

it("the long run does not depend on where the forecasts begin", () => {
  const starts: Record<string, number>[] = [{}, { x: 2 }]
  const [one, two] = starts.map(from => of(linear, { from, settings: { paths: 20, years: 10, fanPaths: 20 } }))
  expect(two.density).toEqual(one.density)
  expect(two.path).toEqual(one.path)
  expect(two.fan).not.toEqual(one.fan)
})
