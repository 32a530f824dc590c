import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"
import { figures } from "../../src/report/figures.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { page } from "../../src/report/page.ts"
import { simulate } from "../../src/simulate/simulate.ts"
import { process, type Process } from "../simulate/synthetic.ts"

const window = new Window()
const small = { paths: 60, years: 40, fanPaths: 60, horizon: 5, burn: "5" }
const inputOf = ({ problem, solution }: Process): ReportInput => ({
  economy: problem.economy, solutions: [solution], rows: {}, made: { version: "0", seconds: {}, machine: "" },
  simulation: simulate(problem, solution, { settings: small }),
})
const draw = (input: ReportInput) => figures(input, window.document as unknown as DrawingDocument)
const isSound = (text: string) => !/NaN|undefined|Infinity|[\uE000-\uE003]|class=|var\(|url\(/.test(text)

const one = inputOf(process({
  states: { x: { is: "a state", from: 0, to: 1, drift: "0.3*(0.5 - x)", risk: "if(psi < 1, 0.3, 0.15)" } }, points: [41],
  side: { formula: "x - 0.3", at: () => 0.3, of: ([x]) => x - 0.3 },
}))
const two = inputOf(process({
  states: { x: { is: "a state", from: 0, to: 1, drift: "0.3*(0.5 - x)", risk: { A: "if(psi < 1, 0.3, 0.15)" } }, y: { is: "another", from: 0, to: 1, drift: "0.2*(0.5 - y)", risk: { B: "0.1" } } },
  shocks: ["A", "B"], points: [21, 11], side: { formula: "x - 0.2 - 0.2*y", at: ([y]) => 0.2 + 0.2 * y, of: ([x, y]) => x - 0.2 - 0.2 * y },
}))

describe("figures of a simulation", () => {
  it("one state: density, law of motion, path, fans, response", () => {
    const drawn = draw(one)
    expect(drawn.map(({ name }) => name).slice(0, 6)).toEqual(["density", "motion", "path", "fan-x", "fan-psi", "response-Zminus1"])
    for (const { svg, caption, title } of drawn) for (const text of [svg, caption, title]) expect(isSound(text), text.slice(0, 200)).toBe(true)
    const [density] = drawn
    expect(density.caption).toMatch(/by the Kolmogorov forward equation \(line\) and by simulation \(dots\), 60 paths of 40 years, looked at monthly\. Total variation distance 0\.\d+\. Shaded: the crisis region, psi < 1; its probability is 0\.\d+ and 0\.\d+\./)
    expect(Object.keys(density.table.columns)).toEqual(["x", "kolmogorov", "simulated"])
    // One line for each side of the switch, and the crisis shaded up to it.
    expect([...density.svg.matchAll(/<g aria-label="line"/g)]).toHaveLength(2)
    expect(draw(one)).toEqual(drawn)
  })

  it("two states: the joint density with regions by both ways, a phase diagram, marginal densities, a path", () => {
    const drawn = draw(two), names = drawn.map(({ name }) => name)
    expect(names.slice(0, 5)).toEqual(["density-x", "density-y", "density", "phase", "path"])
    expect(names).toContain("response-Aminus1")
    expect(names).toContain("response-Bminus1")
    for (const { svg, caption } of drawn) for (const text of [svg, caption]) expect(isSound(text), text.slice(0, 200)).toBe(true)
    const phase = drawn.find(({ name }) => name === "phase")!
    expect(phase.svg).toContain('aria-label="vector"')
    expect(drawn.find(({ name }) => name === "density")!.svg.match(/aria-label="contour"/g)).toHaveLength(8)
  })
})

describe("the page", () => {
  it("tells crises, moments and notes", () => {
    const html = page(one, draw(one))
    expect(html).toContain("<h2>Simulation</h2>")
    expect(html).toContain("<h3>Crises: psi &lt; 1</h3>")
    expect(html).toContain("<h3>Moments</h3>")
    expect(html).not.toMatch(/NaN|undefined/)
    expect(page({ ...one, simulation: undefined }, [])).not.toContain("Simulation")
  })
})
