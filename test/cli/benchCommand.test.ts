import { expect, test } from "vitest"
import { PARTS, type Profile } from "../../src/cli/benchProfile.ts"
import { benchCommand } from "../../src/cli/benchCommand.ts"
import { flopsOfPoint } from "../../src/cli/benchJets.ts"
import { secondsOf } from "../../src/cli/benchTiming.ts"
import { benchTrain, TRAIN_PARTS } from "../../src/cli/benchTrain.ts"
import { main } from "../../src/cli/main.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"

/** Each look at the clock is a second later: a measurement is a few calls, of a known length. */
const hurried = () => fakeHost({ tick: 1000 })

test("bench step --json keeps its contract", async () => {
  const host = hurried()
  expect(await benchCommand("step", { json: true }, host)).toBe(0)
  const { work, points_per_second: rates } = JSON.parse(host.stdout())
  expect(work).toMatchObject({ points: 1024, inputs: 3, hidden: [50, 50, 50, 50], optimiser: "adam" })
  expect(rates).toEqual({ float32: { 1: 1024, 2: 1024 }, float64: { 1: 1024, 2: 1024 } })
})

test("bench jets --json gives the share of the peak", async () => {
  const host = hurried()
  expect(await benchCommand("jets", { json: true }, host)).toBe(0)
  const rows = JSON.parse(host.stdout()) as Record<string, number>[]
  expect(rows).toHaveLength(6)
  for (const row of rows) expect(row.share).toBeCloseTo(row.gflops / row.peak_gflops, 12)
})

test("bench step --profile says where the time of a step goes", async () => {
  const host = hurried()
  expect(await benchCommand("step", { json: true, profile: true }, host)).toBe(0)
  const { profile } = JSON.parse(host.stdout()) as { profile: Record<string, Profile> }
  expect(Object.keys(profile)).toEqual(["float32", "float64"])
  for (const { microseconds: { whole, ...parts }, share } of Object.values(profile)) {
    expect(Object.keys(share)).toEqual([...PARTS])
    // Each is rounded to a microsecond.
    expect(Math.abs(Object.values(parts).reduce((sum, x) => sum + x) - whole)).toBeLessThanOrEqual(5)
    for (const part of PARTS) expect(share[part]).toBe(parts[part] / whole)
  }
})

test("an unknown benchmark is the caller's mistake", async () => {
  const host = fakeHost()
  expect(await main(["bench", "nonsense"], host)).toBe(2)
  expect(host.stderr()).toContain("got the benchmark `nonsense`; expected one of `jets`, `step`, `solve`, `market`, `train`, `fd`")
})

test("the best round counts, a call at a time", () => {
  let time = 0, calls = 0
  const lengths = [400, 90, 70, 80]
  const seconds = secondsOf(() => time, () => { time += lengths[Math.min(calls++, 3)] }, { rounds: 3 })
  expect(seconds).toBeCloseTo(0.07, 12)
})

test("counts each weight once forward and twice back", () => {
  // 2-3-1: 6 weights without a way back to the inputs, and 3 more; two operations each, two channels.
  expect(flopsOfPoint({ inputs: 2, hidden: [3], activation: "tanh" }, 2)).toBe(2 * 2 * (2 * 6 + 3 * 3))
})

test("bench train tells agent-steps a second of each learner, and parts that sum to all of the time", () => {
  const { agents, agent_steps_per_second: rates, share } = benchTrain(() => performance.now(), { agents: 20, horizon: 150, episodes: 1 })
  expect(agents).toBe(20)
  expect(Object.keys(rates)).toEqual(["shadow", "dqn"])
  for (const learner of ["shadow", "dqn"] as const) {
    expect(rates[learner]).toBeGreaterThan(0)
    expect(Object.keys(share[learner])).toEqual([...TRAIN_PARTS])
    expect(Object.values(share[learner]).reduce((a, b) => a + b)).toBeCloseTo(1, 10)
    for (const part of TRAIN_PARTS) if (part !== "fitting") expect(share[learner][part]).toBeGreaterThan(0)
  }
})
