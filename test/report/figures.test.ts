import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"
import { figures } from "../../src/report/figures.ts"
import type { Figure, ReportInput } from "../../src/report/input.ts"
import { table } from "../../src/run/table.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { expectSound } from "./sound.ts"
import { exampleEconomy, exampleInput, exampleSolution } from "./example.ts"

const window = new Window()
const draw = (input: ReportInput) => figures(input, window.document as unknown as DrawingDocument)
const named = (drawn: readonly Figure[], name: string) => drawn.find(figure => figure.name === name)!
const withColumns = (solution: Solution, columns: Record<string, Float64Array>): Solution => ({ ...solution, table: table({ ...solution.table.columns, ...columns }) })

/** The `d` of all curves of a picture. */
const lines = (svg: string) => [...svg.matchAll(/<g aria-label="line"[^>]*><path d="([^"]*)"/g)].map(([, d]) => d)

describe("figures", () => {
  const drawn = draw(exampleInput())

  it("draws all there is, once", () => {
    expect(drawn.map(({ name }) => name)).toEqual(["J", "q", "sigma_R", "psi", "sigma_z", "zeta", "mu_z", "r", "density", "convergence-fd", "convergence-aliens", "sample-aliens", "residuals", "checks"])
    expectSound(drawn)
  })

  it("gives the same bytes every time", () => expect(draw(exampleInput())).toEqual(drawn))

  it("breaks a line at the switch where the variable jumps, and only there", () => {
    const [fd] = exampleInput().solutions
    const alone = draw(exampleInput({ solutions: [fd] }))
    expect(lines(named(alone, "sigma_R").svg)).toHaveLength(2)
    expect(lines(named(alone, "q").svg)).toHaveLength(1)
    expect(lines(draw(exampleInput({ solutions: [{ ...fd, switches: [] }] })).find(({ name }) => name === "sigma_R")!.svg)).toHaveLength(1)
  })

  it("names the switch and the steady state", () => {
    const { caption, svg } = named(drawn, "mu_z")
    expect(svg).toContain("= 0.2617")
    const [, root] = /leads to z = ([\d.]+)/.exec(caption)!
    const { mu_z: drift, z } = exampleSolution("fd").table.columns
    const after = z.findIndex(value => value > Number(root))
    expect(drift[after - 2]).toBeGreaterThan(0)
    expect(drift[after + 1]).toBeLessThan(0)
  })

  it("tells the probability below the switch", () => {
    const z = Float64Array.from({ length: 101 }, (_, i) => i / 100)
    const [figure] = draw(exampleInput({ density: { fd: table({ z, density: z.map(() => 1) }) } })).filter(({ name }) => name === "density")
    expect(figure.caption).toContain("probability is 0.262")
  })

  it("says what is drawn in the table", () => {
    expect(Object.keys(named(drawn, "q").table.columns)).toEqual(["z", "q:fd", "q:aliens", "difference:q:aliens"])
    const { columns } = named(drawn, "q").table
    columns["difference:q:aliens"].forEach((value, i) => {
      if (Number.isFinite(value)) expect(value).toBeCloseTo(Math.abs(columns["q:aliens"][i] - columns["q:fd"][i]) / Math.max(...columns["q:fd"]), 12)
    })
  })

  it("stands alone with one solution, no rows, no density, no samples", () => {
    const few = draw(exampleInput({ solutions: [exampleSolution("fd")], rows: { fd: table({}) }, density: {} }))
    expect(few.some(({ name }) => /convergence|sample|density/.test(name))).toBe(false)
    expectSound(few)
  })

  it("survives columns that are missing, constant, tiny, huge or not numbers", () => {
    const fd = exampleSolution("fd"), n = fd.table.length
    const fill = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i))
    const odd = withColumns(fd, {
      q: fill(() => 1.2), psi: fill(() => NaN), sigma_R: fill(i => 1e-9 * (1 + i / n)), r: fill(i => i % 2 ? 1e-17 : -1e-17),
      J_e: fill(i => 10 ** (i / 60)), zeta_e: fill(i => i % 50 ? 1 / (i + 1e-6) ** 2 : Infinity), mu_z: fill(() => 0), "residual:goods": fill(() => 0),
    })
    const figures = draw(exampleInput({ solutions: [odd, exampleSolution("aliens")] }))
    expect(figures.some(({ name }) => name === "psi")).toBe(true)
    expectSound(figures)
    const alone = draw(exampleInput({ solutions: [odd] }))
    expect(alone.some(({ name }) => name === "psi")).toBe(false)
    expectSound(alone)
    expect(new Set(lines(named(alone, "q").svg)[0].match(/,[\d.]+/g)).size).toBe(1)
  })

  it("survives rows of one step, with zeros and NaN", () => {
    const one = (value: number) => Float64Array.of(value)
    expectSound(draw(exampleInput({ rows: { fd: table({ residual: one(1e-3), change: one(NaN) }), aliens: table({ outer: one(1), loss: one(0), loss_f: one(1e-9) }) } })))
  })

  it("escapes hostile words and labels", () => {
    const hostile = "<img src=x onerror=alert(1)>\"'&", { declaration } = exampleEconomy
    const economy = { ...exampleEconomy, declaration: { ...declaration, states: { z: { ...declaration.states.z, is: hostile } }, unknowns: { ...declaration.unknowns, q: { ...declaration.unknowns.q, is: hostile } } } }
    const fd = withColumns(exampleSolution("fd", { switches: [{ label: hostile, state: "z", at: 0.26 }], detail: hostile, measure: hostile }), { [`residual:${hostile}`]: exampleSolution("fd").table.columns.q })
    const drawn = draw(exampleInput({ economy, solutions: [fd, exampleSolution("aliens", { method: hostile })] }))
    expectSound(drawn)
    for (const { svg, html } of drawn) expect(svg + html.caption + html.title).not.toContain("<img")
  })

  it("draws convergence alone for two states", () => {
    const fd = exampleSolution("fd")
    const two = { ...fd, states: [...fd.states, { name: "a", nodes: Float64Array.of(0.1, 0.2) }] }
    expect(draw(exampleInput({ solutions: [two] })).map(({ name }) => name)).toEqual(["convergence-fd"])
  })
})
