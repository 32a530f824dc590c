import type { Misfit, Solution } from "../solve/solution.ts"
import { numberHtml, pointHtml, sectionHtml, tableHtml } from "./html.ts"
import type { ReportInput } from "./input.ts"
import { escaped } from "./markup.ts"

/** How it was solved: outcome, number held against the tolerance, steps, seconds, then the settings. */
export function methodSection({ solutions, made, methods = {} }: ReportInput): string {
  const rows = solutions.map(({ method, outcome, detail, measure, residual, tolerance, steps, seed }) =>
    [escaped(method), escaped(detail ? `${outcome} (${detail})` : outcome), escaped(measure), numberHtml(residual, 3), numberHtml(tolerance, 3), numberHtml(steps, 8), String(seed),
      Object.hasOwn(made.seconds, method) ? numberHtml(made.seconds[method], 3) : "\u2013"])
  const overview = tableHtml(["method", "outcome", "measure", "at the end", "tolerance", "steps", "seed", "seconds"], rows, [3, 4, 5, 6, 7])
  const settings = solutions.map(({ method, settings }) => {
    const known = Object.hasOwn(methods, method) ? methods[method] : undefined
    const lines = Object.entries(settings).map(([name, value]) => [`<code>${escaped(name)}</code>`, typeof value === "number" ? numberHtml(value, 8) : escaped(String(value)),
      escaped(known && Object.hasOwn(known.settings, name) ? known.settings[name].is : "")])
    return sectionHtml(known ? `${method}: ${known.is}` : method, tableHtml(["setting", "value", ""], lines, [1]), 3)
  })
  return sectionHtml("How it was solved", overview + settings.join(""))
}

/** How well equations hold, and identities that were not imposed. */
export function checksSection({ solutions }: ReportInput): string {
  const several = solutions.length > 1
  const table = (lines: readonly (readonly [Solution, Misfit & { is?: string }])[], words: boolean) => tableHtml(
    [words ? "identity" : "equation", ...words ? [""] : [], ...several ? ["method"] : [], "largest", "mean", "largest at"],
    lines.map(([{ method }, { label, is, largest, mean, where }]) => [escaped(label), ...words ? [escaped(is ?? "")] : [], ...several ? [escaped(method)] : [], numberHtml(largest, 2), numberHtml(mean, 2), pointHtml(where)]),
    [0, 1].map(i => i + 1 + (words ? 1 : 0) + (several ? 1 : 0)))
  const inOrder = <T extends Misfit>(of: (solution: Solution) => readonly T[]) =>
    [...new Set(solutions.flatMap(solution => of(solution).map(({ label }) => label)))].flatMap(label => solutions.flatMap(solution => of(solution).filter(misfit => misfit.label === label).map(misfit => [solution, misfit] as const)))
  const equations = table(inOrder(({ equations }) => equations), false), checks = table(inOrder(({ checks }) => checks), true)
  return sectionHtml("How well it holds", sectionHtml("Equations, as each method discretises them", equations, 3) + sectionHtml("Identities that were not imposed", checks, 3))
}

/** What is known about the economy, and the command that makes this page. */
export function closingSections(input: ReportInput): string {
  const { economy: { declaration: { notes = [] } }, made } = input
  const machine = made.machine && ` on ${escaped(made.machine)}`
  return sectionHtml("Notes", notes.length ? `<ul>${notes.map(note => `<li>${escaped(note)}</li>`).join("")}</ul>` : "")
    + sectionHtml("To reproduce", `<pre><code>${escaped(made.command ?? commandOf(input))}</code></pre>\n<p class="small">Made by walras ${escaped(made.version)}${machine}.</p>`)
}

/** The command line of these solutions: what differs from the calibration is set. */
export function commandOf({ economy: { name, declaration }, solutions }: ReportInput): string {
  const [{ parameters, calibration, seed }] = solutions
  const values = declaration.calibrations?.[calibration]?.values ?? {}
  const changed = Object.keys(parameters).filter(key => parameters[key] !== (values[key] ?? declaration.parameters[key]?.value))
  const methods = solutions.map(({ method }) => method).join(",")
  const words = ["walras", ...solutions.length > 1 ? ["compare", name, "--methods", methods] : ["solve", name, "--method", methods],
    ...calibration ? ["--calibration", calibration] : [], ...changed.flatMap(key => ["--set", `${key}=${parameters[key]}`]), "--seed", String(seed)]
  return words.map(word => /^[\w.,/=:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`).join(" ")
}
