import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import { GATE } from "../../src/learn/metrics.ts"
import { TRAINING } from "../../src/learn/train.ts"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"
import { distributionFigures } from "../../src/report/training/distributions.ts"
import { trainingFigures } from "../../src/report/training/figures.ts"
import type { Trained, TrainingInput } from "../../src/report/training/input.ts"
import { learningFigures } from "../../src/report/training/learning.ts"
import { trainingPage } from "../../src/report/training/page.ts"
import { pathFigures } from "../../src/report/training/paths.ts"
import { run, type Row } from "../../src/run/run.ts"
import { table, tableOfRows } from "../../src/run/table.ts"
import { computationOf, trainRequestOf, type TrainOptions } from "../../src/trainRequest.ts"
import { expectSound } from "./sound.ts"

const document = new Window().document as unknown as DrawingDocument

function trained(market: string, options: TrainOptions): Trained {
  const { procedure, maxSteps } = computationOf(trainRequestOf(market, options)), rows: Row[] = []
  const steps = run(procedure, { seed: options.seed ?? 0, maxSteps })
  for (;;) {
    const next = steps.next()
    if (next.done) return { training: next.value, rows: tableOfRows(rows), seconds: 1 }
    rows.push(next.value.row)
  }
}

function inputOf(market: string, options: TrainOptions, seeds: readonly number[]): TrainingInput {
  const { market: { name, is, source, notes, settings }, learner } = trainRequestOf(market, options)
  return {
    market: { name, is, source, notes, settings }, learners: { [learner.name]: { is: learner.is, settings: { ...TRAINING, ...learner.settings } } }, gate: GATE,
    trainings: seeds.map(seed => trained(market, { ...options, seed })) as unknown as TrainingInput["trainings"], made: { version: "0", machine: "", command: "walras train" },
  }
}

const SMALL = ["horizon=40", "tests=1"]
const inputs: readonly (readonly [string, TrainingInput, readonly string[]])[] = [
  ["shadow, three seeds", inputOf("lucas-auction", { agents: 20, episodes: 4, set: [...SMALL, "batch=64"] }, [0, 1, 2]), ["slice-value-W", "slice-shadow-price-price", "slice-shadow-price-bond_price"]],
  ["dqn", inputOf("lucas-posted", { learner: "dqn", agents: 20, episodes: 4, set: [...SMALL, "hidden=8", "batch=16"] }, [0]), ["slice-Q-Q"]],
  ["the literal reading by the literal learner, whose theory follows the dividend", inputOf("lucas-posted", { learner: "dqn-literal", agents: 6, episodes: 3, set: [...SMALL, "reading=literal", "hidden=8", "priceLevels=5", "bondLevels=4"] }, [0]), ["slice-Q-Q"]],
  ["tabular", inputOf("lucas-auction", { learner: "tabular", agents: 10, episodes: 2, set: [...SMALL, "priceLevels=21", "bondLevels=16"] }, [3]), ["slice-Q-Q"]],
]

describe.each(inputs)("the report of %s", (_, input, slices) => {
  const drawn = trainingFigures(input, document), html = trainingPage(input, drawn)
  it("draws learning curves, paths, distributions, policies and slices, all sound and the same every time", () => {
    const names = drawn.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([
      "learning-prices", "learning-measures", "paths-price", "paths-shares", "paths-bond_price", "paths-bonds", "distribution-prices", "distribution-bond_prices", "distribution-shares",
      "distribution-bonds", "distribution-wealth", "policy-price", "policy-bond_price", ...slices,
    ]))
    expectSound(drawn)
    expect(trainingFigures(input, document)).toEqual(drawn)
  })
  it("tells the gap to theory, every rule and every setting", () => {
    const { training } = input.trainings[0]
    expect(html).toContain("<h2>Gap to theory</h2>")
    for (const name of [...Object.keys(training.rules), ...Object.keys(training.settings)]) expect(html).toContain(`<code>${name}</code>`)
    for (const { name } of drawn) expect(html).toContain(`id="figure-${name}"`)
    expect(html.replaceAll(/<svg.*?<\/svg>/gs, "")).not.toMatch(/NaN|undefined/)
    expect(html.includes("did not pass the gate")).toBe(input.trainings.some(one => !one.training.converged))
  })
})

const THEORY = { theory: { price: 2, bond: 0.95 }, printed: { price: 2.1, bond: 1.05 } }

describe("learning curves", () => {
  const rowsOf = (price: readonly number[]) => table({ episode: Float64Array.from(price, (_, i) => i + 1), price: Float64Array.from(price), agent_steps: Float64Array.from(price, (_, i) => 10 * (i + 1)) })
  it("are the median over seeds in a band of all, as far as each goes", () => {
    const [figure] = learningFigures([{ label: "a", rows: [rowsOf([1, 2, 3]), rowsOf([3, 4]), rowsOf([2, 9, 5])] }], { ...THEORY, gate: {} }, document)
    expect([...figure.table.columns.price]).toEqual([2, 4, 4])
    expect([...figure.table.columns["price:least"]]).toEqual([1, 2, 3])
    expect([...figure.table.columns["price:most"]]).toEqual([3, 9, 5])
  })
  it("of several groups stand beside each other, against agent-steps too", () => {
    const figures = learningFigures([{ label: "ours", rows: [rowsOf([1, 2])] }, { label: "theirs", rows: [rowsOf([1, 1, 1, 1])] }], { ...THEORY, gate: {} }, document, { by: "agent_steps", prefix: "both-" })
    expect(figures.map(({ name }) => name)).toEqual(["both-learning-prices"])
    expect([...figures[0].table.columns["price:ours"]]).toEqual([1, 2, NaN, NaN])
    expect([...figures[0].table.columns.agent_steps]).toEqual([10, 20, 30, 40])
    expect(figures[0].svg).toContain("theirs")
  })
  it("leave theory out where it is far off, and say so", () => {
    const [figure] = learningFigures([{ label: "a", rows: [rowsOf([0.01, 0.02])] }], { theory: { price: 50, bond: 1 }, gate: {} }, document)
    expect(figure.caption).toContain("Outside of the picture: theory 50.")
  })
})

describe("distributions", () => {
  const column = (values: readonly number[]) => Float64Array.from(values)
  const agents = table({ shares: column([1, 1, 2, 0]), bonds: column([0, 0, -1, 1]), price: column([2, 2, 2, 3]), bond_price: column([1, 1, 1, 1]), income: column([1, -1, 1, -1]) })
  const drawn = distributionFigures([agents], THEORY, document, { incomes: true })
  const named = (name: string) => drawn.find(figure => figure.name === `distribution-${name}`)!.table.columns
  it("are parts of the agents that sum to all, by income for prices", () => {
    for (const { table: { columns } } of drawn) expect(columns.percent.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 10)
    const { from, to, percent, low_income, high_income } = named("prices")
    const at = (price: number) => from.findIndex((low, b) => low <= price && price < to[b])
    expect([percent[at(2)], percent[at(3)]]).toEqual([75, 25])
    expect([low_income[at(2)], high_income[at(2)], low_income[at(3)]]).toEqual([1, 2, 1])
  })
  it("wealth is bonds and shares at the median price", () => {
    const { from, to, percent } = named("wealth")
    for (const [wealth, part] of [[2, 50], [3, 25], [1, 25]]) expect(percent[from.findIndex((low, b) => low <= wealth && wealth < to[b])]).toBe(part)
  })
})

describe("paths", () => {
  it("hold shares against those at the start, and draw theory's price by the dividend where it moves", () => {
    const steps = column([1, 2, 1, 2]), paths = (theory: readonly number[]) => table({
      episode: column([1, 1, 1, 1]), agent: column([1, 1, 2, 2]), step: steps, price: column([2, 2, 1, 1]), shares: column([2, 3, 1, 1]), shares_start: column([2, 2, 1, 1]),
      bond_price: column([1, 1, 1, 1]), bonds: column([0, 0, 0, 0]), theory_price: column(theory), theory_bond_price: column([1, 1, 1, 1]),
    })
    const [price, shares] = pathFigures(paths([2, 2, 2, 2]), THEORY, document)
    expect([...shares.table.columns.shares]).toEqual([1, 1.5, 1, 1])
    expect(price.svg).toContain("theory 2")
    const [moving] = pathFigures(paths([2, 1, 2, 1]), THEORY, document)
    expect(moving.svg).toContain("theory, by the dividend")
    const { shares_start: _, ...rest } = paths([2, 2, 2, 2]).columns
    expect(pathFigures(table(rest), THEORY, document).map(({ name }) => name)).toEqual(["paths-price", "paths-bond_price", "paths-bonds"])
  })
  const column = (values: readonly number[]) => Float64Array.from(values)
})
