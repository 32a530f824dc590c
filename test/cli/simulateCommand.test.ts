import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { describe, expect, test } from "vitest"
import { main } from "../../src/cli/main.ts"
import { startPathCrew } from "../../src/cli/pathCrew.ts"
import { alone, outputLength } from "../../src/simulate/pathTask.ts"
import { simulationPlan } from "../../src/simulate/plan.ts"
import { prepare } from "../../src/simulate/preparation.ts"
import { process as made } from "../simulate/synthetic.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"
import { scratch } from "./fixtures/scratch.ts"

const place = scratch()
const BENCHMARK = "brunnermeier-sannikov-2016"
const QUICK = ["--set", "points=100", "--paths", "40", "--years", "50", "--burn", "20", "--horizon", "1"]

async function walras(...argv: string[]) {
  const host = fakeHost()
  const status = await main(argv, host)
  return { status, out: host.stdout(), err: host.stderr() }
}
/** What does not depend on the clock. */
const timeless = (text: string): unknown => ({ ...(JSON.parse(text) as Record<string, unknown>), seconds: 0 })

describe("walras simulate --json", () => {
  test("prints one object: density both ways, crisis, moments, and what was asked", async () => {
    const { status, out, err } = await walras("simulate", BENCHMARK, ...QUICK, "--seed", "3", "--from", "z=0.3", "--shock", "Z=-2", "--json", "--threads", "1")
    expect(status).toBe(0)
    expect(err).toBe("")
    const result = JSON.parse(out)
    expect(result).toMatchObject({ economy: BENCHMARK, calibration: "course", method: "fd", seed: 3, years: 50, paths: 40, burn: 20, outcome: "converged", converged: true, from: { z: 0.3 } })
    const { states: { z }, simulated, kolmogorov, total_variation } = result.density
    expect(z).toHaveLength(200)
    expect(simulated).toHaveLength(200)
    expect(kolmogorov).toHaveLength(200)
    expect(total_variation).toBeGreaterThan(0)
    expect(total_variation).toBeLessThan(0.2)
    const { probability_simulated, probability_density, mean_duration_years, per_century, standard_error } = result.crisis
    for (const number of [probability_simulated, probability_density, mean_duration_years, per_century, standard_error]) expect(number).toBeGreaterThan(0)
    expect(probability_density).toBeCloseTo(0.0227, 3)
    expect(result.moments.q.mean).toBeCloseTo(1.2, 2)
    expect(result.moments.sigma_R.crisis.mean).toBeGreaterThan(0.1)
    expect(result.moments.theta_e.simulated.sd).toBeGreaterThan(0)
    expect(result.responses[0]).toMatchObject({ shock: "Z", size: -2 })
    expect(result.responses[0].to.z).toBeLessThan(0.3)
  })

  test("the same bits from one thread and from two, other bits from another seed", async () => {
    const of = async (threads: string, seed: string) => timeless((await walras("simulate", "merton-1971", ...QUICK, "--json", "--threads", threads, "--seed", seed)).out)
    const one = await of("1", "0")
    expect(await of("2", "0")).toEqual(one)
    expect(await of("1", "1")).not.toEqual({ ...(one as object), seed: 1 })
  })

  test("an economy without a crisis region says so, and takes one by formula", async () => {
    const none = JSON.parse((await walras("simulate", "merton-1971", ...QUICK, "--json", "--threads", "1")).out)
    expect(none.crisis).toBeNull()
    expect(none.notes.join()).toContain("there is no crisis region")
    const named = JSON.parse((await walras("simulate", "merton-1971", ...QUICK, "--crisis", "w < 2", "--json", "--threads", "1")).out)
    expect(named.crisis).toMatchObject({ is: "w < 2" })
    expect(named.crisis.probability_density).toBeGreaterThan(0)
  })
})

describe("wrong input ends with status 2, one message and nothing on stdout", () => {
  test.each<[string[], RegExp]>([
    [["--paths", "0"], /`paths` is `0`; expected a whole number at least 1/],
    [["--years", "-1"], /`years` is `-1`; expected a number above 0/],
    [["--dt", "-0.1"], /`dt` is `-0.1`; expected a number above 0/],
    [["--from", "z=1.5"], /z = `1.5` is outside the domain; expected a number from 0.001 to 0.999/],
    [["--from", "z"], /--from got `z`; expected name=number, as in `--from z=0.1`/],
    [["--from", "w=0.1"], /has no state `w`/],
    [["--shock", "Q=1"], /has no shock `Q`/],
    [["--of", "nosuch"], /no unknown or definition `nosuch`/],
    [["--crisis", "psy < 1"], /unknown name `psy`; did you mean `psi`\?/],
    [["--ends", "sticky"], /`ends` is `sticky`; expected one of reflecting, absorbing/],
    [["--threads", "0"], /--threads is `0`; expected a whole number from 1 to 64/],
    [["--seed", "x"], /--seed is `x`/],
    [["--method", "magic"], /`magic`/],
    [["--set", "sigma=-1"], /`sigma` is `-1`/],
    [["--pahts", "3"], /did you mean .*--paths/is],
  ])("%j", async (more, message) => {
    const { status, out, err } = await walras("simulate", BENCHMARK, ...more)
    expect({ status, out }).toEqual({ status: 2, out: "" })
    expect(err).toMatch(message)
    expect(err.split("\n").length).toBeLessThan(8)
  })

  test("an economy that there is not", async () => { expect((await walras("simulate", "no-such")).status).toBe(2) })
})

describe("a run folder", () => {
  const folder = join(place, "run")

  test("holds the run as solve leaves it, the simulation, its tables, figures and page; the report is drawn again from it", async () => {
    const { status, out, err } = await walras("simulate", BENCHMARK, ...QUICK, "--out", folder, "--threads", "1")
    expect(err).toBe("")
    expect(status).toBe(0)
    expect(out).toContain("crisis: psi < 1")
    expect(out).toContain(join(folder, "report.html"))
    expect(readdirSync(folder).toSorted()).toEqual(["checkpoints", "config.toml", "figures", "manifest.json", "report.html", "rows.jsonl", "simulation.json", "solution.json", "tables"])
    expect(readdirSync(join(folder, "tables")).toSorted()).toEqual(["simulation-breaks.csv", "simulation-density.csv", "simulation-fan.csv", "simulation-motion.csv", "simulation-path.csv", "simulation-response-Z-1.csv", "solution.csv"])
    for (const name of ["density", "motion", "path", "fan-z", "fan-q", "response-Zminus1", "sigma_R"]) expect(existsSync(join(folder, "figures", `${name}.png`)), name).toBe(true)
    const page = readFileSync(join(folder, "report.html"), "utf8"), density = readFileSync(join(folder, "figures/density.svg"), "utf8")
    expect(page).toContain("<h2>Simulation</h2>")
    rmSync(join(folder, "figures/density.svg"))
    expect((await walras("report", folder)).status).toBe(0)
    expect(readFileSync(join(folder, "figures/density.svg"), "utf8")).toBe(density)
    expect(readFileSync(join(folder, "report.html"), "utf8")).toBe(page)
  })

  test("is a source, too: its solution is taken as it is, and can be kept elsewhere with other paths", async () => {
    const first = join(place, "first"), other = join(place, "other")
    expect((await walras("simulate", "merton-1971", ...QUICK, "--out", first, "--threads", "1")).status).toBe(0)
    const { status } = await walras("simulate", first, "--paths", "30", "--years", "20", "--burn", "5", "--horizon", "1", "--seed", "9", "--out", other, "--threads", "1")
    expect(status).toBe(0)
    for (const name of ["solution.json", "config.toml", "tables/solution.csv"]) expect(readFileSync(join(other, name), "utf8")).toBe(readFileSync(join(first, name), "utf8"))
    expect(JSON.parse(readFileSync(join(other, "simulation.json"), "utf8"))).toMatchObject({ seed: 9, settings: { paths: 30, years: 20 } })
    const flag = await walras("simulate", first, "--set", "sigma=0.1")
    expect(flag.status).toBe(2)
    expect(flag.err).toContain("is a run folder, whose config.toml says how it was solved; expected no --set")
    // A finished solution is not computed again.
    const written = readFileSync(join(first, "solution.json"), "utf8")
    const again = await walras("simulate", "merton-1971", ...QUICK, "--out", first, "--threads", "1")
    expect({ status: again.status, err: again.err }).toEqual({ status: 0, err: "" })
    expect(readFileSync(join(first, "solution.json"), "utf8")).toBe(written)
  })
})

test("an interrupt ends it after the paths at work, with status 130 and nothing kept", async () => {
  const folder = join(place, "interrupted"), host = fakeHost()
  const running = main(["simulate", "merton-1971", "--set", "points=50", "--years", "5000", "--burn", "0", "--paths", "200", "--threads", "1", "--quiet", "--json", "--out", folder], host)
  const timer = setInterval(() => { host.send("SIGINT") }, 20)
  const status = await running
  clearInterval(timer)
  expect(host.exits.filter(exit => exit !== 130)).toEqual([])
  expect(status).toBe(130)
  expect(host.stderr()).toContain("interrupted")
  expect(existsSync(join(folder, "simulation.json"))).toBe(false)
})

test("a crew of any size gives the bits of one thread: counts and paths", async () => {
  const { problem, solution } = made({
    states: { x: { is: "x", from: 0, to: 1, drift: "0.3*(0.5 - x)", risk: { A: "if(psi < 1, 0.3, 0.15)" } }, y: { is: "y", from: 0, to: 1, drift: "0.2*(0.5 - y)", risk: { A: "0.05", B: "0.1" } } },
    shocks: ["A", "B"], correlations: [{ between: ["A", "B"], value: "0.4" }], points: [11, 5],
    side: { formula: "x - 0.3 - 0.1*y", at: ([y]) => 0.3 + 0.1 * y, of: ([x, y]) => x - 0.3 - 0.1 * y },
  })
  const { tasks } = prepare(problem, solution, simulationPlan(problem, { settings: { years: 10, burn: "2", paths: 150, fanPaths: 150, horizon: 2 } }))
  const results = async (threads: number) => {
    const crew = threads > 0 ? await startPathCrew(tasks, tasks.map(() => 100), threads) : { ...alone(tasks), close: async () => {} }
    const out = tasks.map((task, i) => {
      const whole = new Float64Array(outputLength(task, 150))
      for (const [first, end] of [[0, 100], [100, 150]]) crew.run(i, first, end, task.kind === "occupation" ? whole : whole.subarray((whole.length / 150) * first, (whole.length / 150) * end))
      return whole
    })
    await crew.close()
    return out
  }
  const byOne = await results(0)
  for (const threads of [1, 2, 4]) expect(await results(threads)).toEqual(byOne)
})

test("a member that fails or does not start ends the run with its reason", async () => {
  const { problem, solution } = made({ states: { x: { is: "x", from: 0, to: 1, drift: "0", risk: "0.1" } }, points: [5] })
  const { tasks } = prepare(problem, solution, simulationPlan(problem, { settings: { years: 1, burn: "0", paths: 4, fanPaths: 10, horizon: 1 } }))
  const member = (code: string) => (workerData: unknown) => new Worker(`const { parentPort, workerData } = require("node:worker_threads"); ${code}`, { eval: true, workerData })
  await expect(startPathCrew(tasks, tasks.map(() => 4), 2, { patience: 50, hire: member("setTimeout(() => {}, 1000)") })).rejects.toThrow("a worker did not start within 0.05 s")
  const failing = await startPathCrew(tasks, tasks.map(() => 4), 2, { hire: member(`
    const board = new Int32Array(workerData.board)
    parentPort.postMessage("ready")
    Atomics.wait(board, 0, 0)
    const text = "no more paths"
    for (let k = 0; k < text.length; k++) board[6 + k] = text.charCodeAt(k)
    board[5] = text.length
    Atomics.store(board, 3, 1)
    Atomics.add(board, 2, 1)
    Atomics.notify(board, 2)`) })
  expect(() => failing.run(0, 0, 4, new Float64Array(outputLength(tasks[0], 4)))).toThrow("a worker failed while it followed paths: no more paths")
  await failing.close()
  const asleep = await startPathCrew(tasks, tasks.map(() => 4), 2, { patience: 2000, hire: member('parentPort.postMessage("ready"); setTimeout(() => {}, 60_000)') })
  expect(() => asleep.run(0, 0, 4, new Float64Array(outputLength(tasks[0], 4)))).toThrow("a worker did not finish its paths within 2 s")
  expect(() => asleep.run(0, 0, 4, new Float64Array(outputLength(tasks[0], 4)))).toThrow("a worker did not finish its paths")
  await asleep.close()
})
