import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import type { DrawingDocument } from "../../../src/report/drawingDocument.ts"
import { figures } from "../../../src/report/figures.ts"
import type { Figure, ReportInput } from "../../../src/report/input.ts"
import { page } from "../../../src/report/page.ts"
import { planeOf, sliceLevels } from "../../../src/report/plane/plane.ts"
import { sliceOf } from "../../../src/report/slice.ts"
import { table } from "../../../src/run/table.ts"
import type { Solution } from "../../../src/solve/solution.ts"
import { expectSound } from "../sound.ts"
import { MADE, planeEconomy, planeInput, planeSolution, starOf } from "./example.ts"

const window = new Window()
const draw = (input: ReportInput) => figures(input, window.document as unknown as DrawingDocument)
const named = (drawn: readonly Figure[], name: string) => drawn.find(figure => figure.name === name)!
const withColumns = (solution: Solution, columns: Record<string, Float64Array>): Solution => ({ ...solution, table: table({ ...solution.table.columns, ...columns }) })

const VARIABLES = ["J_e", "q", "psi", "zeta_e", "zeta_h"]

describe("figures over two states", () => {
  const fd = planeSolution("fd"), drawn = draw(planeInput())

  it("draws surfaces of what matters, each variable twice, active learning, residuals, once", () => {
    expect(drawn.map(({ name }) => name)).toEqual([
      ...["J_e", "q", "psi", "zeta_h"].map(name => `surface-${name}`), ...VARIABLES.flatMap(name => [name, `${name}-slices`]),
      "active-grid-aliens", "active-surface-aliens", "active-sample-aliens", "active-band-aliens", "residuals-goods", "checks-left",
    ])
    expectSound(drawn)
  })

  it("gives the same bytes every time", () => expect(draw(planeInput())).toEqual(drawn))

  it("names axes, units and the switch in words", () => {
    const { svg, caption } = named(drawn, "q")
    const text = svg.replaceAll(/<title>.*?<\/title>/g, "").replaceAll(/<[^>]*>/g, "")
    for (const words of ["price of capital, in goods", "experts&#39; share of wealth", "output per unit of capital and year", "z*(a)"]) expect(text).toContain(words)
    expect(caption).toContain("\u201Ccapital\u201D changes side, from 0.25")
  })

  it("says the largest difference and where it is", () => {
    const { columns } = named(drawn, "q").table
    const size = Math.max(...columns.q), largest = columns["difference:q:aliens"].reduce((most, value) => Math.max(most, value || 0), 0)
    // The second solution is the first times 1 + 0.001 sin(9 z + 40 a), on another grid.
    const made = columns.q.map((value, k) => Math.abs(1e-3 * Math.sin(9 * columns.z[k] + 40 * columns.a[k]) * value) / size)
    expect(largest).toBeCloseTo(Math.max(...made), 5)
    columns["difference:q:aliens"].forEach((value, k) => expect(Math.abs(value - made[k])).toBeLessThan(1e-4))
  })

  it("cuts slices at the lowest, mean and highest second state, with both sides of a jump", () => {
    const plane = planeOf(planeInput({ solutions: [fd] }))!
    const levels = sliceLevels(plane)
    expect(levels[0]).toBe(0.1)
    expect(levels[1]).toBeCloseTo(0.15, 12)
    expect(levels[2]).toBe(0.2)
    const { z, a, value } = named(draw(planeInput({ solutions: [fd] })), "zeta_h-slices").table.columns
    const ends = Array.from(z.keys()).filter(k => Math.abs(z[k] - starOf(a[k])) < 1e-12)
    expect(ends).toHaveLength(6)
    for (let k = 0; k < 6; k += 2) expect(value[ends[k]]).toBeGreaterThan(2 * value[ends[k + 1]])
    z.forEach((x, k) => { if (!ends.includes(k)) expect(value[k]).toBeCloseTo(MADE.zeta_h(x, a[k]), 6) })
  })

  it("takes the middle where the second state has no drift", () => {
    const still = withColumns(fd, { "drift:a": new Float64Array(fd.table.length) })
    expect(sliceLevels(planeOf(planeInput({ solutions: [still] }))!)[1]).toBeCloseTo(0.15, 12)
  })

  it("tells first and last bands apart, and leaves out what is not there", () => {
    expect(named(drawn, "active-band-aliens").caption).toContain("outer step 1 and in step 40")
    const { samples, ...without } = planeSolution("aliens")
    const last = (of: readonly Figure[]) => of.filter(({ name }) => name.startsWith("active")).map(({ name }) => name)
    expect(last(draw(planeInput({ solutions: [without] })))).toEqual([])
    const once = table({ ...samples!.columns, outer: new Float64Array(300).fill(7) })
    expect(last(draw(planeInput({ solutions: [{ ...without, samples: once }] })))).toEqual(["active-grid-aliens", "active-surface-aliens", "active-sample-aliens"])
    const uniform = table({ ...samples!.columns, active: new Float64Array(300) })
    expect(last(draw(planeInput({ solutions: [{ ...without, samples: uniform }] })))).toEqual(["active-grid-aliens", "active-surface-aliens", "active-sample-aliens"])
  })

  it("stands without a switch, with one that ends inside, and with one along an end", () => {
    for (const switches of [[], fd.switches.slice(3, 7), fd.switches.map(s => ({ ...s, at: 1 })), fd.switches.slice(0, 1), [...fd.switches, ...fd.switches.map(s => ({ ...s, label: "other", at: 0.9 - s.at }))]]) {
      expectSound(draw(planeInput({ solutions: [{ ...fd, switches }] })))
    }
  })

  it("survives columns that are missing, constant, tiny, huge or not numbers", () => {
    const n = fd.table.length, fill = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i))
    const odd = withColumns(fd, {
      q: fill(() => 1.2), psi: fill(() => NaN), J_e: fill(i => 10 ** (i / 60)), zeta_e: fill(i => (i % 50 ? 1 / (i + 1e-6) ** 2 : Infinity)), zeta_h: fill(i => (i % 2 ? 1e-17 : -1e-17)),
      "residual:goods": fill(() => 0), "check:left": fill(() => NaN),
    })
    for (const solutions of [[odd], [odd, planeSolution("aliens")], [planeSolution("aliens"), odd]] as const) expectSound(draw(planeInput({ solutions })))
    expect(draw(planeInput({ solutions: [odd] })).some(({ name }) => /psi|residuals|checks/.test(name))).toBe(false)
  })

  it("leaves out what is the same all along the first state", () => expect(drawn.some(({ name }) => name.startsWith("mu_a"))).toBe(false))

  it("draws convergence alone for three states without a row of the table for each node", () => {
    const rows = { fd: table({ residual: Float64Array.of(1, 0.1, 1e-10) }) }
    const three = { ...fd, states: [...fd.states, { name: "b", nodes: Float64Array.of(0, 1) }] }
    expect(draw(planeInput({ solutions: [three], rows })).map(({ name }) => name)).toEqual(["convergence-fd"])
  })

  it("cuts more than two states at the middle of the others", () => {
    const b = Float64Array.of(1, 2, 5), n = fd.table.length, columns = Object.entries(fd.table.columns)
    // Everything is twice and five times as large at the upper values of b.
    const threefold = columns.map(([name, column]) => [name, Float64Array.from({ length: 3 * n }, (_, k) => column[Math.floor(k / 3)] * (fd.states.some(s => s.name === name) ? 1 : b[k % 3]))] as const)
    const three = { ...fd, states: [...fd.states, { name: "b", nodes: b }], switches: fd.switches.flatMap(s => [...b].map(x => ({ ...s, where: { ...s.where, b: x } }))),
      table: table({ ...Object.fromEntries(threefold), b: Float64Array.from({ length: 3 * n }, (_, k) => b[k % 3]) }) }
    const { solution, rest } = sliceOf(three, 1)
    expect(rest).toEqual({ b: 2 })
    expect(solution.states).toEqual(fd.states)
    expect(solution.switches).toEqual(fd.switches)
    expect(solution.table.columns.q).toEqual(fd.table.columns.q.map(x => 2 * x))
    const figures = draw(planeInput({ solutions: [three] }))
    expectSound(figures)
    expect(figures.map(({ name }) => name)).toContain("surface-q-over-a")
    expect(figures.find(({ name }) => name === "surface-q-over-a")!.caption).toContain("Held: b = 2.")
    expect(figures.map(({ name }) => name)).toContain("surface-q-over-b")
  })

  it("escapes hostile words and labels", () => {
    const hostile = "<img src=x onerror=alert(1)>\"'&", { declaration } = planeEconomy
    const economy = { ...planeEconomy, declaration: { ...declaration, states: { ...declaration.states, a: { ...declaration.states.a, is: hostile } }, unknowns: { ...declaration.unknowns, q: { ...declaration.unknowns.q, is: hostile } } } }
    const bad = withColumns({ ...fd, switches: fd.switches.map(s => ({ ...s, label: hostile })) }, { [`residual:${hostile}`]: fd.table.columns.q })
    const drawn = draw(planeInput({ economy, solutions: [bad, planeSolution("aliens", { method: hostile })] }))
    expectSound(drawn)
    for (const { svg, html } of drawn) expect(svg + html.caption + html.title).not.toContain("<img")
  })

  it("stand on the page under headings, numbered in order", () => {
    const html = page(planeInput(), drawn)
    for (const heading of ["Surfaces", "Maps and slices", "Active learning", "aliens against fd"]) expect(html).toContain(`>${heading}</h`)
    expect([...html.matchAll(/<b>Figure (\d+)\.<\/b>/g)].map(([, number]) => Number(number))).toEqual(drawn.map((_, i) => i + 1))
    expect(html).not.toMatch(/NaN|undefined|[\uE000-\uE003]/)
  })
})
