import { expect, test } from "vitest"
import { durationText, progress, progressLine, secondsLeft, type Tick } from "../../src/cli/progress.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"

/** `change` halves at every step, and a step takes half a second. */
const halving = (steps: number, tolerance = 2 ** -20): Tick[] =>
  Array.from({ length: steps }, (_, i) => ({ at: 500 * i, step: i + 1, row: { loss_f: 0.5, change: 2 ** -(i + 1), tolerance, band: 12, dt: 0.1 } }))

test("the time left is where the log-linear decay meets the tolerance", () => {
  expect(secondsLeft(halving(10))).toBeCloseTo(10 * 0.5, 9)
  expect(secondsLeft(halving(19))).toBeCloseTo(0.5, 9)
})

const changes = (...values: number[]): Tick[] => values.map((change, i) => ({ at: 500 * i, step: i + 1, row: { change, tolerance: 1e-3 } }))

test("nothing is guessed from few steps, without a tolerance, or while the change does not fall", () => {
  expect(secondsLeft(halving(5))).toBeUndefined()
  expect(secondsLeft(halving(20))).toBeUndefined()
  expect(secondsLeft(halving(10).map(tick => ({ ...tick, row: { change: 1 } })))).toBeUndefined()
  expect(secondsLeft(halving(10).map((tick, i) => ({ ...tick, row: { change: 1 + i, tolerance: 0.1 } })))).toBeUndefined()
})

test("nothing is guessed from a decay that is not log-linear, or far beyond what was seen", () => {
  // ALIENs: steps in time are chosen so that values change by much, then the change falls, with noise.
  expect(secondsLeft(changes(0.408, 0.405, 0.409, 0.407, 0.415, 0.403, 0.393, 0.396, 0.952))).toBeUndefined()
  expect(secondsLeft(changes(0.95, 0.85, 0.05, 0.046, 0.05, 0.033, 0.034, 0.036))).toBeUndefined()
  // Newton's method speeds up.
  expect(secondsLeft(changes(0.5, 0.4, 0.3, 0.2, 0.12, 0.054, 0.0127, 1.1e-3))).toBeUndefined()
  expect(secondsLeft(changes(...Array.from({ length: 10 }, (_, i) => 0.99 ** i)))).toBeUndefined()
})

test("a line says the step, the row and the time left", () => {
  expect(progressLine("walk", halving(10))).toBe("walk: step 10, change 9.77e-4 (to 9.54e-7), losses f 0.5, band 12, dt 0.1, about 5 s left")
})

test("a narrow line drops parts from the right, and never the time left", () => {
  const line = progressLine("walk", halving(10), 58)
  expect(line).toBe("walk: step 10, change 9.77e-4 (to 9.54e-7), about 5 s left")
  for (let width = 1; width < 100; width++) expect(progressLine("walk", halving(10), width).length).toBeLessThanOrEqual(width)
})

test("residuals count where there is no change", () => {
  const ticks = halving(10).map(({ row: { change, tolerance }, ...tick }) => ({ ...tick, row: { residual: change, tolerance } }))
  expect(progressLine("fd", ticks)).toBe("fd: step 10, residual 9.77e-4 (to 9.54e-7), about 5 s left")
})

test("plain lines elsewhere: one every other second, without control characters", () => {
  const host = fakeHost({ tick: 100 })
  const shown = progress("walk", host, false)
  for (const { step, row } of halving(100)) shown.watch(step, row)
  shown.clear()
  expect(host.stderr().trimEnd().split("\n")).toHaveLength(5)
  expect(host.stderr()).not.toMatch(/[\r\x1b]/)
})

test("one line on a terminal, narrower than it, taken away at the end", () => {
  const host = fakeHost({ tick: 200, isTTY: true, columns: 30 })
  const shown = progress("walk", host, false)
  for (const { step, row } of halving(5)) shown.watch(step, row)
  shown.clear()
  expect(host.stderr()).not.toContain("\n")
  const lines = host.stderr().split("\r\x1b[2K")
  expect(lines.pop()).toBe("")
  for (const line of lines) expect(line.length).toBeLessThan(30)
})

test("quiet is quiet", () => {
  const host = fakeHost({ tick: 5000 })
  const shown = progress("walk", host, true)
  shown.watch(1, { change: 1 })
  shown.clear()
  expect(host.stderr()).toBe("")
})

test.each([[7.4, "7 s"], [200, "3 min 20 s"], [7500, "2 h 5 min"]])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})
