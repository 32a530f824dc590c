import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import { wilsonInterval } from "../../src/math/wilson.ts"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"
import { dotFigure } from "../../src/report/dots.ts"
import { STUDIES } from "../../src/study/index.ts"
import { packed, unpacked } from "../../src/study/lucas/paths.ts"
import { phasesOf } from "../../src/study/lucas/phases.ts"
import { curveOf, THEORY, trained, type Recipe } from "../../src/study/lucas/training.ts"
import type { Done, JsonObject } from "../../src/study/study.ts"
import { computationOf, trainRequestOf } from "../../src/trainRequest.ts"
import { table } from "../../src/run/table.ts"

const document = new Window().document as unknown as DrawingDocument
const isSound = (text: string) => !/NaN|undefined|Infinity|[\uE000-\uE003]|class=|var\(|url\(/.test(text)
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value), (_, item: unknown) => item ?? NaN) as T
const TINY = ["agents=4", "episodes=2", "horizon=20", "tests=1"]
const smaller = (cell: JsonObject, set = TINY): JsonObject => ({ ...cell, set: [...(cell.set as readonly string[]), ...set] })

describe("learning curves and paths", () => {
  it("curves keep the first row, the last, and at most 200 in all, evenly", () => {
    const rows = (n: number) => table({ episode: Float64Array.from({ length: n }, (_, i) => i + 1), price: new Float64Array(n).fill(1 / 3) })
    expect(curveOf(rows(3))).toEqual({ episode: [1, 2, 3], price: [0.33333, 0.33333, 0.33333] })
    expect(curveOf(rows(1)).episode).toEqual([1])
    const { episode } = curveOf(rows(5000))
    expect(episode).toHaveLength(200)
    expect([episode[0], episode[199]]).toEqual([1, 5000])
    expect(new Set(episode.slice(1).map((e, i) => Math.round((e - episode[i]) / 25.1))).size).toBe(1)
  })

  it("paths come back as they were at the steps kept, holdings relative to their start", () => {
    const { training } = trained({ market: "lucas-posted", learner: "shadow", set: ["agents=12", "episodes=3", "horizon=21", "tests=1", "keep=1,3"] }, 1)
    const { columns: c } = training.tables.paths, back = unpacked(throughJson(packed(training.tables.paths)))
    expect([...new Set(back.columns.episode)]).toEqual([1, 3])
    expect([...new Set(back.columns.step)]).toEqual([1, 6, 11, 16, 21])
    expect(back.length).toBe(2 * 10 * 5)
    for (let i = 0; i < back.length; i++) {
      const at = c.episode.findIndex((e, j) => e === back.columns.episode[i] && c.agent[j] === back.columns.agent[i] && c.step[j] === back.columns.step[i])
      for (const name of ["price", "bond_price", "bonds", "theory_price", "theory_bond_price"]) expect(back.columns[name][i]).toBeCloseTo(c[name][at], 4)
      expect(back.columns.shares[i]).toBeCloseTo(c.shares[at] / c.shares_start[at], 4)
    }
  })

  it("an early stop waits for its episode and for as many looks in the gate, and stops then", () => {
    const recipe: Recipe = { market: "lucas-posted", learner: "shadow", set: ["agents=100", "episodes=40", "tests=1"] }
    const { ended, curve } = trained(recipe, 0, { from: 5, held: 3 })
    expect(ended.episodes).toBeLessThan(40)
    expect(ended.episodes).toBeGreaterThanOrEqual(5)
    expect(curve.episode.at(-1)).toBe(ended.episodes)
    for (const p of curve.price.slice(-3)) expect(Math.abs(p / THEORY.price - 1)).toBeLessThanOrEqual(0.025)
    expect(trained(recipe, 0, { from: 12, held: 3 }).ended.episodes).toBeGreaterThanOrEqual(12)
  })
})

describe("phases", () => {
  const curve = (price: number[], spread: number[], trade_rate: number[]) => ({ price, price_lower: price.map((p, i) => p - spread[i] / 2), price_upper: price.map((p, i) => p + spread[i] / 2), trade_rate })
  it("are told by median, spread and trade", () => {
    expect(phasesOf(curve([0.9, 0.3, 0.5, 0.86], [0.4, 0.3, 0.001, 0.01], [0.3, 0.2, 0, 0]), 0.85)).toEqual({ dispersed: true, race: true, common: true, arrival: true })
    // The same prices without trade are no race; a common price at theory is not one below it.
    expect(phasesOf(curve([0.85, 0.3, 0.85], [0.01, 0.3, 0.001], [0, 0, 0]), 0.85)).toEqual({ dispersed: false, race: false, common: false, arrival: true })
    expect(phasesOf(curve([0.9, 0.5], [0.4, 0.4], [0.3, 0.3]), 0.85)).toEqual({ dispersed: true, race: false, common: false, arrival: false })
  })
})

describe("lucas-reliability", () => {
  const study = STUDIES["lucas-reliability"], cells = study.cells(false)

  it("every recipe is one that can be trained; the dissertation's has theory's prices on its grids, and not in their middle", () => {
    for (const cell of Object.values(cells)) expect(() => trainRequestOf(String(cell.market), { learner: String(cell.learner), set: cell.set as string[] })).not.toThrow()
    const { rules, market } = trainRequestOf("lucas-posted", { learner: "dqn-literal", set: cells["dissertation, seed 0"].set as string[] })
    const { action } = market.make({ ...Object.fromEntries(Object.entries(market.settings).map(([name, { value }]) => [name, value])), ...Object.fromEntries(Object.entries(rules).map(([name, value]) => [name, isNaN(Number(value)) ? value : Number(value)])) } as never).spaces
    action.forEach(({ low, high, levels }, a) => {
      const level = (([0.85, 0.95][a] - low) / (high - low)) * (levels - 1)
      expect(Math.abs(level - Math.round(level))).toBeLessThan(1e-4)
      expect(2 * Math.round(level)).not.toBe(levels - 1)
    })
  })

  it("computes its cells, and draws what they find", () => {
    const names = ["dissertation, seed 0", "posted, shadow, seed 0", "posted, shadow, seed 1", "auction, shadow, seed 0"]
    const done: Done[] = names.map(key => ({ key, cell: cells[key], finding: throughJson(study.compute(smaller(cells[key], key.startsWith("dissertation") ? [...TINY, "priceLevels=3", "bondLevels=3"] : TINY))), seconds: 1 }))
    const { figures, tables, findings } = study.conclude(done, false)
    expect(tables.map(({ name }) => name)).toEqual(["recipes", "phases", "seeds"])
    expect(tables[2].rows).toHaveLength(4)
    expect(findings.join(" ")).toContain("phases seen")
    for (const { svg, caption } of figures(document)) for (const text of [svg, caption]) expect(isSound(text), text.slice(0, 300)).toBe(true)
  })

  it("shares and intervals are Wilson's, medians are of the seeds", () => {
    const [recipe] = Object.keys(cells)[0].split(", seed")
    const finding = (i: number) => ({ converged: i < 3, price: i, price_off: i / 10, bond: 1, price_error: 0, price_iqr: 0, bond_error: 0, euler_gap: 0, trade_rate: 0.5, best_response_gain: 0, episodes: 2, detail: "", theory: { price: 1, bond: 1 }, curve: { episode: [1, 2], price: [1, 1], price_lower: [1, 1], price_upper: [1, 1], trade_rate: [0, 0] } })
    const done = Array.from({ length: 5 }, (_, i): Done => ({ key: `${recipe}, seed ${i}`, cell: cells[`${recipe}, seed ${i}`], finding: finding(i), seconds: 1 }))
    const { facts, tables: [{ rows: [row] }] } = study.conclude(done, false)
    expect(facts[`share converged: ${recipe}`]).toBe(0.6)
    expect(row.slice(1, 9)).toEqual([5, 3, 0.6, ...wilsonInterval(3, 5), 2, 0.2, 1])
  })
})

describe("lucas-replication", () => {
  const study = STUDIES["lucas-replication"]
  it("has the dissertation's size in full, and the same fractions of the training when quick", () => {
    for (const quick of [false, true]) for (const { market, learner, set } of Object.values(study.cells(quick))) {
      const { rules, training } = trainRequestOf(String(market), { learner: String(learner), set: set as string[] }), kept = String(training.keep).split(",").map(Number)
      expect(kept).toHaveLength(5)
      if (!quick) {
        expect(kept).toEqual([1, 2000, 4000, 8000, 19_000])
        expect(Number(training.episodes)).toBe(25_000)
        expect(rules.agents ?? 1200).toBe(1200)
      } else [2000, 4000, 8000, 19_000].forEach((episode, i) => { expect(Math.abs(kept[i + 1] / Number(training.episodes) - episode / 19_000)).toBeLessThan(0.005) })
    }
  })

  it("computes a cell, and draws Figures 8 to 11 with both of theory's prices", () => {
    const cells = study.cells(true), key = "dissertation, linear"
    const finding = throughJson(study.compute(smaller(cells[key], [...TINY, "priceLevels=5", "bondLevels=5", "keep=1,2"])))
    expect(JSON.stringify(finding).length).toBeLessThan(20_000)
    const drawn = study.conclude([{ key, cell: cells[key], finding, seconds: 1 }], true).figures(document)
    expect(drawn.slice(0, 4).map(({ name }) => name)).toEqual(["paths-price", "paths-shares", "paths-bond_price", "paths-bonds"].map(name => `dissertation-linear-${name}`))
    for (const { svg } of drawn) expect(isSound(svg)).toBe(true)
    expect(drawn[0].svg).toContain("0.8515")
    expect(drawn[0].svg).toContain("0.845")
    expect(drawn.slice(0, 4).map(({ caption }) => /Figure (\d+), episodes 1, 2,000/.exec(caption)?.[1])).toEqual(["8", "9", "10", "11"])
  })
})

describe("lucas-identification", () => {
  const study = STUDIES["lucas-identification"], cells = study.cells(false)
  const rulesOf = (variant: string) => {
    const { rules, settings } = trainRequestOf("lucas-posted", { learner: "dqn", set: cells[`${variant}, seed 0`].set as string[] })
    return { ...rules, ...settings } as Record<string, unknown>
  }
  const variants = [...new Set(Object.values(cells).map(({ variant }) => String(variant)))]

  it("each lever is taken away by itself, and each is alone", () => {
    const on = rulesOf("all on"), off = rulesOf("all off"), changed = (from: Record<string, unknown>, to: Record<string, unknown>) => [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(name => from[name] !== to[name])
    const levers = variants.filter(name => name.startsWith("only ")).map(name => name.slice(5))
    expect(levers.length).toBeGreaterThan(5)
    const all = levers.map(lever => changed(on, rulesOf(`without ${lever}`)))
    expect(levers.map(lever => changed(off, rulesOf(`only ${lever}`)))).toEqual(all)
    expect(all.flat().toSorted()).toEqual(changed(on, off).toSorted())
    expect(new Set(all.flat()).size).toBe(all.flat().length)
  })

  it("all levers on are the defaults of market and learner", () => {
    const { rules, settings, market, learner } = trainRequestOf("lucas-posted", { learner: "dqn", set: cells["all on, seed 0"].set as string[] })
    for (const [known, given] of [[market.settings, rules], [learner.settings, settings]] as const)
      for (const [name, value] of Object.entries(given)) if (name !== "agents") expect(String(value), name).toBe(String(known[name].value))
  })

  it("names the levers without which fewer seeds converge, and those that alone make more converge", () => {
    const done = Object.entries(cells).map(([key, cell]): Done => {
      const converged = !["without hindsight", "without baseline", "all off"].includes(String(cell.variant)) && !(String(cell.variant).startsWith("only") && cell.variant !== "only hindsight")
      return { key, cell, seconds: 1, finding: { converged, price: 1, price_error: converged ? 0 : 0.4, price_iqr: 0.1, bond_error: 0, euler_gap: 0 } }
    })
    const { findings, facts, figures } = study.conclude(done, false)
    expect(findings).toContain("Fewer seeds converge without hindsight, without baseline.")
    expect(findings).toContain("More seeds converge with hindsight alone.")
    expect(facts["share converged: all on"]).toBe(1)
    expect(facts["price error: all off"]).toBe(0.4)
    for (const { svg } of figures(document)) expect(isSound(svg)).toBe(true)
  })

  it("computes a cell that its command line would", () => {
    const finding = study.compute(smaller(cells["all off, seed 0"]))
    expect(finding.episodes).toBe(2)
    const { procedure } = computationOf(trainRequestOf("lucas-posted", { learner: "dqn", set: smaller(cells["all off, seed 0"]).set as string[] }))
    expect(procedure).toBeDefined()
  })
})

describe("the dot plot", () => {
  it("draws a dot a value and a bar a row; zero lies on the end of a log axis, and what is not a number is left out", () => {
    const { svg, table: { columns } } = dotFigure("d", "D", "d.", { rows: [{ label: "one", values: [0, 0.1, 1] }, { label: "two", values: [NaN, 0.01] }], xLabel: "x", gate: { at: 0.025, label: "gate" } }, document)
    expect(isSound(svg)).toBe(true)
    expect([...svg.matchAll(/<circle/g)]).toHaveLength(4)
    expect([...columns.two]).toEqual([NaN, 0.01, NaN])
    expect(svg).toContain("gate")
  })
})
