// What the host writes before a call, and where the scratch of a tile lies.

import { SIZE } from "./lanes"
import { TILE } from "./precision"

/** The call: addresses are bytes. The host writes these 32-bit words, then the lists. */
@unmanaged
export class Net {
  inputs: i32
  /** Hidden layers. */
  layers: i32
  activation: i32
  firsts: i32
  seconds: i32
  /** All points of the call: the length of a row of `points` and `channels`. */
  points: i32
  weightsAt: usize
  pointsAt: usize
  /** The output of `forward`; the cotangent of `backward` and `jacobian`. */
  channelsAt: usize
  /** The gradient, or the rows of the Jacobian. */
  gradientAt: usize
  scratchAt: usize
  // Then follow: widths[layers], directions[firsts], pairs[2 * seconds] (positions in directions).
}

@inline
function list(net: Net, index: i32): i32 {
  return load<i32>(changetype<usize>(net) + offsetof<Net>() + (<usize>index << 2))
}

@inline
export function direction(net: Net, first: i32): i32 {
  return list(net, net.layers + first)
}

/** Channel of one factor (side 0 or 1) of a second derivative. */
@inline
export function factor(net: Net, second: i32, side: i32): i32 {
  return 1 + list(net, net.layers + net.firsts + 2 * second + side)
}

/** Units of layer `layer`; the one after the hidden layers is the output. */
export function units(net: Net, layer: i32): i32 {
  return layer == net.layers ? 1 : list(net, layer)
}

export function fanIn(net: Net, layer: i32): i32 {
  return layer == 0 ? net.inputs : units(net, layer - 1)
}

@inline
export function channelCount(net: Net): i32 {
  return 1 + net.firsts + net.seconds
}

function widest(net: Net): i32 {
  let most = net.inputs
  for (let layer = 0; layer <= net.layers; layer++) most = max(most, units(net, layer))
  return most
}

function unitsBefore(net: Net, layer: i32): i32 {
  let sum = 0
  for (let before = 0; before < layer; before++) sum += units(net, before)
  return sum
}

/** Index of the first weight of a layer. */
export function weightsBefore(net: Net, layer: i32): i32 {
  let sum = 0
  for (let before = 0; before < layer; before++) sum += (fanIn(net, before) + 1) * units(net, before)
  return sum
}

// Scratch: the inputs; for each unit its sums, its activations (all channels) and three slopes
// two sheets for cotangents; two sheets for their transposes.

@inline
const ROW: usize = <usize>TILE * SIZE

function unitBytes(net: Net): usize {
  return <usize>(2 * channelCount(net) + 3) * ROW
}

function sheetBytes(net: Net): usize {
  return <usize>(channelCount(net) * widest(net)) * ROW
}

/** Sums z of a layer, units x channels x points. */
export function sumsOf(net: Net, layer: i32): usize {
  return net.scratchAt + <usize>net.inputs * ROW + <usize>unitsBefore(net, layer) * unitBytes(net)
}

/** Activations of a layer, units x channels x points. */
export function activationsOf(net: Net, layer: i32): usize {
  return sumsOf(net, layer) + <usize>(units(net, layer) * channelCount(net)) * ROW
}

/** Slopes of the activation of a layer, units x 3 x points. */
export function slopesOf(net: Net, layer: i32): usize {
  return activationsOf(net, layer) + <usize>(units(net, layer) * channelCount(net)) * ROW
}

export function sheet(net: Net, index: i32): usize {
  return sumsOf(net, net.layers + 1) + <usize>index * sheetBytes(net)
}

export function scratchBytes(net: Net): usize {
  return sheet(net, 4) - net.scratchAt
}
