// Three training steps of 100,000 points on two threads, and the same derivatives as jets. Prints the most memory that this process held, in MB.
// Argument: the precision.
import { machineCode } from "../src/cli/machineCode.ts"
import { offerNative } from "../src/nets/kernelBuilds.ts"
import { STEP_SHAPE, STEP_SHOCKS, stepWork } from "../src/cli/benchWork.ts"
import { startCrew } from "../src/cli/crew.ts"
import { adamStart, adamStep } from "../src/nets/adam.ts"
import { kernelJets } from "../src/nets/kernelJets.ts"

offerNative(machineCode(process.env))
const precision = process.argv[2] === "float32" ? "float32" : "float64", n = 100_000
const { weights, batch } = stepWork(n), gradient = new Float64Array(weights.length), state = adamStart(weights.length)
const crew = await startCrew(batch, { precision, shapes: [STEP_SHAPE], shocks: STEP_SHOCKS, threads: 2 })
for (let step = 0; step < 3; step++) {
  crew.gradient(weights, gradient)
  adamStep(state, weights, gradient, { rate: 1e-3 })
}
await crew.close()

const net = kernelJets(precision).net(STEP_SHAPE, { first: [0, 1, 2], second: [[0, 0], [1, 1], [0, 1]] }, n)
const channels = new Float64Array(net.channelCount * n)
net.forward(weights, batch.flow.points, n, channels)
net.backward(weights, batch.flow.points, n, channels, gradient)
process.stdout.write(String(process.resourceUsage().maxRSS / 1024))
