import { latex } from "../../formula/latex.ts"
import { parseExpression } from "../../formula/parse.ts"
import { symbolLatex } from "../../formula/symbol.ts"
import type { DiscreteDeclaration } from "./declaration.ts"

/** A line of the model: as text with ASCII names, and in LaTeX. */
export interface Line { readonly label: string; readonly text: string; readonly tex: string }

/** The equations that every economy of this kind obeys, written with its own names. Numbers are the dissertation's. */
export function discreteEquations(declaration: DiscreteDeclaration): Line[] {
  const { state: { name: y, law }, preferences: { discount, aversion }, consumption, dividend, growth } = declaration
  const t = (text: string | number): string => (typeof text === "number" ? String(text) : text), tex = (text: string | number): string => latexOf(t(text))
  const bracketed = (text: string): string => (/^[\w.]+$/.test(text) ? text : `(${text})`)
  const x = symbolLatex(y), beta = tex(discount), gamma = tex(aversion)
  const [power, powerTex] = growth === undefined ? ["", ""] : [`growth'^(1 - ${t(aversion)})*`, `\\left(g'\\right)^{1-${gamma}}`]
  const lines: Line[] = law.kind === "lognormal" ? [{
    label: "law of the state", text: `log(${y}') = (1 - ${bracketed(t(law.persistence))})*${bracketed(t(law.mean))} + ${bracketed(t(law.persistence))}*log(${y}) + ${bracketed(t(law.volatility))}*e', e' standard normal`,
    tex: `\\log ${x}' = (1-${tex(law.persistence)})\\left(${tex(law.mean)}\\right) + ${tex(law.persistence)}\\log ${x} + ${tex(law.volatility)}\\,\\varepsilon',\\quad \\varepsilon'\\sim N(0,1)`,
  }] : law.values.map((value, i) => ({
    label: `state ${i + 1}`, text: `${y} = ${t(value)}, to states 1, 2, ... with probability ${law.transitions[i].map(t).join(", ")}`,
    tex: `${x}_{${i + 1}} = ${tex(value)},\\quad P_{${i + 1}\\cdot} = \\left(${law.transitions[i].map(tex).join(",\\;")}\\right)`,
  }))
  return [
    ...lines,
    { label: "utility", text: `u(c) = c^(1 - ${t(aversion)})/(1 - ${t(aversion)}), log(c) where that is 1`, tex: `u(c) = \\frac{c^{1-${gamma}}}{1-${gamma}}` },
    { label: "consumption and dividend", text: `c = ${consumption}, d = ${dividend}${growth === undefined ? "" : `, growth = ${growth}`}`, tex: `c = ${tex(consumption)},\\quad d = ${tex(dividend)}${growth === undefined ? "" : `,\\quad g = ${tex(growth)}`}` },
    {
      label: "Bellman equation (2.5)", text: `V(s, ${y}) = max over s' of u(c + (s - 1)*d - p*(s' - s)) + ${bracketed(t(discount))}*E[${power}V(s', ${y}') | ${y}]`,
      tex: `V(s, ${x}) = \\max_{s'}\\; u\\left(c + (s-1)d - p\\,(s'-s)\\right) + ${beta}\\,\\mathrm{E}\\left[${powerTex} V(s', ${x}') \\mid ${x}\\right]`,
    },
    { label: "market clearing", text: "s' = 1 where s = 1", tex: "s'(1, \\cdot) = 1" },
    {
      label: "Euler equation (2.6)", text: `u'(c)*p = ${bracketed(t(discount))}*E[${power}u'(c')*(p' + d') | ${y}]`,
      tex: `u'(c)\\,p = ${beta}\\,\\mathrm{E}\\left[${powerTex} u'(c')\\,(p' + d') \\mid ${x}\\right]`,
    },
    {
      label: "bond (2.7)", text: `u'(c)*q = ${bracketed(t(discount))}*E[${growth === undefined ? "" : `growth'^(-${t(aversion)})*`}u'(c') | ${y}]`,
      tex: `u'(c)\\,q = ${beta}\\,\\mathrm{E}\\left[${growth === undefined ? "" : `\\left(g'\\right)^{-${gamma}}`} u'(c') \\mid ${x}\\right]`,
    },
  ]
}

function latexOf(text: string): string {
  const { ast } = parseExpression(text)
  return ast ? latex(ast) : `\\mathtt{${text}}`
}
