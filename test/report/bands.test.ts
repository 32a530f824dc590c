import fc from "fast-check"
import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import { quantile } from "../../src/math/select.ts"
import { linearAxis } from "../../src/report/axis.ts"
import { bandFigure, bandPanel, quartilesOver } from "../../src/report/bands.ts"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"

const document = new Window().document as unknown as DrawingDocument
const isSound = (text: string) => !/NaN|undefined|Infinity|[\uE000-\uE003]|class=|var\(|url\(/.test(text)
const x = Float64Array.of(1, 10, 100)
const runsOf = (...columns: number[][]) => Array.from({ length: columns[0].length }, (_, run) => Float64Array.from(columns, column => column[run]))

describe("quartiles over runs", () => {
  it("are those of the numbers at each point, in whatever order the runs come", () => {
    fc.assert(fc.property(fc.array(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 9 }), runs => {
      const series = { label: "a", x, runs: runs.map(run => Float64Array.from(run)) }
      const { lower, median, upper } = quartilesOver(series)
      for (let i = 0; i < 3; i++) {
        const at = Float64Array.from(runs, run => run[i])
        expect(lower[i]).toBe(quantile(at.slice(), 0.25))
        expect(median[i]).toBe(quantile(at.slice(), 0.5))
        expect(upper[i]).toBe(quantile(at.slice(), 0.75))
        expect(lower[i] <= median[i] && median[i] <= upper[i]).toBe(true)
      }
      expect(quartilesOver({ ...series, runs: series.runs.toReversed() })).toEqual({ lower, median, upper })
    }))
  })

  it("leave out what is not finite; a point where nothing is has none", () => {
    const { lower, median, upper } = quartilesOver({ label: "a", x, runs: runsOf([1, 2, 3, 4, 5], [NaN, 1, Infinity, 3, NaN], [NaN, NaN, NaN, NaN, NaN]) })
    expect([...lower]).toEqual([2, 1.5, NaN])
    expect([...median]).toEqual([3, 2, NaN])
    expect([...upper]).toEqual([4, 2.5, NaN])
  })
})

describe("the panel", () => {
  const noisy = { label: "noisy", x, runs: runsOf([1, 2, 3], [2, 4, 6], [0.1, 0.2, 0.3]) }
  it("has the median as its curve and an axis that holds quartiles and levels", () => {
    const panel = bandPanel({ series: [noisy], x: "log", yLabel: "p", levels: [{ at: 9 }] })
    expect([...panel.curves[0].y]).toEqual([2, 4, 0.2])
    expect(panel.x).toMatchObject({ kind: "log", domain: [1, 100] })
    expect(panel.y.domain[1]).toBeGreaterThanOrEqual(9)
    expect(bandPanel({ series: [noisy], yLabel: "p", y: linearAxis(0, 1) }).y.domain).toEqual([0, 1])
  })

  it("breaks a curve where a log axis has no place for it", () => {
    const { curves: [{ pieces }] } = bandPanel({ series: [{ label: "a", x, runs: [Float64Array.of(1, 0, 2)] }], y: "log", yLabel: "error" })
    expect(pieces).toEqual([[0, 1], [2, 3]])
  })
})

describe("the figure", () => {
  const series = [{ label: "first", x, runs: runsOf([1, 2, 3], [2, 4, 6], [0.1, 0.2, 0.3]) }, { label: "second", x: x.subarray(1), runs: runsOf([3, 4], [NaN, 1]) }]
  it("draws every series and its area, and its table has them all", () => {
    const { svg, table, caption } = bandFigure("curves", "Curves", "Curves over runs.", [{ series, x: "log", yLabel: "p", xLabel: "n" }], document)
    expect(isSound(svg)).toBe(true)
    expect([...svg.matchAll(/aria-label="area"/g)]).toHaveLength(2)
    expect(svg).toContain("second")
    expect(caption).toBe("Curves over runs.")
    expect(Object.keys(table.columns)).toEqual(["first", "second"].flatMap(label => ["x", "25", "50", "75"].map(part => `${label} ${part}`)))
    expect([...table.columns["second 50"]]).toEqual([3.5, 1, NaN])
  })

  it("has one panel below the other, told apart in the table; one series needs no legend, one run no area", () => {
    const alone = { label: "only", x, runs: [Float64Array.of(1, 2, 3)] }
    const { svg, table } = bandFigure("two", "Two", "Two.", [{ series: [alone], yLabel: "p", title: "above" }, { series: [alone], yLabel: "q", title: "below", xLabel: "n" }], document)
    expect(isSound(svg)).toBe(true)
    expect(svg).not.toContain("area")
    expect(svg).not.toContain(">only<")
    expect(Object.keys(table.columns)).toContain("above: only 50")
    expect(Object.keys(table.columns)).toContain("below: only 50")
  })
})
