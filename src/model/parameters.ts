import type { ParameterDeclaration } from "./declaration.ts"

/** What is wrong with a value of a parameter, in one sentence; undefined where it fits. */
export function parameterFault(name: string, parameter: ParameterDeclaration, value: number): string | undefined {
  const { above, below, least, most, not } = parameter
  const fits = Number.isFinite(value) && !(above !== undefined && value <= above) && !(below !== undefined && value >= below)
    && !(least !== undefined && value < least) && !(most !== undefined && value > most) && value !== not
  return fits ? undefined : `\`${name}\` is \`${value}\`; expected ${parameterBounds(parameter)} (${parameter.is})`
}

/** "a number above 0 and below 1", from the bounds declared. */
export function parameterBounds({ above, below, least, most, not }: ParameterDeclaration): string {
  const bounds = [
    above !== undefined && `above ${above}`, least !== undefined && `at least ${least}`,
    below !== undefined && `below ${below}`, most !== undefined && `at most ${most}`, not !== undefined && `not ${not}`,
  ].filter(Boolean)
  return bounds.length > 0 ? `a number ${bounds.join(" and ")}` : "a finite number"
}
