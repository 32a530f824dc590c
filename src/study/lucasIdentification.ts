import { GATE } from "../learn/metrics.ts"
import { wilsonInterval } from "../math/wilson.ts"
import type { DrawingDocument } from "../report/drawingDocument.ts"
import { dotFigure } from "../report/dots.ts"
import { medianOf } from "./lucas/numbers.ts"
import { trained, type Ended } from "./lucas/training.ts"
import { study } from "./study.ts"

type Cell = { readonly variant: string; readonly side: string; readonly set: readonly string[]; readonly seed: number }
type Finding = Ended

/** What may make the price identified: settings as recommended, and as the dissertation has them (or leaves them, by the library that it used). */
interface Lever { readonly is: string; readonly on: readonly string[]; readonly off: readonly string[] }

/** The levers, in the order of their expected weight. */
const LEVERS: Readonly<Record<string, Lever>> = {
  hindsight: { is: "every price of the grid is scored by what it would have brought", on: ["hindsight=true"], off: ["hindsight=false"] },
  windfalls: { is: "slopes of the value are learned from what one more lot would have added", on: ["windfall=true"], off: ["windfall=false"] },
  baseline: { is: "the dividend of one share, which no action changes, is subtracted from rewards", on: ["baseline=true", "normalise=true"], off: ["baseline=false", "normalise=false"] },
  endowments: { is: "shares and bonds at the start are drawn at random", on: ["endowments=random"], off: ["endowments=equal", "debt=0.01"] },
  exploration: { is: "a share of prices is posted at random, from all down to 5%", on: ["epsilon=1", "lastEpsilon=0.05"], off: ["epsilon=0", "lastEpsilon=0"] },
  bootstrap: { is: "an episode cut off at its horizon goes on unseen", on: ["truncation=bootstrap"], off: ["truncation=terminal"] },
  stratified: { is: "dividends of an episode are one from each slice of their law", on: ["draws=stratified"], off: ["draws=independent"] },
  target: { is: "a slow target network, double Q-learning, five steps of rewards", on: ["tau=0.01", "double=true", "steps=5"], off: ["tau=1", "double=false", "steps=1"] },
}

/** 40 agents and 45 episodes: a cell takes about a minute of one core (with 30 the median is still 1 to 3% off with all levers on). */
const SIZE = ["agents=40", "episodes=45", "keep=1"], QUICK_SIZE = ["agents=20", "episodes=20", "keep=1"]
const SEEDS = 5, QUICK_SEEDS = 1

const NAMES = Object.keys(LEVERS)
/** The settings in which the levers of `on` are on, and the others off. */
const settingsOf = (on: readonly string[]): string[] => NAMES.flatMap(name => [...(on.includes(name) ? LEVERS[name].on : LEVERS[name].off)])

const RECOMMENDED = "recommended", LITERAL = "literal"
/** All on; all on but one; all off but one; all off. */
const VARIANTS: readonly { readonly name: string; readonly side: string; readonly on: readonly string[] }[] = [
  { name: "all on", side: RECOMMENDED, on: NAMES },
  ...NAMES.map(name => ({ name: `without ${name}`, side: RECOMMENDED, on: NAMES.filter(other => other !== name) })),
  ...NAMES.map(name => ({ name: `only ${name}`, side: LITERAL, on: [name] })),
  { name: "all off", side: LITERAL, on: [] },
]

/** Which lever makes the price identified. */
export const lucasIdentification = study<Cell, Finding>({
  name: "lucas-identification",
  is: "which lever makes the price of the Lucas tree identified where nobody trades: each taken away, and each alone",
  question: "At a common price nobody trades in the dissertation's market, whatever the price: what makes learners find theory's? `dqn` is trained on `lucas-posted` with linear utility, so that theory's prices are 0.8515 and 0.95 in all variants: with every lever on, with each taken away, "
    + "with each alone, with none. A seed counts as converged by the gate of `lucas-reliability`; intervals are Wilson's at 95%.",
  cells: quick => Object.fromEntries(VARIANTS.flatMap(({ name, side, on }) => Array.from({ length: quick ? QUICK_SEEDS : SEEDS }, (_, seed) =>
    [`${name}, seed ${seed}`, { variant: name, side, set: [...settingsOf(on), ...(quick ? QUICK_SIZE : SIZE)], seed }] as const))),
  compute: ({ set, seed }) => trained({ market: "lucas-posted", learner: "dqn", set }, seed).ended,
  conclude(done) {
    const lines = VARIANTS.map(({ name, side }) => ({ name, side, own: done.filter(({ cell }) => cell.variant === name).map(({ finding }) => finding) })).filter(({ own }) => own.length > 0).map(({ name, side, own }) => {
      const converged = own.filter(one => one.converged).length, [low, high] = wilsonInterval(converged, own.length)
      const middle = (of: (one: Finding) => number): number => medianOf(own.map(of))
      return { name, side, own, seeds: own.length, converged, share: converged / own.length, low, high, error: middle(f => f.price_error), iqr: middle(f => f.price_iqr), price: middle(f => f.price), bond: middle(f => f.bond_error), gap: middle(f => f.euler_gap) }
    })
    const all = lines.find(({ name }) => name === "all on"), none = lines.find(({ name }) => name === "all off")
    const needed = all ? lines.filter(({ side, share }) => side === RECOMMENDED && share < all.share).map(({ name }) => name.replace("without ", "")) : []
    const enough = none ? lines.filter(({ side, share }) => side === LITERAL && share > none.share).map(({ name }) => name.replace("only ", "")) : []
    const said = ({ name, converged, seeds, error }: (typeof lines)[number]): string => `${name}: ${converged} of ${seeds} seeds converged, median price error ${(100 * error).toFixed(1)}%.`
    return {
      findings: [
        ...[all, none].flatMap(line => line ? [said(line)] : []),
        ...all && all.converged > 0 ? [needed.length > 0 ? `Fewer seeds converge without ${needed.join(", without ")}.` : "No lever is missed when it alone is taken away."] : [],
        ...none ? [enough.length > 0 ? `More seeds converge with ${enough.join(", with ")} alone.` : "No lever alone makes more seeds converge."] : [],
        ...lines.length > 2 ? [`The median price error is largest ${ranked(lines.filter(({ side, name }) => side === RECOMMENDED && name !== "all on").toSorted((a, b) => b.error - a.error))}; smallest with ${ranked(lines.filter(({ side, name }) => side === LITERAL && name !== "all off").toSorted((a, b) => a.error - b.error))}.`] : [],
      ],
      facts: Object.fromEntries(lines.flatMap(({ name, share, error }) => [[`share converged: ${name}`, share], [`price error: ${name}`, error]])),
      tables: [
        { name: "variants", title: "Variants", head: ["levers", "seeds", "converged", "share", "from", "to", "price", "price error", "IQR", "bond error", "Euler gap"], rows: lines.map(l => [l.name, l.seeds, l.converged, l.share, l.low, l.high, l.price, l.error, l.iqr, l.bond, l.gap]) },
        { name: "levers", title: "Levers", head: ["lever", "is", "on", "off"], rows: NAMES.map(name => [name, LEVERS[name].is, LEVERS[name].on.join(" "), LEVERS[name].off.join(" ")]) },
      ],
      figures: (document: DrawingDocument) => [
        dotFigure("identification-error", "Price errors by lever", "Distance of the median price from 0.8515, relative to it, a dot a seed; bars are medians. Black: all levers on, and all but one; blue: one alone, and none. Dotted: the gate. What is smaller than the axis lies on its end.",
          { rows: lines.map(({ name, side, own }) => ({ label: name, values: own.map(f => f.price_error), group: side === LITERAL ? 1 : 0 })), xLabel: "|median price / 0.8515 \u2212 1|", gate: { at: GATE.price_error, label: "gate" } }, document),
        dotFigure("identification-iqr", "Spread of prices by lever", "Interquartile range of posted prices over agents and steps, relative to theory's price; a dot a seed. Colours as before. Dotted: the gate.",
          { rows: lines.map(({ name, side, own }) => ({ label: name, values: own.map(f => f.price_iqr), group: side === LITERAL ? 1 : 0 })), xLabel: "interquartile range of prices / 0.8515", gate: { at: GATE.price_iqr, label: "gate" } }, document),
      ],
    }
  },
})

/** The first three of some lines with their errors. */
const ranked = (lines: readonly { readonly name: string; readonly error: number }[]): string => lines.slice(0, 3).map(({ name, error }) => `${name} (${(100 * error).toFixed(1)}%)`).join(", ")
