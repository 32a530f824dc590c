import { expect, test } from "vitest"
import { symbolLatex, symbolParts, symbolText } from "../../src/formula/symbol.ts"

test.each([
  ["sigma_R", "\\sigma_{R}", "σ_R", "σ", "R"],
  ["zeta_e", "\\zeta_{e}", "ζ_e", "ζ", "e"],
  ["J_e_zz", "J_{e,zz}", "J_e_zz", "J", "e,zz"],
  ["J_eta_eta", "J_{\\eta,\\eta}", "J_η_η", "J", "η,η"],
  ["q", "q", "q", "q", ""],
  ["vol", "\\mathrm{vol}", "vol", "vol", ""],
  ["psi_max", "\\psi_{\\mathrm{max}}", "ψ_max", "ψ", "max"],
  ["sigma2", "\\sigma_{2}", "σ2", "σ", "2"],
  ["Omega_c", "\\Omega_{c}", "Ω_c", "Ω", "c"],
])("%s", (name, tex, text, base, subscript) => {
  expect(symbolLatex(name)).toBe(tex)
  expect(symbolText(name)).toBe(text)
  expect(symbolParts(name)).toEqual({ base, subscript })
})

test("an override is for the whole name, inherited properties are none", () => {
  expect(symbolLatex("J_e", { J: "V", J_e: "J^e" })).toBe("J^e")
  expect(symbolLatex("constructor")).toBe("\\mathrm{constructor}")
})
