/** What a crew agrees on, as words of shared memory: all are read and written by atomic operations alone. */
export const BOARD = {
  /** Counts the steps; members sleep until it changes. */
  step: 0,
  /** The next shard that nobody has taken. */
  next: 1,
  /** Shards that are done. */
  done: 2,
  /** 1 once a member has failed, its message written before. */
  failed: 3,
  /** 1 when members shall end. */
  stop: 4,
  /** Characters of the message, one a word, after their number. */
  message: 5,
} as const

const LONGEST_MESSAGE = 500

export const BOARD_BYTES = 4 * (BOARD.message + 1 + LONGEST_MESSAGE)

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

/** Tells the others that a member has failed, and wakes who waits for it: messages by post wait until nobody computes. */
export function reportFailure(board: Int32Array, error: unknown): void {
  const text = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_MESSAGE)
  for (let k = 0; k < text.length; k++) Atomics.store(board, BOARD.message + 1 + k, text.charCodeAt(k))
  Atomics.store(board, BOARD.message, text.length)
  Atomics.store(board, BOARD.failed, 1)
  Atomics.notify(board, BOARD.done)
}

/** What a member failed of; undefined where none did. */
export function failureOn(board: Int32Array): string | undefined {
  if (Atomics.load(board, BOARD.failed) === 0) return undefined
  const length = Atomics.load(board, BOARD.message)
  return String.fromCharCode(...board.subarray(BOARD.message + 1, BOARD.message + 1 + length))
}
