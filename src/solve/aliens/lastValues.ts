import type { Problem } from "../../model/problem.ts"
import { outputsFor } from "../pointInputs.ts"
import { pointsBetween, type Frame, type Points, type ValueNet } from "../valueNet.ts"
import type { Output } from "./loss.ts"

/** N at the end of the last step at any points, and its slopes at those from `low` to `high`. */
export type LastValues = (points: Points, low: number, high: number) => { readonly value: Float64Array; readonly first: readonly Float64Array[] }

/** From the net itself, not a table: `weights` are those before this step. */
export function lastValues(net: ValueNet, weights: Float64Array, frame: Frame): LastValues {
  return (given, low, high) => {
    const points = { ...given, t: new Float64Array(given.n) }, slopes = net.jets(weights, frame, pointsBetween(points, low, high)).first
    return { value: net.values(weights, frame, points), first: slopes.map(row => { const all = new Float64Array(points.n); all.set(row, low); return all }) }
  }
}

/** Before the first step: from the guess of value function i. */
export function guessedValues({ states, guess, parameters, jets }: Problem, i: number, output: Output): LastValues {
  return ({ states: points, n }) => {
    const at = (s: number, shift: number): Float64Array => {
      const moved = points.map((z, r) => (r === s ? z.map(x => Math.min(states[r].to, Math.max(states[r].from, x + shift))) : z))
      const out = outputsFor(guess, n)
      guess.run([...moved, ...Object.values(parameters), ...jets.map(() => 0)], n, out)
      return out[i]
    }
    const value = at(0, 0)
    const first = states.map((state, s) => {
      const step = 1e-6 * (state.to - state.from), [low, high] = [at(s, -step), at(s, step)]
      return high.map((h, p) => (h - low[p]) / (2 * step))
    })
    return output === "log" ? { value: value.map(Math.log), first: first.map(f => f.map((x, p) => x / value[p])) } : { value, first }
  }
}
