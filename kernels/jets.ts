// Jets of a multilayer perceptron: the value, first and second input derivatives,
// and the adjoint of all of them, a tile of points at a time.
//
// With z the sums of a unit, f its activation and a subscript for an input derivative,
//   a = f(z)    a_i = f'(z) z_i    a_ij = f'(z) z_ij + f''(z) z_i z_j,
// and the sums of the next layer are linear in a, a_i and a_ij alike.
// A matrix of a tile is units x (channels x points), so that one product serves all channels.

import { activateRow } from "./activation"
import { LANES, SIZE, fuse } from "./lanes"
import {
  Net, activationsOf, channelCount, direction, factor, fanIn, sheet, slopesOf, sumsOf, units, weightsBefore,
} from "./net"
import { TILE, real, sumLanes } from "./precision"
import { addProduct, addProductOfRows } from "./products"

export { scratchBytes } from "./net"

/** Length of a row of a tile of `count` points: whole vectors. */
@inline
function padded(count: i32): i32 {
  return (count + LANES - 1) & -LANES
}

/** Copies `rows` rows of `count` points from rows of all points into a tile, padding with zeros. */
function gather(from: usize, points: i32, start: i32, count: i32, rows: i32, to: usize): void {
  const stride = <usize>padded(count) * SIZE
  for (let row = 0; row < rows; row++) {
    const source = from + (<usize>row * <usize>points + <usize>start) * SIZE
    const target = to + <usize>row * stride
    memory.copy(target, source, <usize>count * SIZE)
    memory.fill(target + <usize>count * SIZE, 0, stride - <usize>count * SIZE)
  }
}

function fillRow(at: usize, value: real, bytes: usize): void {
  for (let end = at + bytes; at < end; at += 16) v128.store(at, v128.splat<real>(value))
}

@inline
function accumulate(at: usize, x: v128, y: v128): void {
  v128.store(at, fuse(v128.load(at), x, y))
}

/** The sums of a layer before its product: the bias, and in the first layer the seeded directions. */
function seedSums(net: Net, layer: i32, weights: usize, bytes: usize): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net)
  const bias = weights + <usize>(fan * out) * SIZE
  let z = sumsOf(net, layer)
  for (let unit = 0; unit < out; unit++) {
    fillRow(z, load<real>(bias + <usize>unit * SIZE), bytes)
    memory.fill(z + bytes, 0, <usize>(channels - 1) * bytes)
    if (layer == 0) {
      for (let first = 0; first < net.firsts; first++) {
        const weight = load<real>(weights + <usize>(unit * fan + direction(net, first)) * SIZE)
        fillRow(z + <usize>(1 + first) * bytes, weight, bytes)
      }
    }
    z += <usize>channels * bytes
  }
}

/** Sums of a layer from what comes in. */
function sumLayer(net: Net, layer: i32, count: i32): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net)
  const t = padded(count), bytes = <usize>t * SIZE, row = <usize>channels * bytes
  const weights = net.weightsAt + <usize>weightsBefore(net, layer) * SIZE
  seedSums(net, layer, weights, bytes)
  const incoming = layer == 0 ? net.scratchAt : activationsOf(net, layer - 1)
  const columns = layer == 0 ? t : channels * t
  addProduct(out, fan, columns, weights, <usize>fan * SIZE, SIZE,
    incoming, <usize>columns * SIZE, sumsOf(net, layer), row)
}

function activateLayer(net: Net, layer: i32, count: i32): void {
  const out = units(net, layer), bytes = <usize>padded(count) * SIZE
  const row = <usize>channelCount(net) * bytes, secondsAt = <usize>(1 + net.firsts) * bytes
  let z = sumsOf(net, layer), a = activationsOf(net, layer), d = slopesOf(net, layer)
  for (let unit = 0; unit < out; unit++) {
    activateRow(net.activation, z, a, d, bytes)
    for (let at = bytes; at < row; at += bytes) {
      for (let p: usize = 0; p < bytes; p += 16) {
        v128.store(a + at + p, v128.mul<real>(v128.load(d + p), v128.load(z + at + p)))
      }
    }
    for (let second = 0; second < net.seconds; second++) {
      const zi = z + <usize>factor(net, second, 0) * bytes, zj = z + <usize>factor(net, second, 1) * bytes
      const target = a + secondsAt + <usize>second * bytes
      for (let p: usize = 0; p < bytes; p += 16) {
        accumulate(target + p, v128.load(d + bytes + p), v128.mul<real>(v128.load(zi + p), v128.load(zj + p)))
      }
    }
    z += row
    a += row
    d += 3 * bytes
  }
}

function forwardTile(net: Net, start: i32, count: i32): void {
  gather(net.pointsAt, net.points, start, count, net.inputs, net.scratchAt)
  for (let layer = 0; layer < net.layers; layer++) {
    sumLayer(net, layer, count)
    activateLayer(net, layer, count)
  }
  sumLayer(net, net.layers, count)
}

/** From the cotangents of the activations of a layer to those of its sums, in place. */
function adjoinActivation(net: Net, layer: i32, count: i32, g: usize): void {
  const out = units(net, layer), bytes = <usize>padded(count) * SIZE
  const row = <usize>channelCount(net) * bytes, secondsAt = <usize>(1 + net.firsts) * bytes
  let z = sumsOf(net, layer), d = slopesOf(net, layer)
  for (let unit = 0; unit < out; unit++) {
    for (let p: usize = 0; p < bytes; p += 16) {
      const d1 = v128.load(d + p), d2 = v128.load(d + bytes + p), d3 = v128.load(d + 2 * bytes + p)
      let value = v128.mul<real>(v128.load(g + p), d1)
      for (let at = bytes; at < secondsAt; at += bytes) {
        const cotangent = v128.load(g + at + p)
        value = fuse(value, v128.mul<real>(cotangent, d2), v128.load(z + at + p))
        v128.store(g + at + p, v128.mul<real>(cotangent, d1))
      }
      for (let second = 0; second < net.seconds; second++) {
        const at = secondsAt + <usize>second * bytes + p
        const i = <usize>factor(net, second, 0) * bytes + p, j = <usize>factor(net, second, 1) * bytes + p
        const cotangent = v128.load(g + at), zi = v128.load(z + i), zj = v128.load(z + j)
        const bent = v128.mul<real>(cotangent, d2)
        value = fuse(value, bent, v128.load(z + at))
        value = fuse(value, v128.mul<real>(cotangent, d3), v128.mul<real>(zi, zj))
        accumulate(g + i, bent, zj)
        accumulate(g + j, bent, zi)
        v128.store(g + at, v128.mul<real>(cotangent, d1))
      }
      v128.store(g + p, value)
    }
    z += row
    d += 3 * bytes
    g += row
  }
}

function sumRow(at: usize, bytes: usize): real {
  let sum = v128.splat<real>(0)
  for (let end = at + bytes; at < end; at += 16) sum = v128.add<real>(sum, v128.load(at))
  return sumLanes(sum)
}

@inline
function add(at: usize, value: real): void {
  store<real>(at, load<real>(at) + value)
}

/** Adds what a tile gives to the gradient of a layer, from the cotangents of its sums. */
function addGradient(net: Net, layer: i32, count: i32, g: usize): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net)
  const t = padded(count), bytes = <usize>t * SIZE, row = <usize>channels * bytes
  const gradient = net.gradientAt + <usize>weightsBefore(net, layer) * SIZE
  const bias = gradient + <usize>(fan * out) * SIZE
  const incoming = layer == 0 ? net.scratchAt : activationsOf(net, layer - 1)
  const columns = layer == 0 ? t : channels * t
  addProductOfRows(1, out, fan, columns, g, row, incoming, <usize>columns * SIZE, gradient, <usize>fan * SIZE)
  for (let unit = 0; unit < out; unit++) {
    const at = g + <usize>unit * row
    add(bias + <usize>unit * SIZE, sumRow(at, bytes))
    if (layer == 0) {
      for (let first = 0; first < net.firsts; first++) {
        add(gradient + <usize>(unit * fan + direction(net, first)) * SIZE,
          sumRow(at + <usize>(1 + first) * bytes, bytes))
      }
    }
  }
}

/** rows x channels x t to t x channels x rows. */
function transpose(from: usize, rows: i32, channels: i32, t: i32, to: usize): void {
  for (let p = 0; p < t; p++) {
    for (let channel = 0; channel < channels; channel++) {
      let source = from + <usize>(channel * t + p) * SIZE
      for (let row = 0; row < rows; row++) {
        store<real>(to, load<real>(source))
        to += SIZE
        source += <usize>(channels * t) * SIZE
      }
    }
  }
}

/** What comes into the first layer, t x channels x inputs: the point and the unit vectors. */
function transposedInputs(net: Net, t: i32, to: usize): void {
  const rows = net.inputs, channels = channelCount(net)
  memory.fill(to, 0, <usize>(t * channels * rows) * SIZE)
  for (let p = 0; p < t; p++) {
    for (let row = 0; row < rows; row++) {
      store<real>(to + <usize>row * SIZE, load<real>(net.scratchAt + <usize>(row * t + p) * SIZE))
    }
    for (let first = 0; first < net.firsts; first++) {
      store<real>(to + <usize>((1 + first) * rows + direction(net, first)) * SIZE, 1)
    }
    to += <usize>(channels * rows) * SIZE
  }
}

/** Writes the columns of a layer into the rows of the Jacobian of a tile. */
function writeJacobian(net: Net, layer: i32, count: i32, g: usize, rows: usize): void {
  const fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net), t = padded(count)
  const left = sheet(net, 2), right = sheet(net, 3)
  transpose(g, out, channels, t, left)
  if (layer == 0) transposedInputs(net, t, right)
  else transpose(activationsOf(net, layer - 1), fan, channels, t, right)
  const stride = <usize>weightsBefore(net, net.layers + 1) * SIZE
  for (let p = 0; p < count; p++) {
    const at = rows + <usize>p * stride + <usize>weightsBefore(net, layer) * SIZE
    const a = left + <usize>(p * channels * out) * SIZE, b = right + <usize>(p * channels * fan) * SIZE
    memory.fill(at, 0, <usize>(fan * out) * SIZE)
    addProduct(out, channels, fan, a, SIZE, <usize>out * SIZE, b, <usize>fan * SIZE, at, <usize>fan * SIZE)
    memory.copy(at + <usize>(fan * out) * SIZE, a, <usize>out * SIZE)
  }
}

/** Runs a tile back; `rows` is 0 to add to the gradient, else the first of its rows of the Jacobian. */
function backwardTile(net: Net, start: i32, count: i32, rows: usize): void {
  const columns = channelCount(net) * padded(count), row = <usize>columns * SIZE
  let g = sheet(net, 0), next = sheet(net, 1)
  gather(net.channelsAt, net.points, start, count, channelCount(net), g)
  for (let layer = net.layers; layer >= 0; layer--) {
    if (rows == 0) addGradient(net, layer, count, g)
    else writeJacobian(net, layer, count, g, rows)
    if (layer == 0) return
    const fan = fanIn(net, layer), out = units(net, layer)
    const weights = net.weightsAt + <usize>weightsBefore(net, layer) * SIZE
    memory.fill(next, 0, <usize>fan * row)
    addProduct(fan, out, columns, weights, SIZE, <usize>fan * SIZE, g, row, next, row)
    adjoinActivation(net, layer - 1, count, next)
    const done = g
    g = next
    next = done
  }
}

/** The most points of a tile. */
export function tile(): i32 {
  return TILE
}

/** Channels of the points `from` to `to`. */
export function forward(net: Net, from: i32, to: i32): void {
  const channels = channelCount(net)
  for (let start = from; start < to; start += TILE) {
    const count = min(TILE, to - start), bytes = <usize>padded(count) * SIZE
    forwardTile(net, start, count)
    const out = sumsOf(net, net.layers)
    for (let channel = 0; channel < channels; channel++) {
      const target = net.channelsAt + (<usize>channel * <usize>net.points + <usize>start) * SIZE
      memory.copy(target, out + <usize>channel * bytes, <usize>count * SIZE)
    }
  }
}

/** Adds the gradient of cotangent . channels over the points `from` to `to`. */
export function backward(net: Net, from: i32, to: i32): void {
  for (let start = from; start < to; start += TILE) {
    const count = min(TILE, to - start)
    forwardTile(net, start, count)
    backwardTile(net, start, count, 0)
  }
}

/** Writes the gradient of cotangent . channels at each of the points `from` to `to`, row by row. */
export function jacobian(net: Net, from: i32, to: i32): void {
  const stride = <usize>weightsBefore(net, net.layers + 1) * SIZE
  for (let start = from; start < to; start += TILE) {
    const count = min(TILE, to - start)
    forwardTile(net, start, count)
    backwardTile(net, start, count, net.gradientAt + <usize>(start - from) * stride)
  }
}
