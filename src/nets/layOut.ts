/** Starts of parts of the given lengths one after another, on whole lines of a cache, and the end of the last. */
export function layOut(start: number, bytes: readonly number[]): number[] {
  const starts = [start]
  for (const length of bytes) starts.push(Math.ceil((starts[starts.length - 1] + length) / 64) * 64)
  return starts
}
