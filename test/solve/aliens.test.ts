import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import type { Economy } from "../../src/model/economy.ts"
import { computation, requestOf, solve } from "../../src/request.ts"
import { run, type Row } from "../../src/run/run.ts"
import type { Runner } from "../../src/run/runner.ts"
import { doTask, type Work } from "../../src/solve/doTask.ts"
import { METHODS } from "../../src/solve/index.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { valueAt } from "../../src/solve/valueAt.ts"
import { basakCuoco, benchmark, largest, merton } from "./models.ts"

const SMALL = ["hidden=8,8", "points=100", "terminal=50", "active=30", "grid=200", "tolerance=3e-3"]
/** One or two quick outer steps. */
const TINY = ["hidden=6", "points=30", "terminal=16", "active=12", "grid=60", "epochs=4", "finishSteps=2", "maxSteps=2"]

/** All rows, a clone of the state after each, and the solution. */
function watch(declared: Economy, set: readonly string[], seed = 0, from?: { state: unknown; steps: number }) {
  const { procedure, maxSteps } = computation(requestOf(declared, { method: "aliens", set, seed }))
  const rows: Row[] = [], states: unknown[] = []
  const steps = run(procedure, { seed, maxSteps, from })
  for (;;) {
    const next = steps.next()
    if (next.done) return { rows, states, solution: next.value as Solution }
    rows.push(next.value.row)
    states.push(structuredClone(next.value.state))
  }
}

describe("aliens", () => {
  it("solves the benchmark within 2% of fd, with a small net and few points", () => {
    const { solution, rows } = watch(benchmark, SMALL)
    const fd = solve(benchmark, { set: ["points=400"] })
    expect(solution.converged).toBe(true)
    for (const name of ["J_e", "J_h"]) for (let z = 0.02; z <= 0.98; z += 0.02)
      expect(Math.abs(valueAt(solution, name, { z }) / valueAt(fd, name, { z }) - 1), `${name}(${z})`).toBeLessThan(0.02)
    for (let z = 0.02; z <= 0.98; z += 0.02) expect(Math.abs(valueAt(solution, "q", { z }) / valueAt(fd, "q", { z }) - 1)).toBeLessThan(0.005)
    expect(Math.abs(solution.facts.z_star - fd.facts.z_star)).toBeLessThan(0.005)
    expect(solution.checks.find(c => c.label === "no arbitrage")!.largest).toBeLessThan(1e-6)
    // The band is about the switch of the step, first and last, and the samples are what it says.
    const { z, t, active, terminal, outer } = solution.samples!.columns
    const last = rows.at(-1)!
    expect([...new Set(outer)]).toEqual([1, rows.length])
    expect(last.active_from as number).toBeCloseTo(fd.facts.z_star - 0.05, 2)
    expect(last.active_to as number).toBeCloseTo(fd.facts.z_star + 0.05, 2)
    expect(active.reduce((a, b) => a + b, 0)).toBe(120)
    z.forEach((x, p) => {
      const step = rows[outer[p] - 1]
      if (active[p] === 1) { expect(x).toBeGreaterThanOrEqual(step.active_from as number); expect(x).toBeLessThanOrEqual(step.active_to as number) }
      if (terminal[p] === 1) expect(t[p]).toBe(step.time_step)
    })
  })

  it("solves Merton within 1% of the closed form, slope and portfolio included", () => {
    const { solution } = watch(merton, SMALL)
    expect(solution.converged).toBe(true)
    expect(largest(solution.table.columns.J.map(j => j / 12056.147 - 1))).toBeLessThan(0.01)
    expect(Math.abs(solution.facts.portfolio_share / (5 / 12) - 1)).toBeLessThan(0.01)
    expect(Math.abs(solution.facts.consumption_rate / 0.0436111 - 1)).toBeLessThan(0.01)
  })

  it("gives the same bits from the same seed, and others from another", () => {
    const [a, b, c] = [0, 0, 1].map(seed => watch(benchmark, TINY, seed))
    expect(b.rows).toEqual(a.rows)
    expect(b.solution.table).toEqual(a.solution.table)
    expect(b.solution.samples).toEqual(a.solution.samples)
    expect(c.solution.table.columns.J_e).not.toEqual(a.solution.table.columns.J_e)
    expect(c.solution.samples!.columns.z).not.toEqual(a.solution.samples!.columns.z)
  })

  it("gives the same bits where clones of its tasks are done elsewhere, from the work alone", () => {
    for (const set of [[], ["output=linear", "warm=false", "precision=float32"]]) {
      const options = { method: "aliens", set: [...TINY, ...set] }
      let works = 0
      const elsewhere: Runner = { run: <Task, Result>(work: object, tasks: readonly Task[]) => {
        const sent = sentBefore.get(work) ?? structuredClone(work)
        if (!sentBefore.has(work)) works++
        sentBefore.set(work, sent)
        // Last first: no task waits for another.
        return tasks.map(task => structuredClone(task)).reverse().map(task => structuredClone(doTask(sent as Work, task)) as Result).reverse()
      } }
      const sentBefore = new Map<object, object>()
      expect(solve(benchmark, { ...options, runner: elsewhere })).toEqual(solve(benchmark, options))
      expect(works).toBe(1)
    }
  })

  it.each([["gauss-newton", benchmark], ["l-bfgs", merton], ["none", benchmark]] as const)("goes on from a clone of its state to the same bits (%s)", (finish, declared) => {
    const set = [...TINY, "maxSteps=5", "tolerance=1e-9", `finish=${finish}`]
    const whole = watch(declared, set)
    for (const steps of [1, 3]) {
      const rest = watch(declared, set, 0, { state: structuredClone(whole.states[steps - 1]), steps })
      expect(rest.rows).toEqual(whole.rows.slice(steps))
      expect(rest.solution).toEqual(whole.solution)
    }
  })

  it("has state that is plain data", () => {
    const plain = (x: unknown): boolean => x === null || ["number", "string", "boolean"].includes(typeof x) || ArrayBuffer.isView(x)
      || (Array.isArray(x) ? x.every(plain) : typeof x === "object" && Object.getPrototypeOf(x) === Object.prototype && Object.values(x as object).every(plain))
    const { procedure } = computation(requestOf(benchmark, { method: "aliens", set: TINY }))
    const state = procedure.start(0)
    procedure.step(state)
    expect(plain(state)).toBe(true)
  })

  it.each([
    "active=0", "fresh=false", "warm=false", "adaptive=false", "kinks=false", "finish=l-bfgs", "finish=none", "coefficients=frozen", "lambda_b=0", "lambda_f=0", "lambda_j=0",
    "lambda_c1=0 lambda_c2=0", "output=linear", "precision=float32", "activation=swish", "activation=softplus", "epochs=0", "finishSteps=0", "finishPoints=1",
  ])("runs with an ingredient switched off or changed: %s", set => {
    for (const declared of [benchmark, merton]) {
      const { rows, solution } = watch(declared, [...TINY, "tolerance=1e-9", ...set.split(" ")])
      expect(solution.detail).not.toContain("negative")
      expect(rows).toHaveLength(2)
      for (const row of rows) expect(Object.values(row).every(x => typeof x !== "number" || Number.isFinite(x))).toBe(true)
      expect(solution.table.columns[declared === merton ? "J" : "J_e"].every(Number.isFinite)).toBe(true)
    }
  })

  it("does what the switches say", () => {
    const off = (...set: string[]): Row[] => watch(benchmark, [...TINY, "maxSteps=3", ...set]).rows
    expect(off().at(-1)!.active_points).toBe(12)
    expect(off("active=0").map(r => [r.active_points, r.loss_c1, r.loss_c2])).toEqual(Array.from({ length: 3 }, () => [0, 0, 0]))
    expect(off("adaptive=false").map(r => r.time_step)).toEqual([1, 1, 1])
    expect(off("lambda_b=0").every(r => r.loss_b === 0)).toBe(true)
    expect(off("lambda_b=1").every(r => (r.loss_b as number) > 0)).toBe(true)
    // An inexact finish ends early while the values move, and not where it may leave nothing.
    const [exact, inexact] = ["inexact=0", "inexact=1"].map(how => off("finishSteps=8", how).map(r => r.loss as number))
    exact.forEach((loss, k) => expect(loss).toBeLessThan(inexact[k]))
    const fixed = watch(benchmark, [...TINY, "fresh=false", "epochs=1", "finish=none"]), fresh = watch(benchmark, [...TINY, "epochs=1", "finish=none"])
    expect(fixed.solution.samples!.columns.z).not.toEqual(fresh.solution.samples!.columns.z)
  })

  it("is better near the switch with points there, and with a kink in the nets, than without both", () => {
    // From one seed and at one small size, so that this is a test of direction and not of size.
    const fd = solve(benchmark, { set: ["points=400"] })
    const error = (...set: string[]): number => {
      const { solution } = watch(benchmark, [...SMALL, "maxSteps=25", ...set])
      return largest([-0.03, -0.01, 0.01, 0.03].map(by => valueAt(solution, "J_e_z", { z: fd.facts.z_star + by }) / valueAt(fd, "J_e_z", { z: fd.facts.z_star + by }) - 1))
    }
    expect(error()).toBeLessThan(error("active=0", "kinks=false"))
  })

  it("refuses, and says why and what to use, where there is nothing to learn", () => {
    expect(METHODS.aliens.refuses(problem(basakCuoco))).toMatch(/`basak-cuoco-1998` has none\. Use `fd`/)
    expect(METHODS.aliens.refuses(problem(benchmark))).toBeUndefined()
    expect(() => watch(benchmark, ["hidden=8,x"])).toThrow(/`hidden` is `8,x`; expected widths/)
  })

  it("says which equation failed where a model has no solution", () => {
    const { solution, rows } = watch(benchmark, [...TINY, "a_h=-0.3"])
    expect(solution.converged).toBe(false)
    expect(rows).toHaveLength(1)
    expect(solution.detail).toMatch(/^\[goods market\] could not be solved at z = 0\.001 in outer step 1/)
  })
})
