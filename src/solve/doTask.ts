import { netTrainerOf, type NetTask, type NetWork } from "./aliens/netTask.ts"
import { shardSolverOf, type ShardTask, type SystemWork } from "./network/shard.ts"

/** What the tasks that a method hands to a `Runner` have in common, by its kind. */
export type Work = NetWork | SystemWork

/** Does a task away from the method that made it: on a thread that was sent the work and the task. What a work needs is made once. */
export function doTask(work: Work, task: unknown): unknown {
  const act = made.get(work) ?? actorOf(work)
  made.set(work, act)
  return act(task)
}

const made = new WeakMap<Work, (task: unknown) => unknown>()

function actorOf(work: Work): (task: unknown) => unknown {
  if (work.kind === "nets of aliens") {
    const train = netTrainerOf(work)
    return task => train(task as NetTask)
  }
  const solve = shardSolverOf(work)
  return task => solve(task as ShardTask)
}
