import { doTask, type PathTask } from "../simulate/pathTask.ts"
import { attend, BOARD, tickDone } from "./crewBoard.ts"
import type { Port } from "./workers.ts"

/** What a member of a crew of paths is given to start with. */
export interface PathOrder {
  readonly tasks: readonly PathTask[]
  /** What is to be done now: see `ROUND`. */
  readonly round: SharedArrayBuffer
  /** Room for the output of every block of a round. */
  readonly slots: SharedArrayBuffer
  /** What the crew agrees on (`crewBoard.ts`); `done` counts members that have nothing left to take: a round ends when all have, so that none meets the next one half-way. */
  readonly board: SharedArrayBuffer
}

/** The words of a round, written before it begins. */
export const ROUND = { task: 0, first: 1, end: 2, blockPaths: 3, slotLength: 4, blocks: 5 } as const
export const ROUND_WORDS = 6

/** Takes blocks of the round that is written down until none is left, each into its own slot. */
export function takeBlocks({ tasks, round, slots, board }: PathOrder): void {
  const words = new Float64Array(round), shared = new Int32Array(board)
  const length = words[ROUND.slotLength]
  while (Atomics.load(shared, BOARD.failed) === 0) {
    const block = Atomics.add(shared, BOARD.next, 1)
    if (block >= words[ROUND.blocks]) return
    const first = words[ROUND.first] + block * words[ROUND.blockPaths]
    doTask(tasks[words[ROUND.task]], first, Math.min(words[ROUND.end], first + words[ROUND.blockPaths]), new Float64Array(slots, 8 * block * length, length).fill(0))
  }
}

/** The life of a member. */
export function serve(order: PathOrder, port: Port): void {
  const board = new Int32Array(order.board)
  attend(board, () => {
    port.postMessage("ready")
    return () => {
      takeBlocks(order)
      tickDone(board)
    }
  })
}
