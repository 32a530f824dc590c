/** An interval of a coordinate or state about a switch; the active region Omega_c is the union of them. */
export interface Band { readonly from: number; readonly to: number }

/** The bands of half-width `width` about the switches, inside the domain. */
export function activeBands(switches: readonly number[], width: number, from: number, to: number): Band[] {
  return switches.map(z => ({ from: Math.max(from, z - width), to: Math.min(to, z + width) }))
}

/** The point at share u of the total length of the bands. */
export function along(bands: readonly Band[], u: number): number {
  let rest = u * bands.reduce((sum, b) => sum + b.to - b.from, 0)
  for (const b of bands) {
    if (rest <= b.to - b.from) return b.from + rest
    rest -= b.to - b.from
  }
  return bands[bands.length - 1].to
}
