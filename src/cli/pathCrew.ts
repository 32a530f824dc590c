import type { Worker } from "node:worker_threads"
import { outputLength, type PathRunner, type PathTask } from "../simulate/pathTask.ts"
import { beginRound } from "./crewBoard.ts"
import { ROUND_WORDS, takeBlocks, type PathOrder } from "./pathMember.ts"
import { boardMemory, hireMember, workersAbout } from "./workers.ts"

/** Threads that share the paths of a simulation: this one and `threads - 1` workers. */
export interface PathCrew extends PathRunner {
  close(): Promise<void>
}

/** A round is divided into at most so many blocks: enough for any number of cores to end together. */
const MOST_BLOCKS = 64

/**
 * Starts a crew. The bits do not depend on `threads`: a path has random numbers of its own, and what is added up are whole
 * numbers. `most` is the largest number of paths of a round, by task. Throws an Error where a worker fails, ends early or does not
 * answer within `patience` milliseconds. `hire` makes a worker; for tests.
 */
export async function startPathCrew(tasks: readonly PathTask[], most: readonly number[], threads: number, { patience = 120_000, hire = order => hireMember("pathMember", order) }: { patience?: number; hire?: (order: PathOrder) => Worker } = {}): Promise<PathCrew> {
  const blockOf = (paths: number): number => Math.ceil(paths / MOST_BLOCKS)
  const room = Math.max(...tasks.map((task, i) => Math.ceil(most[i] / blockOf(most[i])) * outputLength(task, blockOf(most[i]))))
  const order: PathOrder = { tasks, round: new SharedArrayBuffer(8 * ROUND_WORDS), slots: new SharedArrayBuffer(8 * room), board: boardMemory() }
  const board = new Int32Array(order.board), words = new Float64Array(order.round), slots = new Float64Array(order.slots)
  const workers = workersAbout(board, () => hire(order), { during: "while it followed paths", part: "its paths" })
  for (let k = 1; k < threads; k++) workers.hire()
  await workers.ready(patience)
  return {
    run(task, first, end, out) {
      workers.check()
      const paths = end - first, blockPaths = blockOf(paths), blocks = Math.ceil(paths / blockPaths), length = outputLength(tasks[task], blockPaths)
      words.set([task, first, end, blockPaths, length, blocks])
      beginRound(board)
      takeBlocks(order)
      workers.finish(workers.count, patience)
      for (let block = 0; block < blocks; block++) {
        const slot = slots.subarray(block * length, (block + 1) * length)
        if (tasks[task].kind === "forecast") out.set(slot.subarray(0, Math.min(length, out.length - block * length)), block * length)
        else for (let i = 0; i < length; i++) out[i] += slot[i]
      }
    },
    close: workers.close,
  }
}
