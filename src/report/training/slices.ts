import type { Table } from "../../run/table.ts"
import { table } from "../../run/table.ts"
import { axisOf, linearAxis } from "../axis.ts"
import { figureOf, listed } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { piecesOf } from "../pieces.ts"
import type { Priced, Theory } from "./input.ts"
import { theoryKeys, theoryLines, withinReach } from "./theory.ts"

/** The names that learners use in their slices, in words. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  Q: "Q of posting a price", W: "W: the value of what is carried into a period", price: "Shadow price of a share", bond_price: "Shadow price of a bond",
}
const PLACES: Readonly<Record<string, string>> = {
  price: "price of a share", bond_price: "price of a bond", shares: "shares held, as seen", bonds: "bonds held, as seen", income: "income (1 high, \u22121 low)", dividend: "dividend, as seen", cash: "goods at hand, as seen",
}
const PRICED: Readonly<Record<string, Priced>> = { price: "price", bond_price: "bond" }

/**
 * What a learner says of itself: columns `F_of_x` over columns `x`, a figure a function F, a panel an x. Functions of prices are marked at their
 * largest and at theory's price; those that are prices are held against theory.
 */
export function sliceFigures(slices: Readonly<Record<string, Table>>, about: Theory, document: DrawingDocument, prefix = ""): Figure[] {
  return Object.entries(slices).flatMap(([slice, { columns }]) => {
    const pairs = Object.keys(columns).flatMap(column => {
      const place = column.lastIndexOf("_of_"), x = column.slice(place + "_of_".length)
      return place > 0 && Object.hasOwn(columns, x) ? [{ column, F: column.slice(0, place), x }] : []
    })
    return [...new Set(pairs.map(({ F }) => F))].map(F => functionFigure(F, pairs.filter(pair => pair.F === F)))

    function functionFigure(F: string, own: readonly { column: string; x: string }[]): Figure {
      const words = FUNCTIONS[F] ?? plain(F), priced = PRICED[F] as Priced | undefined
      const levels = priced ? withinReach(theoryLines(priced, about), own.flatMap(({ column }) => [...columns[column]])) : []
      const best: string[] = []
      const panels = own.map(({ column, x }, i): Panel => {
        const at = columns[x], y = columns[column], along = PRICED[x] as Priced | undefined
        const finite = [...at].filter(Number.isFinite)
        const top = y.reduce((most, value, k) => (value > (y[most] ?? -Infinity) || Number.isNaN(y[most]) ? k : most), 0)
        if (along) best.push(`${numberText(at[top])} (${PLACES[x]})`)
        const yAxis = axisOf([...y, ...levels.map(level => level.at)])
        return {
          x: axisOf(finite, { tight: true }), y: yAxis.kind === "log" ? yAxis : linearAxis(...yAxis.domain, 4), height: 196, xLabel: PLACES[x] ?? plain(x), yLabel: i === 0 ? words : "",
          curves: [{ x: at, y, pieces: piecesOf(at, y, []), ink: inkOf(0) }],
          levels: levels.map(({ at, ink }) => ({ at, ink })),
          ...(along ? { switches: theoryLines(along, about).filter(line => line.at <= Math.max(...finite)), spots: [{ x: at[top], y: y[top], label: "" }] } : {}),
        }
      })
      const caption = `${words}; what is not on the axis is in the middle of its range.` + (best.length > 0 ? ` Dots: the largest, at ${listed(best)}.` : "")
      return figureOf(`${prefix}slice-${slice}-${F}`, words, caption, picture(panels, theoryKeys(levels), document, words), table(Object.fromEntries(own.flatMap(({ column, x }) => [[x, columns[x]], [column, columns[column]]]))))
    }
  })
}
