import { receiveMessageOnPort, type MessagePort } from "node:worker_threads"
import { offerNative, takeKernels, type KernelBuild } from "../nets/kernelBuilds.ts"
import { doTask, type Work } from "../solve/doTask.ts"
import { attend, BOARD, tickDone } from "./crewBoard.ts"
import { machineCode } from "./machineCode.ts"

/** What a member of a crew of tasks is given to start with. */
export interface TaskOrder {
  readonly board: SharedArrayBuffer
  /** Brings rounds and takes answers, before the board says that they are there: read without waiting. */
  readonly port: MessagePort
}

/** A round of tasks; without `work` it is that of the round before. */
export interface TaskRound {
  readonly round: number
  readonly kernels: KernelBuild
  readonly work?: object
  readonly tasks: readonly unknown[]
}

export interface TaskAnswer { readonly task: number; readonly result: unknown }

/** The most tasks of a round. */
export const MOST_TASKS = 1024

/** The number of a task of this round that nobody has taken, now taken; -1 where none is left, or another round has begun. */
export function takeTask(board: Int32Array, round: number, tasks: number): number {
  while (Atomics.load(board, BOARD.failed) === 0) {
    const next = Atomics.load(board, BOARD.next), task = next - round * MOST_TASKS
    if (task < 0 || task >= tasks) return -1
    if (Atomics.compareExchange(board, BOARD.next, next, next + 1) === next) return task
  }
  return -1
}

/** The life of a member. Tests replace `join`, which says how a task is done. */
export function serve({ board: memory, port }: TaskOrder, _: unknown, join: () => (work: Work, task: unknown) => unknown = () => doTask): void {
  const board = new Int32Array(memory)
  let work: object | undefined
  attend(board, () => {
    offerNative(machineCode(process.env))
    const act = join()
    return round => {
      let message = receiveRound(port)
      // It may come late: rounds that others did alone are passed over, but for their works.
      for (; message.round < round; message = receiveRound(port)) work = message.work ?? work
      work = message.work ?? work
      takeKernels(message.kernels)
      for (let k = takeTask(board, round, message.tasks.length); k >= 0; k = takeTask(board, round, message.tasks.length)) {
        const answer: TaskAnswer = { task: k, result: act(work as Work, message.tasks[k]) }
        port.postMessage(answer)
        tickDone(board)
      }
    }
  })
}

function receiveRound(port: MessagePort): TaskRound {
  const received = receiveMessageOnPort(port)
  if (!received) throw new Error("a round began that was not sent")
  return received.message as TaskRound
}
