import { layerSizes, weightCount, type Shape } from "./mlp.ts"
import { power } from "../math/power.ts"
import type { Random } from "../math/random.ts"

/**
 * Weights whose first layer is spread over the inputs' box [-1, 1]^d (Nguyen and Widrow, 1990, "Improving the learning speed of
 * 2-layer neural networks by choosing initial values of the adaptive weights"): unit k of H has a weight vector of random direction
 * and length 0.7 H^(1/d), and a bias that puts its bend at a place of its own, one in each of H equal intervals. With biases of zero
 * every unit bends at the origin, and a net of few inputs first has to learn to bend elsewhere. Layers above as Glorot's, which
 * have inputs enough: normal, of variance 2/(fanIn + units).
 */
export function spreadWeights(shape: Shape, random: Pick<Random, "next" | "normal">): Float64Array {
  const weights = new Float64Array(weightCount(shape))
  let at = 0
  layerSizes(shape).forEach(({ fanIn, units }, layer) => {
    const biases = at + fanIn * units
    const length = 0.7 * power(units, 1 / fanIn), deviation = Math.sqrt(2 / (fanIn + units))
    for (let unit = 0; unit < units; unit++) {
      const row = weights.subarray(at + unit * fanIn, at + (unit + 1) * fanIn)
      for (let k = 0; k < fanIn; k++) row[k] = random.normal()
      const scale = layer > 0 || shape.hidden.length === 0 ? deviation : length / Math.hypot(...row)
      for (let k = 0; k < fanIn; k++) row[k] *= scale
      if (layer === 0 && shape.hidden.length > 0) weights[biases + unit] = length * (2 * ((unit + random.next()) / units) - 1)
    }
    at = biases + units
  })
  return weights
}
