import { describe, expect, test } from "vitest"
import { catalogue } from "../src/economies/index.ts"
import { problem } from "../src/model/compileProblem.ts"
import { computation, defaultVariables, requestOf, solve, valuesAt, type RequestOptions } from "../src/request.ts"
import { Mistake } from "../src/run/mistake.ts"
import { runToEnd } from "../src/run/run.ts"
import { OUTCOMES } from "../src/run/outcome.ts"
import { DISCRETE_METHODS } from "../src/solve/discrete/index.ts"
import { METHODS } from "../src/solve/index.ts"

const merton = catalogue["merton-1971"], benchmark = catalogue["brunnermeier-sannikov-2016"]

describe("requestOf", () => {
  test("fills in defaults: fd, the first calibration, seed 0", () => {
    expect(requestOf(benchmark)).toEqual({ economy: benchmark, method: METHODS.fd, calibration: "course", parameters: {}, settings: {}, seed: 0, fastMath: false })
    expect(requestOf(merton).calibration).toBe("default")
  })

  test.each<[string[], Record<string, number>, Record<string, string>]>([
    [["gamma=5"], { gamma: 5 }, {}],
    [["sigma=.1", "rho=1e-1"], { sigma: 0.1, rho: 0.1 }, {}],
    [[" sigma = .25 "], { sigma: 0.25 }, {}],
    [["points=400"], {}, { points: "400" }],
    [["fd.points=400", "gamma=4"], { gamma: 4 }, { points: "400" }],
    [["gamma=4", "gamma=6"], { gamma: 6 }, {}],
    [["mu=-0.02"], { mu: -0.02 }, {}],
  ])("--set %j", (set, parameters, settings) => {
    expect(requestOf(merton, { set })).toMatchObject({ parameters, settings })
    expect(Object.keys(requestOf(merton, { set }).parameters)).toEqual(Object.keys(parameters))
  })

  test("a setting of another method is checked by name and left to it", () => {
    const [name] = Object.keys(METHODS.aliens.settings)
    expect(requestOf(merton, { set: [`aliens.${name}=1`] }).settings).toEqual({})
    expect(() => requestOf(merton, { set: ["aliens.nothing=1"] })).toThrow("`aliens` has no setting `nothing`")
  })

  test.each<[RequestOptions, string]>([
    [{ method: "df" }, "unknown method `df`; did you mean `fd`? The methods are fd, aliens, network, exact."],
    [{ method: "constructor" }, "unknown method `constructor`. The methods are"],
    [{ calibration: "curse" }, "`brunnermeier-sannikov-2016` has no calibration `curse`; did you mean `course`? It has course, thesis"],
    [{ seed: -1 }, "the seed is `-1`; expected a whole number from 0 on"],
    [{ seed: 0.5 }, "the seed is `0.5`"],
    [{ seed: NaN }, "the seed is `NaN`"],
    [{ seed: 2 ** 53 }, "the seed is `9007199254740992`"],
    [{ set: ["gamma"] }, "--set got `gamma`; expected name=value, as in `--set sigma=0.1`"],
    [{ set: ["=3"] }, "--set got `=3`; expected name=value"],
    [{ set: [""] }, "--set got ``; expected name=value"],
    [{ set: ["gamma="] }, "parameter `gamma` is ``; expected a number (relative risk aversion)"],
    [{ set: ["gamma=two"] }, "parameter `gamma` is `two`; expected a number (relative risk aversion)"],
    [{ set: ["gamma=1=2"] }, "parameter `gamma` is `1=2`; expected a number"],
    [{ set: ["sigma=-0.1"] }, "`sigma` is `-0.1`; expected a number above 0 (fundamental risk of capital (a year))"],
    [{ set: ["sigma=Infinity"] }, "`sigma` is `Infinity`; expected a number above 0"],
    [{ set: ["sgima=0.1"] }, "`brunnermeier-sannikov-2016` has no parameter and `fd` no setting `sgima`; did you mean `sigma`? The parameters are rho_e, "],
    [{ set: ["__proto__=1"] }, "no setting `__proto__`"],
    [{ set: ["constructor=1"] }, "no setting `constructor`"],
    [{ set: ["points=5"] }, "fd: `points` is `5`; expected a whole number at least 10"],
    [{ set: ["points=many"] }, "fd: `points` is `many`; expected a whole number"],
    [{ set: ["fd.pionts=50"] }, "`fd` has no setting `pionts`; did you mean `points`? It has points, "],
    [{ set: ["fd.points.x=50"] }, "`fd` has no setting `points.x`"],
    [{ set: ["fd.=50"] }, "`fd` has no setting ``"],
    [{ set: ["df.points=50"] }, "no setting `df.points`"],
    [{ set: ["fd.constructor=50"] }, "`fd` has no setting `constructor`"],
  ])("%j is a mistake", (options, message) => {
    expect(() => requestOf(benchmark, options)).toThrow(Mistake)
    expect(() => requestOf(benchmark, options)).toThrow(message)
  })
})

describe("economies in discrete time", () => {
  const tree = catalogue["lucas-tree"], mehra = catalogue["mehra-prescott-1985"]

  test("have methods of their own; the first that accepts the economy is the default", () => {
    expect(requestOf(tree)).toEqual({ economy: tree, method: DISCRETE_METHODS.exact, calibration: "risk-neutral", parameters: {}, settings: {}, seed: 0, fastMath: false })
    expect(requestOf(catalogue["lucas-tree-growth"], { set: ["rho=-0.1", "nodes=21"] })).toMatchObject({ method: DISCRETE_METHODS.euler, parameters: { rho: -0.1 }, settings: { nodes: "21" } })
    expect(requestOf(tree, { method: "q-learning", set: ["q-learning.learners=8", "value.holdings=5"] }).settings).toEqual({ learners: "8" })
  })

  test.each<[RequestOptions, string]>([
    [{ method: "fd" }, "`fd` is for economies in continuous time, and `lucas-tree` is in discrete time; use one of exact, euler, howard, value, q-learning"],
    [{ method: "valu" }, "unknown method `valu`; did you mean `value`? The methods are exact, euler, howard, value, q-learning."],
    [{ set: ["beta=1"] }, "`beta` is `1`; expected a number above 0 and below 1 (discount factor)"],
    [{ set: ["gamma=-1"] }, "`gamma` is `-1`; expected a number at least 0"],
    [{ set: ["sigma=-1"] }, "`sigma` is `-1`; expected a number at least 0"],
    [{ method: "euler", set: ["chain=tauchn"] }, "euler: `chain` is `tauchn`; expected one of trapezoidal, gauss-hermite, rouwenhorst, tauchen"],
    [{ method: "value", set: ["holdings=2"] }, "value: `holdings` is `2`; expected a whole number at least 3"],
    [{ calibration: "L9" }, "`lucas-tree` has no calibration `L9`. It has risk-neutral, sure,"],
  ])("%j is a mistake", (options, message) => {
    expect(() => requestOf(tree, options)).toThrow(Mistake)
    expect(() => requestOf(tree, options)).toThrow(message)
  })

  test("in a comparison a setting goes to the methods that have it, and to none it is a mistake", () => {
    const beside = ["exact", "euler", "value"], set = ["nodes=21", "holdings=5"]
    expect(["exact", "euler", "value"].map(method => requestOf(tree, { method, set, beside }).settings)).toEqual([{}, { nodes: "21" }, { nodes: "21", holdings: "5" }])
    expect(() => requestOf(tree, { method: "exact", set: ["learners=5"], beside })).toThrow("no setting `learners`")
  })

  test("a method of theirs is refused by an economy in continuous time", () => {
    expect(() => requestOf(merton, { method: "euler" })).toThrow("`euler` is for economies in discrete time, and `merton-1971` is in continuous time; use one of fd, aliens, network, exact")
  })

  test("valuesAt: smooth between nodes, and the states of a chain alone where there are no others", () => {
    const [row] = valuesAt(solve(tree, { calibration: "endowment" }), { y: [0.0417] }, ["p", "q", "p_y"])
    expect(row.p).toBeCloseTo(19 * 0.0417, 12)
    expect(row.p_y).toBeCloseTo(19, 5)
    const chain = solve(mehra)
    expect(valuesAt(chain, { lambda: [1.054] }, ["p"])[0].p).toBe(chain.table.columns.p[1])
    expect(() => valuesAt(chain, { lambda: [1] }, ["p"])).toThrow("lambda = `1` is no state of the chain; expected one of 0.982, 1.054")
    expect(() => valuesAt(solve(tree), { y: [2] }, ["p"])).toThrow("y = `2` lies outside the domain of `y`")
    expect(defaultVariables(chain)).toEqual(["p", "q", "V", "R", "R_f", "premium"])
  })
})

describe("computation", () => {
  test("is refused with the reason of the method", () => {
    expect(() => computation(requestOf(benchmark, { method: "exact" }))).toThrow(Mistake)
    expect(() => computation(requestOf(benchmark, { method: "exact" }))).toThrow("`brunnermeier-sannikov-2016` has no closed form (none is declared for J_e, J_h, q, psi); use `fd`")
  })
  test("knows its parameters and its step limit", () => {
    const { problem: built, maxSteps } = computation(requestOf(merton, { set: ["gamma=4", "maxSteps=17"] }))
    expect(built.parameters.gamma).toBe(4)
    expect(maxSteps).toBe(17)
  })
})

describe("solve merton-1971 by `exact`", () => {
  const solution = solve(merton, { method: "exact", set: ["gamma=5", "points=101"] })
  const { mu, r, sigma, rho } = problem(merton).parameters
  const theta = (mu - r) / (5 * sigma ** 2)
  const consumption = (rho - (1 - 5) * (r + (mu - r) ** 2 / (2 * 5 * sigma ** 2))) / 5

  test("gives Merton's portfolio, consumption and value", () => {
    expect(solution).toMatchObject({ economy: "merton-1971", method: "exact", outcome: OUTCOMES.converged, converged: true, settings: { points: 101 }, parameters: { gamma: 5 } })
    expect(solution.facts.portfolio_share).toBeCloseTo(theta, 12)
    expect(solution.facts.consumption_rate).toBeCloseTo(consumption, 12)
    expect(solution.table.length).toBe(101)
    for (const J of solution.table.columns.J) expect(J / consumption ** -5).toBeCloseTo(1, 12)
    // The equations hold on the grid, as the reference method discretises them.
    for (const { largest } of solution.equations) expect(largest).toBeLessThan(1e-9)
  })

  test("is what a run of its computation gives", () => {
    const { procedure, maxSteps } = computation(requestOf(merton, { method: "exact", set: ["gamma=5", "points=101"] }))
    expect(runToEnd(procedure, { maxSteps })).toEqual(solution)
  })

  test("valuesAt: a row for each point, in order, with the names asked for", () => {
    const rows = valuesAt(solution, { w: [0.1, 1, 10] }, ["theta", "J", "J_w", "theta_w"])
    expect(rows.map(row => row.w)).toEqual([0.1, 1, 10])
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["w", "theta", "J", "J_w", "theta_w"])
      expect(row.theta).toBeCloseTo(theta, 12)
      expect(row.J_w / row.J).toBeCloseTo(0, 9)
      expect(row.theta_w).toBeCloseTo(0, 6)
    }
    expect(valuesAt(solution, { w: [] }, ["J"])).toEqual([])
    expect(valuesAt(solution, { w: [2] }, [])).toEqual([{ w: 2 }])
  })

  test.each<[Record<string, number[]>, string[], string]>([
    [{ w: [0.05] }, ["J"], "w = `0.05` lies outside the domain of `w`; expected a number from 0.1 to 10"],
    [{ w: [1, 10.01] }, ["J"], "w = `10.01` lies outside the domain"],
    [{ w: [NaN] }, ["J"], "w = `NaN` lies outside the domain"],
    [{ z: [1] }, ["J"], "unknown state `z`. The states are w."],
    [{}, ["J"], "no points are given for the state `w`; add `--at w=...`"],
    [{ w: [1] }, ["tehta"], "unknown variable `tehta`; did you mean `theta`? The variables are w, J, J_w, J_ww, "],
    [{ w: [1] }, ["J_q"], "unknown variable `J_q`"],
    [{ w: [1] }, ["constructor"], "unknown variable `constructor`."],
    [{ w: [1] }, [""], "unknown variable ``."],
  ])("valuesAt(%j, %j) is a mistake", (at, of, message) => {
    expect(() => valuesAt(solution, at, of)).toThrow(Mistake)
    expect(() => valuesAt(solution, at, of)).toThrow(message)
  })

  test("defaultVariables: unknowns and definitions, no states, no derivatives", () => {
    expect(defaultVariables(solution)).toEqual(["J", "V_1", "V_2", "c_w", "theta", "growth", "L", "u"])
  })
})

test("defaultVariables keeps definitions that only look like derivatives: mu_z, sigma_z", () => {
  const solution = solve(benchmark, { set: ["points=50", "maxSteps=1"] })
  expect(defaultVariables(solution)).toEqual(expect.arrayContaining(["q", "psi", "J_e", "J_h", "mu_z", "sigma_z", "sigma_R"]))
  for (const name of ["z", "q_z", "q_zz", "J_e_z", "psi_z"]) expect(defaultVariables(solution)).not.toContain(name)
})
