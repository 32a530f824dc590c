/** What a crew agrees on, as words of shared memory: all are read and written by atomic operations alone. */
export const BOARD = {
  /** Counts the rounds; members sleep until it changes. */
  step: 0,
  /** The next part of a round that nobody has taken. */
  next: 1,
  /** Parts that are done. */
  done: 2,
  /** 1 once a member has failed, its message written before. */
  failed: 3,
  /** 1 when members shall end. */
  stop: 4,
  /** Characters of the message, one a word, after their number: `LONGEST_MESSAGE` at most. */
  message: 5,
  /** Members that are ready. */
  ready: 506,
} as const

const LONGEST_MESSAGE = 500

export const BOARD_BYTES = 4 * (BOARD.ready + 1)

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

/** One more part is done. */
export function tickDone(board: Int32Array): void {
  Atomics.add(board, BOARD.done, 1)
  Atomics.notify(board, BOARD.done)
}

/** Begins a round, which is written down before, and wakes the members. */
export function beginRound(board: Int32Array, first = 0): void {
  Atomics.store(board, BOARD.done, 0)
  Atomics.store(board, BOARD.next, first)
  Atomics.add(board, BOARD.step, 1)
  Atomics.notify(board, BOARD.step)
}

/** The life of a member: `join` makes ready, and what it returns takes part in each round until the crew is told to stop. What they throw ends the round for all. */
export function attend(board: Int32Array, join: () => (round: number) => void, spins = 0): void {
  try {
    const take = join()
    Atomics.add(board, BOARD.ready, 1)
    for (let seen = 0;;) {
      for (let spin = 0; spin < spins && Atomics.load(board, BOARD.step) === seen; spin++);
      Atomics.wait(board, BOARD.step, seen)
      seen = Atomics.load(board, BOARD.step)
      if (Atomics.load(board, BOARD.stop) !== 0) return
      take(seen)
    }
  } catch (error) {
    reportFailure(board, error)
    throw error
  }
}

/** Tells the others that a member has failed, and wakes who waits for it: messages by post wait until nobody computes. */
export function reportFailure(board: Int32Array, error: unknown): void {
  const text = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_MESSAGE)
  for (let k = 0; k < text.length; k++) Atomics.store(board, BOARD.message + 1 + k, text.charCodeAt(k))
  Atomics.store(board, BOARD.message, text.length)
  Atomics.store(board, BOARD.failed, 1)
  // Whoever is about to sleep until this word changes must not.
  tickDone(board)
}

/** What a member failed of; undefined where none did. */
export function failureOn(board: Int32Array): string | undefined {
  if (Atomics.load(board, BOARD.failed) === 0) return undefined
  const length = Atomics.load(board, BOARD.message)
  return String.fromCharCode(...board.subarray(BOARD.message + 1, BOARD.message + 1 + length))
}

/** How the faults of a crew read: a worker failed `during`; it did not finish `part` in time. */
export interface Words { readonly during: string; readonly part: string }

/** Sleeps until so many parts of the round are done; why they never will be, where someone fails or does not answer for `patience` milliseconds. */
export function awaitParts(board: Int32Array, parts: number, patience: number, { during, part }: Words, spins = 0): string | undefined {
  const moved = (done: number): boolean => {
    for (let spin = 0; spin < spins; spin++) if (Atomics.load(board, BOARD.done) !== done) return true
    return false
  }
  for (let done = Atomics.load(board, BOARD.done); done < parts && failureOn(board) === undefined; done = Atomics.load(board, BOARD.done))
    if (!moved(done) && Atomics.wait(board, BOARD.done, done, patience) === "timed-out") return `a worker did not finish ${part} within ${patience / 1000} s: it may have been killed`
  const failure = failureOn(board)
  return failure === undefined ? undefined : `a worker failed ${during}: ${failure}`
}
