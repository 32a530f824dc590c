import { isDiscrete } from "../model/discrete/economy.ts"
import { table } from "../run/table.ts"
import { axisOf, logAxis } from "./axis.ts"
import { capitalised, figureOf, listed } from "./caption.ts"
import { differenceOf, gapOf } from "./difference.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf, SYMBOLS } from "./ink.ts"
import type { Figure } from "./input.ts"
import { plain, textOf } from "./markup.ts"
import { numberText } from "./number.ts"
import type { Curve, Panel } from "./panel.ts"
import { KEY_INK, picture, type Key } from "./picture.ts"
import { piecesOf, stableRoots } from "./pieces.ts"
import { sampled, stateAxis, switchRules, switchSentence, type Setting } from "./setting.ts"
import { symbol } from "./symbol.ts"
import { groupsOf, type Group } from "./variables.ts"

const HEIGHT = 300, LOWER = 160
/** A relative difference below this is the rounding of float64, and says nothing about the methods. */
const ROUNDING = 1e-14

/** Each variable of the economy over its state, every method on the same axes, with their difference below. */
export function variableFigures(setting: Setting, document: DrawingDocument): Figure[] {
  return groupsOf(setting.input.economy, setting.reference).flatMap(group => variableFigure(setting, group, document) ?? [])
}

function variableFigure(setting: Setting, group: Group, document: DrawingDocument): Figure | undefined {
  const { solutions, economy } = setting.input
  const [reference, ...others] = solutions
  const columns: Record<string, Float64Array> = { [setting.state]: setting.nodes }
  const many = group.variables.length > 1
  const curves = group.variables.flatMap((variable, index) => solutions.flatMap((solution, method): Curve[] => {
    const values = sampled(setting, solution, solution.table, variable)
    if (!values) return []
    columns[others.length ? `${variable}:${solution.method}` : variable] = values.y
    const base = { x: setting.nodes, ...values, ink: inkOf(index) }
    return [method > 0 ? { ...base, symbol: SYMBOLS[(method - 1) % SYMBOLS.length] } : many ? { ...base, label: symbol(variable) } : base]
  }))
  const values = curves.flatMap(({ y }) => [...y]).filter(Number.isFinite)
  if (values.length === 0) return undefined
  const y = axisOf(values)
  const x = stateAxis(setting)
  const symbols = group.variables.map(symbol).join(", ")
  const isDrift = !many && !isDiscrete(economy) && economy.declaration.states[setting.state]?.drift === group.variables[0]
  const roots = isDrift ? stableRoots(setting.nodes, reference.table.columns[group.variables[0]]) : []
  const lower = others.length > 0 ? differencePanel(setting, group, columns) : undefined
  const upper: Panel = {
    x, y, height: lower ? HEIGHT - 24 : HEIGHT, curves, yLabel: symbols + (group.words && `\u2002${plain(group.words)}`),
    ...lower ? {} : { xLabel: setting.stateLabel },
    switches: switchRules(setting),
    levels: y.kind === "linear" && y.domain[0] < 0 && y.domain[1] > 0 ? [{ at: 0 }] : [],
    spots: roots.map(root => ({ x: root, y: 0, label: `${symbol(setting.state)} = ${numberText(root)}` })),
  }
  const title = group.words ? capitalised(plain(group.words)).replace(/,|$/, end => ` ${symbols}${end}`) : symbols
  const hidden = values.filter(value => value < y.domain[0] || value > y.domain[1]).length
  const caption = `${title}${title.includes(",") ? "," : ""} over ${symbol(setting.state)}.`
    + (others.length ? agreement(setting, group, lower !== undefined) : "") + switchSentence(setting)
    + (roots.length ? ` Dot: the drift leads to ${listed(roots.map(root => `${symbol(setting.state)} = ${numberText(root)}`))} from both sides.` : "")
    + (hidden ? ` ${hidden} values of ${values.length}, up to ${numberText(values.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a))}, lie outside the axis.` : "")
  const svg = picture(lower ? [upper, lower] : [upper], others.length ? methodKeys(setting) : [], document, `${title} over ${textOf(symbol(setting.state))}`)
  return figureOf(group.name, title, caption, svg, table(columns))
}

export const methodKeys = ({ input }: Setting): Key[] => input.solutions.map(({ method }, i) =>
  i === 0 ? { text: plain(method), ink: KEY_INK } : { text: plain(method), ink: KEY_INK, symbol: SYMBOLS[(i - 1) % SYMBOLS.length] })

function differencePanel(setting: Setting, { variables }: Group, columns: Record<string, Float64Array>): Panel | undefined {
  const [reference, ...others] = setting.input.solutions
  const curves = variables.flatMap((variable, index) => others.flatMap((other, method): Curve[] => {
    const y = differenceOf(setting, other, variable)?.map(value => value > ROUNDING ? value : NaN)
    if (!y) return []
    columns[`difference:${variable}:${other.method}`] = y
    const curve = { x: setting.nodes, y, pieces: piecesOf(setting.nodes, y, []), ink: inkOf(index) }
    return [others.length > 1 ? { ...curve, symbol: SYMBOLS[method % SYMBOLS.length] } : curve]
  }))
  const values = curves.flatMap(({ y }) => [...y]).filter(Number.isFinite)
  if (values.length === 0) return undefined
  const who = others.length === 1 ? plain(others[0].method) : "other"
  return {
    // Dips are where the difference changes sign: they do not set the axis.
    x: stateAxis(setting), y: logAxis(values.toSorted((a, b) => a - b).slice(Math.floor(0.04 * values.length)), 8), height: LOWER, curves, xLabel: setting.stateLabel,
    yLabel: `|${who} \u2212 ${plain(reference.method)}|\u2009/\u2009max\u2009|${plain(reference.method)}|`,
    switches: setting.switches.map(({ at }) => ({ at })),
  }
}

function agreement(setting: Setting, { variables }: Group, below: boolean): string {
  const [, ...others] = setting.input.solutions
  if (!below) return " Where both are defined they are equal up to rounding."
  const gaps = others.flatMap(other => variables.flatMap(variable => {
    const difference = differenceOf(setting, other, variable)
    const gap = difference && gapOf(difference, setting.nodes)
    return gap ? [`${symbol(variable)}${others.length > 1 ? ` (${plain(other.method)})` : ""} ${numberText(gap.largest, 2)} at ${symbol(setting.state)} = ${numberText(gap.at, 3)}`] : []
  }))
  return ` Below: the difference relative to the largest value; at most ${listed(gaps)}.`
}
