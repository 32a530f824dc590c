import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from "node:worker_threads"
import { kernelBuild } from "../nets/kernelBuilds.ts"
import type { Runner } from "../run/runner.ts"
import { beginRound, BOARD, tickDone } from "./crewBoard.ts"
import { MOST_TASKS, takeTask, type TaskAnswer, type TaskOrder, type TaskRound } from "./taskMember.ts"
import { boardMemory, hireMember, workersAbout } from "./workers.ts"

/** Threads that share the tasks of methods: this one and at most `threads - 1` workers. */
export interface TaskCrew extends Runner {
  close(): Promise<void>
}

export interface TaskCrewOptions {
  /** Milliseconds that a worker may take to start, and to finish a task after all others, beside ten times the longest that one took here; default one minute each. */
  readonly patience?: { readonly start?: number; readonly task?: number }
  /** Makes a worker; for tests. */
  readonly hire?: (order: TaskOrder) => Worker
}

/**
 * A crew without workers as yet: they are hired at the first round that has work for them, and none is waited for, as this
 * thread begins with the tasks at once. Its rounds throw an Error where a worker fails, is killed or does not answer in time.
 */
export function taskCrew(threads: number, { patience: { start = 60_000, task: patience = 60_000 } = {}, hire = order => hireMember("taskMember", order, [order.port]) }: TaskCrewOptions = {}): TaskCrew {
  const memory = boardMemory(), board = new Int32Array(memory)
  /** The way to each worker, and the work that it was sent last. */
  const ways: { readonly port: MessagePort; work?: object }[] = []
  const workers = workersAbout(board, () => {
    const { port1, port2 } = new MessageChannel()
    ways.push({ port: port1 })
    return hire({ board: memory, port: port2 })
  }, { during: "in the midst of a task", part: "its task" })
  let hired = 0, longest = 0

  const send = (round: number, work: object, tasks: readonly unknown[]): void => {
    for (const way of ways) {
      const message: TaskRound = { round, kernels: kernelBuild(), tasks, ...(way.work === work ? {} : { work }) }
      way.port.postMessage(message)
      way.work = work
    }
  }
  return {
    run<Task, Result>(work: object, tasks: readonly Task[], here: (task: Task) => Result): Result[] {
      if (workers.count > Atomics.load(board, BOARD.ready) && performance.now() - hired > start) workers.spoil(`a worker did not start within ${start / 1000} s`)
      workers.check()
      const wanted = Math.min(threads, tasks.length) - 1, results = new Array<Result>(tasks.length)
      if (wanted < 1) return tasks.map(here)
      if (tasks.length > MOST_TASKS) throw new RangeError(`got \`${tasks.length}\` tasks in a round; expected at most ${MOST_TASKS}`)
      while (workers.count < wanted) {
        hired = performance.now()
        workers.hire()
      }
      const round = Atomics.load(board, BOARD.step) + 1
      send(round, work, tasks)
      beginRound(board, round * MOST_TASKS)
      try {
        for (let k = takeTask(board, round, tasks.length); k >= 0; k = takeTask(board, round, tasks.length)) {
          const begun = performance.now()
          results[k] = here(tasks[k])
          longest = Math.max(longest, performance.now() - begun)
          tickDone(board)
        }
      } catch (error) {
        // Others may still be at this round, and another cannot begin.
        workers.spoil(`a round of tasks ended early: ${error instanceof Error ? error.message : String(error)}`)
        throw error
      }
      workers.finish(tasks.length, Math.round(patience + 10 * longest))
      for (const { port } of ways) for (let answer = receiveMessageOnPort(port); answer; answer = receiveMessageOnPort(port)) {
        const { task, result } = answer.message as TaskAnswer
        results[task] = result as Result
      }
      return results
    },
    close: async () => {
      await workers.close()
      for (const { port } of ways) port.close()
    },
  }
}
