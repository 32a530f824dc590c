// What the host writes before a call, and where the scratch of a tile lies.

import { SIZE } from "./lanes"
import { ROW, WIDTH } from "./panels"
import { TILE } from "./precision"

/**
 * The call: addresses are bytes. The host writes these 32-bit words, then the lists.
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
  /** All points of the call: the length of a row of `points`, `channels` and so on. */
  points: i32
  weightsAt: usize
  pointsAt: usize
  /**
   * 0: the firsts are along inputs, and every channel is an output.
   * Else a net of the generator: directions at each point, for each first and then the second, one row an input;
   * the outputs are the value and the second.
   */
  directionsAt: usize
  /** With directions: a row of factors for each term. */
  factorsAt: usize
  /** The outputs of `forward`; the cotangents of `backward` and `jacobian`. */
  channelsAt: usize
  /** The gradient, or the rows of the Jacobian. */
  gradientAt: usize
  scratchAt: usize
  // Then follow: widths[layers], inputs of the firsts[firsts], terms[3 * terms] (second, first, first).
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

/** Channel that gathers a term. */
@inline
export function target(net: Net, term: i32): i32 {
  return 1 + net.firsts + list(net, net.layers + net.firsts + 3 * term)
}

/** Channel of one side (0 or 1) of a term. */
@inline
export function side(net: Net, term: i32, which: i32): i32 {
  return 1 + list(net, net.layers + net.firsts + 3 * term + 1 + which)
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
  return net.directionsAt ? 2 : channelCount(net)
}

@inline
export function channelOfOutput(net: Net, output: i32): i32 {
  return net.directionsAt && output ? 1 + net.firsts : output
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

// Scratch: zeros, the packed weights and their transposes, a vector of sums for each weight, factors of the terms; the inputs
// (all channels); for each layer its sums, its activations (all channels) and three slopes; four sheets for cotangents and transposes.

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

/** Factors of the terms in a tile: strip x term x points of a panel. */
export function tileFactors(net: Net): usize {
  return gradientSums(net, net.layers + 1)
}

/** What comes into a layer: like all of a tile, strip x channel x unit x points of a panel. */
export function incomingOf(net: Net, layer: i32): usize {
  return layer ? activationsOf(net, layer - 1) : tileFactors(net) + <usize>net.terms * UNIT
}

function unitBytes(net: Net): usize {
  return <usize>(2 * channelCount(net) + 3) * UNIT
}

/** Sums z of a layer. */
export function sumsOf(net: Net, layer: i32): usize {
  return incomingOf(net, 0) + <usize>(net.inputs * channelCount(net)) * UNIT + <usize>unitsBefore(net, layer) * unitBytes(net)
}

/** Activations of a layer. */
export function activationsOf(net: Net, layer: i32): usize {
  return sumsOf(net, layer) + <usize>(units(net, layer) * channelCount(net)) * UNIT
}

/** Slopes of the activation of a layer, strip x 3 x unit x points of a panel. */
export function slopesOf(net: Net, layer: i32): usize {
  return activationsOf(net, layer) + <usize>(units(net, layer) * channelCount(net)) * UNIT
}

export function sheet(net: Net, index: i32): usize {
  return sumsOf(net, net.layers + 1) + <usize>(index * channelCount(net) * widest(net)) * UNIT
}

export function scratchBytes(net: Net): usize {
  return sheet(net, 4) - net.scratchAt
}
