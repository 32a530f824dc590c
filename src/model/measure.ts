import { compile, type Kernel } from "../formula/compile.ts"
import { parseCondition } from "../formula/parse.ts"
import { astText } from "../formula/print.ts"
import { showFault, type Ast } from "../formula/syntax.ts"
import { Mistake } from "../run/mistake.ts"
import type { Economy } from "./economy.ts"
import { lowering } from "./lowering.ts"
import type { Problem } from "./problem.ts"

/** A region of the states: where the one output of the kernel (which takes `problem.inputs`) is positive. */
export interface Region {
  readonly is: string
  readonly kernel: Kernel
}

/**
 * The region that a formula describes: a comparison (`psi < 0.5`), or a formula that is positive there. It may use all that
 * equations may. @throws Mistake, naming `place`, where it cannot be read.
 */
export function regionOf({ declaration, statements }: Economy, problem: Problem, text: string, place: string): Region {
  const lowered = lowering(declaration, statements)
  const { ast, faults } = parseCondition(text)
  const node = ast && faults.length === 0 ? lowered.expression(difference(ast), place, text) : undefined
  const found = [...faults, ...lowered.faults.map(({ fault }) => fault)]
  if (node === undefined || found.length > 0)
    throw new Mistake(`${place} \`${text}\`: ${found[0]?.message ?? "is no formula"}; expected a comparison such as \`${problem.states[0].name} < ${problem.states[0].to / 4}\`${found[0] ? `\n${showFault(text, found[0], "  ")}` : ""}`)
  return { is: ast!.kind === "compare" ? text.trim() : `${text.trim()} > 0`, kernel: compile([node], problem.inputs) }
}

/** The larger side of a comparison less the smaller. */
function difference(ast: Ast): Ast {
  if (ast.kind !== "compare") return ast
  const [large, small] = ast.op === "<" || ast.op === "<=" ? [ast.right, ast.left] : [ast.left, ast.right]
  return { kind: "binary", op: "-", left: large, right: small, span: ast.span }
}

/** Where the first side of a complementarity line is slack, as text: `psi < 1` for `0 <= 1 - psi _|_ ...`. */
export function slackText({ statements }: Economy, label: string): string {
  const line = statements.find(s => s.kind === "complementarity" && s.label === label)
  if (line?.kind !== "complementarity") return label
  const { first } = line
  return first.kind === "binary" && first.op === "-" ? `${astText(first.right)} < ${astText(first.left)}` : `${astText(first)} > 0`
}
