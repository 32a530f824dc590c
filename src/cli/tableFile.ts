import { table, type Table } from "../run/table.ts"

/** A table as comma-separated values: a header, quoted where it must be, then every double in the shortest text that reads back to the same bits. */
export function csvOfTable({ length, columns }: Table): string {
  const names = Object.keys(columns)
  const lines = [names.map(quoted).join(",")]
  for (let i = 0; i < length; i++) lines.push(names.map(name => doubleText(columns[name][i])).join(","))
  return lines.join("\n") + "\n"
}

/** The inverse of `csvOfTable`. Throws where a row has too few or too many fields, or a field is no number. */
export function tableOfCsv(text: string): Table {
  const [header = "", ...lines] = text.trimEnd().split("\n")
  const names = Array.from(header.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))(?=,|$)/g), ([, within, bare]) => (within === undefined ? bare : within.replaceAll('""', '"')))
  const columns = names.map(() => new Float64Array(lines.length))
  lines.forEach((line, i) => {
    const fields = line.split(",")
    if (fields.length !== names.length) throw new Error(`line ${i + 2} has ${fields.length} fields; expected ${names.length}`)
    fields.forEach((field, j) => {
      const number = Number(field)
      if (field === "" || (Number.isNaN(number) && field !== "NaN")) throw new Error(`line ${i + 2}: \`${field}\` is not a number`)
      columns[j][i] = number
    })
  })
  return table(Object.fromEntries(names.map((name, j) => [name, columns[j]])))
}

function quoted(name: string): string {
  return /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

function doubleText(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x)
}
