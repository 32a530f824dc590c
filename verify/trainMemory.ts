// An episode of training that fills the learner's default replay table: all that is held is touched. Prints the most memory that this process held, in MB,
// and how full the tables are. Arguments: the market, the learner, how many agents, then settings as after --set.
import { machineCode } from "../src/cli/machineCode.ts"
import { offerNative } from "../src/nets/kernelBuilds.ts"
import type { TableState } from "../src/learn/replay/table.ts"
import { runToEnd } from "../src/run/run.ts"
import { computationOf, trainRequestOf } from "../src/trainRequest.ts"

offerNative(machineCode(process.env))
const [market, learner, agents, ...set] = process.argv.slice(2)
const { procedure } = computationOf(trainRequestOf(market, { learner, agents: Number(agents), episodes: 1, set: ["tests=1", ...set] }))
const state = procedure.start(0)
procedure.step(state)
runToEnd(procedure, { maxSteps: 1, from: { state, steps: 1 } })
const { networks } = (state as { traders: { networks: readonly { table: TableState }[] } }).traders
const full = Math.min(...networks.map(({ table: { size, options } }) => size / options.capacity))
process.stdout.write(`${process.resourceUsage().maxRSS / 1024} ${full}`)
