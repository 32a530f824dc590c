// Jets of a multilayer perceptron: the value, first and second input derivatives,
// and the adjoint of all of them, a tile of points at a time.
//
// With z the sums of a unit, f its activation and subscripts for derivatives along directions,
//   a = f(z)    a_i = f'(z) z_i    a_ij = f'(z) z_ij + f''(z) z_i z_j,
// and the sums of the next layer are linear in a, a_i and a_ij alike. A sum of second derivatives needs one channel
// only: with c = sum_k s_k (kk), a_c = f'(z) z_c + f''(z) sum_k s_k z_k^2, Ito's lemma where c starts as the drift.

import { activate, adjoin } from "./channels"
import { SIZE } from "./lanes"
import {
  Net, activationsOf, channelCount, channelOfOutput, fanIn, gradientSums, incomingOf, inputOf, memosOf, outputCount, packedAt,
  packedTransposeAt, seededFactors, sheet, sumsOf, termsEnd, termsOf, units, weightCount, weightsBefore, zeros,
} from "./net"
import { ROW, WIDTH, addOuter, addTotals, multiply, pack } from "./panels"
import { TILE, real, sumLanes } from "./precision"
import { addProduct } from "./products"

export { scratchBytes } from "./net"
export { peak } from "./peak"

@inline
function stripsOf(count: i32): i32 {
  return (count + WIDTH - 1) / WIDTH
}

/** Copies a row of points into rows of panels `stride` bytes apart, padding with zeros. */
function intoPanels(from: usize, count: i32, to: usize, stride: usize): void {
  for (; count > 0; count -= WIDTH) {
    const bytes = <usize>min(WIDTH, count) * SIZE
    memory.copy(to, from, bytes)
    memory.fill(to + bytes, 0, ROW - bytes)
    from += ROW
    to += stride
  }
}

@inline
function rowOf(rows: usize, row: i32): usize {
  return rows + <usize>(row * TILE) * SIZE
}

/** Lays out a tile of points with their directions and factors, for all nets of the call. */
export function seed(net: Net, count: i32): void {
  const inputs = net.inputs, channels = channelCount(net), panel = <usize>inputs * ROW, stride = <usize>channels * panel
  const goal = net.seedAt
  for (let i = 0; i < inputs; i++) intoPanels(rowOf(net.pointsAt, i), count, goal + <usize>i * ROW, stride)
  if (net.directionsAt) {
    for (let r = 0; r < (channels - 1) * inputs; r++) {
      intoPanels(rowOf(net.directionsAt, r), count, goal + panel + <usize>r * ROW, stride)
    }
    for (let term = 0; term < net.terms; term++) {
      intoPanels(rowOf(net.factorsAt, term), count, seededFactors(net) + <usize>term * ROW, <usize>net.terms * ROW)
    }
    return
  }
  const one = v128.splat<real>(1)
  for (let strip = 0; strip < stripsOf(count); strip++) {
    const at = goal + <usize>strip * stride + panel
    memory.fill(at, 0, stride - panel)
    for (let first = 0; first < net.firsts; first++) {
      const row = at + <usize>first * panel + <usize>inputOf(net, first) * ROW
      v128.store(row, one)
      v128.store(row, one, 16)
    }
  }
}

/** Sums of a layer from what comes in; the bias goes to the value alone. */
function sumLayer(net: Net, layer: i32, strips: i32): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net)
  const weights = packedAt(net, layer), bias = net.weightsAt + <usize>(weightsBefore(net, layer) + fan * out) * SIZE
  let b = incomingOf(net, layer), c = sumsOf(net, layer)
  for (let strip = 0; strip < strips; strip++) {
    for (let channel = 0; channel < channels; channel++) {
      multiply(out, fan, weights, channel ? zeros(net) : bias, b, c)
      b += <usize>fan * ROW
      c += <usize>out * ROW
    }
  }
}

function activateLayer(net: Net, layer: i32, strips: i32): void {
  const bytes = <usize>units(net, layer) * ROW, stride = <usize>channelCount(net) * bytes
  let z = sumsOf(net, layer), a = activationsOf(net, layer), memos = memosOf(net, layer), factors = net.directionsAt ? seededFactors(net) : 0
  for (let strip = 0; strip < strips; strip++) {
    activate(net.activation, bytes, net.firsts, net.seconds, termsOf(net), termsEnd(net), factors, z, a, memos)
    z += stride
    a += stride
    memos += bytes
    if (factors) factors += <usize>net.terms * ROW
  }
}

/** From the cotangents of the activations of a layer to those of its sums, in place. */
function adjoinActivation(net: Net, layer: i32, strips: i32, g: usize): void {
  const bytes = <usize>units(net, layer) * ROW, stride = <usize>channelCount(net) * bytes
  let z = sumsOf(net, layer), memos = memosOf(net, layer), factors = net.directionsAt ? seededFactors(net) : 0
  for (let strip = 0; strip < strips; strip++) {
    adjoin(net.activation, bytes, net.firsts, net.seconds, termsOf(net), termsEnd(net), factors, z, memos, g)
    z += stride
    g += stride
    memos += bytes
    if (factors) factors += <usize>net.terms * ROW
  }
}

function addGradient(net: Net, layer: i32, strips: i32, g: usize): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net)
  const panel = <usize>out * ROW, sums = gradientSums(net, layer)
  addOuter(out, fan, strips * channels, g, panel, incomingOf(net, layer), <usize>fan * ROW, sums)
  addTotals(out, strips, g, <usize>channels * panel, sums + <usize>(fan * out) * 16)
}

/** Panels of `rows` units to points x channels x units. */
function unpack(from: usize, rows: i32, channels: i32, count: i32, to: usize): void {
  for (let p = 0; p < count; p++) {
    let at = from + <usize>(p / WIDTH * channels * rows) * ROW + <usize>(p % WIDTH) * SIZE
    for (let r = 0; r < channels * rows; r++) {
      store<real>(to, load<real>(at))
      to += SIZE
      at += ROW
    }
  }
}

/** Writes the columns of a layer into the rows of the Jacobian of a tile. */
function writeJacobian(net: Net, layer: i32, count: i32, g: usize, rows: usize): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net)
  const left = sheet(net, 2), right = sheet(net, 3)
  unpack(g, out, channels, count, left)
  unpack(incomingOf(net, layer), fan, channels, count, right)
  const stride = <usize>weightCount(net) * SIZE
  for (let p = 0; p < count; p++) {
    const at = rows + <usize>p * stride + <usize>weightsBefore(net, layer) * SIZE
    const a = left + <usize>(p * channels * out) * SIZE, b = right + <usize>(p * channels * fan) * SIZE
    memory.fill(at, 0, <usize>(fan * out) * SIZE)
    addProduct(out, channels, fan, a, SIZE, <usize>out * SIZE, b, <usize>fan * SIZE, at, <usize>fan * SIZE)
    memory.copy(at + <usize>(fan * out) * SIZE, a, <usize>out * SIZE)
  }
}

/** The cotangents of a tile's outputs, as panels. */
function gatherCotangents(net: Net, count: i32, to: usize): void {
  const stride = <usize>channelCount(net) * ROW
  memory.fill(to, 0, <usize>stripsOf(count) * stride)
  for (let output = 0; output < outputCount(net); output++) {
    intoPanels(rowOf(net.channelsAt, output), count, to + <usize>channelOfOutput(net, output) * ROW, stride)
  }
}

/** Runs a tile back; `rows` is 0 to add to the sums of the gradient, else the first of its rows of the Jacobian. */
function runBackward(net: Net, count: i32, rows: usize): void {
  const strips = stripsOf(count), panels = strips * channelCount(net)
  let g = sheet(net, 0), next = sheet(net, 1)
  gatherCotangents(net, count, g)
  for (let layer = net.layers; layer >= 0; layer--) {
    if (rows == 0) addGradient(net, layer, strips, g)
    else writeJacobian(net, layer, count, g, rows)
    if (layer == 0) return
    const fan = fanIn(net, layer), out = units(net, layer), weights = packedTransposeAt(net, layer)
    for (let panel = 0; panel < panels; panel++) {
      multiply(fan, out, weights, zeros(net), g + <usize>(panel * out) * ROW, next + <usize>(panel * fan) * ROW)
    }
    adjoinActivation(net, layer - 1, strips, next)
    const done = g
    g = next
    next = done
  }
}

/** The first byte after the constants. */
export function dataEnd(): usize {
  return __heap_base
}

/** The most points of a tile. */
export function tile(): i32 {
  return TILE
}

/** Before all else in a call: packs the weights and clears the sums of the gradient. */
export function prepare(net: Net): void {
  memory.fill(zeros(net), 0, packedAt(net, 0) - zeros(net))
  memory.fill(gradientSums(net, 0), 0, <usize>weightCount(net) * 16)
  for (let layer = 0; layer <= net.layers; layer++) {
    const fan = fanIn(net, layer), out = units(net, layer), row = <usize>fan * SIZE
    const weights = net.weightsAt + <usize>weightsBefore(net, layer) * SIZE
    pack(out, fan, weights, row, SIZE, packedAt(net, layer))
    pack(fan, out, weights, SIZE, row, packedTransposeAt(net, layer))
  }
}

/** Outputs of the tile that `seed` has laid out. */
export function forward(net: Net, count: i32): void {
  const channels = channelCount(net), strips = stripsOf(count)
  for (let layer = 0; layer < net.layers; layer++) {
    sumLayer(net, layer, strips)
    activateLayer(net, layer, strips)
  }
  sumLayer(net, net.layers, strips)
  for (let output = 0; output < outputCount(net); output++) {
    let source = sumsOf(net, net.layers) + <usize>channelOfOutput(net, output) * ROW
    const goal = rowOf(net.channelsAt, output)
    for (let strip = 0; strip < strips; strip++) {
      memory.copy(goal + <usize>strip * ROW, source, ROW)
      source += <usize>channels * ROW
    }
  }
}

/** Adds the gradient of cotangent . outputs over the tile of which `forward` has last been asked. */
export function backward(net: Net, count: i32): void {
  runBackward(net, count, 0)
}

/** Writes the gradient of cotangent . outputs at each point of the tile of which `forward` has last been asked, row by row. */
export function jacobian(net: Net, count: i32): void {
  runBackward(net, count, net.gradientAt)
}

/** Writes the gradient that has been gathered since `prepare`. */
export function gradient(net: Net): void {
  const sums = gradientSums(net, 0), count = weightCount(net)
  for (let k = 0; k < count; k++) {
    store<real>(net.gradientAt + <usize>k * SIZE, sumLanes(v128.load(sums + <usize>k * 16)))
  }
}
