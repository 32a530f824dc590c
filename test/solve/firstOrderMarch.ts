/**
 * The static block of brunnermeier-sannikov-2016 as the published codes have it, and nothing else: on an even grid, with
 * first-order backward differences of the price and bisection for the share. Slow, obvious, of first order: an oracle.
 */
export interface March { readonly z: Float64Array; readonly q: Float64Array; readonly psi: Float64Array; readonly sigmaR: Float64Array; readonly switchAt: number }

type Parameters = Readonly<Record<string, number>>

/** `slope(z)` is (log J_h)_z - (log J_e)_z. Nodes are spaced evenly from `from` to `to`; the march starts at 0. */
export function firstOrderMarch(p: Parameters, n: number, from: number, to: number, slope: (z: number) => number): March {
  const z = Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1))
  const q = new Float64Array(n), psi = new Float64Array(n), sigmaR = new Float64Array(n)
  let lastZ = 0, lastQ = price(p, 0, 0), switchAt = NaN
  for (let i = 0; i < n; i++) {
    const at = (share: number): { q: number; sigmaR: number; gap: number } => {
      const now = price(p, z[i], share)
      const chi = Math.max(p.alpha * share, z[i])
      const below = 1 - ((now - lastQ) / (z[i] - lastZ) / now) * (chi - z[i])
      const volatility = p.sigma / below
      const premium = ((1 - p.gamma) * slope(z[i]) + 1 / (z[i] * (1 - z[i]))) * (chi - z[i]) * volatility ** 2
      return { q: now, sigmaR: volatility, gap: below > 0 ? (p.a_e - p.a_h) / now - p.alpha * premium : -Infinity }
    }
    let low = 0, high = 1
    if (at(1).gap < 0) for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2
      if (at(middle).gap >= 0) low = middle
      else high = middle
    }
    psi[i] = at(1).gap >= 0 ? 1 : low
    if (psi[i] === 1 && Number.isNaN(switchAt)) switchAt = z[i]
    ;({ q: q[i], sigmaR: sigmaR[i] } = at(psi[i]))
    lastZ = z[i]
    lastQ = q[i]
  }
  return { z, q, psi, sigmaR, switchAt }
}

/** Goods market: what is not consumed or produced is invested. */
function price(p: Parameters, z: number, psi: number): number {
  return (psi * p.a_e + (1 - psi) * p.a_h + 1 / p.kappa) / (p.rho_e * z + p.rho_h * (1 - z) + 1 / p.kappa)
}

/**
 * The static block of gopalakrishna-2021 at value functions that are constants, in the same way: for each productivity from the
 * lowest, and each wealth share from 0, backward differences of the price along both. Rows are of one productivity.
 */
export function firstOrderMarchTwoStates(p: Parameters, n: number, rows: number, from: number): March[] {
  const step = (p.a_u - p.a_l) / (rows - 1)
  const found: March[] = []
  for (let j = 0; j < rows; j++) {
    const a = p.a_l + step * j, sigmaA = p.nu * (p.a_u - a) * (a - p.a_l), here = { ...p, a_e: a, rho_e: p.rho, rho_h: p.rho }
    const z = Float64Array.from({ length: n }, (_, i) => from + ((1 - 2 * from) * i) / (n - 1))
    const q = new Float64Array(n), psi = new Float64Array(n), sigmaR = new Float64Array(n)
    let lastZ = 0, lastQ = price(here, 0, 0), switchAt = NaN
    for (let i = 0; i < n; i++) {
      const at = (share: number): { q: number; sigmaR: number; gap: number } => {
        const now = price(here, z[i], share), chi = Math.max(p.alpha * share, z[i])
        const below = 1 - ((now - lastQ) / (z[i] - lastZ) / now) * (chi - z[i])
        const [capital, productivity] = [p.sigma / below, j === 0 ? 0 : (((now - found[j - 1].q[i]) / step / now) * sigmaA) / below]
        const variance = capital ** 2 + productivity ** 2 + 2 * p.varphi * capital * productivity
        const premium = ((chi - z[i]) * variance) / (z[i] * (1 - z[i]))
        return { q: now, sigmaR: capital, gap: below > 0 ? (a - p.a_h) / now - p.alpha * premium : -Infinity }
      }
      let low = 0, high = 1
      if (at(1).gap < 0) for (let k = 0; k < 60; k++) {
        const middle = (low + high) / 2
        if (at(middle).gap >= 0) low = middle
        else high = middle
      }
      psi[i] = at(1).gap >= 0 ? 1 : low
      if (psi[i] === 1 && Number.isNaN(switchAt)) switchAt = z[i]
      ;({ q: q[i], sigmaR: sigmaR[i] } = at(psi[i]))
      lastZ = z[i]
      lastQ = q[i]
    }
    found.push({ z, q, psi, sigmaR, switchAt })
  }
  return found
}
