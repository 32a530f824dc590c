/**
 * Does tasks that have a work in common, alone or with others. A host with threads hands one in (`doTask` is what its threads run);
 * results have the same bits from any. Works, tasks and results are plain data. It does not return before all are done, and throws where that fails.
 */
export interface Runner {
  /** The results in the order of the tasks. `here` does a task on the calling thread; a task may be changed by it. A work that is the same object as before is not sent again. */
  run<Task, Result>(work: object, tasks: readonly Task[], here: (task: Task) => Result): Result[]
}

/** The runner without threads. */
export const alone: Runner = { run: (_, tasks, here) => tasks.map(here) }
