// Jets of a multilayer perceptron: the value, first and second input derivatives,
// and the adjoint of all of them, a tile of points at a time.
//
// With z the sums of a unit, f its activation and subscripts for derivatives along directions,
//   a = f(z)    a_i = f'(z) z_i    a_ij = f'(z) z_ij + f''(z) z_i z_j,
// and the sums of the next layer are linear in a, a_i and a_ij alike. A sum of second derivatives needs one channel
// only: with c = sum_k s_k (kk), a_c = f'(z) z_c + f''(z) sum_k s_k z_k^2, Ito's lemma where c starts as the drift.

import { activateRow } from "./activation"
import { adjoinCurve, adjoinRow, curveRow, scaleRow } from "./channels"
import { SIZE } from "./lanes"
import {
  Net, activationsOf, channelCount, channelOfOutput, fanIn, gradientSums, incomingOf, inputOf, outputCount, packedAt,
  packedTransposeAt, sheet, side, slopesOf, sumsOf, target, tileFactors, units, weightCount, weightsBefore, zeros,
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

/** Copies points of a row of all points into rows of panels `stride` bytes apart, padding with zeros. */
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
function rowOf(net: Net, rows: usize, row: i32, start: i32): usize {
  return rows + (<usize>row * <usize>net.points + <usize>start) * SIZE
}

/** The points and directions of a tile, and the factors of its terms. */
function seed(net: Net, start: i32, count: i32): void {
  const inputs = net.inputs, channels = channelCount(net), panel = <usize>inputs * ROW, stride = <usize>channels * panel
  const to = incomingOf(net, 0)
  for (let i = 0; i < inputs; i++) intoPanels(rowOf(net, net.pointsAt, i, start), count, to + <usize>i * ROW, stride)
  if (net.directionsAt) {
    for (let r = 0; r < (channels - 1) * inputs; r++) {
      intoPanels(rowOf(net, net.directionsAt, r, start), count, to + panel + <usize>r * ROW, stride)
    }
    for (let term = 0; term < net.terms; term++) {
      intoPanels(rowOf(net, net.factorsAt, term, start), count, tileFactors(net) + <usize>term * ROW, <usize>net.terms * ROW)
    }
    return
  }
  const one = v128.splat<real>(1)
  for (let strip = 0; strip < stripsOf(count); strip++) {
    const at = to + <usize>strip * stride + panel
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
  let z = sumsOf(net, layer), a = activationsOf(net, layer), d = slopesOf(net, layer), factors = tileFactors(net)
  for (let strip = 0; strip < strips; strip++) {
    activateRow(net.activation, z, a, d, bytes)
    for (let at = bytes; at < stride; at += bytes) scaleRow(d, z + at, a + at, bytes)
    for (let term = 0; term < net.terms; term++) {
      curveRow(d + bytes, z + <usize>side(net, term, 0) * bytes, z + <usize>side(net, term, 1) * bytes,
        net.directionsAt ? factors : 0, a + <usize>target(net, term) * bytes, bytes)
      factors += ROW
    }
    z += stride
    a += stride
    d += 3 * bytes
  }
}

function runForward(net: Net, start: i32, count: i32): void {
  const strips = stripsOf(count)
  seed(net, start, count)
  for (let layer = 0; layer < net.layers; layer++) {
    sumLayer(net, layer, strips)
    activateLayer(net, layer, strips)
  }
  sumLayer(net, net.layers, strips)
}

/** From the cotangents of the activations of a layer to those of its sums, in place. */
function adjoinActivation(net: Net, layer: i32, strips: i32, g: usize): void {
  const bytes = <usize>units(net, layer) * ROW, stride = <usize>channelCount(net) * bytes
  let z = sumsOf(net, layer), d = slopesOf(net, layer), factors = tileFactors(net)
  for (let strip = 0; strip < strips; strip++) {
    scaleRow(d, g, g, bytes)
    for (let first = 1; first <= net.firsts; first++) {
      const at = <usize>first * bytes
      adjoinRow(d, z + at, g + at, g, bytes)
    }
    for (let term = 0; term < net.terms; term++) {
      const i = <usize>side(net, term, 0) * bytes, j = <usize>side(net, term, 1) * bytes
      adjoinCurve(d, z + i, z + j, net.directionsAt ? factors : 0, g + <usize>target(net, term) * bytes, g + i, g + j, g, bytes)
      factors += ROW
    }
    for (let second = 1 + net.firsts; second < channelCount(net); second++) {
      const at = <usize>second * bytes
      adjoinRow(d, z + at, g + at, g, bytes)
    }
    z += stride
    g += stride
    d += 3 * bytes
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
function gatherCotangents(net: Net, start: i32, count: i32, to: usize): void {
  const stride = <usize>channelCount(net) * ROW
  memory.fill(to, 0, <usize>stripsOf(count) * stride)
  for (let output = 0; output < outputCount(net); output++) {
    intoPanels(rowOf(net, net.channelsAt, output, start), count, to + <usize>channelOfOutput(net, output) * ROW, stride)
  }
}

/** Runs a tile back; `rows` is 0 to add to the sums of the gradient, else the first of its rows of the Jacobian. */
function runBackward(net: Net, start: i32, count: i32, rows: usize): void {
  const strips = stripsOf(count), panels = strips * channelCount(net)
  let g = sheet(net, 0), next = sheet(net, 1)
  gatherCotangents(net, start, count, g)
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

/** Outputs of the points `from` to `to`. */
export function forward(net: Net, from: i32, to: i32): void {
  const channels = channelCount(net)
  for (let start = from; start < to; start += TILE) {
    const count = min(TILE, to - start)
    runForward(net, start, count)
    for (let output = 0; output < outputCount(net); output++) {
      let source = sumsOf(net, net.layers) + <usize>channelOfOutput(net, output) * ROW
      let goal = rowOf(net, net.channelsAt, output, start)
      for (let left = count; left > 0; left -= WIDTH) {
        memory.copy(goal, source, <usize>min(WIDTH, left) * SIZE)
        source += <usize>channels * ROW
        goal += ROW
      }
    }
  }
}

/** Adds the gradient of cotangent . outputs over a tile of points, of which `forward` has just been asked and no others. */
export function backwardTile(net: Net, from: i32, to: i32): void {
  runBackward(net, from, to - from, 0)
}

/** Adds the gradient of cotangent . outputs over the points `from` to `to`. */
export function backward(net: Net, from: i32, to: i32): void {
  for (let start = from; start < to; start += TILE) {
    const count = min(TILE, to - start)
    runForward(net, start, count)
    runBackward(net, start, count, 0)
  }
}

/** Writes the gradient that has been gathered since `prepare`. */
export function gradient(net: Net): void {
  const sums = gradientSums(net, 0), count = weightCount(net)
  for (let k = 0; k < count; k++) {
    store<real>(net.gradientAt + <usize>k * SIZE, sumLanes(v128.load(sums + <usize>k * 16)))
  }
}

/** Writes the gradient of cotangent . outputs at each of the points `from` to `to`, row by row. */
export function jacobian(net: Net, from: i32, to: i32): void {
  const stride = <usize>weightCount(net) * SIZE
  for (let start = from; start < to; start += TILE) {
    const count = min(TILE, to - start)
    runForward(net, start, count)
    runBackward(net, start, count, net.gradientAt + <usize>(start - from) * stride)
  }
}
