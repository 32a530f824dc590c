import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { expect, test } from "vitest"
import { STEP_SHAPE, STEP_SHOCKS, stepWork } from "../../src/cli/benchWork.ts"
import { startCrew, type CrewOptions } from "../../src/cli/crew.ts"
import type { CrewOrder } from "../../src/cli/crewMember.ts"
import { hireMember } from "../../src/cli/workers.ts"
import type { Channels } from "../../src/nets/jet.ts"
import { weightCount, type Shape } from "../../src/nets/mlp.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import type { Batch } from "../../src/nets/shards.ts"

const common = { shapes: [STEP_SHAPE], shocks: STEP_SHOCKS, patience: { start: 20_000, step: 20_000 } } as const

async function gradientOf(options: Pick<CrewOptions, "precision" | "threads">, n?: number) {
  const { weights, batch } = stepWork(n)
  const crew = await startCrew(batch, { ...common, ...options })
  const gradient = new Float64Array(weights.length)
  try {
    crew.gradient(weights, gradient)
    return { loss: crew.gradient(weights, gradient), gradient }
  } finally {
    await crew.close()
  }
}

/** The same loss from seven channels by the oracle: J, J_z, J_a, J_t, J_zz, J_za, J_aa. */
function byOracle(n: number) {
  const { weights, coefficients: { value, z, a, t, zz, za, aa }, batch } = stepWork(n)
  const channels: Channels = { first: [0, 1, 2], second: [[0, 0], [0, 1], [1, 1]] }, by = [value, z, a, t, zz, za, aa]
  const net = oracleJets.net(STEP_SHAPE, channels, n), jets = new Float64Array(7 * n), cotangent = new Float64Array(7 * n)
  net.forward(weights, batch.flow.points, n, jets)
  let loss = 0
  for (let p = 0; p < n; p++) {
    const f = by.reduce((sum, row, c) => sum + row[p] * jets[c * n + p], 0), off = jets[p] - 1
    loss += (f * f + off * off) / n
    by.forEach((row, c) => { cotangent[c * n + p] = (2 * f * row[p] + (c === 0 ? 2 * off : 0)) / n })
  }
  const gradient = new Float64Array(weights.length)
  net.backward(weights, batch.flow.points, n, cotangent, gradient)
  return { loss, gradient }
}

const largest = (x: Float64Array) => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

test.each([["float64", 1e-12], ["float32", 1e-5]] as const)("the step that is measured has the loss and the gradient that it says: %s", async (precision, tolerance) => {
  const right = byOracle(120), mine = await gradientOf({ precision, threads: 1 }, 120)
  expect(Math.abs(mine.loss / right.loss - 1)).toBeLessThan(tolerance)
  expect(largest(mine.gradient.map((g, k) => g - right.gradient[k]))).toBeLessThan(tolerance * largest(right.gradient))
})

test.each(["float32", "float64"] as const)("one, two and four threads give the same bits, of several nets at once too: %s", async precision => {
  const { weights: first, batch } = stepWork(), shapes: Shape[] = [STEP_SHAPE, { inputs: 3, hidden: [7, 5], activation: "softplus" }]
  const weights = Float64Array.from([...first, ...Array.from({ length: weightCount(shapes[1]) }, (_, k) => Math.sin(k))])
  const both: Batch = { ...batch, squares: [...batch.squares, ...batch.squares.map(square => ({ ...square, net: 1 }))] }
  const [one, ...others] = await Promise.all([1, 2, 4].map(async threads => {
    const crew = await startCrew(both, { ...common, shapes, precision, threads }), gradient = new Float64Array(weights.length)
    try {
      crew.gradient(weights, gradient)
      return { loss: crew.gradient(weights, gradient), gradient }
    } finally {
      await crew.close()
    }
  }))
  for (const other of others) expect(other).toEqual(one)
  // Nets that share their points but nothing else: each part of the gradient is that of its net alone.
  expect(one.gradient.subarray(0, first.length)).toEqual((await gradientOf({ precision, threads: 1 })).gradient)
})

test("another batch takes the place of the first", async () => {
  const { weights, batch } = stepWork(), gradient = new Float64Array(weights.length)
  const crew = await startCrew(batch, { ...common, precision: "float32", threads: 2 })
  const first = crew.gradient(weights, gradient)
  crew.load({ ...batch, squares: batch.squares.map(square => ({ ...square, weight: square.weight.map(w => 2 * w) })) })
  expect(crew.gradient(weights, gradient)).toBe(2 * first)
  crew.load(batch)
  expect(crew.gradient(weights, gradient)).toBe(first)
  await crew.close()
})

test("a killed worker ends the run with a message", async () => {
  const { weights, batch } = stepWork(), gradient = new Float64Array(weights.length)
  const workers: Worker[] = []
  const crew = await startCrew(batch, { ...common, precision: "float32", threads: 2, hire: order => {
    workers.push(hireMember("crewMember", order))
    return workers[0]
  } })
  await workers[0].terminate()
  expect(() => crew.gradient(weights, gradient)).toThrow(/a worker ended with status \d+ before its work was done/)
  await crew.close()
})

test.each([
  ["throws", "a worker failed in the midst of a step: no more ink"],
  ["traps", "a worker failed in the midst of a step: unreachable"],
  ["dies", "a worker did not finish its part of a step within 0.5 s: it may have been killed"],
  ["sleeps", "a worker did not finish its part of a step within 0.5 s"],
  ["spins", "a worker did not finish its part of a step within 0.5 s"],
])("a worker that %s ends the run with a message, in bounded time", async (fault, message) => {
  const { weights, batch } = stepWork(4096), gradient = new Float64Array(weights.length)
  const hire = (order: CrewOrder) => new Worker(new URL("./fixtures/faultyMember.js", import.meta.url), { workerData: { member: "crewMember", order, fault } })
  const crew = await startCrew(batch, { ...common, precision: "float32", threads: 2, patience: { step: 500 }, hire })
  // A step in which this thread is quicker than the worker needs none of its work.
  const steps = () => { for (let k = 0; k < 200; k++) crew.gradient(weights, gradient) }
  expect(steps).toThrow(message)
  // Nor does it compute on as if nothing had been.
  expect(() => crew.gradient(weights, gradient)).toThrow("a worker")
  await crew.close()
}, 20_000)

test("a process that forgets its crew ends all the same", () => {
  const { status, signal, stderr } = spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(new URL("./fixtures/forgetful.ts", import.meta.url))], { timeout: 20_000, encoding: "utf8" })
  expect({ status, signal, stderr }).toMatchObject({ status: 0, signal: null })
})

test("a worker that does not start ends the run with a message", async () => {
  const { batch } = stepWork()
  await expect(startCrew(batch, { ...common, precision: "float32", threads: 2, patience: { start: 1 } })).rejects.toThrow("a worker did not start within 0.001 s")
})
