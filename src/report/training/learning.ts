import { table, type Table } from "../../run/table.ts"
import { axisOf, countAxis, logAxis, sparse, type Axis } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Curve, Level, Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { piecesOf } from "../pieces.ts"
import { ribbon } from "../ribbon.ts"
import type { Theory } from "./input.ts"
import { farSentence, theoryKeys, theoryLines, withinReach, type TheoryLine } from "./theory.ts"

/** Trainings that differ in their seeds alone: one curve, with a band. */
export interface CurveGroup {
  readonly label: string
  /** Progress rows of each. */
  readonly rows: readonly Table[]
}

export interface LearningOptions {
  /** What learning is drawn against. Default `episode`. */
  readonly by?: "episode" | "agent_steps"
  /** Goes before the names of the figures. */
  readonly prefix?: string
}

interface Row {
  readonly column: string
  readonly label: string
  readonly log?: boolean
  readonly levels?: readonly Level[]
  readonly theory?: readonly TheoryLine[]
  /** Columns of the quartiles over agents. */
  readonly quartiles?: readonly [lower: string, upper: string]
}

/**
 * Learning curves: prices with theory's lines; then the measures that do not know theory. Of several trainings in a group the median is drawn,
 * in a band of the middle half of them (from four on) and in one of all; of a single one in a single group the band is that of the middle half of agents.
 */
export function learningFigures(groups: readonly CurveGroup[], about: Theory & { readonly gate: Readonly<Record<string, number>> }, document: DrawingDocument, { by = "episode", prefix = "" }: LearningOptions = {}): Figure[] {
  const gate = (name: string): Level[] => (Object.hasOwn(about.gate, name) ? [{ at: about.gate[name], label: `gate ${numberText(about.gate[name])}` }] : [])
  const prices: readonly Row[] = [
    { column: "price", label: "median price of a share", theory: theoryLines("price", about), quartiles: ["price_lower", "price_upper"] },
    { column: "bond", label: "median price of a bond", theory: theoryLines("bond", about), quartiles: ["bond_lower", "bond_upper"] },
    { column: "price_iqr", label: "interquartile range of share prices, over theory's price", levels: gate("price_iqr") },
  ]
  const measures: readonly Row[] = [
    { column: "euler_gap", label: "Euler gap", log: true, levels: gate("euler_gap") },
    { column: "trade_rate", label: "lots of shares traded, an agent and step" },
    { column: "loss", label: "loss of the learner", log: true },
  ]
  return [["learning-prices", "Learning: prices", prices] as const, ["learning-measures", "Learning: measures", measures] as const]
    .flatMap(([name, title, rows]) => figureWith(groups, rows, { name: prefix + name, title, by }, document) ?? [])
}

/** What a legend takes of the height of a panel. */
const LEGEND = 18
/** Points of a curve: a picture shows no more. */
const MOST = 400
const TINTS = { all: 0.13, half: 0.22 }

function figureWith(groups: readonly CurveGroup[], rows: readonly Row[], { name, title, by }: { name: string; title: string; by: "episode" | "agent_steps" }, document: DrawingDocument): Figure | undefined {
  const ends = groups.flatMap(group => group.rows.map(one => one.columns[by]?.at(-1) ?? 0)), longest = Math.max(...ends)
  const every = groups.flatMap(group => [...group.rows]).find(one => one.columns[by]?.at(-1) === longest)?.columns[by]
  if (every === undefined) return undefined
  const stride = Math.ceil(every.length / MOST), x = every.filter((_, i) => i % stride === 0 || i === every.length - 1)
  const word = by === "episode" ? "episode" : "agent-steps"
  const columns: Record<string, Float64Array> = { [by]: x }
  const xAxis = by === "episode" ? countAxis(x) : axisOf([...x], { tight: true })
  const drawn: TheoryLine[] = []
  let far = ""
  const panels = rows.flatMap(row => panelOf(row) ?? [])
  if (panels.length === 0) return undefined
  const several = groups.some(group => group.rows.length > 1)
  const caption = `${title}, in greedy steps after each episode${several ? `: median over ${groups.map(({ label, rows: { length } }) => `${length} training${length === 1 ? "" : "s"}${groups.length > 1 ? ` (${plain(label)})` : ""}`).join(", ")}, in bands of the middle half (from four on) and of all of them` : ""}.`
    + (!several && groups.length === 1 && panels.some(({ marks = [] }) => marks.length > 0) ? " Shaded: the middle half of agents." : "")
    + (drawn.length > 0 ? ` Lines across: ${rows.flatMap(({ theory = [] }) => theory.map(({ label }) => label)).join(", ")}.` : "") + far
  const keys = groups.length > 1 ? groups.map(({ label }, g) => ({ text: plain(label), ink: inkOf(g) })) : theoryKeys(drawn, false)
  const stacked = panels.map((panel, i): Panel => ({ ...panel, height: panel.height + (i === panels.length - 1 ? 24 : 0) + (i === 0 && keys.length > 0 ? LEGEND : 0), ...(i === panels.length - 1 ? { xLabel: word } : {}) }))
  return figureOf(name, title, caption, picture(stacked, keys, document, title), table(columns))

  function panelOf({ column, label, log = false, levels = [], theory = [], quartiles }: Row): Panel | undefined {
    const bands = groups.map(({ rows: own }, g) => {
      const values = own.map(one => at(one, by, column, x)), of = (p: number): Float64Array => acrossOf(values, p)
      const key = (part: string): string => `${column}${groups.length > 1 ? `:${groups[g].label}` : ""}${part}`
      const found: Band = { median: of(0.5), wide: [], ink: inkOf(g) }
      columns[key("")] = found.median
      if (values.length > 1) {
        found.wide.push([of(0), of(1), TINTS.all])
        columns[key(":least")] = found.wide[0][0]
        columns[key(":most")] = found.wide[0][1]
        if (values.length >= 4) found.wide.push([of(0.25), of(0.75), TINTS.half])
      } else if (groups.length === 1 && quartiles) {
        const [low, high] = quartiles.map(name => at(own[0], by, name, x))
        if (low.some(Number.isFinite)) {
          found.wide.push([low, high, TINTS.half])
          columns[quartiles[0]] = low
          columns[quartiles[1]] = high
        }
      }
      return found
    })
    const values = bands.flatMap(({ median, wide }) => [...median, ...wide.flatMap(([low, high]) => [...low, ...high])]).filter(Number.isFinite)
    if (values.length === 0) return undefined
    const lines = withinReach(theory, values), near: Level[] = [...withinReach(levels, values), ...lines.map(({ at, ink }) => ({ at, ink }))]
    far += farSentence(theory, lines)
    lines.forEach(line => { if (!drawn.some(({ name }) => name === line.name)) drawn.push(line) })
    const y = log ? logAxis([...values, ...near.map(({ at }) => at)], 8) : sparse(zeroed(values, near))
    return {
      x: xAxis, y, height: 150, yLabel: label, levels: near,
      curves: bands.map(({ median, ink }): Curve => ({ x, y: median, pieces: piecesOf(x, median, []), ink: groups.length > 1 ? ink : inkOf(0) })),
      marks: bands.flatMap(({ wide, ink }) => wide.map(([low, high, opacity]) => ribbon(x, low, high, y, groups.length > 1 ? ink.colour : BAND, opacity * (groups.length > 1 ? 1 : 2)))),
    }
  }
}

const BAND = "#3d6b96"

interface Band { readonly median: Float64Array; readonly wide: [low: Float64Array, high: Float64Array, opacity: number][]; readonly ink: ReturnType<typeof inkOf> }

const zeroed = (values: readonly number[], levels: readonly Level[]): Axis => axisOf([...values, ...levels.map(({ at }) => at)])

/** A column at places of another: the last row not beyond each; NaN before the first row and after the last. */
function at({ columns, length }: Table, by: string, column: string, x: Float64Array): Float64Array {
  const places = columns[by], values = columns[column]
  let row = -1
  return x.map(place => {
    while (row + 1 < length && places[row + 1] <= place) row++
    return values === undefined || row < 0 || place > places[length - 1] ? NaN : values[row]
  })
}

/** A quantile over trainings, point by point, of those that have a value there. */
function acrossOf(values: readonly Float64Array[], p: number): Float64Array {
  return values[0].map((_, i) => {
    const sorted = values.map(one => one[i]).filter(Number.isFinite).sort((a, b) => a - b)
    const place = p * (sorted.length - 1), low = Math.floor(place)
    return sorted.length === 0 ? NaN : sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low])
  })
}
