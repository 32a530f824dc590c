import { Mistake } from "./mistake.ts"

/** The widths of hidden layers from a setting like "16,16". @throws Mistake */
export function widths(owner: string, text: string): number[] {
  const list = text.split(",").map(Number)
  if (!list.every(w => Number.isInteger(w) && w >= 1 && w <= 1024)) throw new Mistake(`${owner}: \`hidden\` is \`${text}\`; expected widths from 1 to 1024 separated by commas, as in \`16,16\``)
  return list
}
