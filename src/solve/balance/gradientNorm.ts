/**
 * Balancing by gradients (Wang, Teng and Perdikaris, 2021, "Understanding and mitigating gradient flow pathologies in physics-informed
 * neural networks", algorithm 1): with g_i the gradient of the loss i alone with respect to all weights of the nets,
 *
 *   aim_i = max |g_0| / mean |g_i|,    weight_i <- (1 - a) weight_i + a aim_i
 *
 * for all losses but the first, which is the reference and weighs one. Returns new weights; a loss whose gradient is zero keeps its own.
 */
export function gradientNorm(weights: readonly number[], gradients: readonly Float64Array[], rate = 0.1): number[] {
  const most = gradients[0].reduce((m, g) => Math.max(m, Math.abs(g)), 0)
  return weights.map((weight, i) => {
    if (i === 0) return 1
    const mean = gradients[i].reduce((sum, g) => sum + Math.abs(g), 0) / gradients[i].length
    return mean > 0 && most > 0 ? (1 - rate) * weight + (rate * most) / mean : weight
  })
}
