/** What a crew agrees on, as words of shared memory: all are read and written by atomic operations alone. */
export const BOARD = {
  /** Counts the steps; members sleep until it changes. */
  step: 0,
  /** The next shard that nobody has taken. */
  next: 1,
  /** Shards that are done. */
  done: 2,
  /** 1 once a member has failed; its message follows by post. */
  failed: 3,
  /** 1 when members shall end. */
  stop: 4,
} as const

export const BOARD_BYTES = 4 * 5

/** Loads before a thread goes to sleep: what it waits for is most often microseconds away, and waking takes longer. */
export const SPINS = 20_000

/** Takes shards until none is left or someone has failed. */
export function takeShards(board: Int32Array, shards: number, run: (shard: number) => void): void {
  while (Atomics.load(board, BOARD.failed) === 0) {
    const shard = Atomics.add(board, BOARD.next, 1)
    if (shard >= shards) return
    run(shard)
    if (Atomics.add(board, BOARD.done, 1) + 1 === shards) Atomics.notify(board, BOARD.done)
  }
}
