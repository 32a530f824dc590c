import { machineCode } from "../src/cli/machineCode.ts"
import { philox } from "../src/math/random.ts"
import { gaussNewtonStart, gaussNewtonStep, type LeastSquares } from "../src/nets/gaussNewton.ts"
import { offerNative } from "../src/nets/kernelBuilds.ts"
import type { Shape } from "../src/nets/mlp.ts"
import { spreadWeights } from "../src/nets/nguyenWidrow.ts"
import { kernelJets } from "../src/nets/kernelJets.ts"

/**
 * A step of Gauss-Newton where the Jacobian and the normal matrix would each take 800 MB: batches of rows, the matrix packed. A program
 * of its own, so that its most memory counts: prints it in MB, and the loss after the step over that before.
 */
function main(): void {
  const points = 10_000
  const shape: Shape = { inputs: 2, hidden: [98, 98], activation: "tanh" }
  const net = kernelJets("float64").net(shape, { first: [], second: [] }, points)
  const random = philox(0, 0)
  const x = Float64Array.from({ length: 2 * points }, () => 2 * random.next() - 1)
  const aim = Float64Array.from({ length: points }, (_, p) => Math.sin(3 * x[p]) * Math.cos(2 * x[points + p]))
  const ones = new Float64Array(points).fill(1)
  const problem: LeastSquares = {
    count: points,
    residuals: (weights, out) => {
      net.forward(weights, x, points, out)
      for (let p = 0; p < points; p++) out[p] -= aim[p]
    },
    jacobian: (weights, out, from, to) => {
      const part = new Float64Array(2 * (to - from))
      for (let input = 0; input < 2; input++) part.set(x.subarray(input * points + from, input * points + to), input * (to - from))
      net.jacobian(weights, part, to - from, ones, out)
    },
  }
  const weights = spreadWeights(shape, random)
  const before = new Float64Array(points)
  problem.residuals(weights, before)
  const report = gaussNewtonStep(gaussNewtonStart(1e-4), weights, problem, { accelerate: true })
  const fall = (2 * report.loss) / before.reduce((sum, r) => sum + r * r, 0)
  if (!report.accepted) throw new Error("the step was not accepted")
  process.stdout.write(`${(process.resourceUsage().maxRSS / 1000).toFixed(0)} ${fall}\n`)
}

offerNative(machineCode(process.env))
main()
