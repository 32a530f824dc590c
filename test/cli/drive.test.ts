import { expect, test } from "vitest"
import type { Checkpoint } from "../../src/cli/checkpoint.ts"
import { drive, type DriveOptions } from "../../src/cli/drive.ts"
import { decodeSnapshot, encodeSnapshot } from "../../src/cli/snapshot.ts"
import type { Procedure, Row } from "../../src/run/run.ts"
import { walk } from "./fixtures/walk.ts"

/** Options with a clock that goes on by `tick` milliseconds a step, and what was kept. */
function options(given: Partial<DriveOptions> & { tick?: number } = {}) {
  let time = 0
  const checkpoints: { step: number; seconds: number; bytes: Uint8Array }[] = []
  const rows: number[] = []
  const { tick = 100, ...rest } = given
  return {
    checkpoints, rows, seed: 3, maxSteps: 100, watch: () => {}, stop: { signal: undefined }, now: () => time,
    record: {
      row: (step: number) => { rows.push(step); time += tick },
      checkpoint: ({ step, seconds, state }: Checkpoint) => { checkpoints.push({ step, seconds, bytes: encodeSnapshot(state) }) },
    },
    ...rest,
  }
}

test("from any checkpoint a run ends with the bits of the whole run", async () => {
  const whole = options({ tick: 1000 })
  const { result } = await drive(walk(40), whole)
  expect(whole.rows).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  expect(whole.checkpoints.length).toBe(39)
  for (const { step, seconds, bytes } of whole.checkpoints) {
    const resumed = options({ from: { step, seconds, state: decodeSnapshot(bytes).state } })
    expect((await drive(walk(40), resumed)).result).toEqual(result)
    expect(resumed.rows[0]).toBe(step + 1)
  }
})

test("a checkpoint at most once a second", async () => {
  const run = options({ tick: 100 })
  await drive(walk(60), run)
  const gaps = run.checkpoints.slice(1).map(({ seconds }, i) => seconds - run.checkpoints[i].seconds)
  expect(gaps.length).toBeGreaterThan(2)
  for (const gap of gaps) expect(gap).toBeGreaterThan(0.99)
})

test("a request to stop keeps the state after the step and says so", async () => {
  let signal: "SIGINT" | undefined
  const run = options({ tick: 0, stop: { get signal() { return signal } }, watch: step => { if (step === 7) signal = "SIGINT" } })
  const { result, steps } = await drive(walk(40), run)
  expect(steps).toBe(7)
  expect(result.outcome).toMatch(/^interrupted/)
  expect(run.checkpoints.map(({ step }) => step)).toEqual([7])
})

test.each<[string, Row]>([["done", { change: 1, done: true }], ["failed", { failed: true }], ["not finite", { change: NaN }]])("a step that is %s is no place to go on from", async (_, last) => {
  const procedure: Procedure<{ n: number }, string> = { start: () => ({ n: 0 }), step: state => (++state.n < 3 ? { change: 1 } : last), finish: (_, { outcome }) => outcome }
  const run = options({ tick: 5000, stop: { signal: undefined } })
  await drive(procedure, run)
  expect(run.checkpoints.map(({ step }) => step)).toEqual([1, 2])
  expect(run.rows).toEqual([1, 2, 3])
})

test("seconds before a checkpoint count", async () => {
  const { result: _, seconds } = await drive(walk(5), options({ tick: 0, from: { step: 0, seconds: 42, state: walk(5).start(3) } }))
  expect(seconds).toBe(42)
})
