import type { Kernel } from "../formula/compile.ts"
import { derivative, substitute, symbolsOf } from "../formula/derive.ts"
import type { Graph, Node } from "../formula/graph.ts"
import type { Ast, Statement } from "../formula/syntax.ts"
import type { EconomyDeclaration } from "./declaration.ts"
import { derivativeOf, shockNames, shockOf, type Lowering, type Override } from "./lowering.ts"
import { pairs, type Problem } from "./problem.ts"

/**
 * Each HJB line as a linear equation of its own value function J, everything else frozen: what the line itself calls `J`,
 * `drift(J)`, `vol(J)` or `J_z` is live; definitions (a `log(J)` that was given a name, say) are taken at the last values.
 * The coefficients are exact derivatives with respect to the live terms. A line that is not linear in them is refused.
 *
 * With c the coefficient of drift(J) = J_t + mu.DJ + tr(cov D2J)/2, the line divided by c reads
 *   J_t + b.DJ + sum_{s<=r} d_sr J_sr + l J + f = 0.
 */
export function frozenLines(lines: readonly Statement[], values: readonly string[], lowered: Lowering, declaration: EconomyDeclaration,
  kernel: (nodes: readonly Node[]) => Kernel): Problem["frozen"] {
  const nodes: Node[] = []
  for (const [i, line] of lines.entries()) {
    if (line.kind !== "equation") continue
    const coefficients = frozenLine(line, values[i], lowered, declaration)
    if (typeof coefficients === "string") return { refusal: coefficients }
    nodes.push(...coefficients)
  }
  return { kernel: kernel(nodes) }
}

const LIVE = "live "

function frozenLine(line: Extract<Statement, { kind: "equation" }>, value: string, lowered: Lowering, declaration: EconomyDeclaration): Node[] | string {
  const { g } = lowered
  const states = Object.keys(declaration.states), shocks = shockNames(declaration)
  const live = (what: string): Node => g.sym(LIVE + what)
  const override: Override = {
    name: name => {
      if (name === value) return live("level")
      const jet = derivativeOf(name, states, base => base === value)
      return jet && live(jet.by.map(s => states.indexOf(s)).sort().join(","))
    },
    call: (name, args) => {
      if (args[0]?.kind !== "name" || args[0].name !== value) return undefined
      const k = name === "vol" ? shockOf(args, shocks) : undefined
      return name === "drift" ? live("drift") : typeof k === "number" ? live(`vol ${k}`) : undefined
    },
  }
  const lowerSide = (side: Ast): Node => lowered.expression(side, "equations", declaration.equations, override)
  const residual = g.sub(lowerSide(line.left), lowerSide(line.right))
  const coefficient = (what: string): Node => derivative(g, residual, LIVE + what)
  const found = [...symbolsOf(residual)].filter(s => s.startsWith(LIVE)).map(s => s.slice(LIVE.length))
  const bent = found.find(what => [...symbolsOf(coefficient(what))].some(s => s.startsWith(LIVE)))
  if (bent !== undefined)
    return `[${line.label}] is not linear in \`${value}\` and its derivatives; give what is nonlinear a name of its own (as in \`log_${value} = log(${value})\`, which is then taken at the last values) or multiply the line through, so that \`drift(${value})\` stands alone`
  return dividedByDrift(residual, coefficient, lowered, states.length, shocks.length)
}

function dividedByDrift(residual: Node, coefficient: (what: string) => Node, { g, stateDrift, stateRisk, covariance }: Lowering, states: number, shocks: number): Node[] {
  const c = coefficient("drift")
  const first = Array.from({ length: states }, (_, s) => {
    let sum = coefficient(String(s))
    for (let k = 0; k < shocks; k++) sum = g.add(sum, g.mul(coefficient(`vol ${k}`), stateRisk(s, k)))
    return g.add(stateDrift(s), g.div(sum, c))
  })
  const second = pairs(states).map(([s, r]) =>
    g.add(g.mul(g.num(s === r ? 0.5 : 1), covariance(s, r)), g.div(coefficient([s, r].join(",")), c)))
  return [...first, ...second, g.div(coefficient("level"), c), g.div(atZero(g, residual), c)]
}

/** The line where all live terms vanish. */
function atZero(g: Graph, node: Node): Node {
  const zero = g.num(0)
  return substitute(g, node, new Map([...symbolsOf(node)].filter(s => s.startsWith(LIVE)).map(s => [s, zero])))
}
