import { frozenWidth, type Problem } from "../../model/problem.ts"
import { Mistake } from "../../run/mistake.ts"
import type { Lattice } from "../grid/lattice.ts"
import { outputsFor } from "../pointInputs.ts"
import type { ValueJets } from "../block/staticBlock.ts"

/**
 * The HJB line of each value function as a linear PDE on the nodes of a lattice, J_t + b J_z + d J_zz + l J + s = 0:
 * four columns (b, d, l, s) a value function. Prices, shares and the other value functions are held at the jets now filled.
 *
 * - `frozen`: as in the lectures. What the line itself names is live (J, drift(J), vol(J)), every definition is taken at the
 *   last values.
 * - `linearised`: Newton's linearisation of the whole line about the last values of its own J, through definitions too
 *   (quasilinearisation; Bellman & Kalaba 1965), with the same fixed point; except that the law of motion does not follow the
 *   level of J, only its slope: where J is steep that part of Newton's step would be a brake. For lines that are not linear
 *   once definitions are frozen, and for steps longer than 1/rho.
 */
export function linearPde(problem: Problem, grid: Lattice, last: readonly ValueJets[], how: "frozen" | "linearised"): Float64Array[] {
  return how === "frozen" ? frozen(problem, grid) : linearised(problem, grid, last)
}

function frozen({ frozen, economy }: Problem, { inputs, size }: Lattice): Float64Array[] {
  if ("refusal" in frozen) throw new Mistake(`\`${economy.name}\`: ${frozen.refusal}; or solve with \`--set coefficients=linearised\``)
  const out = outputsFor(frozen.kernel, size)
  frozen.kernel.run(inputs.all, size, out)
  return out
}

function linearised({ hjb, jets }: Problem, { inputs, size: n }: Lattice, last: readonly ValueJets[]): Float64Array[] {
  const out = outputsFor(hjb.kernel, n), still = outputsFor(hjb.kernel, n)
  hjb.kernel.run(inputs.all, n, out)
  const moving = jets.flatMap((j, k) => (j.unknown < last.length && (j.kind === "upwind" || j.kind === "second") ? [k] : []))
  const kept = moving.map(k => inputs.jets[k].slice())
  for (const k of moving) inputs.jets[k].fill(0)
  hjb.kernel.run(inputs.all, n, still)
  moving.forEach((k, at) => inputs.jets[k].set(kept[at]))
  return last.flatMap((old, i) => {
    const partial = (kind: string, from = out): Float64Array | undefined => from[hjb.partials.find(p => p.row === i && jets[p.jet].unknown === i && jets[p.jet].kind === kind)?.output ?? -1]
    const time = partial("time")!, upwind = partial("upwind"), first = partial("first"), second = partial("second"), value = partial("value", still)
    const [b, d, l, s] = Array.from({ length: frozenWidth(1) }, () => new Float64Array(n))
    for (let k = 0; k < n; k++) {
      b[k] = ((upwind?.[k] ?? 0) + (first?.[k] ?? 0)) / time[k]
      d[k] = (second?.[k] ?? 0) / time[k]
      l[k] = (value?.[k] ?? 0) / time[k]
      s[k] = out[hjb.residuals[i].first][k] / time[k] - b[k] * old.first[0][k] - d[k] * old.second[0][k] - l[k] * old.value[k]
    }
    return [b, d, l, s]
  })
}
