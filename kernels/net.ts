// What the host writes before a call, and where the scratch of a tile lies.

import { SIZE } from "./lanes"
import { ROW, WIDTH } from "./panels"
import { TILE } from "./precision"

/**
 * A net in a call: addresses are bytes, and rows of points, outputs and so on as long as a tile. The host writes these 32-bit words, then
 * the lists. Nets on the same points share all but their layers, weights, outputs, gradients and scratch.
 * Channels are the value, the first derivatives along directions, and the seconds; a second derivative gathers terms, each
 * the product of two firsts.
 */
@unmanaged
export class Net {
  inputs: i32
  /** Hidden layers. */
  layers: i32
  activation: i32
  firsts: i32
  seconds: i32
  terms: i32
  weightsAt: usize
  pointsAt: usize
  /**
   * 0: the firsts are along inputs.
   * Else a net of the generator: directions at each point, for each first and then the second, one row an input.
   */
  directionsAt: usize
  /** With directions: a row of factors for each term. */
  factorsAt: usize
  /** The outputs of `forward`; the cotangents of `backward` and `jacobian`. */
  channelsAt: usize
  /** The gradient, or the rows of the Jacobian. */
  gradientAt: usize
  /** A tile of points with their directions and factors, as `seed` leaves them. */
  seedAt: usize
  scratchAt: usize
  /** How many channels are outputs: all, or the value and the second alone. */
  outputs: i32
  // Then follow: widths[layers], inputs of the firsts[firsts], terms[3 * terms] (a second, and the channels of two firsts).
}

@inline
function list(net: Net, index: i32): i32 {
  return load<i32>(changetype<usize>(net) + offsetof<Net>() + (<usize>index << 2))
}

/** The input along which a first derivative is taken. */
@inline
export function inputOf(net: Net, first: i32): i32 {
  return list(net, net.layers + first)
}

/** The terms, as `activate` reads them. */
@inline
export function termsOf(net: Net): usize {
  return changetype<usize>(net) + offsetof<Net>() + (<usize>(net.layers + net.firsts) << 2)
}

@inline
export function termsEnd(net: Net): usize {
  return termsOf(net) + 12 * <usize>net.terms
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

/** How many channels are outputs. */
@inline
export function outputCount(net: Net): i32 {
  return net.outputs
}

@inline
export function channelOfOutput(net: Net, output: i32): i32 {
  return output && net.outputs < channelCount(net) ? 1 + net.firsts : output
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

@inline
export function weightCount(net: Net): i32 {
  return weightsBefore(net, net.layers + 1)
}

/** Panels of a tile for one channel. */
@inline
const STRIPS: i32 = TILE / WIDTH

@inline
function wholeVectors(bytes: usize): usize {
  return (bytes + 15) & ~15
}

/** Bytes of a unit in one channel of a tile. */
@inline
const UNIT: usize = <usize>STRIPS * ROW

// The seed of a tile: the inputs in all channels, strip x channel x input x points of a panel; the factors, strip x term x points of a panel.

export function seededFactors(net: Net): usize {
  return net.seedAt + <usize>(net.inputs * channelCount(net)) * UNIT
}

// Scratch: zeros, the packed weights and their transposes, a vector of sums for each weight; for each layer its sums and its activations
// (all channels) and its memos; four sheets for cotangents and transposes.

export function zeros(net: Net): usize {
  return net.scratchAt
}

export function packedAt(net: Net, layer: i32): usize {
  return zeros(net) + wholeVectors(<usize>widest(net) * SIZE) + <usize>weightsBefore(net, layer) * SIZE
}

export function packedTransposeAt(net: Net, layer: i32): usize {
  return packedAt(net, net.layers + 1) + <usize>weightsBefore(net, layer) * SIZE
}

export function gradientSums(net: Net, layer: i32): usize {
  return wholeVectors(packedTransposeAt(net, net.layers + 1)) + <usize>weightsBefore(net, layer) * 16
}

/** What comes into a layer: like all of a tile, strip x channel x unit x points of a panel. */
export function incomingOf(net: Net, layer: i32): usize {
  return layer ? activationsOf(net, layer - 1) : net.seedAt
}

/** Sums z of a layer. */
export function sumsOf(net: Net, layer: i32): usize {
  return gradientSums(net, net.layers + 1) + <usize>(unitsBefore(net, layer) * (2 * channelCount(net) + 1)) * UNIT
}

/** Activations of a layer. */
export function activationsOf(net: Net, layer: i32): usize {
  return sumsOf(net, layer) + <usize>(units(net, layer) * channelCount(net)) * UNIT
}

/** Memos of the activation of a layer, strip x unit x points of a panel. */
export function memosOf(net: Net, layer: i32): usize {
  return activationsOf(net, layer) + <usize>(units(net, layer) * channelCount(net)) * UNIT
}

export function sheet(net: Net, index: i32): usize {
  return sumsOf(net, net.layers + 1) + <usize>(index * channelCount(net) * widest(net)) * UNIT
}

export function scratchBytes(net: Net): usize {
  return sheet(net, 4) - net.scratchAt
}
