/** One number held against one bound. */
export interface Line {
  readonly what: string
  readonly measured: number
  /** The number expected, or the bound in words. */
  readonly expected: number | string
  readonly tolerance: string
  readonly holds: boolean
}

/** Within a part of what is expected. */
export function part(what: string, measured: number, expected: number, within: number): Line {
  return { what, measured, expected, tolerance: `${Number((100 * within).toPrecision(3))}%`, holds: Math.abs(measured / expected - 1) <= within }
}

/** Within a distance of what is expected. */
export function near(what: string, measured: number, expected: number, within: number): Line {
  return { what, measured, expected, tolerance: String(within), holds: Math.abs(measured - expected) <= within }
}

export function atMost(what: string, measured: number, bound: number): Line {
  return { what, measured, expected: "0", tolerance: String(bound), holds: measured <= bound }
}

export function yes(what: string, holds: boolean): Line {
  return { what, measured: holds ? 1 : 0, expected: 1, tolerance: "exact", holds }
}
