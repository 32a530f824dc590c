import type { Problem, Unknown } from "../../model/problem.ts"
import type { Activation } from "../../nets/mlp.ts"
import { wasmJets } from "../../nets/wasmJets.ts"
import { valueNet, type Frame, type ValueNet } from "../valueNet.ts"
import { secondsAsked } from "./points.ts"

/** What the nets of all unknowns have in common: plain data. */
export interface NetsDesign { readonly hidden: readonly number[]; readonly activation: Activation }

/** Whether an equation switches, and whether value functions have kinks in their second derivatives. */
export const isSwitching = ({ block }: Problem): boolean => block.residuals.some(r => r.second >= 0)
export const isBending = (problem: Problem): boolean => isSwitching(problem) || (problem.states.length === 1 && problem.kinks.outputs > 0)

/** A net for each unknown, for at most so many points; with all second derivatives, or those alone that the equations ask for. */
export function netsFor(problem: Problem, { hidden, activation }: NetsDesign, most: number, all = false): ValueNet[] {
  const engine = wasmJets("float64"), valueKink = isBending(problem) ? 2 : 0, otherKink = isSwitching(problem) ? 1 : 0
  return problem.unknowns.map(({ kind }, u) => valueNet(engine, {
    states: problem.states.length, hidden, activation, timed: false, kink: kind === "value" ? valueKink : otherKink, second: all ? undefined : secondsAsked(problem, u) }, most))
}

/** Where the weights of each net begin among all. */
export const offsetsOf = (nets: readonly ValueNet[]): number[] => nets.map((_, u) => nets.slice(0, u).reduce((sum, net) => sum + net.weightCount, 0))

/** The frame of the net of an unknown at coefficients of all switches, `size` each, one after the other; value functions have bends too, in the nets' coordinate. */
export const frameAt = ({ kind }: Unknown, size: number, bends: readonly number[]) => (flat: readonly number[]): Frame =>
  ({ scale: 1, dt: 1, kinks: [...Array.from({ length: flat.length / size }, (_, k) => flat.slice(k * size, (k + 1) * size)), ...(kind === "value" ? bends : []).map(x => [x])] })
