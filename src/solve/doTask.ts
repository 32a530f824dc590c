import { netTrainerOf, type NetTask, type NetWork } from "./aliens/netTask.ts"

/** What the tasks that a method hands to a `Runner` have in common, by its kind. */
export type Work = NetWork

/** Does a task away from the method that made it: on a thread that was sent the work and the task. What a work needs is made once. */
export function doTask(work: Work, task: unknown): unknown {
  const train = made.get(work) ?? netTrainerOf(work)
  made.set(work, train)
  return train(task as NetTask)
}

const made = new WeakMap<Work, ReturnType<typeof netTrainerOf>>()
