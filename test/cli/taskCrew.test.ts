import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { expect, test } from "vitest"
import { encodeSnapshot } from "../../src/cli/snapshot.ts"
import { main } from "../../src/cli/main.ts"
import { taskCrew } from "../../src/cli/taskCrew.ts"
import { BOARD, BOARD_BYTES, beginRound } from "../../src/cli/crewBoard.ts"
import { MOST_TASKS, takeTask, type TaskOrder } from "../../src/cli/taskMember.ts"
import { hireMember } from "../../src/cli/workers.ts"
import { catalogue } from "../../src/economies/index.ts"
import { computation, requestOf } from "../../src/request.ts"
import { run } from "../../src/run/run.ts"
import type { Runner } from "../../src/run/runner.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"
import { scratch } from "./fixtures/scratch.ts"

const place = scratch()
const BENCHMARK = "brunnermeier-sannikov-2016"
const TINY = ["hidden=6", "points=30", "terminal=16", "active=12", "grid=60", "epochs=4", "finishSteps=2", "maxSteps=3", "tolerance=1e-9"]
const PATIENCE = { start: 20_000, task: 20_000 }

const hash = (solution: Solution): string => createHash("sha256").update(encodeSnapshot({ ...solution.table.columns, ...solution.samples!.columns, steps: solution.steps })).digest("hex")

/** The run, as an iterator, with a breath after each step, in which news of workers arrive. */
async function solved(runner: Runner | undefined, set: readonly string[] = [], from?: { state: unknown; steps: number }) {
  const { procedure, maxSteps } = computation(requestOf(catalogue[BENCHMARK], { method: "aliens", set: [...TINY, ...set], seed: 3 }), runner)
  const steps = run(procedure, { seed: 3, maxSteps, from }), states: unknown[] = []
  for (;;) {
    const next = steps.next()
    if (next.done) return { hash: hash(next.value), states }
    states.push(structuredClone(next.value.state))
    await new Promise(resolve => { setTimeout(resolve, 5) })
  }
}

/** What a method hands to a runner in its first step. */
async function taken() {
  let found: { work: object; tasks: readonly unknown[] } | undefined
  await solved({ run: (work, tasks, here) => { found ??= structuredClone({ work, tasks }); return tasks.map(here) } }, ["maxSteps=1"])
  return found!
}

/** A crew whose worker has begun to do its part. */
async function atWork(threads: number) {
  const crew = taskCrew(threads, { patience: PATIENCE }), { work, tasks } = await taken(), nap = new Int32Array(new SharedArrayBuffer(4))
  for (let here = 0, round = 1; round < 100; round++) {
    crew.run(work, tasks, task => { here++; Atomics.wait(nap, 0, 0, 50); return task })
    if (here < 2 * round) return crew
  }
  throw new Error("no worker ever took a task")
}

test.each([["kinks=true"], ["output=linear", "warm=false", "sampling=simulation"]])("one, two and four threads give the same bits: %s", async (...set) => {
  const one = (await solved(undefined, set)).hash
  for (const threads of [2, 4]) {
    const crew = await atWork(threads), nap = new Int32Array(new SharedArrayBuffer(4))
    let here = 0
    // This thread takes its time, so that the worker has some of it too.
    const counted: Runner = { run: (work, tasks, act) => crew.run(work, tasks, task => { here++; Atomics.wait(nap, 0, 0, 50); return act(task) }) }
    expect((await solved(counted, set).finally(crew.close)).hash).toBe(one)
    // Two nets in each of three steps.
    expect(here).toBeLessThan(6)
  }
})

test("a run goes on with another number of threads to the same bits", async () => {
  const whole = await solved(undefined), crew = await atWork(2)
  expect((await solved(crew, [], { state: whole.states[0], steps: 1 }).finally(crew.close)).hash).toBe(whole.hash)
  const other = await atWork(2), { states } = await solved(other).finally(other.close)
  expect((await solved(undefined, [], { state: states[1], steps: 2 })).hash).toBe(whole.hash)
})

test("no worker is hired for one net, one thread, or a method that divides nothing", async () => {
  let hired = 0
  const hire = (order: TaskOrder) => { hired++; return hireMember("taskMember", order, [order.port]) }
  for (const [name, method, threads] of [["merton-1971", "aliens", 2], [BENCHMARK, "aliens", 1], [BENCHMARK, "fd", 2]] as const) {
    const crew = taskCrew(threads, { hire }), set = method === "fd" ? ["points=50"] : TINY
    const { procedure, maxSteps } = computation(requestOf(catalogue[name], { method, set }), crew)
    for (const _ of run(procedure, { maxSteps: Math.min(2, maxSteps) }));
    await crew.close()
  }
  expect(hired).toBe(0)
})

/** Rounds of naps until a worker has failed. */
async function napping(crew: Runner): Promise<void> {
  const nap = new Int32Array(new SharedArrayBuffer(4))
  for (let k = 0; k < 100; k++) {
    crew.run({}, [1, 2], () => { Atomics.wait(nap, 0, 0, 100) })
    await new Promise(resolve => { setTimeout(resolve, 5) })
  }
}

test.each([
  ["throws", "a worker failed in the midst of a task: no more ink"],
  ["traps", "a worker failed in the midst of a task: unreachable"],
  ["dies", /a worker did not finish its task within \d\S* s: it may have been killed/],
  ["sleeps", /a worker did not finish its task within \d\S* s/],
  ["spins", /a worker did not finish its task within \d\S* s/],
])("a worker that %s ends the run with a message, in bounded time", async (fault, message) => {
  const hire = ({ board, port }: TaskOrder) => new Worker(new URL("./fixtures/faultyMember.js", import.meta.url), { workerData: { member: "taskMember", order: { board, port }, fault }, transferList: [port] })
  const crew = taskCrew(2, { patience: { task: 200 }, hire })
  await expect(napping(crew)).rejects.toThrow(message)
  // Nor does it compute on as if nothing had been.
  expect(() => crew.run({}, [1, 2], () => 0)).toThrow("a worker")
  await crew.close()
}, 30_000)

test("a worker that is killed between steps, does not start, or cannot be loaded ends the run with a message", async () => {
  const workers: Worker[] = []
  const killed = taskCrew(2, { hire: order => { workers.push(hireMember("taskMember", order, [order.port])); return workers[0] } })
  expect(killed.run({}, [1, 2], x => x)).toEqual([1, 2])
  await workers[0].terminate()
  expect(() => killed.run({}, [1, 2], x => x)).toThrow(/a worker ended with status \d+ before its work was done/)
  await killed.close()
  const late = taskCrew(2, { patience: { start: 1 }, hire: () => new Worker("setTimeout(() => {}, 60_000)", { eval: true }) })
  await expect(napping(late)).rejects.toThrow("a worker did not start within 0.001 s")
  await late.close()
  const absent = taskCrew(2, { hire: order => hireMember("nobody", order, [order.port]) })
  await expect(napping(absent)).rejects.toThrow(/a worker failed: .*nobody/)
  await absent.close()
}, 30_000)

test("a task that fails here is told, and the crew computes no more", async () => {
  const crew = taskCrew(2)
  const fails = () => crew.run({}, [1, 2], () => { throw new RangeError("no room") })
  expect(fails).toThrow(RangeError)
  expect(fails).toThrow("a round of tasks ended early: no room")
  await crew.close()
})

test("a member that comes late takes nothing of a round that is over, or of another", () => {
  const board = new Int32Array(new SharedArrayBuffer(BOARD_BYTES))
  beginRound(board, MOST_TASKS)
  expect([1, 1, 1].map(round => takeTask(board, round, 2))).toEqual([0, 1, -1])
  beginRound(board, 2 * MOST_TASKS)
  expect(takeTask(board, 1, 2)).toBe(-1)
  expect(takeTask(board, 2, 2)).toBe(0)
  board[BOARD.failed] = 1
  expect(takeTask(board, 2, 2)).toBe(-1)
})

test.each([["solve", BENCHMARK], ["compare", BENCHMARK, "--methods", "fd,aliens"], ["start"], ["resume", place]])("a bad number of threads is a mistake: %s", async (...argv) => {
  for (const [threads, message] of [["0", "--threads is `0`; expected a whole number from 1 to 64"], ["x", "--threads is `x`; expected a whole number"]]) {
    const host = fakeHost()
    expect(await main([...argv, "--threads", threads], host)).toBe(2)
    expect(host.stderr()).toContain(message)
    expect(host.stdout()).toBe("")
  }
})

test("the command line: an interrupted run of two threads goes on with one, to the same solution", async () => {
  const set = ["hidden=6", "points=30", "terminal=16", "active=12", "grid=60", "epochs=4", "finishSteps=2", "maxSteps=6", "tolerance=1e-9"].flatMap(one => ["--set", one])
  const folders = ["whole", "parts"].map(name => join(place, name))
  expect(await main(["solve", BENCHMARK, "--method", "aliens", ...set, "--threads", "2", "--quiet", "--json", "--out", folders[0]], fakeHost())).toBe(3)
  const host = fakeHost(), running = main(["solve", BENCHMARK, "--method", "aliens", ...set, "--threads", "2", "--quiet", "--json", "--out", folders[1]], host)
  const timer = setInterval(() => { if (existsSync(join(folders[1], "rows.jsonl"))) host.send("SIGINT") }, 1)
  const status = await running
  clearInterval(timer)
  expect(status).toBe(130)
  const rest = fakeHost(), done = fakeHost()
  expect(await main(["resume", folders[1], "--threads", "1", "--quiet", "--json"], rest)).toBe(3)
  expect(await main(["resume", folders[0], "--json"], done)).toBe(3)
  const timeless = (text: string): unknown => ({ ...(JSON.parse(text) as object), seconds: 0 })
  expect(timeless(rest.stdout())).toEqual(timeless(done.stdout()))
})
