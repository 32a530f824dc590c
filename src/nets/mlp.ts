/**
 * Smooth activations, and relu. The second derivative of relu is zero almost everywhere: a net of it is piecewise linear, has
 * no curvature to give to a second-order equation, and is for values and first derivatives only.
 */
export type Activation = "tanh" | "swish" | "softplus" | "relu"

/** A multilayer perceptron with one linear output; `hidden` lists the widths of its layers, from the inputs on. */
export interface Shape {
  readonly inputs: number
  readonly hidden: readonly number[]
  readonly activation: Activation
}

/** Fan-in and units of each layer, the output last. */
export function layerSizes(shape: Shape): readonly { readonly fanIn: number; readonly units: number }[] {
  const widths = [shape.inputs, ...shape.hidden, 1]
  return widths.slice(1).map((units, layer) => ({ fanIn: widths[layer], units }))
}

/** How many weights: layer by layer, W row-major [units][fanIn], then b[units]. */
export function weightCount(shape: Shape): number {
  return layerSizes(shape).reduce((sum, { fanIn, units }) => sum + (fanIn + 1) * units, 0)
}

/**
 * Glorot-normal weights, of variance 2 / (fanIn + units), and zero biases (Glorot and Bengio, 2010).
 * `uniform` gives numbers in [0, 1); two are taken for each weight.
 */
export function initialWeights(shape: Shape, uniform: () => number): Float64Array {
  const weights = new Float64Array(weightCount(shape))
  let at = 0
  for (const { fanIn, units } of layerSizes(shape)) {
    const deviation = Math.sqrt(2 / (fanIn + units))
    for (let k = 0; k < fanIn * units; k++) weights[at++] = deviation * normal(uniform)
    at += units
  }
  return weights
}

/** Box and Muller (1958), one of the pair; 1 - u keeps the logarithm off zero. */
function normal(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
  return radius * Math.cos(2 * Math.PI * uniform())
}
