import { table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"

/**
 * A solution over more than two states, cut to the first and one other at the middle nodes of the rest: a solution over two states, as
 * pictures over a plane take it. `rest` says where the others are held.
 */
export function sliceOf(solution: Solution, other: number): { readonly solution: Solution; readonly rest: Readonly<Record<string, number>> } {
  const { states, table: { columns }, switches } = solution
  const strides = states.map((_, s) => states.slice(s + 1).reduce((product, { nodes }) => product * nodes.length, 1))
  const held = states.map(({ nodes }, s) => (s === 0 || s === other ? undefined : Math.floor(nodes.length / 2)))
  const rest = Object.fromEntries(states.flatMap(({ name, nodes }, s) => (held[s] === undefined ? [] : [[name, nodes[held[s]]]])))
  const onSlice = (k: number): boolean => held.every((node, s) => node === undefined || Math.floor(k / strides[s]) % states[s].nodes.length === node)
  return {
    rest,
    solution: {
      ...solution, samples: undefined, states: [states[0], states[other]],
      table: table(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.filter((_, k) => onSlice(k))]))),
      switches: switches.flatMap(s => (Object.entries(rest).every(([name, x]) => s.where?.[name] === x) ? [{ ...s, where: { [states[other].name]: s.where![states[other].name] } }] : [])),
    },
  }
}
