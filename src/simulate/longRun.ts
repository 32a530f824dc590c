import { coarse, indicesOf, tableIndices, type Cells } from "./cells.ts"
import { table, type Table } from "../run/table.ts"
import { fieldReader } from "./field.ts"
import { entryRate } from "./kolmogorov.ts"
import { conditionalMoments, totalVariation } from "./moments.ts"
import { COUNTS } from "./occupation.ts"
import { countedMasses, partMasses } from "./parts.ts"
import type { Preparation } from "./preparation.ts"
import type { CrisisStatistics, Simulation } from "./simulation.ts"

/** What the counts of the long run say, beside what the forward equation says. */
export type LongRun = Pick<Simulation, "totalVariation" | "autocorrelationYears" | "crisis" | "absorption" | "moments" | "density" | "marginals" | "states"> & { readonly notes: readonly string[] }

export function longRunOf(preparation: Preparation, counts: Float64Array, paths: number): LongRun {
  const { cells, binning, parts, forward, problem, plan: { settings } } = preparation
  const looks = counts[COUNTS.looks]
  const counted = counts.subarray(COUNTS.cells).map(count => count / looks)
  const simulated = Float64Array.from({ length: counted.length / 2 }, (_, c) => counted[2 * c] + counted[2 * c + 1])
  const bins = binsOf(cells, binning)
  const ours = coarse(cells, simulated, binning), theirs = forward && coarse(cells, forward.masses, binning)
  const byParts = countedMasses(parts, counted), byDensity = forward && partMasses(parts, forward.masses)
  const autocorrelationYears = Object.fromEntries(problem.states.map(({ name }, s) => [name, forward?.autocorrelationYears[s] ?? NaN]))
  const absorbed = counts[COUNTS.absorbed]
  return {
    states: problem.states.map(({ name }, s) => ({ name, edges: Array.from(bins.edges[s]) })),
    totalVariation: theirs ? totalVariation(ours, theirs) : NaN,
    autocorrelationYears, crisis: crisisOf(preparation, counts, paths),
    // A path that is absorbed after its m-th look has lived for m - 1/2 periods in the mean.
    ...(settings.ends === "absorbing" ? { absorption: { share: absorbed / paths, meanYears: absorbed === paths ? (looks / paths - 0.5) * settings.dt : NaN } } : {}),
    moments: momentsByVariable(preparation, byParts, byDensity),
    density: densityTable(preparation, bins, ours, theirs, coarse(cells, crisisMasses(preparation, byDensity ?? byParts), binning)),
    marginals: problem.states.length < 2 ? [] : problem.states.map((_, s) => marginalTable(preparation, s, simulated)),
    notes: notesOf(preparation, theirs ?? ours, bins, autocorrelationYears),
  }
}

/** Bins: blocks of cells. */
function binsOf(cells: Cells, binning: readonly number[]): Bins {
  const shape = cells.shape.map((n, s) => n / binning[s])
  const edges = cells.edges.map((all, s) => all.filter((_, i) => i % binning[s] === 0))
  const centres = edges.map(e => e.subarray(1).map((high, i) => (e[i] + high) / 2))
  return { shape, edges, centres }
}

type Bins = Pick<Cells, "shape" | "edges" | "centres">

function crisisMasses({ parts, cells }: Preparation, masses: Float64Array): Float64Array {
  const out = new Float64Array(cells.shape.reduce((a, b) => a * b, 1))
  masses.forEach((mass, p) => { out[parts.cell[p]] += parts.crisis[p] * mass })
  return out
}

function crisisOf({ crisisIs, forward, parts, from, plan: { settings: { dt } } }: Preparation, counts: Float64Array, paths: number): CrisisStatistics | undefined {
  if (crisisIs === undefined) return undefined
  const looks = counts[COUNTS.looks], each = looks / paths
  const probability = counts[COUNTS.crisis] / looks
  const spread = counts[COUNTS.crisisSquared] / paths / each ** 2 - probability ** 2
  const rate = forward && entryRate(forward.kolmogorov, parts, forward.masses, dt)
  const density = forward ? partMasses(parts, forward.masses).reduce((sum, mass, p) => sum + mass * parts.crisis[p], 0) : NaN
  return {
    is: crisisIs, probabilitySimulated: probability, probabilityDensity: density,
    standardError: paths > 1 ? Math.sqrt(Math.max(0, spread) / (paths - 1)) : NaN,
    perCentury: (100 * counts[COUNTS.entries]) / (looks * dt), meanDurationYears: (counts[COUNTS.crisis] * dt) / counts[COUNTS.entries],
    perCenturyDensity: 100 * (rate ?? NaN), meanDurationYearsDensity: density / (rate ?? NaN),
    yearsUntil: forward?.yearsToCrisis([...from]) ?? NaN,
  }
}

function momentsByVariable({ values, variables, parts, crisisIs, problem }: Preparation, simulated: Float64Array, density: Float64Array | undefined): Simulation["moments"] {
  const reader = fieldReader(values), out = new Float64Array(values.channels), point = new Float64Array(parts.points.length)
  const columns = variables.map(() => new Float64Array(simulated.length))
  for (let p = 0; p < simulated.length; p++) {
    for (let s = 0; s < point.length; s++) point[s] = parts.points[s][p]
    reader.at(point, out)
    columns.forEach((column, c) => { column[p] = out[c] })
  }
  const crisis = crisisIs === undefined ? undefined : parts.crisis
  const entry = (column: Float64Array): Simulation["moments"][string] =>
    ({ ...conditionalMoments(column, density ?? simulated, crisis), simulated: conditionalMoments(column, simulated, crisis) })
  return Object.fromEntries([...problem.states.map(({ name }, s) => [name, entry(parts.points[s])] as const), ...variables.map((name, c) => [name, entry(columns[c])] as const)])
}

function densityTable({ problem }: Preparation, bins: Bins, simulated: Float64Array, kolmogorov: Float64Array | undefined, crisis: Float64Array): Table {
  const at = Array.from({ length: simulated.length }, (_, b) => tableIndices(bins.shape, b))
  const volume = at.map(indices => indices.reduce((v, i, s) => v * (bins.edges[s][i + 1] - bins.edges[s][i]), 1))
  const masses = kolmogorov ?? simulated
  return table({
    ...Object.fromEntries(problem.states.map(({ name }, s) => [name, Float64Array.from(at, indices => bins.centres[s][indices[s]])])),
    ...(kolmogorov ? { kolmogorov: kolmogorov.map((m, b) => m / volume[b]) } : {}),
    simulated: simulated.map((m, b) => m / volume[b]),
    ...(kolmogorov ? { "mass:kolmogorov": kolmogorov } : {}), "mass:simulated": simulated,
    crisis: crisis.map((m, b) => (masses[b] > 0 ? m / masses[b] : 0)),
  })
}

/** The density of one state whatever the others, over its cells. */
function marginalTable({ problem, cells, forward }: Preparation, s: number, simulated: Float64Array): Table {
  const density = (masses: Float64Array): Float64Array => {
    const out = new Float64Array(cells.shape[s])
    masses.forEach((mass, c) => { out[indicesOf(cells, c)[s]] += mass })
    return out.map((mass, i) => mass / (cells.edges[s][i + 1] - cells.edges[s][i]))
  }
  return table({ [problem.states[s].name]: cells.centres[s].slice(), ...(forward ? { kolmogorov: density(forward.masses) } : {}), simulated: density(simulated) })
}

/** Mass that gathers at an end is where the domain was cut, not the economy. */
function notesOf({ problem, forward, crisisIs, burn }: Preparation, masses: Float64Array, bins: Bins, years: Readonly<Record<string, number>>): string[] {
  const notes = problem.states.flatMap(({ name, from, to }, s) => [0, bins.shape[s] - 1].flatMap(end => {
    const marginal = new Float64Array(bins.shape[s])
    masses.forEach((mass, b) => { marginal[tableIndices(bins.shape, b)[s]] += mass })
    const share = marginal[end]
    if (!(share > MUCH && share > 2 * marginal[end === 0 ? 1 : end - 1])) return []
    return [`${(100 * share).toPrecision(2)}% of the mass lies in the last of ${bins.shape[s]} bins at ${name} = ${end === 0 ? from : to}: the economy tends to that end, and its long run depends on where the domain is cut`]
  }))
  if (crisisIs === undefined) notes.push("there is no crisis region: no complementarity line changes side; `--crisis` names one, as in `--crisis \"" + `${problem.states[0].name} < ${Number(((3 * problem.states[0].from + problem.states[0].to) / 4).toPrecision(2))}` + "\"`")
  for (const [name, tau] of Object.entries(years))
    if (burn < ENOUGH * tau) notes.push(`${name} is correlated with itself over ${tau.toPrecision(2)} years; a burn-in of ${burn} years (\`--burn\`) may be too short to forget where the paths began`)
  if (problem.states.length > 2) notes.push("the forward equation is solved for one or two states; the density is the simulation's alone")
  const kept = forward ? forward.masses.reduce((sum, mass, c) => sum + mass * forward.kolmogorov.kept[c], 0) : 1
  if (kept < 0.995) notes.push(`in the forward equation the covariance of the states is ${(100 * (1 - kept)).toPrecision(2)}% smaller than it is, in the mean: jumps of bounded length cannot carry all of it`)
  return notes
}

const MUCH = 0.02
/** A burn-in of so many autocorrelation times is enough. */
const ENOUGH = 4
