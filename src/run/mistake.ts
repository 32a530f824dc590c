/**
 * A mistake of the caller, found before or while reading what was given. The command line prints `message` as it stands and
 * ends with status 2; it never shows a stack trace for one.
 */
export class Mistake extends Error {
  constructor(message: string) {
    super(message)
    this.name = "Mistake"
  }
}

/**
 * The name among `known` nearest to `given`, for "did you mean": at most a third of its length away (at least 1) by edits, or
 * abbreviated by it (`sigk` for `sigma_k`: its letters in their order, half of them or more).
 */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.min(Math.max(1, Math.floor(given.length / 3)) + 1, given.length) // less than all letters differ
  for (const name of known) {
    if (given.length - name.length >= 2 * least) continue // a letter too many costs at least a half
    const d = Math.min(editDistance(given.toLowerCase(), name.toLowerCase()), abbreviates(given.toLowerCase(), name.toLowerCase()) ? 1.25 : Infinity)
    if (d < least) { least = d; best = name }
  }
  return best
}

/** "; did you mean `x`?" or ".": the end of a sentence that says that a name is unknown. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const name = nearest(given, known)
  return name === undefined ? "." : `; did you mean \`${name}\`?`
}

function abbreviates(given: string, name: string): boolean {
  let at = 0
  for (const letter of name) if (letter === given[at]) at++
  return at === given.length && given[0] === name[0] && 2 * given.length >= name.length
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost 1. Underscores cost nothing to miss. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const gap = (c: string) => (c === "_" ? 0.5 : 1)
  for (let i = 1; i <= a.length; i++) rows[i][0] = rows[i - 1][0] + gap(a[i - 1])
  for (let j = 1; j <= b.length; j++) rows[0][j] = rows[0][j - 1] + gap(b[j - 1])
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(rows[i - 1][j] + gap(a[i - 1]), rows[i][j - 1] + gap(b[j - 1]), rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, rows[i - 2][j - 2] + 1)
      rows[i][j] = d
    }
  return rows[a.length][b.length]
}
