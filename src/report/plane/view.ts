import { positionOn, type Axis } from "../axis.ts"
import { symbol } from "../symbol.ts"
import type { Plane } from "./plane.ts"

export type Pixel = readonly [x: number, y: number]

/** One of the two states on its front edge of the floor, from left to right. */
interface Side { readonly symbol: string; readonly ticks: readonly { readonly at: number; readonly text: string }[] }

/** An axonometric view of a box over the plane, from above one of its corners. Everything in parts of the box's edges. */
export interface View {
  /** The near corner: 0 or 1 of each state. */
  readonly near: readonly [number, number]
  /** A point of the two states and the value. */
  at(u: number, v: number, value: number): Pixel
  /** The same by the front edges: from the left corner to the near one, from there to the right one. */
  place(left: number, right: number, value: number): Pixel
  readonly left: Side
  readonly right: Side
}

/** The left corner of the floor, and where its two front edges and the height lead to, in pixels: the first state has the longer one. */
const ORIGIN: Pixel = [58, 262], LONG: Pixel = [232, 60], SHORT: Pixel = [156, 66], HEIGHT = 172

/** A part of their range by which values must fall along a state for a view against its direction. */
const FALL = 0.05

/** The view from the side where values, given on a grid of rows of `across`, are low: what rises behind is seen. */
export function viewOf({ axes: [x, y], states: [first, second] }: Plane, values: readonly number[], across = 60): View {
  const rows = values.length / across, finite = values.filter(Number.isFinite)
  const range = finite.reduce((a, b) => Math.max(a, b), -Infinity) - finite.reduce((a, b) => Math.min(a, b), Infinity)
  const mean = (wanted: (i: number, j: number) => boolean) => {
    const some = values.filter((value, k) => Number.isFinite(value) && wanted(k % across / across, Math.floor(k / across) / rows))
    return some.reduce((sum, value) => sum + value, 0) / some.length
  }
  const falls = (along: (u: number, v: number) => number) => mean((u, v) => along(u, v) < 1 / 3) - mean((u, v) => along(u, v) >= 2 / 3) > FALL * range ? 1 : 0
  const near: [number, number] = [falls(u => u), falls((_, v) => v)]
  // Seen from two corners of the four the first state runs along the left edge; each of the states may run backward.
  const isFirstLeft = near[0] !== near[1], [isLeftBack, isRightBack] = isFirstLeft ? [near[0] === 0, near[1] === 1] : [near[1] === 0, near[0] === 1]
  const [toNear, toRight]: [Pixel, Pixel] = isFirstLeft ? [LONG, [SHORT[0], -SHORT[1]]] : [SHORT, [LONG[0], -LONG[1]]]
  const turned = (share: number, isBack: boolean) => isBack ? 1 - share : share
  const place = (p: number, t: number, w: number): Pixel => [ORIGIN[0] + p * toNear[0] + t * toRight[0], ORIGIN[1] + p * toNear[1] + t * toRight[1] - w * HEIGHT]
  const side = (axis: Axis, name: string, isBack: boolean): Side =>
    ({ symbol: symbol(name), ticks: axis.ticks.map(tick => ({ at: turned(positionOn(axis, tick), isBack), text: axis.text(tick) })) })
  const [left, right] = isFirstLeft ? [side(x, first, isLeftBack), side(y, second, isRightBack)] : [side(y, second, isLeftBack), side(x, first, isRightBack)]
  return {
    near, place, left, right,
    at: (u, v, w) => isFirstLeft ? place(turned(u, isLeftBack), turned(v, isRightBack), w) : place(turned(v, isLeftBack), turned(u, isRightBack), w),
  }
}
