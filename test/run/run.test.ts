import { describe, expect, test } from "vitest"
import { OUTCOMES } from "../../src/run/outcome.ts"
import { run, runToEnd, type Ending, type Procedure, type Progress, type Row } from "../../src/run/run.ts"

interface Count { n: number; seed: number }

/** Counts steps; `say` is the row of a step, the result the state with its ending. */
const counter = (say: (n: number) => Row): Procedure<Count, Count & Ending> => ({
  start: seed => ({ n: 0, seed }),
  step: state => say(++state.n),
  finish: (state, ending) => ({ ...state, ...ending }),
})

/** All that was yielded, states copied, and the result. */
function watched(procedure: Procedure<Count, Count & Ending>, options = {}): { seen: Progress<Count>[]; result: Count & Ending } {
  const steps = run(procedure, options), seen: Progress<Count>[] = []
  for (;;) {
    const next = steps.next()
    if (next.done) return { seen, result: next.value }
    seen.push({ ...next.value, state: { ...next.value.state } })
  }
}

describe("run", () => {
  test("yields each step with its row and the live state, and ends as converged after `done`", () => {
    const { seen, result } = watched(counter(n => ({ size: 1 / n, done: n === 3 })), { seed: 9 })
    expect(seen.map(({ step, state, row }) => [step, state.n, row.size])).toEqual([[1, 1, 1], [2, 2, 1 / 2], [3, 3, 1 / 3]])
    expect(result).toEqual({ n: 3, seed: 9, outcome: OUTCOMES.converged, steps: 3, detail: "" })
  })

  test("stops at the step limit", () => {
    expect(watched(counter(() => ({})), { maxSteps: 4 })).toMatchObject({ seen: { length: 4 }, result: { n: 4, steps: 4, outcome: OUTCOMES.outOfSteps } })
    expect(watched(counter(() => ({})), { maxSteps: 0 })).toMatchObject({ seen: { length: 0 }, result: { n: 0, outcome: OUTCOMES.outOfSteps } })
  })

  test.each([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]])("names a row's number that is %s, and shows the row", (text, bad) => {
    const { seen, result } = watched(counter(n => ({ residual: 1, change: n === 2 ? bad : 0, done: n === 2 })))
    expect(seen).toHaveLength(2)
    expect(result).toMatchObject({ outcome: OUTCOMES.notFinite, steps: 2, detail: `\`change\` is ${text} at step 2` })
  })

  test("keeps the place a procedure gives for a number that is not finite", () => {
    expect(runToEnd(counter(() => ({ residual: NaN, detail: "[goods market] at z = 0.1" })))).toMatchObject({ outcome: OUTCOMES.notFinite, detail: "[goods market] at z = 0.1" })
  })

  test("ends as stuck where a procedure failed, even one that says it is done", () => {
    expect(runToEnd(counter(n => ({ failed: n === 2, done: n === 2, detail: "no step" })))).toMatchObject({ outcome: OUTCOMES.stuck, steps: 2, detail: "no step" })
  })

  test("goes on from a state and its number of steps as if never stopped", () => {
    const procedure = counter(n => ({ done: n === 10 }))
    const whole = watched(procedure, { seed: 3 })
    const { step, state } = whole.seen[3]
    const rest = watched(procedure, { from: { state: structuredClone(state), steps: step }, seed: 77 })
    expect(rest.seen.map(s => s.step)).toEqual([5, 6, 7, 8, 9, 10])
    expect(rest.result).toEqual(whole.result)
  })

  test("a limit already passed ends at once, without a step", () => {
    expect(watched(counter(() => ({})), { from: { state: { n: 5, seed: 0 }, steps: 5 }, maxSteps: 5 })).toMatchObject({ seen: [], result: { n: 5, steps: 5, outcome: OUTCOMES.outOfSteps } })
  })

  test("stops when its watcher does, without finishing", () => {
    let finished = 0
    const procedure: Procedure<Count, number> = { start: seed => ({ n: 0, seed }), step: state => ({ n: ++state.n }), finish: () => ++finished }
    for (const { step } of run(procedure)) if (step === 3) break
    expect(finished).toBe(0)
  })
})

test("runToEnd is run with nobody watching", () => {
  const procedure = counter(n => ({ done: n === 6 }))
  expect(runToEnd(procedure, { seed: 2 })).toEqual(watched(procedure, { seed: 2 }).result)
})
