const ALPHABET =
  "alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ " +
  "sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω varepsilon ϵ vartheta ϑ varphi ϕ varrho ϱ ell ℓ " +
  "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"

/** ASCII name → letter, for the letters that LaTeX knows by a command of the same name (`ell` among them). */
export const GREEK: ReadonlyMap<string, string> = new Map(
  Array.from(ALPHABET.matchAll(/(\S+) (\S+)/g), ([, name = "", letter = ""]) => [name, letter]),
)
