import { compile } from "../../formula/compile.ts"
import { stationaryDeviation } from "../../math/autoregression.ts"
import { chainFault, stationaryDistribution } from "../../math/markovChain.ts"
import { numberText } from "../../run/numberText.ts"
import { Mistake } from "../../run/mistake.ts"
import { defaultCalibration, parameterValues, type ProblemOptions } from "../compileProblem.ts"
import { formulasOf, type DiscreteEconomy, type Formulas } from "./economy.ts"
import { SHOWN, type DiscreteProblem, type Law } from "./problem.ts"

/** Compiles an economy in discrete time at a calibration. @throws Mistake for values that do not fit, and where a chain is none. */
export function discreteProblem(economy: DiscreteEconomy, options: ProblemOptions = {}): DiscreteProblem {
  const { declaration } = economy
  const calibration = options.calibration ?? defaultCalibration(declaration)
  const parameters = parameterValues(economy, calibration, options.parameters ?? {})
  const formulas = formulasOf(declaration)
  const number = (place: string): number => {
    const out = new Float64Array(1)
    compile([formulas.at(place)], Object.keys(parameters)).run(Object.values(parameters), 1, [out])
    if (!Number.isFinite(out[0])) throw new Mistake(`${place}: is \`${out[0]}\` at these parameters; expected a finite number`)
    return out[0]
  }
  const beta = number("preferences.discount"), gamma = number("preferences.aversion")
  if (!(beta > 0 && beta < 1)) throw new Mistake(`preferences.discount: is \`${beta}\` at these parameters; expected a number above 0 and below 1`)
  if (!(gamma >= 0)) throw new Mistake(`preferences.aversion: is \`${gamma}\` at these parameters; expected a number at least 0`)
  const law = lawOf(declaration.state.law, number)
  return {
    kind: "discrete", economy, calibration, parameters, law, beta, gamma,
    state: { name: declaration.state.name, ...domainOf(law) },
    grows: declaration.growth !== undefined,
    consumption: over(formulas, "consumption", economy, parameters, "positive"),
    dividend: over(formulas, "dividend", economy, parameters),
    growth: over(formulas, "growth", economy, parameters, "positive"),
    facts: declaration.facts ?? {},
  }
}

function lawOf(declared: DiscreteEconomy["declaration"]["state"]["law"], number: (place: string) => number): Law {
  const at = (key: string): number => number(`state.law.${key}`)
  if (declared.kind === "lognormal") {
    const [mean, persistence, volatility] = [at("mean"), at("persistence"), at("volatility")]
    if (!(Math.abs(persistence) < 1)) throw new Mistake(`state.law.persistence: is \`${persistence}\` at these parameters; expected a number above -1 and below 1`)
    if (!(volatility >= 0)) throw new Mistake(`state.law.volatility: is \`${volatility}\` at these parameters; expected a number at least 0`)
    return { kind: "lognormal", mean, persistence, volatility }
  }
  const n = declared.values.length
  const values = declared.values.map((_, i) => at(`values.${i + 1}`))
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j])
  const twice = order.find((i, k) => k > 0 && values[i] === values[order[k - 1]])
  if (twice !== undefined) throw new Mistake(`state.law.values: \`${values[twice]}\` stands twice; expected different values`)
  const given = declared.transitions.flatMap((row, i) => row.map((_, j) => at(`transitions.${i + 1}.${j + 1}`)))
  const fault = chainFault(n, given)
  if (fault !== undefined) throw new Mistake(`state.law.transitions: ${fault}`)
  const chain = { values: Float64Array.from(order, i => values[i]), transitions: Float64Array.from({ length: n * n }, (_, k) => given[order[Math.floor(k / n)] * n + order[k % n]]) }
  if (!stationaryDistribution(chain)) throw new Mistake("state.law.transitions: the chain has more than one stationary distribution; expected one from which every long run begins")
  return { kind: "chain", ...chain }
}

/** What is tabulated: the states of a chain, or `SHOWN` deviations of the logarithm on each side. */
function domainOf(law: Law): { from: number; to: number; points?: Float64Array } {
  if (law.kind === "chain") return { from: law.values[0], to: law.values[law.values.length - 1], points: law.values }
  const deviation = stationaryDeviation(law), at = (z: number): number => Math.exp(law.mean + z * deviation)
  return deviation === 0 ? { from: at(0), to: at(0), points: Float64Array.of(at(0)) } : { from: at(-SHOWN), to: at(SHOWN) }
}

/** A formula in the state over many states; what it gives is checked. */
function over(formulas: Formulas, place: string, { declaration: { state } }: DiscreteEconomy, parameters: Readonly<Record<string, number>>, sign?: "positive") {
  const kernel = compile([formulas.at(place)], [state.name, ...Object.keys(parameters)])
  return (x: Float64Array): Float64Array => {
    const out = new Float64Array(x.length)
    kernel.run([x, ...Object.values(parameters)], x.length, [out])
    const bad = out.findIndex(value => !Number.isFinite(value) || (sign === "positive" && value <= 0))
    if (bad >= 0) throw new Mistake(`${place}: is \`${numberText(out[bad])}\` at ${state.name} = ${numberText(x[bad])}; expected a ${sign ?? "finite"} number`)
    return out
  }
}
