/**
 * The k-th smallest number (from 0), by Hoare's FIND with the median of three: O(n) on average. Reorders `a` so that nothing before k is
 * larger and nothing after it smaller. The numbers must not be NaN.
 */
export function quickselect(a: Float64Array, k: number, from = 0, to = a.length): number {
  let low = from, high = to - 1
  while (high > low) {
    const middle = (low + high) >> 1
    if (a[middle] < a[low]) swap(a, middle, low)
    if (a[high] < a[low]) swap(a, high, low)
    if (a[high] < a[middle]) swap(a, high, middle)
    const pivot = a[middle]
    let i = low, j = high
    while (i <= j) {
      while (a[i] < pivot) i++
      while (a[j] > pivot) j--
      if (i <= j) { swap(a, i, j); i++; j-- }
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else return a[k]
  }
  return a[k]
}

const BUCKETS = 1024

/**
 * Finds the two middle numbers of `n`, n/2 - 1 and n/2 in order (twice the same where n is odd): counts numbers in equal buckets between
 * the least and the largest, then selects within the bucket of the middle. O(n), and half as long as quickselect alone, which
 * mispredicts a branch at every other number. Leaves its argument as it is; the result is rewritten by the next call.
 */
export function middles(n: number): (a: Float64Array) => readonly [number, number] {
  const counts = new Int32Array(BUCKETS), inside = new Float64Array(n)
  const found: [number, number] = [NaN, NaN]
  return a => {
    let low = Infinity, high = -Infinity
    for (let i = 0; i < n; i++) {
      const x = a[i]
      if (x < low) low = x
      if (x > high) high = x
    }
    const upper = n >> 1, lower = (n - 1) >> 1
    const scale = high > low ? (BUCKETS - 1) / (high - low) : 0
    counts.fill(0)
    for (let i = 0; i < n; i++) counts[((a[i] - low) * scale) | 0]++
    let bucket = 0, before = 0
    while (before + counts[bucket] <= upper) before += counts[bucket++]
    let m = 0
    for (let i = 0; i < n; i++) {
      inside[m] = a[i]
      m += +((((a[i] - low) * scale) | 0) === bucket)
    }
    found[1] = quickselect(inside, upper - before, 0, m)
    if (lower === upper) found[0] = found[1]
    else if (lower >= before) found[0] = largest(inside, upper - before)
    else {
      found[0] = low
      for (let i = 0; i < n; i++) if (((a[i] - low) * scale | 0) < bucket) found[0] = Math.max(found[0], a[i])
    }
    return found
  }
}

function largest(a: Float64Array, n: number): number {
  let most = -Infinity
  for (let i = 0; i < n; i++) if (a[i] > most) most = a[i]
  return most
}

/** The quantile p of the first `n` numbers, interpolated linearly between order statistics (type 7); reorders them. NaN of nothing. */
export function quantile(a: Float64Array, p: number, n = a.length): number {
  if (n === 0) return NaN
  const position = p * (n - 1), k = Math.floor(position), lower = quickselect(a, k, 0, n)
  if (k === position) return lower
  let next = Infinity
  for (let i = k + 1; i < n; i++) if (a[i] < next) next = a[i]
  return lower + (position - k) * (next - lower)
}

function swap(a: Float64Array, i: number, j: number): void {
  const x = a[i]
  a[i] = a[j]
  a[j] = x
}
