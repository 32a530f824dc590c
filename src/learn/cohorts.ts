/** Which agents share one network: all, those of one group (agent i is of group i mod `groups`), or none. */
export function cohorts(agents: number, sharing: string, groups: number): Int32Array[] {
  const count = sharing === "shared" ? 1 : sharing === "groups" ? Math.min(groups, agents) : agents
  return Array.from({ length: count }, (_, c) => Int32Array.from({ length: Math.ceil((agents - c) / count) }, (_, k) => c + k * count))
}

/** Copies the columns of `members` out of rows of `n`. Gives the rows themselves back where that is everybody. */
export function gather(rows: Float64Array, n: number, members: Int32Array, into: Float64Array): Float64Array {
  const m = members.length
  if (m === n) return rows
  for (let row = 0; row * n < rows.length; row++) for (let k = 0; k < m; k++) into[row * m + k] = rows[row * n + members[k]]
  return into
}

/** Copies a row of a cohort back to its members' places in a row of all. */
export function scatter(values: Float64Array, members: Int32Array, into: Float64Array, from = 0): void {
  for (let k = 0; k < members.length; k++) into[from + members[k]] = values[k]
}

/** Chooses the agents that are followed in an episode: evenly spaced, from one drawn at random, at an odd distance, since odd and even agents may differ. */
export function chooseFollowed(all: Int32Array, word: number, into: Int32Array): void {
  const start = word % all.length, stride = Math.max(1, Math.floor(all.length / into.length)) | 1
  for (let k = 0; k < into.length; k++) into[k] = all[(start + k * stride) % all.length]
}

/** The settings of sharing, the same for every learner with networks. */
export const SHARING = {
  sharing: { value: "shared", is: "networks: one for all agents, one for each of some groups, or one for each agent", among: ["shared", "groups", "individual"] },
  groups: { value: 2, is: "groups, where sharing=groups (agent i is of group i mod this)", least: 1, most: 10_000, whole: true },
} as const
