/**
 * The one currency between solvers, learners and reports: named columns of equal length.
 * Progress rows, slices of a solution and episode records are all tables.
 */
export interface Table {
  /** Number of rows. */
  readonly length: number
  /** Columns by name, each `length` long. NaN marks a value that is not defined at that row. */
  readonly columns: Readonly<Record<string, Float64Array>>
}

/** Builds a table and checks that all columns have the same length. */
export function table(columns: Record<string, Float64Array>): Table {
  const names = Object.keys(columns)
  const length = names.length === 0 ? 0 : columns[names[0]].length
  for (const name of names)
    if (columns[name].length !== length)
      throw new RangeError(`column \`${name}\` has ${columns[name].length} rows; expected ${length} as in \`${names[0]}\``)
  return { length, columns }
}

/** The table of numeric rows: a column for each key of the first row; a missing number becomes NaN. */
export function tableOfRows(rows: readonly Readonly<Record<string, unknown>>[]): Table {
  const columns: Record<string, Float64Array> = {}
  for (const row of rows) for (const key of Object.keys(row)) if (typeof row[key] === "number") columns[key] ??= new Float64Array(rows.length).fill(NaN)
  rows.forEach((row, i) => { for (const key in columns) if (typeof row[key] === "number") columns[key][i] = row[key] })
  return { length: rows.length, columns }
}
