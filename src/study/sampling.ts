import { catalogue } from "../economies/index.ts"
import { quantile } from "../math/select.ts"
import { bandFigure, type Series } from "../report/bands.ts"
import type { DrawingDocument } from "../report/drawingDocument.ts"
import type { ReadingTable } from "../report/study.ts"
import { computation, requestOf, solve } from "../request.ts"
import { OUTCOMES } from "../run/outcome.ts"
import { run } from "../run/run.ts"
import { SAMPLINGS, type Sampling } from "../solve/aliens/placement.ts"
import { errorsOf, REGIONS, rulerFor, visitsOf, type Errors, type Region, type Ruler } from "./regionErrors.ts"
import { study, type Conclusion, type Done } from "./study.ts"

/**
 * Where to put training points. The lectures claim that points in a band about the switch make ALIENs converge faster there, and that
 * methods which learn on simulated paths miss the crisis. Held against each other: all samplings at equal numbers of points
 * and epochs, from equal seeds, measured against `fd` after every outer step.
 */
const MODELS = { "one state": "brunnermeier-sannikov-2016", "two states": "gopalakrishna-2021" } as const
type Model = keyof typeof MODELS
/** The value functions of both. */
const VALUES = ["J_e", "J_h"]

/** How nets are trained: as in the lectures (plain nets, Adam alone), and as this package does by default, but with equal budgets. */
const TRAININGS = { adam: ["kinks=false", "finish=none"], default: ["finishSteps=6", "inexact=0"] } as const
type Trainer = keyof typeof TRAININGS

/** Outer steps and epochs of Adam in each: no run stops before them, so that budgets are equal. */
interface Size { readonly seeds: number; readonly steps: number; readonly epochs: number; readonly set: readonly string[] }
const MOST_SEEDS = 10
/** Two states: a coarse grid and a long first step in time, so that the budget goes into training and not into the way from the guess. */
const COARSE = ["grid=40,11", "firstStep=4"]
const FULL: Readonly<Record<Model, Readonly<Record<Trainer, Size>>>> = {
  "one state": { adam: { seeds: 10, steps: 40, epochs: 100, set: [] }, default: { seeds: 10, steps: 20, epochs: 20, set: [] } },
  "two states": { adam: { seeds: 10, steps: 18, epochs: 100, set: COARSE }, default: { seeds: 10, steps: 18, epochs: 20, set: COARSE } },
}
const QUICK: typeof FULL = {
  "one state": { adam: { seeds: 2, steps: 20, epochs: 50, set: ["grid=300"] }, default: { seeds: 2, steps: 15, epochs: 10, set: ["grid=300"] } },
  "two states": { adam: { seeds: 1, steps: 12, epochs: 30, set: COARSE }, default: { seeds: 1, steps: 12, epochs: 10, set: COARSE } },
}

type Cell = { readonly model: Model; readonly training: Trainer; readonly sampling: Sampling; readonly seed: number; readonly steps: number; readonly set: readonly string[] }
type Finding = {
  /** Points times epochs spent by each net, after each outer step. */
  readonly budget: readonly number[]
  /** By region, after each outer step: the root mean square relative error of the value functions, and of the price. */
  readonly values: Errors
  readonly price: Errors
  /** Distance of the switch from that of `fd`, after each outer step. */
  readonly switchError: readonly number[]
  /** Shares of the training points (without the boundary's), over all outer steps. */
  readonly visits: Readonly<Record<Region, number>>
  readonly failed: string
}

const rulers = new Map<string, Ruler>()
/** The reference solution of a model, once a thread. */
function rulerOf(model: Model): Ruler {
  const ruler = rulers.get(model) ?? rulerFor(solve(catalogue[MODELS[model]], { method: "fd" }), VALUES)
  rulers.set(model, ruler)
  return ruler
}

export const sampling = study<Cell, Finding>({
  name: "sampling",
  is: "where ALIENs' training points should lie: band about the switch, uniform, residual-based, or on simulated paths",
  question: "Does active learning, a band of points about the switch, converge faster there than uniform points, residual-based refinement (RAR-G, RAR-D) or points on simulated paths, at equal points times epochs? Errors are root mean squares relative to finite differences, in the crisis region, within 0.02 of the switch, and over the whole domain, for nets trained as in the lectures (plain nets, Adam) and by this package's defaults (nets that know the kink, Gauss-Newton finish).",
  cells: quick => Object.fromEntries(Array.from({ length: MOST_SEEDS }, (_, seed) => seed).flatMap(seed => (Object.keys(MODELS) as Model[]).toReversed().flatMap(model => (Object.keys(TRAININGS) as Trainer[]).flatMap(training => {
    const { seeds, steps, epochs, set } = (quick ? QUICK : FULL)[model][training]
    return seed >= seeds ? [] : SAMPLINGS.map(sampling => [`${model}, ${training}, ${sampling}, seed ${seed}`, { model, training, sampling, seed, steps, set: [...TRAININGS[training], `epochs=${epochs}`, ...set] }] as const)
  })))),
  compute({ model, sampling, seed, steps, set }) {
    const ruler = rulerOf(model)
    const request = requestOf(catalogue[MODELS[model]], { method: "aliens", seed, set: [...set, `sampling=${sampling}`, `maxSteps=${steps}`, "tolerance=1e-12"] })
    const { procedure } = computation(request), driven = run(procedure, { seed, maxSteps: steps })
    const budget: number[] = [], values = noErrors(), price = noErrors(), switchError: number[] = [], visits: Record<Region, number>[] = []
    for (;;) {
      const next = driven.next()
      if (next.done) {
        const failed = next.value.outcome === OUTCOMES.outOfSteps ? "" : `${next.value.outcome}: ${next.value.detail}`
        return { budget, values, price, switchError, visits: meanOf(visits), failed }
      }
      const { state, row, step } = next.value
      if (row.failed) continue
      const solution = procedure.finish(state, { outcome: OUTCOMES.interrupted, steps: step, detail: "" })
      budget.push((budget.at(-1) ?? 0) + Number(row.points_epochs))
      errorsOf(ruler, solution, ruler.values).forEach(([region, error]) => values[region].push(error))
      errorsOf(ruler, solution, ["q"]).forEach(([region, error]) => price[region].push(error))
      switchError.push(ruler.switchDistance(solution))
      visits.push(visitsOf(ruler, solution))
    }
  },
  conclude: (done, quick) => conclusionOf(done, quick),
})

const noErrors = (): { [region in Region]: number[] } => ({ crisis: [], switch: [], all: [] })

const meanOf = (visits: readonly Record<Region, number>[]): Record<Region, number> =>
  Object.fromEntries(REGIONS.map(region => [region, visits.reduce((sum, v) => sum + v[region], 0) / Math.max(1, visits.length)])) as Record<Region, number>

/** A run that failed counts as one without bound; NaN (no switch, say) does not count. */
function quantileOf(values: readonly number[], p: number): number {
  const known = Float64Array.from(values.filter(x => !Number.isNaN(x)))
  return known.length === 0 ? NaN : quantile(known, p, known.length)
}
const median = (values: readonly number[]): number => quantileOf(values, 0.5)

type Cells = readonly Done<Cell, Finding>[]

/** The cells of each model and training, by sampling. */
function groupsOf(done: Cells): { readonly model: Model; readonly training: Trainer; readonly name: string; readonly bySampling: readonly (readonly [Sampling, Cells])[] }[] {
  return (Object.keys(MODELS) as Model[]).flatMap(model => (Object.keys(TRAININGS) as Trainer[]).flatMap(training => {
    const own = done.filter(({ cell }) => cell.model === model && cell.training === training)
    const bySampling = SAMPLINGS.map(sampling => [sampling, own.filter(({ cell }) => cell.sampling === sampling)] as const).filter(([, cells]) => cells.length > 0)
    return bySampling.length > 0 ? [{ model, training, name: `${model}, ${training}`, bySampling }] : []
  }))
}

const last = (errors: readonly number[]): number => errors.at(-1) ?? NaN
const finals = (cells: Cells, of: (finding: Finding) => readonly number[]): number[] => cells.map(({ finding }) => (finding.failed === "" ? last(of(finding)) : Infinity))

function conclusionOf(done: Cells, quick: boolean): Conclusion {
  const groups = groupsOf(done)
  return {
    findings: groups.flatMap(findingsOf), facts: Object.fromEntries(groups.flatMap(({ name, bySampling }) => bySampling.flatMap(([sampling, cells]) => REGIONS.map(region => [`${name}, ${sampling}: ${region}`, median(finals(cells, f => f.values[region]))] as const)))),
    tables: groups.map(tableOf),
    figures: (document: DrawingDocument) => groups.flatMap(({ name, bySampling, model, training }) => {
      const series = (of: (finding: Finding) => readonly number[]): Series[] => bySampling.map(([sampling, cells]) => seriesOf(sampling, cells, of))
      const panels = REGIONS.map((region, i) => ({ series: series(f => f.values[region]), x: "linear" as const, y: "log" as const, title: WHERE[region], yLabel: "error", ...i === REGIONS.length - 1 ? { xLabel: "points \u00D7 epochs" } : {} }))
      const words = `Error against the budget, ${name}`
      return [bandFigure(`${model}-${training}`.replaceAll(" ", "-"), words, `${words}: root mean square relative error of the value functions, ${quick ? "quick version" : `${bySampling[0][1].length} seeds`}; line: median over seeds, area: quartiles.`, panels, document)]
    }),
  }
}

const WHERE: Readonly<Record<Region, string>> = { crisis: "crisis", switch: "at switch", all: "everywhere" }

function seriesOf(label: string, cells: Cells, of: (finding: Finding) => readonly number[]): Series {
  const x = Float64Array.from(cells.reduce<readonly number[]>((longest, { finding }) => (finding.budget.length > longest.length ? finding.budget : longest), []))
  return { label, x, runs: cells.map(({ finding }) => Float64Array.from(x, (_, i) => of(finding)[i] ?? NaN)) }
}

function tableOf({ name, model, training, bySampling }: ReturnType<typeof groupsOf>[number]): ReadingTable {
  const percent = (x: number): number => 100 * x
  return {
    name: `${model}-${training}`.replaceAll(" ", "-"), title: `${name}: median error over seeds at the full budget, in percent`,
    head: ["sampling", "seeds", "failed", "points in crisis", "points at switch", "J crisis", "J switch", "J all", "(quartiles)", "q crisis", "q switch", "q all", "switch off by"],
    rows: bySampling.map(([sampling, cells]) => {
      const values = REGIONS.map(region => percent(median(finals(cells, f => f.values[region])))), price = REGIONS.map(region => percent(median(finals(cells, f => f.price[region]))))
      const all = finals(cells, f => f.values.all), failed = cells.filter(({ finding }) => finding.failed !== "").length
      return [sampling, cells.length, failed, percent(median(cells.map(({ finding }) => finding.visits.crisis))), percent(median(cells.map(({ finding }) => finding.visits.switch))), ...values,
        `${short(percent(quantileOf(all, 0.25)))} to ${short(percent(quantileOf(all, 0.75)))}`, ...price, median(finals(cells, f => f.switchError))]
    }),
  }
}

const short = (x: number): string => Number(x.toPrecision(2)).toString()

const VERDICTS = { supported: "is supported", contradicted: "is contradicted", open: "is not decided" } as const

/** What the seeds say of "smaller": nearly all must agree. */
function verdictOf(pairs: readonly (readonly [number, number])[]): keyof typeof VERDICTS {
  const smaller = pairs.filter(([a, b]) => a < b).length / Math.max(1, pairs.length)
  return pairs.length < FEWEST ? "open" : smaller >= CLEAR ? "supported" : smaller <= 1 - CLEAR ? "contradicted" : "open"
}
const FEWEST = 5, CLEAR = 0.8

/** Samplings against uniform points: ratios of medians, and in how many seeds the error is smaller; then the lectures' two claims. */
function findingsOf({ name, bySampling }: ReturnType<typeof groupsOf>[number]): string[] {
  const cellsOf = (sampling: Sampling): Cells => bySampling.find(([other]) => other === sampling)?.[1] ?? []
  const uniform = cellsOf("uniform")
  const pairsOf = (cells: Cells, region: Region): (readonly [number, number])[] => {
    const own = finals(cells, f => f.values[region]), other = finals(uniform, f => f.values[region])
    return cells.flatMap(({ cell }, i) => { const j = uniform.findIndex(u => u.cell.seed === cell.seed); return j < 0 ? [] : [[own[i], other[j]] as const] })
  }
  const others = bySampling.filter(([sampling]) => sampling !== "uniform")
  if (uniform.length === 0 || others.length === 0) return []
  const against = (["switch", "crisis"] as const).map(region => `${name}: against uniform points, the error of the value functions ${PLACES[region]} is ` + others.map(([sampling, cells]) => {
    const pairs = pairsOf(cells, region)
    return `${short(median(pairs.map(([a]) => a)) / median(pairs.map(([, b]) => b)))} times with ${sampling} (smaller in ${pairs.filter(([a, b]) => a < b).length} of ${pairs.length} seeds)`
  }).join(", ") + ".")
  const active = cellsOf("active"), simulated = cellsOf("simulation")
  const claims = [
    ...active.length > 0 ? [`${name}: that the band learns faster near the switch than uniform points ${VERDICTS[verdictOf(pairsOf(active, "switch"))]}.`] : [],
    ...simulated.length > 0 ? [`${name}: that simulated paths miss the crisis ${VERDICTS[verdictOf(pairsOf(simulated, "crisis").map(([a, b]) => [b, a] as const))]}: ${short(100 * median(simulated.map(({ finding }) => finding.visits.crisis)))}% of their points lie there, ${short(100 * median(uniform.map(({ finding }) => finding.visits.crisis)))}% of uniform ones.`] : [],
  ]
  return [...against, ...claims]
}

const PLACES = { switch: "at the switch", crisis: "in the crisis region" } as const
