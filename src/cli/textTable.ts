/** Rows of cells as lines of aligned columns: columns with a number in them to the right, words to the left, two spaces between. */
export function textTable(header: readonly string[], rows: readonly (readonly (string | number)[])[], digits = 6): string[] {
  const cells = [header, ...rows.map(row => row.map(cell => (typeof cell === "number" ? shortNumber(cell, digits) : cell)))]
  const right = header.map((_, j) => rows.some(row => typeof row[j] === "number"))
  const widths = header.map((_, j) => Math.max(...cells.map(row => widthOf(row[j]))))
  return cells
    .map(row => row.map((cell, j) => (right[j] ? " ".repeat(widths[j] - widthOf(cell)) + cell : cell + " ".repeat(widths[j] - widthOf(cell)))).join("  ").trimEnd())
    .slice(header.every(name => name === "") ? 1 : 0)
}

/** A number for reading: so many significant digits, an exponent where it is far from one. */
export function shortNumber(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "-" : String(x)
  const size = Math.abs(x)
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return x.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
  if (Number.isInteger(x)) return String(x)
  return String(Number(x.toPrecision(digits)))
}

/** A paragraph broken at spaces to a width, each line indented. */
export function wrapped(text: string, indent = "", width = 80): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && line.length + word.length + 1 > width) {
      lines.push(line)
      line = indent
    }
    line += (line.length > indent.length ? " " : "") + word
  }
  return [...lines, line]
}

/** Names with what they mean: beside each other where that leaves room, each meaning broken to its own column. */
export function wrappedPairs(pairs: readonly (readonly [string, string])[], indent = "", width = 80): string[] {
  const margin = indent.length + Math.max(0, ...pairs.map(([name]) => widthOf(name))) + 2
  return pairs.flatMap(([name, is]) => {
    const [first, ...rest] = wrapped(is, " ".repeat(margin), width)
    return [(indent + name + " ".repeat(margin - indent.length - widthOf(name)) + first.slice(margin)).trimEnd(), ...rest]
  })
}

/** Columns on a terminal: combining marks take none. */
function widthOf(text: string): number {
  return [...text.replace(/\p{M}/gu, "")].length
}
