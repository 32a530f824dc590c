import { philox } from "../../math/random.ts"
import type { Problem } from "../../model/problem.ts"
import type { Activation } from "../../nets/mlp.ts"
import { kernelJets } from "../../nets/kernelJets.ts"
import { widths } from "../../run/widths.ts"
import { problemOf, type ProblemData } from "../problemData.ts"
import { valueNet, type Frame, type Points, type ValueNet } from "../valueNet.ts"
import { lookUp, type Curve } from "./curves.ts"
import { guessedValues, lastValues } from "./lastValues.ts"
import { absoluteResiduals, buildLoss, lossTerms, type Loss, type Output } from "./loss.ts"
import { candidates, placementOf, type Sampling } from "./placement.ts"
import { boundaryPoints, drawSample, TERMS, type Active, type Counts, type Term } from "./sample.ts"
import type { AliensSettings } from "./settings.ts"
import { trainNet, type Trainer } from "./trainNet.ts"

/** What all trainings of a run have in common: plain data. */
export interface NetWork {
  readonly kind: "nets of aliens"
  readonly problem: ProblemData
  readonly settings: AliensSettings
  /** The grid of the coefficients, by state. */
  readonly axes: readonly Float64Array[]
}

/** The training of one net in one outer step: plain data, given frozen coefficients independent of all other nets. */
export interface NetTask {
  readonly net: number
  readonly seed: number
  /** Steps done before this one. */
  readonly outer: number
  /** Changed in place. */
  readonly trainer: Trainer
  /** Length of the step, the kinks that the net knows in it, and both for the step before. */
  readonly dt: number
  readonly kinks: readonly (readonly number[])[]
  readonly last: { readonly dt: number; readonly kinks: readonly (readonly number[])[] }
  /** The largest change of a value in the step before, -1 before the first, and the size of this net's value function. */
  readonly change: number
  readonly size: number
  /** Points of each loss in an epoch. */
  readonly counts: Counts
  readonly switches: readonly Curve[]
  readonly breaks: readonly Curve[]
  /** The PDE's, on the grid. */
  readonly coefficients: readonly Float64Array[]
  readonly paths: readonly Float64Array[]
}

export interface NetResult {
  readonly trainer: Trainer
  /** The five losses without their lambdas. */
  readonly terms: Readonly<Record<Term, number>>
  /** Points times epochs. */
  readonly spent: number
  /** The points of the last epoch of Adam: all of each state in turn, then their times. */
  readonly sample: Float64Array
}

/** What a net stands for. */
export const outputOf = ({ positive }: Problem["unknowns"][number], { output }: AliensSettings): Output => (positive && output === "log" ? "log" : "linear")

/** The most points of a sample. */
const mostPoints = (states: number, { points, terminal, active, sampling, finishPoints }: AliensSettings): number =>
  finishPoints * Math.max(states * (points + terminal + 2 * active) + boundaryPoints(states), states * candidates(sampling as Sampling, active))

/** Whether nets may have kinks. */
export const isKinked = ({ kinks, block }: Problem, settings: AliensSettings): boolean => settings.kinks && (kinks.outputs > 0 || block.residuals.some(r => r.second >= 0))

/** The net that all value functions share, with weights of their own, for samples and as many points as are asked for. */
export function netFor(problem: Problem, settings: AliensSettings, precision: "float32" | "float64", room = 0): ValueNet {
  const states = problem.states.length
  const design = { states, hidden: widths("aliens", settings.hidden), activation: settings.activation as Activation, timed: true, kink: isKinked(problem, settings) ? 2 : 0 } as const
  return valueNet(kernelJets(precision), design, Math.max(room, mostPoints(states, settings)))
}

/** How tasks are done where the problem is compiled. */
export function netTrainer(problem: Problem, settings: AliensSettings, axes: readonly Float64Array[], net: ValueNet): (task: NetTask) => NetResult {
  const { states } = problem
  const nets = { finish: net, adam: settings.precision === "float32" ? netFor(problem, settings, "float32") : net }
  const weights: Record<Term, number> = { f: settings.lambda_f, j: settings.lambda_j, b: settings.lambda_b, c1: settings.lambda_c1, c2: settings.lambda_c2 }
  return task => {
    const { trainer, dt, kinks, counts, size, paths } = task, output = outputOf(problem.unknowns[task.net], settings)
    const random = philox(task.seed, FIRST_STREAM + task.net, trainer.used)
    const before = task.outer === 0 ? guessedValues(problem, task.net, output) : lastValues(net, trainer.weights.slice(), { ...task.last, scale: trainer.scale })
    if (!settings.warm) trainer.weights.set(net.initial(random.next))
    if (output === "linear") {
      net.rescale(trainer.weights, trainer.scale / size)
      trainer.scale = size
    }
    const frame: Frame = { scale: trainer.scale, dt, kinks }, active: Active = { axes, switches: task.switches, width: settings.band }
    const coefficients = lookUp(axes, task.coefficients, task.breaks), ends = states.map(s => s.ends)
    const lossAt = (points: Points, counts: Counts): Loss => buildLoss({ points, counts, weights, output, dt, ends, coefficients, old: before(points, counts.f + counts.j, counts.f + counts.j + counts.b) })
    const score = (points: Points, term: "f" | "j"): Float64Array => absoluteResiduals(net, trainer.weights, frame, lossAt(points, { ...NO_POINTS, [term]: points.n }))
    const placed = [false, true].map(() => placementOf(settings.sampling as Sampling, { states, dt, random, score, paths }))
    const fixed = new Map<boolean, Points>()
    let last: Points | undefined
    const nextLoss = (finish: boolean): Loss => {
      const own = multiple(counts, finish ? settings.finishPoints : 1)
      const points = (settings.fresh ? undefined : fixed.get(finish)) ?? drawSample(random, own, states, active, dt, placed[Number(finish)])
      fixed.set(finish, points)
      if (!finish) last = points
      return lossAt(points, own)
    }
    const times = task.outer === 0 ? FIRST_TIMES : 1, change = task.change < 0 ? TARGET_CHANGE : task.change
    const { loss, residuals, spent } = trainNet(nets, trainer, frame, nextLoss, {
      epochs: settings.epochs * times, rate: settings.rate * Math.min(1, change / TARGET_CHANGE), finish: settings.finish,
      finishSteps: settings.finishSteps * times, warm: settings.warm, enough: settings.inexact * change,
    })
    trainer.used = random.used
    return { trainer, terms: lossTerms(loss, residuals), spent, sample: Float64Array.from([...last!.states.flatMap(z => [...z]), ...last!.t]) }
  }
}

/** The same where only the work was received: compiles its problem. */
export function netTrainerOf({ problem: data, settings, axes }: NetWork): (task: NetTask) => NetResult {
  const problem = problemOf(data)
  return netTrainer(problem, settings, axes, netFor(problem, settings, "float64"))
}

/** The step of time is chosen so that values change by about this part of themselves. */
export const TARGET_CHANGE = 0.5

/** The first outer step has so many times as many epochs and steps of the finish. */
const FIRST_TIMES = 5

/** Each net has a stream of random numbers of its own: from this one on. */
const FIRST_STREAM = 2

const NO_POINTS: Counts = { f: 0, j: 0, b: 0, c1: 0, c2: 0 }

const multiple = (counts: Counts, times: number): Counts => Object.fromEntries(TERMS.map(term => [term, times * counts[term]])) as Record<Term, number>
