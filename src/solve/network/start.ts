import { fitChebyshev } from "../../math/chebyshev.ts"
import { pairs, type Problem } from "../../model/problem.ts"
import { numberText } from "../../run/numberText.ts"
import { algebraicBlock, isAlgebraic } from "../block/algebraicBlock.ts"
import { crossing } from "../facts.ts"
import { blockSizes } from "./system.ts"
import { inputsFor, jetPlaces, outputsFor } from "../pointInputs.ts"
import { staticBlock, type ValueJets } from "../block/staticBlock.ts"
import { pointsAt } from "../valueNet.ts"

/**
 * Where `network` begins: the static block at the guesses of the value functions, on rows along state 0 through any points of the
 * other states. No grid over those is made: on each row the block is that of an economy whose other states stand still (derivatives of
 * prices with respect to them are zero), solved exactly from its start upward, which fixes the branch of prices.
 */
export interface NetStart {
  /** All nodes of all rows. */
  readonly states: readonly Float64Array[]
  /** The unknowns there. */
  readonly target: readonly Float64Array[]
  /** One bit for each complementarity line and node, 1 where its first side binds. */
  readonly regime: Uint8Array
  /** Prices and shares below the nodes, of the last row. */
  readonly start: Float64Array
  /** Sizes of the lines of the block: see `SystemInput`. */
  readonly sizes: number[][]
  /** The switches as surfaces over the other states: see `Frame`. */
  readonly switches: number[][]
  /** What could not be solved, or "". */
  readonly failure: string
}

/**
 * Rows of `along` nodes through the points `others`: one array a state but the first. In one state there is one row. Value functions
 * are their guesses, or those of a row of so many nodes, the same on all rows.
 */
export function netStart(problem: Problem, along: number, others: readonly Float64Array[], degree: number, row?: readonly ValueJets[]): NetStart {
  const { states, block } = problem, rows = others.length > 0 ? others[0].length : 1
  const nodes = states[0].nodes(along), n = along * rows
  const at = states.map((_, s) => Float64Array.from({ length: n }, (_, k) => (s === 0 ? nodes[k % along] : others[s - 1][Math.floor(k / along)])))
  const { unknowns: target, jets: guessed } = guessJets(problem, at)
  const onAll = (column: Float64Array): Float64Array => Float64Array.from({ length: n }, (_, k) => column[k % along])
  const jets = row?.map(({ value, first, second }): ValueJets => ({ value: onAll(value), first: first.map(onAll), second: second.map(onAll) })) ?? guessed
  jets.forEach(({ value }, u) => target[u].set(value))
  const regime = new Uint8Array(n), values = jets.length
  const sizes = block.labels.map(() => [0, 0]), changes = block.residuals.filter(r => r.second >= 0).map(() => Array.from({ length: rows }, (): number[] => []))
  const inputs = inputsFor(problem, along), places = problem.unknowns.map((_, u) => jetPlaces(problem, u)), out = outputsFor(block.kernel, along)
  let start: Float64Array = new Float64Array(0), failure = ""
  for (let row = 0; row < rows && block.labels.length > 0 && failure === ""; row++) {
    const from = row * along, part = (a: Float64Array): Float64Array => a.subarray(from, from + along)
    const own = jets.map(({ value, first, second }): ValueJets => ({ value: part(value), first: first.map(part), second: second.map(part) }))
    inputs.states.forEach((x, s) => x.set(part(at[s])))
    own.forEach(({ value, first, second }, u) => {
      inputs.jets[places[u].value].set(value)
      first.forEach((f, s) => inputs.jets[places[u].first[s]].set(f))
      second.forEach((f, k) => inputs.jets[places[u].second[k]].set(f))
    })
    const prices = target.slice(values).map(part), found = new Uint8Array(along)
    if (!isAlgebraic(problem) || !algebraicBlock(problem, inputs, along, prices)) {
      const solved = staticBlock(problem, [nodes, ...others.map(o => o.slice(row, row + 1))], own)
      if (solved.failure) failure = `[${solved.failure.label}] could not be solved at ${states.map(({ name }, s) => `${name} = ${numberText(at[s][from + solved.failure!.node])}`).join(", ")} at the first guess`
      solved.values.forEach((v, k) => prices[k].set(v))
      found.set(solved.regime)
      start = solved.start
    }
    regime.set(found, from)
    prices.forEach((price, k) => {
      inputs.jets[places[values + k].value].set(price)
      inputs.jets[places[values + k].first[0]].set(slopeOn(nodes, price, found))
    })
    block.kernel.run(inputs.all, along, out)
    blockSizes(problem, target.map(part), out).forEach((pair, line) => pair.forEach((size, side) => { sizes[line][side] += size / rows }))
    block.residuals.filter(r => r.second >= 0).forEach(({ first, second }, bit) => {
      for (let i = 1; i < along; i++) {
        const [below, above] = [i - 1, i].map(k => (found[k] >> bit) & 1)
        if (below !== above) changes[bit][row].push(crossing(nodes, out[above ? first : second], i))
      }
      // A row that lies on one side whole has its switch at an end, where other rows have one inside.
      if (rows > 1 && changes[bit][row].length === 0) changes[bit][row].push((found[0] >> bit) & 1 ? states[0].from : states[0].to)
    })
  }
  const inside = (z: number): boolean => z > states[0].from && z < states[0].to
  const switches = failure !== "" ? [] : changes.flatMap(line => {
    if (rows === 1) return line[0].map(z => [pointsAt(states.slice(0, 1), [Float64Array.of(z)]).x[0][0]])
    if (!line.some(places => inside(places[0]))) return []
    const { x } = pointsAt(states, [Float64Array.from(line, places => places[0]), ...others])
    return [fitChebyshev(x.slice(1), x[0], degree)]
  })
  return { states: at, target, regime, start, sizes, switches, failure }
}

/** The guesses of all unknowns at points, and of the value functions with their derivatives, by differences. */
export function guessJets(problem: Problem, at: readonly Float64Array[]): { unknowns: Float64Array[]; jets: ValueJets[] } {
  const { states, guess } = problem, n = at[0].length, values = problem.unknowns.filter(u => u.kind === "value").length
  const steps = states.map(({ from, to }) => 1e-4 * (to - from))
  // At the ends the derivatives are those a step inside.
  const centres = at.map((x, s) => x.map(z => Math.min(states[s].to - steps[s], Math.max(states[s].from + steps[s], z))))
  const moved = (by: readonly number[]): Float64Array[] => {
    const out = outputsFor(guess, n)
    guess.run([...centres.map((x, s) => x.map(z => z + by[s] * steps[s])), ...Object.values(problem.parameters), ...problem.jets.map(() => 0)], n, out)
    return out
  }
  const still = states.map(() => 0), unit = (s: number, by: number): number[] => still.map((_, r) => (r === s ? by : 0))
  const here = outputsFor(guess, n)
  guess.run([...at, ...Object.values(problem.parameters), ...problem.jets.map(() => 0)], n, here)
  const centre = moved(still), up = states.map((_, s) => moved(unit(s, 1))), down = states.map((_, s) => moved(unit(s, -1)))
  const corners = pairs(states.length).map(([s, r]) => (s === r ? [] : [[1, 1], [1, -1], [-1, 1], [-1, -1]].map(([a, b]) => moved(still.map((_, k) => (k === s ? a : k === r ? b : 0))))))
  return {
    unknowns: here,
    jets: here.slice(0, values).map((value, u) => ({
      value, first: states.map((_, s) => value.map((_, p) => (up[s][u][p] - down[s][u][p]) / (2 * steps[s]))),
      second: pairs(states.length).map(([s, r], k) => value.map((_, p) => {
        if (s === r) return (up[s][u][p] - 2 * centre[u][p] + down[s][u][p]) / steps[s] ** 2
        const [pp, pm, mp, mm] = corners[k].map(c => c[u][p])
        return (pp - pm - mp + mm) / (4 * steps[s] * steps[r])
      })),
    })),
  }
}

/** The slope along a row, between nodes of one regime. */
function slopeOn(nodes: Float64Array, values: Float64Array, regime: Uint8Array): Float64Array {
  return values.map((_, i) => {
    const k = i > 0 && (regime[i - 1] === regime[i] || i === nodes.length - 1) ? i - 1 : i
    return (values[k + 1] - values[k]) / (nodes[k + 1] - nodes[k])
  })
}
